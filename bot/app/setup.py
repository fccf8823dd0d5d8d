"""What a new installation begins with: the terminal's community, the default feeds and a daily digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.app.ports import Clock, Database, Transaction
from bot.app.purge import purge_is_due
from bot.core.community import COMMON, LOCAL, Community, MemberId, Role
from bot.core.delivery import DestinationId, Schedule, ScheduleId
from bot.core.feed import NewFeed
from bot.core.schedule.slots import next_slot

OPERATOR = MemberId("operator")
"""Whoever sits at the terminal: a manager of the local community."""

DAILY = "0 9 * * *"
TERMINAL = ("console", "stdout")


def terminal(now: datetime) -> Community:
    """The community of whoever sits at this machine."""
    return Community(id=LOCAL, platform="console", name="This terminal", created_at=now)


async def settle_in(database: Database, defaults: Sequence[NewFeed], clock: Clock, zone: str) -> Schedule:
    """Make sure of the local community, of some feeds (the defaults only where there are none at all), and of its
    digest; returns the terminal's schedule, in the installation's `zone` unless somebody changed it. Repeatable."""
    now = clock.now()
    async with database.begin() as tx:
        await _with_feeds(tx, defaults, now)
        destination = await tx.schedules.destination(LOCAL, *TERMINAL)
        schedules = await tx.schedules.of(LOCAL)
        if schedules:
            return await _follow(tx, schedules[0], zone, now)
        new = Schedule(
            id=ScheduleId(0),
            community=LOCAL,
            destination=DestinationId(destination.id),
            cron=DAILY,
            zone=zone,
        )
        await tx.schedules.add(new, due=next_slot(DAILY, zone, now))
        return (await tx.schedules.of(LOCAL))[0]


async def with_feeds(database: Database, defaults: Sequence[NewFeed], clock: Clock) -> None:
    """The same without a digest here: for a machine whose terminal nobody looks at."""
    async with database.begin() as tx:
        await _with_feeds(tx, defaults, clock.now())


async def _with_feeds(tx: Transaction, defaults: Sequence[NewFeed], now: datetime) -> None:
    await purge_is_due(tx)
    await tx.communities.ensure(terminal(now))
    await tx.communities.set_role(LOCAL, OPERATOR, Role.MANAGER)
    if not await tx.feeds.visible(LOCAL):
        for feed in defaults:
            assert feed.owner is COMMON
            await tx.feeds.add(feed)


async def _follow(tx: Transaction, schedule: Schedule, zone: str, now: datetime) -> Schedule:
    """The terminal's digest comes by the installation's clock, until somebody changes the schedule."""
    if schedule.created_by is not None or schedule.zone == zone:
        return schedule
    moved = replace(schedule, zone=zone)
    await tx.schedules.change(moved, due=moved.next_slot(now))
    return replace(moved, revision=schedule.revision + 1)
