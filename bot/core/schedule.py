"""When a digest is due.

The times come from cronsim, which follows Debian cron across changes of summer time: a skipped hour fires once,
when it would have been, and a repeated hour fires once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from bot.core.errors import InputError


def next_slot(cron: str, zone: str, after: datetime) -> datetime:
    """The first moment after `after` (aware) at which `cron`, five fields read in `zone`, is due; in UTC.

    Raises InputError where the expression or zone makes no sense, or never comes.
    """
    try:
        local = after.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"there is no time zone {zone!r}; use an IANA name such as Europe/London") from None
    try:
        # cronsim starts at the minute after the one it is given; a moment within a minute must not lose the next.
        slot = next(CronSim(cron, local.replace(second=0, microsecond=0)))
        while slot <= local:
            slot = next(CronSim(cron, slot))
    except (CronSimError, StopIteration):
        raise InputError(f"{cron!r} is no schedule; use five cron fields such as 0 9 * * 1-5") from None
    return slot.astimezone(UTC)


def current_slot(cron: str, zone: str, due: datetime, now: datetime, grace: timedelta) -> datetime | None:
    """The slot to make now of those missed since `due`: the latest one not after `now`, or None if that is older than
    `grace`. Missed slots are caught up once, not one by one."""
    slot = due
    for _ in range(10_000):
        following = next_slot(cron, zone, slot)
        if following > now:
            break
        slot = following
    else:
        slot = now
    return slot if now - slot <= grace else None
