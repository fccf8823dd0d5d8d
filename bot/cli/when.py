"""Moments as people type them on the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo

from bot.core.duration import parse_duration
from bot.core.errors import InputError


def moment(text: str, now: datetime, zone: tzinfo = UTC) -> datetime:
    """`7d` (that long before `now`), `2023-07-13` (its first moment in `zone`) or an ISO time (in `zone` where it says
    none). Raises InputError."""
    text = text.strip()
    try:
        return now - parse_duration(text)
    except (ValueError, OverflowError):
        pass
    try:
        day = len(text) <= len("2026-07-13")
        at = datetime.combine(date.fromisoformat(text), time.min) if day else datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError(
            f"{text!r} is no moment; write a length of time such as 7d, or a date such as 2026-07-13"
        ) from None


def window(since: str, until: str | None, now: datetime, zone: tzinfo = UTC) -> tuple[datetime, datetime]:
    """[since, until) as two moments; until `now` where None. Raises InputError where it holds no time at all."""
    start, end = moment(since, now, zone), now if until is None else moment(until, now, zone)
    if start >= end:
        raise InputError(f"--since {since} is not earlier than {'now' if until is None else f'--until {until}'}")
    return start, end
