"""What a message is made of, with what each piece costs of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from adapters.discord.markup import size
from bot.core.message.document import Action, Button, LinkButton, Picture

# https://discord.com/developers/docs/components/reference
COMPONENTS_LIMIT = 40
"""Of a message, however deep they are nested."""
TEXT_LIMIT = 4000
"""Characters of a message's text displays together."""

LINE_BREAK, PARAGRAPH = "\n", "\n\n"


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text. Where the text before it stands in the same message, it continues that, after `joins`; None: it
    is set apart. One that `opens` begins with a heading: a page is rather turned there than later."""

    text: str
    joins: str | None = None
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """Text with one button at its side."""

    text: str
    action: Button | LinkButton


@dataclass(frozen=True, slots=True)
class Rule:
    """A line between what stands above and below, or, not `drawn`, just its distance."""

    drawn: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """Up to five buttons, or one select."""

    items: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Gallery:
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Handed:
    """A file to download."""

    name: str


Piece = Words | Beside | Rule | Row | Gallery | Handed
Lump = tuple[Piece, ...]
"""Pieces that stay together."""


def components_of(piece: Piece) -> int:
    match piece:
        case Words(joins=joins):
            return 0 if joins is not None else 1
        case Beside():
            return 3
        case Row(items=items):
            return 1 + len(items)
        case Rule() | Gallery() | Handed():
            return 1
        case _:
            assert_never(piece)


def text_of(piece: Piece) -> int:
    return size(piece.text) + len(PARAGRAPH) if isinstance(piece, Words | Beside) else 0


@dataclass(slots=True)
class Section:
    """What stands in one container, or outside of any (`bare`); `edge` is the container's colour."""

    bare: bool
    edge: int
    lumps: list[Lump] = field(default_factory=list)
    headline: str = ""
