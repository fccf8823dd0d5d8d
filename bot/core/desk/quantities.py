"""Numbers, sums, percentages and dates in running text, brought to one form so that they can be compared.

"$1.2bn", "1.2 billion dollars" and "US$1,200,000,000" are one sum; "eleven thousand" is 11,000; "30%", "30 percent" and
"30 per cent" are one share. What a number counts is not compared here, only that it stands in both texts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

Kind = Literal["number", "money", "percent"]

_UNITS = {
    word: value
    for value, word in enumerate(
        """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
""".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT = {"k": 1_000, "m": 10**6, "mn": 10**6, "mln": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12, "trn": 10**12}

_WORD = "|".join(sorted([*_UNITS, *_TENS, *_SCALES], key=len, reverse=True))
_SCALE = r"(?:hundred|thousand|million|billion|trillion|bn|mn|mln|tn|trn|[kmb](?![a-z]))"
_CURRENCY = r"(?:US\$|A\$|C\$|[$£€¥]|USD\s|EUR\s|GBP\s)"
_DIGITS = re.compile(
    rf"(?P<currency>{_CURRENCY})?\s?(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:st|nd|rd|th)?"
    rf"(?:[\s-]?(?P<scale>{_SCALE})\b)?(?P<percent>\s?%|[\s-]per\s?cent\b)?(?P<after>\s(?:dollars|"
    rf"pounds|euros|yen)\b)?",
    re.IGNORECASE,
)
_WORDS = re.compile(
    rf"\b(?P<words>(?:{_WORD})(?:(?:\s|-|"
    rf"\sand\s)(?:{_WORD}))*)\b(?P<percent>[\s-]per\s?cent\b)?(?P<after>\s(?:dollars|pounds|"
    rf"euros)\b)?",
    re.IGNORECASE,
)


_RANGE_OF_SHARES = re.compile(r"\s?(?:-|–|to)\s?\d+(?:\.\d+)?(?:\s?%|[\s-]per\s?cent\b)")  # the 4 of "4-7%"


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` as it counts ("1.2bn" is 1200000000); `shown` is how the text writes it."""

    value: Decimal
    kind: Kind
    shown: str


def quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of a text in order, spelled-out ones included. "one" alone is left out: it is mostly a pronoun."""
    found: list[tuple[int, Quantity]] = []
    taken: list[tuple[int, int]] = []
    for match in _DIGITS.finditer(text):
        if match.start("number") and text[match.start("number") - 1].isalpha() and not match["currency"]:
            continue  # GPT4, B2B
        try:
            value = Decimal(match["number"].replace(",", ""))
        except InvalidOperation:  # pragma: no cover - the pattern gives digits only
            continue
        scale = (match["scale"] or "").casefold()
        value *= _SCALES.get(scale) or _SHORT.get(scale) or 1
        share = match["percent"] or _RANGE_OF_SHARES.match(text, match.end())
        kind: Kind = "percent" if share else "money" if match["currency"] or match["after"] else "number"
        found.append((match.start(), Quantity(value.normalize(), kind, match.group().strip())))
        taken.append(match.span())
    for match in _WORDS.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        worded = _value(match["words"].casefold())
        if worded is None or match["words"].casefold() == "one":
            continue
        kind = "percent" if match["percent"] else "money" if match["after"] else "number"
        found.append((match.start(), Quantity(Decimal(worded).normalize(), kind, match.group().strip())))
    return tuple(quantity for _, quantity in sorted(found, key=lambda pair: pair[0]))


_COUNTED = re.compile(r"^[\s-]*(?:of\s(?:the|its)\s)?((?:[a-z]+[\s-]){0,2}?[a-z]{3,})")


def numbers_differ(one: str, other: str) -> bool:
    """Whether two sentences count the same thing differently: "25 people were hurt", "27 people were hurt".

    Compared are sums with sums, shares with shares, and plain numbers before the same word. What only rounds the other
    ("94 percent", "94.3 percent"), and years, do not differ.
    """
    for mine in _things(one):
        same = [theirs for theirs in _things(other) if theirs[0] == mine[0]]
        if same and not any(_rounds(mine[1], theirs[1]) for theirs in same):
            return True
    return False


def _things(text: str) -> list[tuple[str, Decimal]]:
    """What is counted, and the number."""
    found = []
    at = 0
    for quantity in quantities(text):
        at = max(text.find(quantity.shown, at), 0) + len(quantity.shown)
        if quantity.kind == "number":
            after = _COUNTED.match(text[at : at + 60])
            if after and not (1900 <= quantity.value <= 2100):
                found.append((after[1].split()[-1].rstrip("s"), quantity.value))
        else:
            found.append((quantity.kind, quantity.value))
    return found


def _rounds(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= Decimal("0.02") * max(abs(one), abs(other))


def _value(words: str) -> int | None:
    total = current = 0
    for word in re.split(r"[\s-]+", words):
        if word == "and":
            continue
        if word in _UNITS:
            current += _UNITS[word]
        elif word in _TENS:
            current += _TENS[word]
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in _SCALES:
            total += (current or 1) * _SCALES[word]
            current = 0
        else:
            return None
    if total == 0 and current == 0 and "zero" not in words:
        return None
    return total + current
