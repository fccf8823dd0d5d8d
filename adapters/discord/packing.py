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


def packed(sections: Iterable[Section]) -> list[list[Stretch]]:
    """The messages, each with what it has of each section; none is empty."""
    packer = _Packer()
    for section in sections:
        whole = [piece for lump in section.lumps for piece in lump]
        if packer.take(section, whole) or (_fits_a_message(whole) and packer.turn().take(section, whole)):
            continue
        packer.turn_if_mostly_full()
        for chapter in _chapters(section.lumps):
            flat = [piece for lump in chapter for piece in lump]
            if packer.take(section, flat):
                continue
            if packer.turn_if_mostly_full() and packer.take(section, flat):
                continue
            for lump in chapter:
                if not packer.take(section, lump):
                    packer.turn().put(section, lump)
    return [message for message in packer.messages if message]


class _Packer:
    """Fills one message after the other."""

    def __init__(self) -> None:
        self.messages: list[list[Stretch]] = [[]]
        self._components = self._text = 0

    def turn(self) -> _Packer:
        """The next message."""
        self.messages.append([])
        self._components = self._text = 0
        return self

    def turn_if_mostly_full(self) -> bool:
        """Rather than to leave a chapter's beginning at the foot of a page."""
        if self._text <= TEXT_LIMIT // 2:
            return False
        self.turn()
        return True

    def take(self, section: Section, pieces: Sequence[Piece]) -> bool:
        """False, and nothing is taken, where they do not fit into this message."""
        components, text = self._cost(section, self._as_they_stand(section, pieces))
        if self._components + components > COMPONENTS_LIMIT or self._text + text > TEXT_LIMIT:
            return False
        self.put(section, pieces)
        return True

    def put(self, section: Section, pieces: Sequence[Piece]) -> None:
        pieces = self._as_they_stand(section, pieces)
        components, text = self._cost(section, pieces)
        self._components += components
        self._text += text
        if self._is_open(section):
            self.messages[-1][-1].pieces += pieces
        else:
            self.messages[-1].append(Stretch(section, list(pieces)))

    def _as_they_stand(self, section: Section, pieces: Sequence[Piece]) -> Sequence[Piece]:
        """Where the section began in an earlier message, under a line that says so."""
        begun = any(stretch.section is section for message in self.messages for stretch in message)
        return _going_on(section, pieces) if begun and not self._is_open(section) else pieces

    def _is_open(self, section: Section) -> bool:
        return bool(self.messages[-1]) and self.messages[-1][-1].section is section

    def _cost(self, section: Section, pieces: Iterable[Piece]) -> tuple[int, int]:
        opens = 0 if section.bare or self._is_open(section) else 1
        return opens + sum(map(components_of, pieces)), sum(map(text_of, pieces))


def _fits_a_message(pieces: Sequence[Piece]) -> bool:
    return sum(map(components_of, pieces)) < COMPONENTS_LIMIT and sum(map(text_of, pieces)) <= TEXT_LIMIT


def _chapters(lumps: Iterable[Lump]) -> Iterator[list[Lump]]:
    """From one heading to the next."""
    held: list[Lump] = []
    for lump in lumps:
        if held and any(isinstance(piece, Words) and piece.opens for piece in lump):
            yield held
            held = []
        held.append(lump)
    if held:
        yield held


def _going_on(section: Section, pieces: Sequence[Piece]) -> Sequence[Piece]:
    headline = section.headline
    if len(headline) > HEADLINE_LIMIT:
        headline = f"{headline[: HEADLINE_LIMIT - 1]}…"
    first, *rest = pieces[1:] if isinstance(pieces[0], Rule) else pieces
    if isinstance(first, Words):
        first = replace(first, joins=None)
    reminder = (Words(f"-# {opened(escaped(strings.discord.continued(headline)))}"),) if headline else ()
    return (*reminder, first, *rest)
