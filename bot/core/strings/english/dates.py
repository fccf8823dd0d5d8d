"""Days and moments."""

from __future__ import annotations

from datetime import date, datetime

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def calendar_day(day: date) -> str:
    return f"{day.day}\u00a0{_MONTHS[day.month - 1]} {day.year}"


def at_the_latest(day: date) -> str:
    """Of something that may happen any day until then."""
    return f"by {calendar_day(day)}"


def moment(at: datetime) -> str:
    """With the zone's own name for itself, in the zone `at` is in."""
    return f"{calendar_day(at)}, {at:%H:%M} {at.tzname()}"


def days(first: date, last: date) -> str:
    """Whole days, both included."""
    if first == last:
        return calendar_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{calendar_day(last)}"
    if first.year == last.year:
        return f"{first.day}\u00a0{_MONTHS[first.month - 1]} – {calendar_day(last)}"
    return f"{calendar_day(first)} – {calendar_day(last)}"
