"""Schedules and the places they post to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, select, update

from adapters.storage.lanes import resume
from adapters.storage.schema import communities, community_settings, destinations, schedules
from adapters.storage.sql import Sql, missing
from adapters.storage.tasks import SqlTasks
from bot.app.ports import Stage
from bot.core.community import CommunityId, MemberId
from bot.core.delivery import Destination, DestinationId, Empty, Post, Schedule, ScheduleId, WhenUncertain
from bot.core.schedule.quiet import read_quiet

SOMEBODY = MemberId("")
"""Whoever set a schedule up and had their data deleted: still somebody, and not Slugline itself."""


class SqlSchedules:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def add(self, schedule: Schedule, *, due: datetime) -> ScheduleId:
        if await self.get_destination(schedule.community, schedule.destination) is None:
            raise missing("destination", schedule.destination)
        row = await self._sql.row(
            insert(schedules)
            .values(community=schedule.community, revision=1, removed=False, **_values(schedule))
            .returning(schedules.c.id)
        )
        assert row is not None
        await SqlTasks(self._sql).put(Stage.COMPOSE, [row.id], schedule.community, due=due)
        return ScheduleId(row.id)

    async def get(self, community: CommunityId, schedule: ScheduleId) -> Schedule | None:
        row = await self._sql.row(select(schedules).where(*_standing(community), schedules.c.id == schedule))
        return None if row is None else schedule_of(row)

    async def change(self, schedule: Schedule, *, due: datetime) -> bool:
        if await self.get_destination(schedule.community, schedule.destination) is None:
            raise missing("destination", schedule.destination)
        changed = await self._sql.execute(
            update(schedules)
            .where(
                *_standing(schedule.community),
                schedules.c.id == schedule.id,
                schedules.c.revision == schedule.revision,
            )
            .values(revision=schedule.revision + 1, **_values(schedule))
        )
        if not changed.rowcount:
            return False
        await SqlTasks(self._sql).move(Stage.COMPOSE, schedule.id, schedule.community, due)
        await resume(self._sql, schedule.community, schedule.destination)  # whoever edits it says that it is well
        return True

    async def remove(self, community: CommunityId, schedule: ScheduleId) -> bool:
        changed = await self._sql.execute(
            update(schedules)
            .where(*_standing(community), schedules.c.id == schedule)
            .values(removed=True, revision=schedules.c.revision + 1)
        )
        return bool(changed.rowcount)

    async def forget(self, community: CommunityId, member: MemberId) -> None:
        await self._sql.execute(
            update(schedules)
            .where(schedules.c.community == community, schedules.c.created_by == member)
            .values(created_by=SOMEBODY)
        )

    async def of(self, community: CommunityId) -> Sequence[Schedule]:
        statement = select(schedules).where(*_standing(community)).order_by(schedules.c.id)
        return [schedule_of(row) for row in await self._sql.rows(statement)]

    async def destination(self, community: CommunityId, platform: str, address: str) -> Destination:
        await self._sql.execute(
            self._sql.insert(destinations)
            .values(community=community, platform=platform, address=address, uncertain=WhenUncertain.LEAVE)
            .on_conflict_do_nothing()
        )
        row = await self._sql.row(
            select(destinations).where(
                destinations.c.community == community,
                destinations.c.platform == platform,
                destinations.c.address == address,
            )
        )
        assert row is not None
        return destination_of(row)

    async def get_destination(self, community: CommunityId, destination: DestinationId) -> Destination | None:
        row = await self._sql.row(
            select(destinations).where(destinations.c.community == community, destinations.c.id == destination)
        )
        return None if row is None else destination_of(row)

    async def notices(self, community: CommunityId) -> Destination | None:
        wanted = await self._sql.row(
            select(community_settings.c.notices, communities.c.platform)
            .join(communities, communities.c.id == community_settings.c.community)
            .where(community_settings.c.community == community, community_settings.c.notices.is_not(None))
        )
        if wanted is not None:
            return await self.destination(community, wanted.platform, wanted.notices)
        oldest = select(func.min(schedules.c.id)).where(*_standing(community)).scalar_subquery()
        row = await self._sql.row(
            select(destinations)
            .join(schedules, schedules.c.destination == destinations.c.id)
            .where(schedules.c.id == oldest, destinations.c.community == community)
        )
        return None if row is None else destination_of(row)


def schedule_of(row: Row[Any]) -> Schedule:
    return Schedule(
        id=ScheduleId(row.id),
        community=CommunityId(row.community),
        destination=DestinationId(row.destination),
        cron=row.cron,
        zone=row.zone,
        name=row.name,
        topic=row.topic,
        desks=tuple(row.desks),
        min_stories=row.min_stories,
        max_stories=row.max_stories,
        max_words=row.max_words,
        empty=Empty(row.empty),
        quiet=None if row.quiet is None else read_quiet(row.quiet),
        engine=row.engine,
        review=row.review,
        mention=row.mention,
        post=Post(row.post),
        created_by=None if row.created_by is None else MemberId(row.created_by),
        revision=row.revision,
    )


def _values(schedule: Schedule) -> dict[str, Any]:
    """What may be changed of it."""
    return {
        "destination": schedule.destination,
        "cron": schedule.cron,
        "zone": schedule.zone,
        "name": schedule.name,
        "topic": schedule.topic,
        "desks": list(schedule.desks),
        "min_stories": schedule.min_stories,
        "max_stories": schedule.max_stories,
        "max_words": schedule.max_words,
        "empty": schedule.empty,
        "quiet": None if schedule.quiet is None else str(schedule.quiet),
        "engine": schedule.engine,
        "review": schedule.review,
        "mention": schedule.mention,
        "post": schedule.post,
        "created_by": schedule.created_by,
    }


def _standing(community: CommunityId) -> tuple[ColumnElement[bool], ...]:
    """The community's own that were not removed."""
    return (schedules.c.community == community, schedules.c.removed.is_(False))


def destination_of(row: Row[Any], id_: int | None = None) -> Destination:
    """`id_` where the row has the destination's under another name."""
    return Destination(
        id=DestinationId(row.id if id_ is None else id_),
        community=CommunityId(row.community),
        platform=row.platform,
        address=row.address,
        uncertain=WhenUncertain(row.uncertain),
        paused=row.paused,
    )
