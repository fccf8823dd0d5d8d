"""When a digest is due.

The times come from cronsim, which follows Debian cron across changes of summer time: a skipped hour fires once,
when it would have been, and a repeated hour fires once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from bot.core.errors import InputError

INSTANT = timedelta(microseconds=1)


def next_slot(cron: str, zone: str, after: datetime) -> datetime:
    """The first moment after `after` (aware) at which `cron`, five fields read in `zone`, is due; in UTC.

    Raises InputError where the expression or zone makes no sense, or never comes.
    """
    after = after.astimezone(UTC)
    try:
        local = after.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"there is no time zone {zone!r}; use an IANA name such as Europe/London") from None
    if len(cron.split()) != 5:  # cronsim takes a sixth field, seconds
        raise _no_schedule(cron)
    try:
        # cronsim starts at the minute after the one it is given; a moment within a minute must not lose the next.
        slot = next(CronSim(cron, local.replace(second=0, microsecond=0)))
        # Compared in UTC: in a repeated hour local times do not tell which of the two is meant.
        while slot.astimezone(UTC) <= after:
            slot = next(CronSim(cron, slot))
    except (CronSimError, StopIteration):
        raise _no_schedule(cron) from None
    return slot.astimezone(UTC)


def current_slot(cron: str, zone: str, now: datetime, grace: timedelta) -> datetime | None:
    """The latest slot not after `now`, or None where that is older than `grace`. So what was missed is caught up
    once, not slot by slot; and whatever moved a task's due time, a slot has one name."""
    slot, following = None, next_slot(cron, zone, now - grace - INSTANT)
    while following <= now:
        slot, following = following, next_slot(cron, zone, following)
    return slot


def _no_schedule(cron: str) -> InputError:
    return InputError(f"{cron!r} is no schedule; use five cron fields such as 0 9 * * 1-5")
