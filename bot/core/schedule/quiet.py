"""Hours in which nothing is posted, such as 22:00-07:00, by the clock on the wall."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core import strings
from bot.core.errors import InputError

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)

_HOURS = re.compile(
    r"\s*(\d{1,2})(?:[:.]?(\d{2}))?\s*(am|pm)?\s*(?:-|–|—|to|until)\s*(\d{1,2})(?:[:.]?(\d{2}))?\s*(am|pm)?\s*",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` (included) to `end` (not included); across midnight where the end is the earlier. Naive times, read
    in whatever zone is asked about. Raises ValueError where both are the same: that would be always, or never."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError("quiet hours begin and end at the same time")

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    @property
    def length(self) -> timedelta:
        """By the clock on the wall."""
        first, last = (timedelta(hours=one.hour, minutes=one.minute) for one in (self.start, self.end))
        return (last - first) % DAY

    def stretch(self, at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """The quiet stretch that `at` (aware) falls within, its two ends in UTC; None where it falls in none.

        Each day's start and end are a moment each, whatever the clock does: of a repeated time the first, and for a
        skipped time the next that there is.
        """
        at = at.astimezone(UTC)
        today = at.astimezone(zone).date()
        for day in (today - DAY, today, today + DAY):
            first = moment(day, self.start, zone)
            last = moment(day if self.start < self.end else day + DAY, self.end, zone)
            if first <= at < last:
                return first, last
        return None

    def after(self, at: datetime, zone: ZoneInfo) -> datetime:
        """`at` itself, or the end of the quiet stretch that it falls within; in UTC."""
        found = self.stretch(at, zone)
        return at.astimezone(UTC) if found is None else found[1]


def read_quiet(text: str) -> QuietHours:
    """As 22:00-07:00, 22-7 or 10pm-7am. Raises InputError for anything else."""
    found = _HOURS.fullmatch(text)
    if found is None:
        raise InputError(strings.times.no_quiet_hours(text))
    start, end = (_time(text, *found.groups()[part : part + 3]) for part in (0, 3))
    if start == end:
        raise InputError(strings.times.quiet_all_day(text))
    return QuietHours(start, end)


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When a clock on the wall in `zone` shows that, in UTC: of a repeated time the first; for a skipped one the next
    minute that there is, on whatever day."""
    wall = datetime.combine(day, at)
    while True:
        instant = wall.replace(tzinfo=zone).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == wall:
            return instant
        wall += MINUTE


def _time(text: str, hour: str, minute: str | None, half: str | None) -> time:
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:
            raise InputError(strings.times.no_quiet_hours(text))
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    if (hours, minutes) == (24, 0):
        hours = 0
    if hours > 23 or minutes > 59:
        raise InputError(strings.times.no_quiet_hours(text))
    return time(hours, minutes)
