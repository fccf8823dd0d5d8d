"""What stands in for a clock where a test must not take for ever: a limit on the processor time that it burns."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

LIMIT = 5.0
"""Seconds of this process's own processor time: some fifty times what the guarded work takes, and far less than text
that makes a pattern backtrack. How busy the machine is plays no part."""


@contextmanager
def bounded_work() -> Iterator[None]:
    """Raises `AssertionError` within the work once it has burnt `LIMIT`, also inside a regular expression."""

    def stop(*_: object) -> None:
        raise AssertionError(f"not done after {LIMIT:.0f} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
