"""Other feed readers over the same outlets, each in a process of its own. One that is not installed is left out.

lemon24/reader comes from PyPI (`pip install reader sgmllib3k`), newsboat and sfeed from Debian.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from tests.bench.outlets import url

Pass = Callable[[], float]
"""Reads all feeds once; seconds."""

_READER = """
import sys
from reader import make_reader
path, port, count, first = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "first"
from tests.bench.outlets import url
reader = make_reader(path)
if first:
    for feed in range(count):
        reader.add_feed(url(feed, port))
import time
began = time.perf_counter()
for result in reader.update_feeds_iter(workers=10, scheduled=False):
    if isinstance(result.value, Exception):
        raise result.value
print(time.perf_counter() - began)
assert reader.get_feed_counts(broken=False, new=False).total == count
assert reader.get_entry_counts().total >= count * 30
"""


def reader(port: int, count: int, folder: Path) -> dict[str, Pass]:
    """lemon24/reader with ten workers. Its full-text search is a step of its own, and not in the time."""
    if find_spec("reader") is None:
        return {}

    def run(name: str) -> float:
        arguments = [str(folder / "reader.sqlite"), str(port), str(count), name]
        done = subprocess.run([sys.executable, "-c", _READER, *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return float(done.stdout)

    return {name: lambda name=name: run(name) for name in ("first", "changed", "unchanged")}  # type: ignore[misc]


def newsboat(port: int, count: int, folder: Path) -> dict[str, Pass]:
    if (program := shutil.which("newsboat")) is None:
        return {}
    urls, config = folder / "urls", folder / "config"
    urls.write_text("".join(f"{url(feed, port)}\n" for feed in range(count)))
    config.write_text("reload-threads 10\n")
    arguments = [program, "-u", str(urls), "-C", str(config), "-c", str(folder / "newsboat.db"), "-x", "reload"]
    return dict.fromkeys(("first", "changed", "unchanged"), lambda: _timed(arguments, folder))


def sfeed(port: int, count: int, folder: Path) -> dict[str, Pass]:
    """Writes plain files and asks without condition, so only a first pass compares."""
    if (program := shutil.which("sfeed_update")) is None:
        return {}
    config = folder / "sfeedrc"
    lines = "".join(f'feed "f{feed}" "{url(feed, port)}"\n' for feed in range(count))
    config.write_text(f'sfeedpath="{folder}/sfeeds"\nmaxjobs=16\nfeeds() {{\n{lines}}}\n')
    return {"first": lambda: _timed([program, str(config)], folder)}


def _timed(arguments: Sequence[str], home: Path) -> float:
    began = time.perf_counter()
    subprocess.run(
        arguments, check=True, capture_output=True, env={"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C"}
    )
    return time.perf_counter() - began
