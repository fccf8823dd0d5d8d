"""Lengths of time as people write them: `90s`, `15m`, `12h`, `30d`, `2w`."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LONGEST = timedelta(days=36_525)
_LENGTH = re.compile(r"(\d{1,6})\s*([smhdw])", re.ASCII)


def parse_duration(text: str) -> timedelta:
    """Read a length of time, at most a hundred years. Raises ValueError naming what would be right."""
    match = _LENGTH.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(f"{text!r} is no length of time; write a number and s, m, h, d or w, such as 12h or 30d")
    length = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if length > LONGEST:  # a date that far back is none
        raise ValueError(f"{text!r} is longer than a hundred years")
    return length
