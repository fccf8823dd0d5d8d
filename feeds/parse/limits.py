"""How much of one feed is read. Whatever goes beyond is left out, never an error, except a body that is too big."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bytes for bodies, characters for texts.

    A real feed has 10 to 100 entries; the largest in the wild carry whole archives of a few thousand, newest first,
    so the first 1,000 are the news. The lenient reader is pure Python and slow, hence its own lower caps; a
    real feed of 100 entries with whole articles has some 20,000 tags.
    """

    body: int = 10_000_000
    lenient_body: int = 2_000_000
    lenient_tags: int = 50_000  # counted as `<`, those inside CDATA included
    entries: int = 1_000
    title: int = 500
    summary: int = 5_000
    content: int = 200_000
    address: int = 2_048
    guid: int = 1_000
    name: int = 200  # of one author or category
    names: int = 30  # authors, and categories, of one entry


DEFAULT_LIMITS = Limits()
