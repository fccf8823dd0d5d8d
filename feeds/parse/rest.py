"""How long a feed asks to be left alone."""

from __future__ import annotations

from datetime import timedelta

_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_LONGEST = timedelta(days=365)


def asked_rest(ttl: str, period: str, frequency: str) -> timedelta | None:
    """The longer of RSS `ttl` (minutes) and the syndication module's period divided by its frequency.

    None where neither says anything usable; never more than a year.
    """
    rests = [rest for rest in (_ttl(ttl), _period(period, frequency)) if rest is not None]
    return min(max(rests), _LONGEST) if rests else None


def _ttl(minutes: str) -> timedelta | None:
    count = _positive(minutes)
    return timedelta(minutes=count) if count else None


def _period(period: str, frequency: str) -> timedelta | None:
    length = _PERIODS.get(period.strip().lower())
    return length / (_positive(frequency) or 1) if length else None


def _positive(number: str) -> int | None:
    number = number.strip()
    return int(number) or None if number.isascii() and number.isdigit() and len(number) <= 7 else None
