"""What somebody probably meant who named a thing that is not there."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from bot.core import strings

MOST = 3
LONGEST = 200
"""Characters of a typed name that are compared: the comparison's cost grows with their square."""


def nearest(typed: str, known: Iterable[str]) -> list[str]:
    """Up to three of the known names that look like it, the likest first; names that begin with it go before."""
    by_fold = {_fold(name): name for name in sorted(set(known), reverse=True)}
    folded = _fold(typed)[:LONGEST]
    if not folded:
        return []
    begun = sorted(name for name in by_fold if name.startswith(folded))
    like = difflib.get_close_matches(folded, by_fold, n=MOST, cutoff=0.6)
    return [by_fold[name] for name in dict.fromkeys([*begun[:MOST], *like])][:MOST]


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """As the end of a sentence: "; did you mean 'watch add' or 'watch list'?", or nothing."""
    return strings.asking.did_you_mean(nearest(typed, known))


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()
