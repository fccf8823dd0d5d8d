"""How a query's names get their meaning: `guild:wga` → the entry of a pack that knows every way it is written.

What a name means, and where a text has it, is not the matcher's business: whoever knows the packs resolves names here,
finds each text's mentions once, and gives them to the `Subject`. So a name may depend on capitals, on other words in
the text or on its date, and a hundred thousand watches for one guild cost one look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NewType, Protocol

from bot.core.watch.query import NameKind

EntryKey = NewType("EntryKey", str)
"""The id of an entry, unique over all kinds."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The entries of which any will do: one for a guild, a bill or a case, many for a pack.

    None where the name is unknown, or where several things have it; `instead` are then the names to offer.
    """

    entries: tuple[EntryKey, ...] = ()
    instead: tuple[str, ...] = ()


class Names(Protocol):
    def meaning(self, kind: NameKind, name: str) -> Meaning:
        """Of a name in any spelling and case. Never raises."""
        ...


class Mention(Protocol):
    """`text[start:end]` names the entry, in the whole text of a `Subject` (title, blank line, text)."""

    @property
    def entry(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


Mentions = Sequence[Mention]
