"""Programs with a data directory of their own, and the sample week's real server on loopback."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from adapters.clock import SystemClock
from adapters.sample import SampleServer, sample_week, serve_sample
from tests.e2e.program import Program


@pytest.fixture
def slugline(tmp_path: Path) -> Program:
    """The program on a machine where it never ran."""
    return Program(tmp_path)


@pytest.fixture(scope="session")
def sample_server() -> Iterator[SampleServer]:
    """The sample week, served from a thread while the test's own waits for processes."""
    ready: list[SampleServer] = []
    up, done = threading.Event(), threading.Event()

    async def serve() -> None:
        async with serve_sample(sample_week(), SystemClock().now()) as server:
            ready.append(server)
            up.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert up.wait(30)
    try:
        yield ready[0]
    finally:
        done.set()
        thread.join()


FEW = 2
"""Outlets of the sample week that suffice for a digest, where it matters that there is one and not what it tells."""


@pytest.fixture(scope="session")
def few_feeds(sample_server: SampleServer) -> str:
    """Some of the sample week's feeds as OPML: read in a quarter of the time."""
    outlines = "".join(f'<outline xmlUrl="{feed.url}"/>' for feed in sample_server.feeds()[:FEW])
    return f'<opml version="2.0"><body>{outlines}</body></opml>'


@pytest.fixture(scope="session")
def filled(
    request: pytest.FixtureRequest, sample_server: SampleServer, tmp_path_factory: pytest.TempPathFactory
) -> Program:
    """The program after `feeds import` and one `run --once` of the sample week. Tests look at it and change nothing.

    Of several workers the first to ask fills it, and each has a copy: nothing in it is read from that worker's server
    again within a day.
    """
    own = tmp_path_factory.mktemp("filled")
    if not hasattr(request.config, "workerinput"):
        return fill(own, sample_server)
    run = tmp_path_factory.getbasetemp().parent  # of all workers
    with FileLock(run / "filled.lock"):
        if not (run / "filled").exists():
            fill(run / "filling", sample_server)
            (run / "filling").rename(run / "filled")
    shutil.copytree(run / "filled", own, dirs_exist_ok=True)
    return Program(own, json.loads((own / "settings.json").read_text()))


def fill(folder: Path, server: SampleServer) -> Program:
    folder.mkdir(exist_ok=True)
    program = Program(folder, {"ALLOW_HOSTS": server.address})
    assert program("feeds", "import", server.opml_url).code == 0
    first = program("run", "--once")
    assert first.code == 0, first.err
    (folder / "first.out").write_text(first.out)
    (folder / "first.err").write_text(first.err)
    (folder / "settings.json").write_text(json.dumps(program.settings))
    return program
