"""Files and standard input, with errors in one line."""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

from bot.core.errors import InputError


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C ends a wait for input at once; asyncio's own handler would only ask the task to end, which hears nothing
    while it waits."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


LARGEST = 64 * 1024 * 1024
"""Bytes of one input file; far above any feed, and a bound on memory."""


def read_bytes(name: str | Path) -> bytes:
    """A file's bytes; the word `-` is standard input, a path of that name is not. Raises InputError."""
    try:
        if name == "-":
            with interruptible():
                body = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with open(name, "rb") as file:
                body = file.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"{name}: {error.strerror or error}") from None
    if len(body) > LARGEST:
        raise InputError(f"{name}: larger than {LARGEST // 1024 // 1024} MB")
    return body


@contextmanager
def open_text(name: str) -> Iterator[TextIO]:
    """A file's text, read line by line, wrong bytes replaced and a byte order mark left out; `-` is standard input.
    Raises InputError."""
    if name == "-":
        yield io.TextIOWrapper(sys.stdin.buffer, "utf-8-sig", errors="replace")
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(open(name, encoding="utf-8-sig", errors="replace"))
        except OSError as error:
            raise InputError(f"{name}: {error.strerror or error}") from None
        yield file
