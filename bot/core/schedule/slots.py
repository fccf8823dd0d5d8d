"""The moments at which a schedule is due.

The times come from cronsim, which follows Debian cron across changes of summer time: a skipped hour fires once,
when it would have been, and a repeated hour fires once. Where the hours themselves are "every" (`*/15 * * * *`,
`0 */2 * * *`) they go by the time that passes, and a change of summer time is none of their business.

A slot in quiet hours is moved to their end; several of them there are one slot.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from bot.core import strings
from bot.core.errors import InputError
from bot.core.schedule.quiet import QuietHours
from bot.core.schedule.zones import zone_of

INSTANT = timedelta(microseconds=1)


def next_slot(cron: str, zone: str, after: datetime, quiet: QuietHours | None = None) -> datetime:
    """The first moment after `after` (aware) at which `cron`, five fields read in `zone`, is due; in UTC.

    Raises InputError where the expression or zone makes no sense, or never comes.
    """
    where, after = zone_of(zone), after.astimezone(UTC)
    if quiet is None:
        return _next(cron, where, after)
    stretch = quiet.stretch(after, where)
    if stretch is not None and _next(cron, where, stretch[0] - INSTANT) <= after:
        return stretch[1]  # a slot of before is still waiting for the quiet hours to end
    return quiet.after(_next(cron, where, after), where)


def current_slot(
    cron: str, zone: str, now: datetime, grace: timedelta, quiet: QuietHours | None = None
) -> datetime | None:
    """The latest slot not after `now`, or None where that is older than `grace`. So what was missed is caught up
    once, not slot by slot; and whatever moved a task's due time, a slot has one name."""
    slot, following = None, next_slot(cron, zone, now - grace - INSTANT, quiet)
    while following <= now:
        slot, following = following, next_slot(cron, zone, following, quiet)
    return slot


def _next(cron: str, zone: ZoneInfo, after: datetime) -> datetime:
    if len(cron.split()) != 5:  # cronsim takes a sixth field, seconds
        raise _no_schedule(cron)
    try:
        # cronsim starts at the minute after the one it is given; a moment within a minute must not lose the next.
        slot = next(CronSim(cron, after.astimezone(zone).replace(second=0, microsecond=0)))
        # Compared in UTC: in a repeated hour local times do not tell which of the two is meant.
        while slot.astimezone(UTC) <= after:
            slot = next(CronSim(cron, slot))
    except (CronSimError, StopIteration, OverflowError):
        raise _no_schedule(cron) from None
    return slot.astimezone(UTC)


def _no_schedule(cron: str) -> InputError:
    return InputError(strings.times.no_schedule(cron))
