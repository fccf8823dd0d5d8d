"""Dates as feeds write them: the two formats the specifications ask for, read fast and strictly.

RSS asks for RFC 822 (`Fri, 14 Jul 2023 10:11:12 GMT`), Atom, JSON Feed and Dublin Core for RFC 3339 and W3C-DTF
(`2023-07-14T10:11:12Z`). Everything else that feeds write is feedparser's business (`lenient`).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
_ZONES = {
    **dict.fromkeys(("gmt", "ut", "utc", "z"), 0),
    **{"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7},
}
_LONGEST = 60
_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})\s+([A-Za-z]{3})[a-z]{0,6}\s+(\d{4})\s+(\d\d?):(\d\d)(?::(\d\d))?"
    r"\s+(?:([+-])(\d\d):?(\d\d)|([A-Za-z]{1,3}))"
)
_W3C = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:Z|([+-])(\d\d):?(\d\d))?)?")


class UnknownFormat(ValueError):
    """Neither of the two."""


def parse_date(value: str) -> datetime | None:
    """In UTC, whole seconds; midnight for a day without a time.

    None for impossible dates (31 February) and for the empty string. Raises `UnknownFormat`.
    """
    value = value.strip()
    if not value:
        return None
    if len(value) > _LONGEST:
        raise UnknownFormat
    try:
        if found := _RFC_822.fullmatch(value):
            day, month, year, hour, minute, second, sign, hours, minutes, zone = found.groups()
            month_number = _MONTHS.get(month.lower())
            if month_number is None or (zone and zone.lower() not in _ZONES):
                raise UnknownFormat
            shift = timedelta(hours=_ZONES[zone.lower()]) if zone else _shift(sign, hours, minutes)
            return _at(int(year), month_number, int(day), int(hour), int(minute), int(second or 0), shift)
        if found := _W3C.fullmatch(value):
            year, month, day, hour, minute, second, sign, hours, minutes = found.groups()
            shift = _shift(sign, hours, minutes) if sign else timedelta()
            return _at(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), shift)
    except UnknownFormat:
        raise
    except (ValueError, OverflowError):
        return None
    raise UnknownFormat


def _shift(sign: str, hours: str, minutes: str) -> timedelta:
    shift = timedelta(hours=int(hours), minutes=int(minutes))
    return -shift if sign == "-" else shift


def _at(year: int, month: int, day: int, hour: int, minute: int, second: int, shift: timedelta) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=timezone(shift)).astimezone(UTC)
