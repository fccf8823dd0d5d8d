"""The words that times are typed in, English in every language, and the tokens of a line of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

from bot.core import strings
from bot.core.schedule.fault import WhenError


class Kind(Enum):
    NUMBER = auto()  # 9, 9am, 16:30: a time, or a count
    ORDINAL = auto()  # 1st
    WORD = auto()
    DASH = auto()
    AND = auto()


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    word: str  # folded
    start: int
    end: int


_TOKEN = re.compile(
    r"(?P<ordinal>\d+(?:st|nd|rd|th)\b)"
    r"|(?P<number>\d+(?:[:.h]\d\d(?!\d))?h?(?:\s?[ap]\.?m\b\.?)?)"
    r"|(?P<word>[^\W\d_]+(?:[._/'’][^\W\d_]+)*\.?)"
    r"|(?P<dash>[-–—])"
    r"|(?P<and>[,;&+/])"
    r"|(?P<blank>[\s@]+)"
    r"|(?P<other>.)",
    re.IGNORECASE,
)
_AND = frozenset({"and", "or"})
_DASH = frozenset({"to", "through", "thru", "until", "till"})
FILLER = frozenset(
    {"on", "at", "the", "every", "each", "in", "a", "an", "of", "by", "around", "please", "o'clock", "o’clock"}
)
DAYS = MappingProxyType(
    {
        form: number
        for number, forms in enumerate(
            (
                "sunday sundays sun",
                "monday mondays mon",
                "tuesday tuesdays tue tues",
                "wednesday wednesdays wed weds",
                "thursday thursdays thu thur thurs",
                "friday fridays fri",
                "saturday saturdays sat",
            )
        )
        for form in forms.split()
    }
)
_MONTHS = "january february march april may june july august september october november december".split()
MONTHS = MappingProxyType(
    {form: number for number, name in enumerate(_MONTHS, 1) for form in (name, name[:3])} | {"sept": 9}
)
ORDINALS = MappingProxyType({name: number for number, name in enumerate("first second third fourth fifth".split(), 1)})
COUNTS = MappingProxyType(
    {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twelve": 12, "fifteen": 15,
     "twenty": 20, "thirty": 30}
)  # fmt: skip
EVERY_DAY = frozenset({"daily", "day", "days", "everyday", "nightly"})
WORKDAY_NAMES = frozenset({"weekday", "weekdays", "workday", "workdays"})
WEEKEND_NAMES = frozenset({"weekend", "weekends"})
LAST = "last"
OTHER = frozenset({"other", "second", "alternate", "alternating"})
_FORTNIGHT = frozenset({"fortnight", "fortnights", "fortnightly", "biweekly", "bi", "bimonthly"})
_ONCE = frozenset({"once", "today", "tomorrow", "tonight", "now", "next"})
_ZONES = frozenset(
    {"utc", "gmt", "est", "edt", "et", "cst", "cdt", "mst", "mdt", "pst", "pdt", "pt", "cet", "cest", "bst"}
)

_EVERY_FEW_MONTHS = frozenset({"quarterly", "quarter"})
_TOO_FEW = frozenset({"twice", "thrice", "times"})


def refused(word: str) -> tuple[str, str] | None:
    """What is wrong with a word that is understood and yet names no schedule, and what would be right."""
    said = strings.times
    if word in _FORTNIGHT or word == "alternate":
        return said.EVERY_SECOND, said.EVERY_SECOND_RIGHT
    if word in _ONCE:
        return said.ONCE, said.RIGHT
    if word in _ZONES:
        return said.NO_ZONE_HERE, said.NO_ZONE_HERE_RIGHT
    if word in _EVERY_FEW_MONTHS:
        return said.EVERY_FEW_MONTHS, said.EVERY_FEW_MONTHS_RIGHT
    if word in _TOO_FEW:
        return said.TOO_FEW, said.TOO_FEW_RIGHT
    return None


def tokens(text: str) -> Iterator[Token]:
    """In order, without blanks. Raises WhenError at a sign that no time is written with."""
    for found in _TOKEN.finditer(text):
        word = found[0].casefold()
        start, end = found.span()
        match found.lastgroup:
            case "blank":
                continue
            case "ordinal":
                yield Token(Kind.ORDINAL, word, start, end)
            case "number":
                yield Token(Kind.NUMBER, word, start, end)
            case "dash":
                yield Token(Kind.DASH, word, start, end)
            case "and":
                yield Token(Kind.AND, word, start, end)
            case "word":
                word = word.rstrip(".")
                kind = Kind.AND if word in _AND else Kind.DASH if word in _DASH else Kind.WORD
                yield Token(kind, word, start, end)
            case _:
                raise WhenError(text, start, end, strings.times.not_understood(found[0]), strings.times.RIGHT)
