"""Who is on which side: names and nouns of speakers, from `bot/data/lexicons/sides.toml`.

A side is told from how the article names the speaker and describes the role. Names are strong, role nouns
decide where no name does; a speaker that fits two sides at the same strength has none. This only sorts who is heard;
it states nothing about a body (aliases that carry claims live with the catalogue).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.analysis import Side


@dataclass(frozen=True, slots=True)
class Sides:
    """One pattern a side for names (case-sensitive) and one for nouns (any case)."""

    names: Mapping[Side, re.Pattern[str]]
    nouns: Mapping[Side, re.Pattern[str]]

    @classmethod
    def parse(cls, text: str) -> Sides:
        """From TOML: a table a side (its `Side` name in lower case), each with lists `names` and `nouns`.

        Raises `KeyError` or `tomllib.TOMLDecodeError` where the packaged data is wrong.
        """
        tables = tomllib.loads(text)
        names: dict[Side, re.Pattern[str]] = {}
        nouns: dict[Side, re.Pattern[str]] = {}
        for side in Side:
            table = tables[side.name.lower()]
            names[side] = _words(table["names"], 0)
            nouns[side] = _words(table["nouns"], re.IGNORECASE)
        return cls(names, nouns)

    def of(self, speaker: str) -> Side | None:
        """The side of a speaker ("Name, role" as the source says it), or None where nothing tells.

        The role nearest the front decides: "a spokesperson for Netflix" is an employer, "a judge in the WGA case" a
        court.
        """
        best: tuple[int, int, Side] | None = None
        tie = False
        for strength, patterns in ((0, self.nouns), (1, self.names)):
            for side, pattern in patterns.items():
                found = pattern.search(speaker)
                if not found:
                    continue
                rank = (found.start() + (0 if strength else 2), -len(found.group()))
                if best is None or rank < best[:2]:
                    best, tie = (rank[0], rank[1], side), False
                elif rank == best[:2] and side is not best[2]:
                    tie = True
        return None if best is None or tie else best[2]


def _words(entries: list[str], flags: int) -> re.Pattern[str]:
    if not entries:
        return re.compile(r"(?!)")
    longest_first = sorted(entries, key=len, reverse=True)
    return re.compile(
        r"(?<!\w)(?:" + "|".join(re.escape(entry) for entry in longest_first) + r")(?:[’']?s)?(?!\w)", flags
    )
