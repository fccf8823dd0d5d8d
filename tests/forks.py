"""Real processes without the second that each takes to import the program.

They are forked from one process (multiprocessing's fork server) that has imported everything already. What they share
with it is memory that holds imported modules; signals, exit codes, environment and open files are their own.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path

FORKSERVER = multiprocessing.get_context("forkserver")
FORKSERVER.set_forkserver_preload(["tests.warm"])


def start_program(
    arguments: list[str],
    environment: Mapping[str, str],
    folder: Path,
    streams: Path,
    first: Callable[[], object] | None = None,
) -> BaseProcess:
    """`slugline …` with this environment and nothing else of ours. `streams` holds a file `in`, and gets `out` and
    `err`. `first`, which has to be picklable, is called in it before anything."""
    process = FORKSERVER.Process(target=_program, args=(arguments, dict(environment), folder, streams, first))
    process.start()
    return process


def _program(
    arguments: list[str],
    environment: dict[str, str],
    folder: Path,
    streams: Path,
    first: Callable[[], object] | None,
) -> None:
    """In the process itself: become what `python -m bot` is in an environment with LC_ALL=C.UTF-8."""
    for number, (name, flags) in enumerate((("in", os.O_RDONLY), ("out", _NEW), ("err", _NEW))):
        opened = os.open(streams / name, flags)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = os.fdopen(0, encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["slugline", *arguments]

    from bot.__main__ import main
    from tests.platforms import discord_server, slack_server

    with (
        discord_server.pointed_at(os.environ.pop(DISCORD, "127.0.0.1:9")),
        slack_server.pointed_at(os.environ.pop(SLACK, "http://127.0.0.1:9/api/")),
    ):
        if first is not None:
            first()
        main()


DISCORD = "TEST_DISCORD"
"""In an environment: where such a process looks for Discord; nowhere without it."""
SLACK = "TEST_SLACK"
"""Likewise, the base of Slack's Web API."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
