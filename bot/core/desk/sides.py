"""Who is on which side: names and nouns of speakers, from `bot/data/lexicons/sides.toml`.

A side is told from how the article names the speaker and describes the role. Names are strong, role nouns
decide where no name does; a speaker that fits two sides at the same strength has none. This only sorts who is heard;
it states nothing about a body (aliases that carry claims live with the catalogue).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.analysis import Side


@dataclass(frozen=True, slots=True)
class Sides:
    """A pattern a side for names (case-sensitive), for nouns (any case), and for nouns that count only alone."""

    names: Mapping[Side, re.Pattern[str]]
    nouns: Mapping[Side, re.Pattern[str]]
    weak: Mapping[Side, re.Pattern[str]]

    @classmethod
    def parse(cls, text: str) -> Sides:
        """From TOML: a table a side (its `Side` name in lower case), each with lists `names`, `nouns` and perhaps
        `weak`.

        Raises `KeyError` or `tomllib.TOMLDecodeError` where the packaged data is wrong.
        """
        tables = tomllib.loads(text)
        names: dict[Side, re.Pattern[str]] = {}
        nouns: dict[Side, re.Pattern[str]] = {}
        weak: dict[Side, re.Pattern[str]] = {}
        for side in Side:
            table = tables[side.name.lower()]
            names[side] = _words(table["names"], 0)
            nouns[side] = _words(table["nouns"], re.IGNORECASE, owned=table.get("owned", []))
            weak[side] = _words(table.get("weak", []), re.IGNORECASE)
        return cls(names, nouns, weak)

    def of(self, speaker: str) -> Side | None:
        """The side of a speaker ("Name, role" as the source says it), or None where nothing tells.

        The role nearest the front decides: "a spokesperson for Netflix" is an employer, "a judge in the WGA case" a
        court.
        """
        return self._nearest(speaker, (self.nouns, self.names)) or self._nearest(speaker, (self.weak,))

    def named_in(self, text: str) -> frozenset[Side]:
        """Every side a text names by name or noun."""
        return frozenset(side for side in Side if self.names[side].search(text) or self.nouns[side].search(text))

    @staticmethod
    def _nearest(speaker: str, lists: Sequence[Mapping[Side, re.Pattern[str]]]) -> Side | None:
        best: tuple[int, int, Side] | None = None
        tie = False
        for patterns in lists:
            for side, pattern in patterns.items():
                found = pattern.search(speaker)
                if not found:
                    continue
                rank = (found.start(), -len(found.group()))
                if best is None or rank < best[:2]:
                    best, tie = (rank[0], rank[1], side), False
                elif rank == best[:2] and side is not best[2]:
                    tie = True
        return None if best is None or tie else best[2]


# "a post on the group's Facebook page" is not Facebook speaking.
_NOT_A_PLACE = r"(?!\s(?:page|post|account|video|group|user|thread|series|show|film|game)s?\b)"


def _words(entries: list[str], flags: int, owned: list[str] | None = None) -> re.Pattern[str]:
    alternatives = [re.escape(entry) for entry in sorted(entries, key=len, reverse=True)]
    if owned:
        alternatives.insert(0, r"[\w-]+[’']s?\s(?:" + "|".join(map(re.escape, owned)) + ")")
    if not alternatives:
        return re.compile(r"(?!)")
    return re.compile(r"(?<!\w)(?:" + "|".join(alternatives) + r")(?:[’']?s)?(?!\w)" + _NOT_A_PLACE, flags)
