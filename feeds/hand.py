"""The program a child process of `feeds.crew` runs: one job after another from standard input.

Arguments: the job's name, the memory limit in bytes, the processor seconds one job may take, and the package of the
language in which to say why not. A frame is two lengths
(4 bytes each, big-endian), a JSON header and a body; an answer is `R` (result) or `E` (why not, in words), a length
and the bytes. A crash is no answer: the parent sees the pipe close. The processor limit is a second guard, for the
day the parent dies while a job loops.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, BinaryIO

from bot.core import strings
from bot.core.errors import InputError

_PIPE = 2**18
Job = Callable[[dict[str, Any], bytes], bytes]


def main(name: str, memory: int, seconds: int, language: str) -> None:
    """Serve until standard input ends."""
    if language != strings.spoken():
        strings.use(import_module(language))
    _widen_pipes()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    job = _job(name)
    _limit_memory(memory)
    answers.write(b"\x01")
    answers.flush()
    source = sys.stdin.buffer
    while (frame := _frame(source)) is not None:
        _limit_time(seconds)
        try:
            tag, result = b"R", job(*frame)
        except (InputError, RecursionError) as error:
            tag, result = b"E", str(error).encode("utf-8", "replace")
        answers.write(tag + len(result).to_bytes(4) + result)
        answers.flush()


def _frame(source: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    lengths = source.read(8)
    if len(lengths) < 8:
        return None
    header = source.read(int.from_bytes(lengths[:4]))
    body = source.read(int.from_bytes(lengths[4:]))
    return json.loads(header), body


def _job(name: str) -> Job:
    if name == "feed":
        from feeds.feed_job import run
    else:
        from feeds.page_job import run
    return run


def _widen_pipes() -> None:
    """Room for a whole feed in each, where the system can: else child and parent take turns by 64 kB."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        for pipe in (0, 1):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def _limit_memory(memory: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(seconds: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + seconds + 1, hard))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
