"""Very many queries against one article: which of them hold.

An index leads from anchors (`bot.core.watch.anchor`) to the rules that have them. An article has a few hundred words
and pairs of words; only rules with an anchor among these are considered. For most that is already the answer; the
others (near, long phrases, three conditions and more) are asked in full. So the index can be wrong about cost but
never about the answer. Watches that ask the same share one rule, however differently they were written.

The set is kept in memory and is no more than a copy: it is filled from the store when the process starts, and follows
what is saved. A hundred thousand watches of all kinds take about 100 MB and two seconds to index, and an article about
2 ms; `python -m tests.bench watch` measures it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from bot.core.watch.anchor import ALWAYS, Anchor, Anchors, anchors
from bot.core.watch.evaluation import Hit, hits, holds
from bot.core.watch.query import Query, written
from bot.core.watch.subject import Subject
from bot.core.watch.watch import WatchId

FEW = 32
_LOWEST = attrgetter("lowest")


class Match(NamedTuple):
    """The watches that want an article for one reason: all of them ask `query`. `ids` rise, and there is at least one.

    Why, `hits` tells of the same subject: where the article has what the query names.
    """

    ids: tuple[WatchId, ...]
    query: Query

    def hits(self, subject: Subject) -> tuple[Hit, ...]:
        return hits(self.query, subject)


class _Rule:
    """One query, where it stands in the index, and who asks it, by rising id."""

    __slots__ = ("decided", "exact", "ids", "keys", "lowest", "match", "query", "unless")

    def __init__(self, query: Query, anchors: Anchors) -> None:
        self.query = query
        self.keys: tuple[Anchor, ...] = anchors.keys
        self.exact = anchors.exact
        self.unless = anchors.unless
        self.decided = anchors.exact and not anchors.unless  # by having an anchor
        self.ids: list[WatchId] = []
        self.lowest: WatchId | None = None
        self.match: Match | None = None
        """The answer, ready: one article may have thousands. Where very many ask, it is made when it is wanted, so that
        each of them need not be copied whenever another comes."""

    def enter(self, id: WatchId) -> None:
        insort(self.ids, id)
        self._changed()

    def leave(self, id: WatchId) -> None:
        del self.ids[bisect_left(self.ids, id)]
        self._changed()

    def _changed(self) -> None:
        self.lowest = self.ids[0] if self.ids else None
        self.match = Match(tuple(self.ids), self.query) if len(self.ids) <= FEW else None

    def wants(self, subject: Subject, present: set[str]) -> bool:
        """Whether it holds, of an article that has one of its anchors."""
        if self.exact:
            return present.isdisjoint(self.unless)
        return holds(self.query, subject)

    def answer(self) -> Match:
        self.match = Match(tuple(self.ids), self.query)
        return self.match


class RuleSet:
    """The queries of all watches. Not safe for threads; every method leaves it whole, also where it raises."""

    def __init__(self) -> None:
        self._rules: dict[Query, _Rule] = {}
        self._of: dict[WatchId, _Rule] = {}
        self._index: dict[str, dict[str, list[_Rule]]] = {}
        self._stems: dict[str, int] = {}  # how often a beginning of a word is asked for
        self._sizes: dict[int, int] = {}  # how many different ones have this length

    def __len__(self) -> int:
        return len(self._of)

    def __contains__(self, id: WatchId) -> bool:
        return id in self._of

    def add(self, id: WatchId, query: Query) -> None:
        """In place of what that watch asked before. Names that were not resolved match nothing.

        Raises ValueError for a query that asks for nothing to be there; `parse` makes none.
        """
        rule = self._rules.get(query)
        if rule is None:
            found = anchors(query)
            if found is None:
                raise ValueError(f"a query without a positive term: {written(query)}")
            rule = _Rule(query, found)
        if self._of.get(id) is rule:
            return
        self.remove(id)
        if not rule.ids:
            self._enter(rule)
        rule.enter(id)
        self._of[id] = rule

    def remove(self, id: WatchId) -> bool:
        """Whether it was there."""
        rule = self._of.pop(id, None)
        if rule is None:
            return False
        rule.leave(id)
        if not rule.ids:
            self._leave(rule)
        return True

    def match(self, subject: Subject) -> Sequence[Match]:
        """Which watches the article is an answer to: those that ask the same together, and these by their lowest id.

        The order is the same whatever the order of adding. Never raises for what the article says.
        """
        present = {ALWAYS, *subject.keys, *self._stems_of(subject)}
        likely: set[_Rule] = set()
        for first in self._index.keys() & present:
            seconds = self._index[first]
            for second in seconds.keys() & present if len(seconds) > 1 else seconds:
                if second in present:
                    likely.update(seconds[second])
        found = [rule for rule in likely if rule.decided or rule.wants(subject, present)]
        found.sort(key=_LOWEST)
        return [rule.answer() if rule.match is None else rule.match for rule in found]

    def _stems_of(self, subject: Subject) -> list[str]:
        """The beginnings of its words that any rule asks for."""
        # A word shorter than the size is a beginning of itself: if somebody asks for that one, it is there too.
        return [
            f"{stem}*"
            for size in self._sizes
            for stem in {word[:size] for word in subject.vocabulary}
            if stem in self._stems
        ]

    def _enter(self, rule: _Rule) -> None:
        self._rules[rule.query] = rule
        for first, second in rule.keys:
            self._index.setdefault(first, {}).setdefault(second, []).append(rule)
        self._count(rule, 1)

    def _leave(self, rule: _Rule) -> None:
        del self._rules[rule.query]
        for first, second in rule.keys:
            seconds = self._index[first]
            seconds[second].remove(rule)
            if not seconds[second]:
                del seconds[second]
            if not seconds:
                del self._index[first]
        self._count(rule, -1)

    def _count(self, rule: _Rule, change: int) -> None:
        """Of beginnings of words that the rule asks the index for."""
        for key in chain(*rule.keys, rule.unless):
            if not key.endswith("*") or key.startswith("@"):
                continue
            stem = key[:-1]
            held = self._stems.pop(stem, 0)
            if held + change:
                self._stems[stem] = held + change
            if not held or not held + change:
                size = self._sizes.pop(len(stem), 0) + change
                if size:
                    self._sizes[len(stem)] = size
