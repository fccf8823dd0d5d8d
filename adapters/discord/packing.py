"""Sections packed into messages.

Messages end at section borders where they can. A section larger than a message is broken between its lumps and goes on
under a line that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from adapters.discord.markup import escaped, opened
from adapters.discord.pieces import (
    COMPONENTS_LIMIT,
    TEXT_LIMIT,
    Lump,
    Piece,
    Rule,
    Section,
    Words,
    components_of,
    text_of,
)
from bot.core import strings

HEADLINE_LIMIT = 150
"""Characters of a headline that are said again where a section goes on in the next message."""


@dataclass(slots=True)
class Stretch:
    """What one message has of a section."""

    section: Section
    pieces: list[Piece]


class Packer:
    def __init__(self) -> None:
        self.parts: list[list[Stretch]] = []
        self._components = self._text = 0

    @property
    def used(self) -> int:
        return self._text if self.parts else TEXT_LIMIT

    def turn(self) -> None:
        """The next message, unless this one is empty."""
        if not self.parts or self.parts[-1]:
            self.parts.append([])
            self._components = self._text = 0

    def fits(self, section: Section, pieces: Iterable[Piece]) -> bool:
        components, text = self._cost(section, pieces)
        return (
            bool(self.parts) and self._components + components <= COMPONENTS_LIMIT and self._text + text <= TEXT_LIMIT
        )

    def add(self, section: Section, pieces: Sequence[Piece]) -> None:
        components, text = self._cost(section, pieces)
        self._components += components
        self._text += text
        if self._is_open(section):
            self.parts[-1][-1].pieces += pieces
        else:
            self.parts[-1].append(Stretch(section, list(pieces)))

    def _is_open(self, section: Section) -> bool:
        return bool(self.parts and self.parts[-1]) and self.parts[-1][-1].section is section

    def _cost(self, section: Section, pieces: Iterable[Piece]) -> tuple[int, int]:
        opens = 0 if section.bare or self._is_open(section) else 1
        return opens + sum(map(components_of, pieces)), sum(map(text_of, pieces))


def packed(sections: Sequence[Section]) -> Iterator[list[Stretch]]:
    packer = Packer()
    for section in sections:
        whole = [piece for lump in section.lumps for piece in lump]
        if packer.fits(section, whole):
            packer.add(section, whole)
            continue
        empty = Packer()
        empty.turn()
        if empty.fits(section, whole):
            packer.turn()
            packer.add(section, whole)
            continue
        if packer.used > TEXT_LIMIT // 2:
            packer.turn()
        for number, lump in enumerate(section.lumps):
            if not packer.fits(section, lump):
                packer.turn()
                if number:
                    lump = _going_on(section, lump)
            packer.add(section, lump)
    yield from packer.parts


def _going_on(section: Section, lump: Lump) -> Lump:
    """The lump at the top of a message, under a line that says what it belongs to."""
    if isinstance(lump[0], Rule):
        lump = lump[1:]
    headline = (
        section.headline if len(section.headline) <= HEADLINE_LIMIT else f"{section.headline[: HEADLINE_LIMIT - 1]}…"
    )
    first, *rest = lump
    if isinstance(first, Words):
        first = replace(first, joins=None)
    reminder = (Words(f"-# {opened(escaped(strings.discord.continued(headline)))}"),) if headline else ()
    return (*reminder, first, *rest)
