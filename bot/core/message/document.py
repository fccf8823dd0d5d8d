"""The neutral message: what we say, before any platform's markup.

Text is data. A `Text` is shown literally on every platform; only a renderer knows what must be escaped there. Links
come from fields of our own values (an article's address), never from text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Text:
    """Literal text; `strong` and `quiet` are the only emphases every platform has."""

    text: str
    style: Literal["plain", "strong", "quiet"] = "plain"
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Link:
    """`url` is an absolute http(s) address of our own knowledge."""

    label: str
    url: str
    kind: Literal["link"] = "link"


@dataclass(frozen=True, slots=True)
class Citation:
    """The [n] behind a claim, leading to the outlet's article."""

    number: int
    url: str
    outlet: str
    kind: Literal["citation"] = "citation"


@dataclass(frozen=True, slots=True)
class Time:
    """A moment, shown in the reader's zone where the platform can."""

    at: datetime
    style: Literal["date", "datetime"] = "date"
    kind: Literal["time"] = "time"


Inline = Text | Link | Citation | Time


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: Literal[1, 2, 3] = 1
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Prose:
    content: tuple[Inline, ...]
    kind: Literal["prose"] = "prose"


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[tuple[Inline, ...], ...]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True, slots=True)
class Divider:
    kind: Literal["divider"] = "divider"


Block = Heading | Prose | Bullets | Divider


@dataclass(frozen=True, slots=True)
class Document:
    """`summary` is the plain line for notifications and screen readers."""

    summary: str
    blocks: tuple[Block, ...]
