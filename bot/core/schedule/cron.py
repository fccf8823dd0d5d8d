"""Cron's five fields, checked: which one is wrong, and where."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from cronsim import CronSim, CronSimError

from bot.core import strings
from bot.core.schedule.fault import WhenError

SOME_DAY = datetime(2024, 1, 1, tzinfo=UTC)

_CRON_FIELD = re.compile(r"(?:\*|[0-9A-Z]+)(?:[-/,#][0-9A-Z*]+)*", re.IGNORECASE | re.ASCII)
_CRON_START = re.compile(r"\s*(?:@\w|(?:\d+(?:[,/-]\d+)*|\*/\d+)\s+(?:\d+(?:[,/-]\d+)*)(?:\s|$))", re.ASCII)
_BAD = MappingProxyType({"Bad minute": 0, "Bad hour": 1, "Bad day-of-month": 2, "Bad month": 3, "Bad day-of-week": 4})


def is_cron(text: str) -> bool:
    return "*" in text or _CRON_START.match(text) is not None


def checked(text: str) -> str:
    """The expression with single spaces. Raises WhenError, which points at the field."""
    places = [found.span() for found in re.finditer(r"\S+", text)]
    if text.lstrip().startswith("@"):
        raise WhenError(text, *places[0], strings.times.NICKNAME, strings.times.RIGHT)
    if len(places) != 5:
        last = places[5:] or places[-1:]
        raise WhenError(text, last[0][0], places[-1][1], strings.times.cron_count(len(places)), strings.times.RIGHT)
    for number, (start, end) in enumerate(places):
        if not _CRON_FIELD.fullmatch(text[start:end]):
            raise _bad_field(text, places, number)
    cron = " ".join(_in_numbers(text.upper().split()))
    try:
        next(CronSim(cron, SOME_DAY))
    except CronSimError as error:
        number_ = _BAD.get(str(error))
        if number_ is not None and _alone_wrong(cron, number_):
            raise _bad_field(text, places, number_) from None
        raise WhenError(text, places[2][0], places[4][1], strings.times.NEVER, strings.times.NEVER_RIGHT) from None
    except StopIteration:
        raise WhenError(text, places[2][0], places[4][1], strings.times.NEVER, strings.times.NEVER_RIGHT) from None
    return cron


def _in_numbers(fields: Sequence[str]) -> list[str]:
    """Without the names of months and days."""
    months = {name[:3].upper(): str(number) for number, name in enumerate(strings.times.MONTH_NAMES, 1)}
    days = {name[:3].upper(): str(number) for number, name in enumerate(strings.times.DAY_NAMES)}
    return [*fields[:3], _replaced(fields[3], months), _replaced(fields[4], days)]


def _replaced(text: str, numbers: Mapping[str, str]) -> str:
    return re.sub(r"[A-Z]{3}(?![A-Z])", lambda name: numbers.get(name[0], name[0]), text)


def _alone_wrong(cron: str, number: int) -> bool:
    """Whether the field is wrong by itself: cronsim calls the 30th of February a bad day, and it is a good one."""
    fields = ["*"] * 5
    fields[number] = cron.split()[number]
    try:
        CronSim(" ".join(fields), SOME_DAY)
    except CronSimError:
        return True
    return False


def _bad_field(text: str, places: Sequence[tuple[int, int]], number: int) -> WhenError:
    start, end = places[number]
    return WhenError(
        text, start, end, strings.times.cron_field(number, text[start:end]), strings.times.cron_right(number)
    )
