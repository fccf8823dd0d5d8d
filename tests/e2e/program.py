"""The real program, run as a person runs it: in a process of its own, with its own data directory.

The environment is made from nothing, so that no setting of the machine that tests is one of the tests. Most tests are
not about how `python -m bot …` starts, which takes a second each time: their process is forked from one that has
imported the program (`tests.forks`). `cold` and `start` begin from nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tests.forks import DISCORD, SLACK, start_program

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 150
"""Seconds for one command; far beyond what any takes, so that a hang fails rather than stalls the suite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def logged(self) -> list[dict[str, Any]]:
        """Standard error as JSON lines."""
        return [json.loads(line) for line in self.err.splitlines()]

    @property
    def error(self) -> str:
        """What went wrong, in the one line that stands alone on standard error."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("slugline: "), self.err
        return lines[0].removeprefix("slugline: ")


@dataclass(frozen=True, slots=True)
class Program:
    """`folder` holds the data directory; `settings` are SLUGLINE_* variables without their prefix. `discord` is where
    the program looks for Discord, `slack` for Slack: nowhere where it is empty."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    discord: str = ""
    slack: str = ""

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def database(self) -> Path:
        return self.data / "slugline.sqlite3"

    def having(self, **settings: str) -> Program:
        """The same with further settings."""
        return replace(self, settings={**self.settings, **settings})

    @property
    def environment(self) -> dict[str, str]:
        # HOME and XDG_CONFIG_HOME: no settings file of the person who runs the tests.
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
        home = str(self.folder)
        own = {
            "SLUGLINE_DATA_DIR": str(self.data),
            **{f"SLUGLINE_{key}": value for key, value in self.settings.items()},
            **({DISCORD: self.discord} if self.discord else {}),
            **({SLACK: self.slack} if self.slack else {}),
        }
        return {**kept, "HOME": home, "XDG_CONFIG_HOME": home, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **own}

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "tests.platforms.launch" if self.discord or self.slack else "bot", *arguments]

    def __call__(
        self, *arguments: str | Path, given: str | bytes = b"", first: Callable[[], object] | None = None
    ) -> Result:
        """Run to the end, forked; `given` is standard input. `first` is called in that process before anything."""
        with tempfile.TemporaryDirectory(prefix="slug-") as folder:
            streams = Path(folder)
            (streams / "in").write_bytes(_bytes(given))
            process = start_program(list(map(str, arguments)), self.environment, self.folder, streams, first)
            process.join(PATIENCE)
            code = process.exitcode
            if code is None:
                process.kill()
                process.join()
                pytest.fail(f"{arguments} ran for {PATIENCE} seconds: {(streams / 'err').read_text()}")
            return _result(code, (streams / "out").read_bytes(), (streams / "err").read_bytes())

    def cold(self, *arguments: str | Path, given: str | bytes = b"") -> Result:
        """The same, started from nothing."""
        ended = subprocess.run(
            self.command(*map(str, arguments)),
            input=_bytes(given),
            capture_output=True,
            env=self.environment,
            cwd=self.folder,
            timeout=PATIENCE,
            check=False,
        )
        return _result(ended.returncode, ended.stdout, ended.stderr)

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        """Begin and return at once; the caller ends it."""
        return subprocess.Popen(
            self.command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=options.pop("stdout", subprocess.PIPE),
            stderr=options.pop("stderr", subprocess.PIPE),
            env=self.environment,
            cwd=self.folder,
            **options,
        )


def _bytes(given: str | bytes) -> bytes:
    return given if isinstance(given, bytes) else given.encode("utf-8", "surrogatepass")


def _result(code: int, out: bytes, err: bytes) -> Result:
    result = Result(code=code, out=out.decode(), err=err.decode())
    assert "Traceback" not in result.err, result.err
    return result


def jsonl(rows: Sequence[object]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)
