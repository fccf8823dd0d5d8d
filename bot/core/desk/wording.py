"""Wording compared: stems, sentences, and how much of one text stands in another."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from bot.core.desk.names import FUNCTION_WORDS, fold, tokens

_ENDINGS = "ations ation ments ment ingly edly ings ing ies ied ers er ed es ly s e y".split()
_HAS_DIGIT = re.compile(r"\d")
_BORDER = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“0-9])|\n+")


def stem(word: str) -> str:
    """A rough stem, enough to see "licenses", "licensed" and "licensing" as one word."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def stems(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order; numbers, which have a check of their own, are left out."""
    folded = (fold(word) for _, word in tokens(text))
    return [stem(word) for word in folded if word not in FUNCTION_WORDS and not _HAS_DIGIT.search(word)]


def content_words(text: str) -> frozenset[str]:
    """The stems as a set."""
    return frozenset(stems(text))


def plain_sentences(text: str, most: int = 300) -> list[str]:
    """A quick split for comparing, not for showing (`bot.core.desk.sentences` is for that); the first `most` only."""
    return [part for part in _BORDER.split(text) if part.strip()][:most]


def coverage(claimed: Sequence[str], said: AbstractSet[str]) -> float:
    """Share of the claimed stems that are said, 0 to 1; 1 where nothing is claimed."""
    return sum(word in said for word in claimed) / len(claimed) if claimed else 1.0


def torn_apart(claimed: Sequence[str], said: Sequence[str], reach: int = 8) -> bool:
    """Whether two stems that stand side by side in the claim never stand within `reach` of each other in the source."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(said):
        if len(places[word]) < 40:
            places[word].append(at)
    return any(
        places.get(one) and places.get(two) and min(abs(a - b) for a in places[one] for b in places[two]) > reach
        for one, two in pairwise(claimed)
    )
