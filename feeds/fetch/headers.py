"""What response headers say about time, as values within bounds.

Both are wishes of a stranger: a date in year 9999 or a negative age must not decide when we come again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=7)
"""No wish for a longer rest is honoured."""


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """`Retry-After` in seconds or as a date (RFC 9110 §10.2.3); None where absent or unreadable; at most a week."""
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), LONGEST)
    until = _date(value)
    return None if until is None else min(max(until - now, timedelta(0)), LONGEST)


def keep_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the answer stays fresh by `Cache-Control` or else `Expires` (RFC 9111 §5.2, §5.3); at most a week.

    None where nothing is said or keeping is not wanted: then our own cadence decides.
    """
    directives = [part.strip().lower() for part in headers.get("cache-control", "").replace("\n", ",").split(",")]
    if any(part in ("no-cache", "no-store") or part.startswith("no-cache=") for part in directives):
        return None
    for part in directives:
        name, _, value = part.partition("=")
        value = value.strip('" ')
        if name == "max-age" and value.isascii() and value.isdigit():
            age = headers.get("age", "").strip()
            spent = int(age[:9]) if age.isascii() and age.isdigit() else 0
            return _rest(timedelta(seconds=int(value[:9])) - timedelta(seconds=spent))
    if (expires := _date(headers.get("expires", ""))) is not None:
        return _rest(expires - (_date(headers.get("date", "")) or now))
    return None


def _rest(span: timedelta) -> timedelta | None:
    return min(span, LONGEST) if span > timedelta(0) else None


def _date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
