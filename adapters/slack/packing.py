"""Sections packed into messages, none beyond Slack's limits; the first is posted, and the rest goes into its thread.

A page is turned between sections where that can be, else between chapters, else between lumps; where a section goes on
in the next message, a line says whose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from adapters.slack.blocks import BLOCKS, CHARACTERS, HEADER, Json, cut, plain_text, weight
from adapters.slack.sections import DIVIDER, Lump, Section
from bot.core import strings


@dataclass(slots=True)
class Message:
    """Its blocks, and the section that it begins with."""

    blocks: list[Json] = field(default_factory=list)
    opened_by: Section | None = None


def packed(sections: Iterable[Section]) -> list[Message]:
    """None of them is empty."""
    packer = _Packer()
    for section in sections:
        packer.begin(section)
        if packer.take(section.lumps) or (_fits(section.lumps) and packer.turn().take(section.lumps)):
            continue
        packer.turn_if_mostly_full()
        for chapter in _chapters(section):
            if packer.take(chapter) or (packer.turn_if_mostly_full() and packer.take(chapter)):
                continue
            for lump in chapter:
                for some in _carried(lump):
                    if not packer.take([some]):
                        packer.turn().put([some])
    return [message for message in packer.messages if message.blocks]


class _Packer:
    """Fills one message after the other."""

    def __init__(self) -> None:
        self.messages = [Message()]
        self._section = Section()
        self._begun = False
        self._weight = 0

    def begin(self, section: Section) -> None:
        self._section = section
        self._begun = False

    def turn(self) -> _Packer:
        """The next message, unless this one is empty."""
        if self.messages[-1].blocks:
            self.messages.append(Message())
            self._weight = 0
        return self

    def turn_if_mostly_full(self) -> bool:
        """Rather than to leave a chapter's beginning at the foot of a page."""
        if self._weight <= CHARACTERS // 2 and len(self.messages[-1].blocks) <= BLOCKS // 2:
            return False
        self.turn()
        return True

    def take(self, lumps: Sequence[Lump]) -> bool:
        """False, and nothing is taken, where they do not fit into this message."""
        blocks = self._as_they_stand(lumps)
        if self._weight + weight(blocks) > CHARACTERS or len(self.messages[-1].blocks) + len(blocks) > BLOCKS:
            return False
        self.put(lumps)
        return True

    def put(self, lumps: Sequence[Lump]) -> None:
        blocks = self._as_they_stand(lumps)
        message = self.messages[-1]
        message.opened_by = message.opened_by or self._section
        message.blocks += blocks
        self._weight += weight(blocks)
        self._begun = True

    def _as_they_stand(self, lumps: Sequence[Lump]) -> list[Json]:
        """Under a line where they begin a section, or under whose they are where they go on with one."""
        blocks = [block for lump in lumps for block in lump]
        fresh = not self.messages[-1].blocks
        if not self._begun:
            return [DIVIDER, *blocks] if self._section.ruled and not fresh else blocks
        if fresh and self._section.headline:
            said = strings.slack.continued(cut(self._section.headline, HEADER))
            return [{"type": "context", "elements": [plain_text(said, 2 * HEADER)]}, *blocks]
        return blocks


def _fits(lumps: Sequence[Lump]) -> bool:
    blocks = [block for lump in lumps for block in lump]
    return len(blocks) <= BLOCKS and weight(blocks) <= CHARACTERS


def _chapters(section: Section) -> Iterator[list[Lump]]:
    """From one heading to the next."""
    held: list[Lump] = []
    for number, lump in enumerate(section.lumps):
        if held and number in section.chapters:
            yield held
            held = []
        held.append(lump)
    if held:
        yield held


def _carried(lump: Lump) -> Iterator[Lump]:
    """The lump, or, where no message could hold it, its blocks."""
    if _fits([lump]):
        yield lump
    else:
        yield from ((block,) for block in lump)
