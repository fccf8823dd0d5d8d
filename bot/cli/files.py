"""Files and standard input, with errors in one line."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TextIO

from bot.core.errors import InputError

LARGEST = 64 * 1024 * 1024
"""Bytes of one input file; far above any feed, and a bound on memory."""


def read_bytes(name: str) -> bytes:
    """A file's bytes; `-` is standard input. Raises InputError."""
    try:
        if name == "-":
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
    """A file's text, read line by line, wrong bytes replaced; `-` is standard input. Raises InputError."""
    if name == "-":
        yield io.TextIOWrapper(sys.stdin.buffer, "utf-8", errors="replace")
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(open(name, encoding="utf-8", errors="replace"))
        except OSError as error:
            raise InputError(f"{name}: {error.strerror or error}") from None
        yield file
