"""What of an article tells it from others of the same days: weighted terms, names, numbers, and a print of its text.

Dense vectors put two layoffs at two companies side by side; the rare words, names and numbers tell them apart. For
news in one language a sparse representation beats a dense one (Miranda et al. 2018, Linger & Hajaiej 2020), and both
together beat either (`python -m tests.quality stories`).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from bot.core.desk.lexicon import words

READ = 1_200
"""Characters of text that are looked at, after the title."""
BUCKETS = 1 << 15
"""Slots of the rarity table; a term's slot is its CRC-32 modulo this."""
TITLE_WEIGHT = 2.0
HASHES = 64
SHINGLE = 4
RARE = 5.0
"""Rarity from which on a capitalised word is taken for a name wherever it stands: about one text in 150."""

_NUMBER = re.compile(
    r"(?<![\w.])[$£€]?\s?(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
    r"\s?(%|percent|per cent|billion|bn|million|mn|m|trillion|k)?\b",
    re.IGNORECASE,
)
_SCALE = {"billion": 1e9, "bn": 1e9, "million": 1e6, "mn": 1e6, "m": 1e6, "trillion": 1e12, "k": 1e3}
_BILL = re.compile(r"\b([AHS]\.?\s?[BRJF]\.?(?:\s?Res\.?)?|Assembly Bill|Senate Bill|House Bill)\s?(\d{1,5})\b")
_CASE = re.compile(r"\b([A-Z][\w.&]+)\s+v(?:s|ersus)?\.?\s+([A-Z][\w.&]+)")
_CAPITAL = re.compile(r"\b([A-Z][A-Za-z0-9&]*[A-Za-z0-9])")
_NAME = re.compile(r"(?<![.!?:;”\"|–—-]\s)(?<!^)\b(?<![“\"‘'(])([A-Z][A-Za-z0-9&]*[A-Za-z0-9])")

_STOP = frozenset(
    words(
        """a about above after again against all also am an and any are as at be because been before being below between
        both but by can could did do does doing down during each few for from further get gets getting got had has have
        having he her here hers him his how i if in into is it its itself just like may me might more most much must my
        new no nor not now of off on once one only or other our out over own said say saying says she should so some
        such than that the their them then there these they this those through to too two under until up us very was
        we were what when where which while who whom why will with would you your yours yes today yesterday tomorrow
        monday tuesday wednesday thursday friday saturday sunday week month year day time article url comments points
        news report reported reportedly according first last make makes made making take takes taken still even many
        way well back going go continue reading read full story update updated via amid per s t re ve ll d m"""
    )
)
_NO_NAMES = frozenset(
    words(
        """ai monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
        september october november december ceo us uk american tv"""
    )
)


Term = int
"""A word, name, number, bill or case by the CRC-32 of its form: four bytes, and nobody's words are held. Of 100,000
terms about one pair shares its number."""


def term(form: str) -> Term:
    return zlib.crc32(form.encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Traits:
    """`terms` is a unit vector, term → weight. `names` and `numbers` are subsets of what the text speaks of."""

    terms: Mapping[Term, float]
    title: frozenset[Term]
    names: frozenset[Term]
    numbers: frozenset[Term]
    print: NDArray[np.uint8] | None  # MinHash over word shingles; None for a text too short to tell


class Rarity:
    """How rare a term is, from a table of hashed inverse document frequencies; no document's words are in it."""

    def __init__(self, table: NDArray[np.float32]) -> None:
        self._table: list[float] = table.tolist()

    def __call__(self, form: str) -> float:
        return self.of(term(form))

    def of(self, known: Term) -> float:
        return self._table[known % BUCKETS]


def traits(title: str, text: str, rarity: Rarity) -> Traits:
    title, text = title[:READ], text[:READ]
    in_title, in_text = [*map(term, terms_of(title))], [*map(term, terms_of(text))]
    special = frozenset(map(term, _special(f"{title} . {text}")))
    weights: dict[Term, float] = {}
    for known in in_text:
        weights[known] = rarity.of(known)
    for known in (*in_title, *special):
        weights[known] = TITLE_WEIGHT * rarity.of(known)
    length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return Traits(
        terms={known: weight / length for known, weight in weights.items()},
        title=frozenset(in_title) | special,
        names=frozenset(map(term, _names(title, text, rarity))),
        numbers=frozenset(map(term, _numbers(f"{title} . {text[:600]}"))),
        print=_print(title, text),
    )


def terms_of(text: str) -> list[str]:
    """Stems of the words that carry meaning, and pairs of neighbours among the rarer of them."""
    return [_stem(word) for word in words(text) if word not in _STOP and not word.isdigit()]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """A light English stem: "strikes", "striking", "strike" are one term."""
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if len(word) > 6 and word.endswith("ing"):
        word = word[:-3]
    elif len(word) > 5 and word.endswith("ed"):
        word = word[:-2]
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    return word


def _special(text: str) -> frozenset[str]:
    """Bills and court cases as one term each: "A.B. 412" and "Assembly Bill 412" are `bill ab412`."""
    found = set()
    for kind, number in _BILL.findall(text):
        letters = "".join(part[0] for part in kind.split()) if " Bill" in kind else re.sub(r"[.\s]", "", kind)
        found.add(f"bill {letters.lower()}{number}")
    for one, other in _CASE.findall(text):
        found.add(f"case {one.lower()} {other.lower()}")
    return frozenset(found)


def _names(title: str, text: str, rarity: Rarity) -> frozenset[str]:
    """Capitalised words, as terms. Where a capital says little (the start of a sentence, a title with capitals
    throughout) only a rare word counts."""
    head = title.split()
    shouting = sum(word[:1].isupper() for word in head) >= 0.6 * len(head)
    sure = _NAME.findall(text) if shouting else [*_NAME.findall(text), *_NAME.findall(title)]
    names = {_stem(name.lower()) for name in sure if not _nameless(name.lower())}
    for name in _CAPITAL.findall(f"{title} . {text}"):
        form = _stem(name.lower())
        if not _nameless(name.lower()) and rarity(form) >= RARE:
            names.add(form)
    return frozenset(names)


def _nameless(word: str) -> bool:
    return word in _NO_NAMES or word in _STOP


def _numbers(text: str) -> Iterable[str]:
    """Numbers worth comparing, one form each: "7,800", "300mn", "16%". Years and small counts are not."""
    for digits, unit in _NUMBER.findall(text):
        unit = unit.lower()
        value = float(digits.replace(",", ""))
        if unit in ("%", "percent", "per cent"):
            yield f"{value:g}%"
        else:
            value *= _SCALE.get(unit, 1)
            if value >= 100 and not (1900 <= value <= 2100 and not unit):
                yield f"{value:.6g}"


def _print(title: str, text: str) -> NDArray[np.uint8] | None:
    """MinHash of the text's word shingles (Broder 1997): the share of equal slots estimates how much is shared. Eight
    bits a slot are enough (Li & König 2010): one slot in 256 is equal by chance."""
    run = words(f"{title} {text}")
    if len(run) < 12:
        return None
    shingles = {zlib.crc32(" ".join(run[at : at + SHINGLE]).encode()) for at in range(len(run) - SHINGLE + 1)}
    base = np.fromiter(shingles, dtype=np.uint64, count=len(shingles))
    mixed = (base[:, None] * _MULTIPLIERS + _OFFSETS) % np.uint64(4_294_967_311)
    return np.asarray(mixed.min(axis=0) & np.uint64(0xFF), dtype=np.uint8)


_RANDOM = np.random.default_rng(412)
_MULTIPLIERS = _RANDOM.integers(1, 2**31, HASHES, dtype=np.uint64)
_OFFSETS = _RANDOM.integers(0, 2**31, HASHES, dtype=np.uint64)
