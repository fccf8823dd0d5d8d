"""The neutral message: what we say, before any platform's markup.

Text is data. A `Text` is shown literally on every platform; only a renderer knows what must be escaped there. Links
come from fields of our own values (an article's address), never from text. Every renderer passes what it shows
through `bot.core.message.plain`: `inert` for text, `address` for links.

Inlines adjoin as they stand: the spaces between them are part of their texts. Only the space before a citation is
the renderer's, which sets [1][2] as close behind its sentence as its form allows.
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
class Jump:
    """Leads to the heading with that `anchor` in the same document where a form has such links; else plain text."""

    label: str
    anchor: str
    kind: Literal["jump"] = "jump"


@dataclass(frozen=True, slots=True)
class Citation:
    """The [n] behind a claim, leading to the outlet's article."""

    number: int
    url: str
    outlet: str
    kind: Literal["citation"] = "citation"


@dataclass(frozen=True, slots=True)
class Time:
    """A moment, shown in the reader's zone where the platform can. A calendar day that belongs to no zone (a
    deadline) is text."""

    at: datetime
    style: Literal["date", "datetime"] = "date"
    kind: Literal["time"] = "time"


Inline = Text | Link | Jump | Citation | Time


@dataclass(frozen=True, slots=True)
class Heading:
    """`anchor` is an ASCII name of ours, unique in its document, that a `Jump` may lead to."""

    text: str
    level: Literal[1, 2, 3] = 1
    anchor: str | None = None
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph. A `deck` stands under a headline and says what it leaves out; a `note` is small print: dates,
    byline, disclosure."""

    content: tuple[Inline, ...]
    role: Literal["body", "deck", "note"] = "body"
    kind: Literal["prose"] = "prose"


@dataclass(frozen=True, slots=True)
class Bullets:
    """`numbered` counts from 1."""

    items: tuple[tuple[Inline, ...], ...]
    numbered: bool = False
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
