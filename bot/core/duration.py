"""Lengths of time as people write them: `90s`, `15m`, `12h`, `30d`, `2w`."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.core import strings

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LONGEST = timedelta(days=36_525)
_LENGTH = re.compile(r"(\d{1,6})\s*([smhdw])", re.ASCII)


def parse_duration(text: str) -> timedelta:
    """Read a length of time, at most a hundred years. Raises ValueError naming what would be right."""
    match = _LENGTH.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(strings.asking.no_length(text))
    length = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if length > LONGEST:  # a date that far back is none
        raise ValueError(strings.asking.length_too_long(text))
    return length
