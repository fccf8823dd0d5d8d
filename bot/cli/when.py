"""Moments as people type them on the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from bot.core.duration import parse_duration
from bot.core.errors import InputError


def moment(text: str, now: datetime) -> datetime:
    """`7d` (that long before `now`), `2023-07-13` (its first moment, UTC) or an ISO time. Raises InputError."""
    text = text.strip()
    try:
        return now - parse_duration(text)
    except (ValueError, OverflowError):
        pass
    try:
        if len(text) <= 10:
            return datetime.combine(date.fromisoformat(text), time.min, UTC)
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"{text!r} is no moment; write a length of time such as 7d, or a date such as 2026-07-13"
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
