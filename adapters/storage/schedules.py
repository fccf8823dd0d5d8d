"""Schedules and the places they post to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select

from adapters.storage.schema import destinations, schedules
from adapters.storage.sql import Sql, missing
from adapters.storage.tasks import SqlTasks
from bot.app.ports import Stage
from bot.core.community import CommunityId
from bot.core.delivery import Destination, DestinationId, Schedule, ScheduleId


class SqlSchedules:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def add(self, schedule: Schedule, *, due: datetime) -> ScheduleId:
        if await self.get_destination(schedule.community, schedule.destination) is None:
            raise missing("destination", schedule.destination)
        row = await self._sql.row(
            insert(schedules)
            .values(
                community=schedule.community,
                destination=schedule.destination,
                cron=schedule.cron,
                zone=schedule.zone,
                min_stories=schedule.min_stories,
                max_stories=schedule.max_stories,
                engine=schedule.engine,
                review=schedule.review,
            )
            .returning(schedules.c.id)
        )
        assert row is not None
        await SqlTasks(self._sql).put(Stage.COMPOSE, [row.id], schedule.community, due=due)
        return ScheduleId(row.id)

    async def get(self, community: CommunityId, schedule: ScheduleId) -> Schedule | None:
        row = await self._sql.row(
            select(schedules).where(schedules.c.community == community, schedules.c.id == schedule)
        )
        return None if row is None else schedule_of(row)

    async def of(self, community: CommunityId) -> Sequence[Schedule]:
        statement = select(schedules).where(schedules.c.community == community).order_by(schedules.c.id)
        return [schedule_of(row) for row in await self._sql.rows(statement)]

    async def destination(self, community: CommunityId, platform: str, address: str) -> Destination:
        await self._sql.execute(
            self._sql.insert(destinations)
            .values(community=community, platform=platform, address=address)
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
        oldest = select(func.min(schedules.c.id)).where(schedules.c.community == community).scalar_subquery()
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
        min_stories=row.min_stories,
        max_stories=row.max_stories,
        engine=row.engine,
        review=row.review,
    )


def destination_of(row: Row[Any]) -> Destination:
    return Destination(
        id=DestinationId(row.id),
        community=CommunityId(row.community),
        platform=row.platform,
        address=row.address,
    )
