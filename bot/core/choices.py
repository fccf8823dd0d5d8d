"""What a community chose not to read: desks and single feeds that it switched off, outlets that it hides.

A switched-off feed takes away what reached us through it alone; what another feed carries too stays. A hidden outlet's
articles are neither quoted nor listed nor counted, but a story that others tell stays. Nothing is deleted: what was
switched off is still read and joined for everybody else, and is there again once it is switched on.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from bot.core import strings
from bot.core.errors import InputError
from bot.core.feed import Feed, FeedId

MOST = 500
"""Choices of one community: they travel with each of its queries. Whoever wants more switches off a desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """`feeds` are single switches, which go before their desk's: True is on although the desk is off."""

    desks_off: frozenset[str] = frozenset()
    feeds: Mapping[FeedId, bool] = field(default_factory=lambda: MappingProxyType({}))
    hidden: frozenset[str] = frozenset()  # outlets' names, as their articles carry them

    def __bool__(self) -> bool:
        """Whether anything was chosen."""
        return len(self) > 0

    def __len__(self) -> int:
        return len(self.desks_off) + len(self.feeds) + len(self.hidden)

    def read(self, feed: Feed) -> bool:
        """Whether that feed is on for the community."""
        return self.feeds.get(feed.id, feed.desk not in self.desks_off)

    def switch(self, feed: Feed, *, on: bool) -> bool | None:
        """How a feed's own switch must stand for it to be on or off; None for as its desk does. What was switched off
        by name stays off when its desk is switched on again."""
        return None if on and feed.desk not in self.desks_off else on


def named(typed: str, known: Iterable[str], what: Literal["desk", "engine", "outlet", "role"]) -> str:
    """The one of the known names that a person typed, whatever its case and spacing. Raises InputError, with the
    nearest names where there are some."""
    names = sorted(set(known))
    by_fold = {_fold(name): name for name in names}
    if found := by_fold.get(_fold(typed)):
        return found
    near = difflib.get_close_matches(_fold(typed), by_fold, n=3, cutoff=0.6)
    hint = strings.asking.did_you_mean([by_fold[name] for name in near])
    raise InputError(strings.asking.no_such(what, typed, hint))


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()
