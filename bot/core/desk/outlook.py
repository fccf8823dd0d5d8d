"""Dates that a sentence promises: "by 1 May", "next Tuesday", "later this month", against the article's own date.

Our own small grammar, because a general date parser is wrong more often than it is needed here: in news "may",
"second", "March on Washington" and "the 2023 contract" all look like dates to one. A date is taken only where a
shape names it in full or a preposition points to it, and only where it lies on or after the article's date (at most
`HORIZON` ahead); a past date is no outlook. "in September" is due at the end of September: only then has it
happened or not.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta

HORIZON = timedelta(days=5 * 366)
"""How far ahead a promised date is believed; a law's 2040 target is nothing a digest can watch."""

_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_DAYS = {name.casefold(): number for number, name in enumerate(calendar.day_name)}
_NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_NUMBERS |= {"twelve": 12, "30": 30, "60": 60, "90": 90}

# "may" in lower case is the verb; every other month is read in either case.
_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)"
)
_WEEKDAY = r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"

_ISO = re.compile(r"(?<![\d-])(?P<year>20\d\d)-(?P<monthno>[01]\d)-(?P<day>[0-3]\d)(?![\d-])")
_DAY_MONTH = re.compile(rf"\b{_DAY}(?:\sof)?\s{_MONTH}\b(?:,?\s{_YEAR}\b)?")
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s{_DAY}\b(?!\s?(?:%|percent|per\scent|people|members))(?:,?\s{_YEAR}\b)?")
_IN_MONTH = re.compile(
    rf"\b(?P<how>in|by|until|before|from|this|next|late|early|mid|end\sof|middle\sof|beginning\sof"
    rf"|start\sof)[\s-]{_MONTH}\b(?!\s\d{{1,2}}\b)(?:,?\s{_YEAR}\b)?",
)
_RELATIVE_DAY = re.compile(
    rf"\b(?P<how>next|this\scoming|coming|this|by|on|until|before|from|starting|"
    rf"beginning)\s{_WEEKDAY}\b(?!\s(?:and|to)\s)|\b(?P<tomorrow>tomorrow)\b",
    re.IGNORECASE,
)
_RELATIVE_SPAN = re.compile(
    r"\b(?P<how>later\sthis|by\sthe\send\sof\s(?:the|this|next)|end\sof\s(?:the|this|next)|"
    r"later\sin\sthe|next|this\scoming|the\scoming|early\snext|late\snext)\s"
    r"(?P<unit>week|month|quarter|year|summer|autumn|fall|winter|spring)\b(?!\s(?:ago|earlier))",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"\b(?:within|in|over)\s(?:the\snext\s|the\scoming\s)?(?P<count>a|an|one|two|three|four|five|"
    r"six|seven|eight|nine|ten|twelve|\d{1,3})\s"
    r"(?P<unit>day|week|month|year)s?(?:[’']\stime)?\b(?!\s(?:ago|earlier|before|after|since))",
    re.IGNORECASE,
)
_BY_YEAR = re.compile(
    r"\b(?P<how>by|in|until|before|from)\s(?P<year>20\d\d)\b(?!\s?(?:%|percent|people|jobs|"
    r"workers|members))|\bby\sthe\send\sof\s(?P<endyear>20\d\d)\b"
)
_SEASON_END = {"spring": (5, 31), "summer": (8, 31), "autumn": (11, 30), "fall": (11, 30), "winter": (2, 28)}
_FUTURE = re.compile(
    r"\b(?:will|must|within|won[’']t|shall|would|to\sbe|set\s(?:to|for)|expected|expects?|scheduled|due|"
    r"deadline|plan(?:s|ned|ning)?|expires?|expiring|begins?|starts?|takes?\seffect|"
    r"until|by|next|later|coming|upcoming|aims?|hearing|vote|is\sto|are\sto|resumes?|opens?|returns?|ends?)\b",
    re.IGNORECASE,
)


_OBSERVABLE = re.compile(
    r"\b(?:will|to|would|plans?|expected|set|scheduled|due)\b[^.;]{0,60}?\b(?:votes?|hear|hearing"
    r"|meet|meeting|publish|decide|decision|appeal|release|effect|resume|begin|start|"
    r"strike|launch|host|file|rule|ruling|debate|consider|testify|negotiat\w+|expire|bargain\w*|"
    r"announce|introduce|sign|return|open|close|trial|report|consult\w*|"
    r"solicit|review|ballot|ratify|picket|update|implement|enforce|roll\s?out|pay|hire|cut|lay|"
    r"end|settle|approve|respond|talks|court|election|deadline)\b"
    r"|\b(?:deadline|expires?|takes?\seffect|hearing|trial\sdate|"
    r"subject\sto\s(?:court\s)?approval|remains\sto\sbe\sseen|has\syet\sto|have\syet\sto|"
    r"plans?\sto\sappeal)\b",
    re.IGNORECASE,
)


def is_observable(sentence: str) -> bool:
    """Whether it speaks of an act that will be seen to happen or not: a vote, a ruling, an appeal; not "AI will
    change work"."""
    return bool(_OBSERVABLE.search(sentence[:700]))


_NAMED_DAY = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?\s(?:of\s)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?\s\d{1,2}\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\btomorrow\b",
    re.IGNORECASE,
)


def names_day(sentence: str) -> bool:
    """Whether it gives a day. A date made of anything else ("next year", "in September") is the last day of a stretch
    of time, and to be told so."""
    return bool(_NAMED_DAY.search(sentence[:700]) or _ISO.search(sentence[:700]))


def due_date(sentence: str, written: date) -> date | None:
    """The first date on or after `written` that the sentence promises, or None.

    `written` is the article's own date. A span ("in September", "next week") is due on its last day. Never raises.
    """
    head = sentence[:700]
    if not _FUTURE.search(head):
        return None
    found = sorted(_dates(head, written))
    for _, day in found:
        if written <= day <= written + HORIZON:
            return day
    return None


_PROMISED = re.compile(
    r"\b(?:will|won[’']t|expected|scheduled|due|deadline|plans?|expires?|set\s(?:to|for)|"
    r"until)\b",
    re.IGNORECASE,
)


def _dates(sentence: str, written: date) -> Iterator[tuple[int, date]]:
    """(position, date) of everything that reads as a date, past ones too."""
    promised = bool(_PROMISED.search(sentence))
    for shape in (_ISO, _DAY_MONTH, _MONTH_DAY):
        for match in shape.finditer(sentence):
            groups = match.groupdict()
            month = int(groups["monthno"]) if "monthno" in groups else _month(groups["month"])
            day = _full(groups["year"], month, int(groups["day"]), written, promised=promised)
            if day is not None:
                yield match.start(), day
    for match in _IN_MONTH.finditer(sentence):
        month = _month(match["month"])
        year = int(match["year"]) if match["year"] else written.year + (month < written.month)
        how = match["how"]
        last = calendar.monthrange(year, month)[1]
        if how in ("by", "before", "until") and not match["year"] and month == written.month:
            continue
        if how in ("early", "beginning of", "start of"):
            last = 10
        elif how in ("mid", "middle of"):
            last = 20
        elif how in ("by", "before", "until", "from"):
            last = 1
        yield match.start(), date(year, month, last)
    for match in _RELATIVE_DAY.finditer(sentence):
        if match["tomorrow"]:
            yield match.start(), written + timedelta(days=1)
            continue
        ahead = (_DAYS[match["weekday"].casefold()] - written.weekday()) % 7
        how = match["how"].casefold()
        if how == "on" and not re.search(
            r"\b(?:will|set\sto|expected|scheduled|due|to\sbe|plans?)\b", sentence[: match.start()], re.IGNORECASE
        ):
            continue
        if how == "next":
            ahead = ahead or 7
        yield match.start(), written + timedelta(days=ahead)
    yield from _spans(sentence, written)


def _spans(sentence: str, written: date) -> Iterator[tuple[int, date]]:
    for match in _RELATIVE_SPAN.finditer(sentence):
        yield match.start(), _end_of(match["unit"].casefold(), match["how"].casefold(), written)
    for match in _WITHIN.finditer(sentence):
        if not re.search(
            r"\b(?:will|within|expected|plans?|could|next|coming|deadline|must|due)\b", sentence, re.IGNORECASE
        ):
            continue
        word = match["count"].casefold()
        count = _NUMBERS.get(word) or (int(word) if word.isdigit() else 0)
        unit = match["unit"].casefold()
        if not count or (unit == "year" and count > 5) or (unit == "month" and count > 60):
            continue
        days = count * {"day": 1, "week": 7, "month": 30, "year": 365}[unit]
        yield match.start(), written + timedelta(days=days)
    for match in _BY_YEAR.finditer(sentence):
        year = int(match["year"] or match["endyear"])
        if year == written.year and not match["endyear"]:
            continue
        first_day = match["how"] in ("by", "before", "from", "until")
        yield match.start(), date(year, 1, 1) if first_day else date(year, 12, 31)


def _month(name: str) -> int:
    return _MONTHS[name.rstrip(".").casefold()]


def _full(year: str | None, month: int, day: int, written: date, *, promised: bool) -> date | None:
    """A day and month; without a year, this year's, or next year's if it passed long ago and something is
    `promised`."""
    try:
        if year is not None:
            return date(int(year), month, day)
        here = date(written.year, month, day)
        if promised and here < written - timedelta(days=180):
            return date(written.year + 1, month, day)
        return here
    except ValueError:  # 31 June, 29 February, month 13
        return None


def _end_of(unit: str, how: str, written: date) -> date:
    ahead = 1 if "next" in how or "coming" in how else 0
    if unit == "week":
        return written + timedelta(days=6 - written.weekday() + 7 * ahead)
    if unit == "month":
        month = written.month - 1 + ahead
        year, month = written.year + month // 12, month % 12 + 1
        return date(year, month, 10 if how.startswith("early") else calendar.monthrange(year, month)[1])
    if unit == "quarter":
        quarter = (written.month - 1) // 3 + ahead
        year, month = written.year + quarter // 4, quarter % 4 * 3 + 3
        return date(year, month, calendar.monthrange(year, month)[1])
    if unit == "year":
        if how.startswith("early"):
            return date(written.year + 1, 3, 31)
        return date(written.year + ahead, 12, 31)
    month, day = _SEASON_END[unit]
    year = written.year
    while date(year, month, day) < written or ("next" in how and year == written.year):
        year += 1
    return date(year, month, day)
