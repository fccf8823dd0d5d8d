"""Very many queries against one article: which of them hold.

An index leads from anchors (`bot.core.watch.anchor`) to the rules that have them. An article has a few hundred words
and pairs of words; only rules with an anchor among these are asked, and asked in full, so the index can be wrong about
cost but never about the answer. Watches that ask the same share one rule, however differently they were written.

A hundred thousand watches take about 100 MB and an article about 2 ms (`python -m tests.bench watch`). The set is kept
in memory and is no more than a copy: it is filled from the store when the process starts, and follows what is saved.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from bot.core.watch.anchor import anchors
from bot.core.watch.evaluation import Hit, hits, holds
from bot.core.watch.query import Query, written
from bot.core.watch.subject import Subject
from bot.core.watch.watch import WatchId


@dataclass(frozen=True, slots=True)
class Match:
    """A watch that wants the article. `hits` is found when asked for: where the article has what the query names."""

    id: WatchId
    query: Query
    subject: Subject

    @property
    def hits(self) -> tuple[Hit, ...]:
        return hits(self.query, self.subject)


class _Rule:
    """One query and who asks it, by rising id."""

    __slots__ = ("ids", "keys", "query")

    def __init__(self, query: Query, keys: tuple[str, ...]) -> None:
        self.query = query
        self.keys = keys
        self.ids: list[WatchId] = []


class RuleSet:
    """The queries of all watches. Not safe for threads; every method leaves it whole, also where it raises."""

    def __init__(self) -> None:
        self._rules: dict[Query, _Rule] = {}
        self._of: dict[WatchId, _Rule] = {}
        self._by_key: dict[str, list[_Rule]] = {}
        self._stems: dict[int, int] = {}  # how many stems have this length

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
            rule = _Rule(query, found.keys)
        if self._of.get(id) is rule:
            return
        self.remove(id)
        if not rule.ids:
            self._enter(rule)
        insort(rule.ids, id)
        self._of[id] = rule

    def remove(self, id: WatchId) -> bool:
        """Whether it was there."""
        rule = self._of.pop(id, None)
        if rule is None:
            return False
        rule.ids.remove(id)
        if not rule.ids:
            self._leave(rule)
        return True

    def match(self, subject: Subject) -> Sequence[Match]:
        """The watches that the article is an answer to, by rising id. Never raises for what the article says."""
        asked: set[_Rule] = set()
        for key in self._by_key.keys() & subject.keys:
            asked.update(self._by_key[key])
        for size in self._stems:
            for stem in {word[:size] for word in subject.vocabulary if len(word) >= size}:
                asked.update(self._by_key.get(f"{stem}*", ()))
        found = [Match(id, rule.query, subject) for rule in asked if holds(rule.query, subject) for id in rule.ids]
        found.sort(key=attrgetter("id"))
        return found

    def _enter(self, rule: _Rule) -> None:
        self._rules[rule.query] = rule
        for key in rule.keys:
            there = self._by_key.setdefault(key, [])
            there.append(rule)
            if key[-1] == "*" and len(there) == 1:
                self._stems[len(key) - 1] = self._stems.get(len(key) - 1, 0) + 1

    def _leave(self, rule: _Rule) -> None:
        del self._rules[rule.query]
        for key in rule.keys:
            there = self._by_key[key]
            there.remove(rule)
            if there:
                continue
            del self._by_key[key]
            if key[-1] == "*":
                self._stems[len(key) - 1] -= 1
                if not self._stems[len(key) - 1]:
                    del self._stems[len(key) - 1]
