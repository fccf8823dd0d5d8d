"""A schedule told as a sentence: "on weekdays at 09:00"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time

from cronsim import CronSim, CronSimError

from bot.core import strings
from bot.core.schedule.cron import SOME_DAY

TIMES_TOLD = 8
"""Times of day, or days of the month, that a sentence lists; more of them are told as cron."""
WORKING = frozenset(range(1, 6))
WEEKEND = frozenset({0, 6})
EVEN_MINUTES = (5, 10, 15, 20, 30)
EVEN_HOURS = (2, 3, 4, 6, 8, 12)
"""What goes evenly into an hour, and into a day: only these come at even distances."""


def sentence(cron: str) -> str:
    """A checked expression in words: "on weekdays at 09:00"."""
    fields = cron.split()
    said = _days_said(*fields[2:])
    rhythm = _rhythm_said(*fields[:2])
    if said is not None and rhythm is not None:
        return f"{rhythm}{'' if said == strings.times.EVERY_DAY else f' {said}'}"
    times = _times(*fields[:2])
    if said is not None and times is not None:
        return f"{said}{strings.times.at_times(times)}"
    try:
        explained = CronSim(cron, SOME_DAY).explain()
    except (CronSimError, ValueError):
        return f"cron {cron}"
    return strings.times.as_cron(cron, explained)


_ONE_NTH = re.compile(r"([0-7])(?:#([1-5])|(L))")


def _days_said(date: str, month: str, weekday: str) -> str | None:
    """None where there are no words for it."""
    months = _values(month, 1, 12)
    if months is None or (date != "*" and weekday != "*"):
        return None
    said = _weekdays_said(weekday) if date == "*" else _dates_said(date)
    if said is None:
        return None
    return said if len(months) == 12 else f"{said}{strings.times.in_months(months)}"


def _weekdays_said(weekday: str) -> str | None:
    if "#" in weekday or "L" in weekday:
        parts = [_ONE_NTH.fullmatch(part) for part in weekday.split(",")]
        which = [(int(part[2]) if part[2] else None, int(part[1]) % 7) for part in parts if part is not None]
        return strings.times.on_nth(ordered(which)) if len(which) == len(parts) else None
    values = _values(weekday, 0, 7)
    if values is None:
        return None
    days = {day % 7 for day in values}
    if len(days) == 7:
        return strings.times.EVERY_DAY
    if days == WORKING:
        return strings.times.WEEKDAYS
    if days == WEEKEND:
        return strings.times.WEEKENDS
    return strings.times.on_days(sorted(days, key=lambda day: (day + 6) % 7))


def _dates_said(date: str) -> str | None:
    if date == "L":
        return strings.times.LAST_DAY
    if date == "LW":
        return strings.times.LAST_WEEKDAY
    dates = _values(date, 1, 31)
    return None if dates is None or len(dates) > TIMES_TOLD else strings.times.on_dates(dates)


def _rhythm_said(minute: str, hour: str) -> str | None:
    """For what comes every so many minutes or hours; None for times of day."""
    span, _, step = hour.partition("/")
    bounds = re.fullmatch(r"(\d+)-(\d+)", span)
    if span != "*" and bounds is None:
        return None
    between = strings.times.from_to(int(bounds[1]), int(bounds[2])) if bounds else ""
    if every := re.fullmatch(r"\*/(\d+)", minute):
        even = int(every[1]) in EVEN_MINUTES and not step
        return f"{strings.times.every_minutes(int(every[1]))}{between}" if even else None
    if minute == "0" and (not step or (step.isdecimal() and int(step) in EVEN_HOURS)):
        return f"{strings.times.every_hours(int(step or 1))}{between}"
    return None


def _times(minute: str, hour: str) -> list[time] | None:
    minutes, hours = _values(minute, 0, 59), _values(hour, 0, 23)
    if minutes is None or hours is None or len(minutes) * len(hours) > TIMES_TOLD:
        return None
    return [time(one, other) for one in hours for other in minutes]


def _values(text: str, least: int, most: int) -> list[int] | None:
    """Of a field that is a star, numbers, and ranges of them."""
    if text == "*":
        return list(range(least, most + 1))
    values: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            return None
        values |= set(range(int(first), int(last or first) + 1))
    return sorted(values)


def ordered(which: Sequence[tuple[int | None, int]]) -> list[tuple[int | None, int]]:
    """(ordinal, None for the last; day of the week) without repetitions: by place in the month, the last at the end,
    and Mondays before Sundays."""
    return sorted(set(which), key=lambda one: (one[0] or 6, (one[1] + 6) % 7))
