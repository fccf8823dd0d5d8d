"""What a reader found in a feed, before cleaning.

Three readers (`xmltree`, `lenient`, `json_feed`) know formats; one cleaner (`clean`) knows what Slugline keeps. These
mutable records are all that passes between them, so whatever the format, the same cleaning applies.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple


class Text(NamedTuple):
    """A piece of text as the feed gave it. `markup` says whether `<` and `&` mean HTML or are just characters."""

    value: str
    markup: bool


NO_TEXT = Text("", False)


@dataclass(slots=True)
class RawEntry:
    """Links may be relative; `base` is what they are relative to ("" for the feed's own address)."""

    guid: str = ""
    link: str = ""
    base: str = ""
    title: Text = NO_TEXT
    summary: Text = NO_TEXT
    content: Text = NO_TEXT
    published: datetime | None = None
    updated: datetime | None = None
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    language: str = ""
    image: str = ""


@dataclass(slots=True)
class RawFeed:
    version: str
    title: Text = NO_TEXT
    link: str = ""
    base: str = ""
    language: str = ""
    entries: list[RawEntry] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    hint: timedelta | None = None
    hub: str = ""
    bozo: str | None = None
