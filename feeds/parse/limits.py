"""How much of one feed is read. Whatever goes beyond is left out, never an error, except a body that is too big."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bytes for bodies, characters for texts.

    A real feed has 10 to 100 entries; the largest in the wild carry whole archives of a few thousand, newest first,
    so the first 1,000 are the news. The lenient reader is pure Python at about 5 MB/s and holds the interpreter
    while it runs, hence its own lower cap.
    """

    body: int = 10_000_000
    lenient_body: int = 3_000_000
    entries: int = 1_000
    title: int = 500
    summary: int = 5_000
    content: int = 200_000
    markup: int = 1_000_000  # of one text, before its markup is removed
    address: int = 2_048
    guid: int = 1_000
    name: int = 200  # of one author or category
    names: int = 30  # authors, and categories, of one entry


DEFAULT_LIMITS = Limits()
