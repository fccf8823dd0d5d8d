"""Digests: one a slot of a schedule, and what a destination has been told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, insert, select, update

from adapters.storage.schedules import SqlSchedules, schedule_of
from adapters.storage.schema import digest_stories, digests, schedules, stories
from adapters.storage.sql import Sql, missing
from bot.core.community import CommunityId
from bot.core.delivery import DestinationId, Digest, DigestId, DigestState, Schedule, ScheduleId
from bot.core.story import StoryId


class SqlDigests:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def put(self, schedule: Schedule, slot: datetime, digest: Digest, state: DigestState) -> DigestId | None:
        if digest.community != schedule.community:
            raise ValueError(f"schedule {schedule.id} is not of the digest's community")
        if await SqlSchedules(self._sql).get(schedule.community, schedule.id) is None:
            raise missing("schedule", schedule.id)
        row = await self._sql.row(
            self._sql.insert(digests)
            .values(
                community=schedule.community,
                schedule=schedule.id,
                destination=schedule.destination,
                slot=slot,
                state=state,
                body=digest,
            )
            .on_conflict_do_nothing()
            .returning(digests.c.id)
        )
        if row is None:
            return None
        told = [
            {"digest": row.id, "story": analysis.story, "version": analysis.version} for analysis in digest.analyses
        ]
        if told:
            await self._sql.execute(insert(digest_stories), told)
        return DigestId(row.id)

    async def get(self, community: CommunityId, digest: DigestId) -> tuple[Digest, DigestState, Schedule] | None:
        row = await self._sql.row(
            select(schedules, digests.c.body, digests.c.state)
            .join(digests, digests.c.schedule == schedules.c.id)
            .where(digests.c.community == community, digests.c.id == digest)
        )
        return None if row is None else (row.body, DigestState(row.state), schedule_of(row))

    async def set_state(self, community: CommunityId, digest: DigestId, state: DigestState) -> None:
        changed = await self._sql.execute(
            update(digests).where(digests.c.community == community, digests.c.id == digest).values(state=state)
        )
        if not changed.rowcount:
            raise missing("digest", digest)

    async def last_slot(self, community: CommunityId, schedule: ScheduleId) -> datetime | None:
        latest: datetime | None = await self._sql.connection.scalar(
            select(func.max(digests.c.slot)).where(
                digests.c.community == community,
                digests.c.schedule == schedule,
                digests.c.state != DigestState.EMPTY,
            )
        )
        return latest

    async def posted(self, community: CommunityId, destination: DestinationId) -> Mapping[StoryId, int]:
        story = func.coalesce(stories.c.merged_into, stories.c.id)
        statement = (
            select(story.label("story"), func.max(digest_stories.c.version).label("version"))
            .select_from(digest_stories)
            .join(digests, digests.c.id == digest_stories.c.digest)
            .join(stories, stories.c.id == digest_stories.c.story)
            .where(
                digests.c.community == community,
                digests.c.destination == destination,
                digests.c.state != DigestState.REJECTED,
            )
            .group_by(story)
        )
        return {StoryId(row.story): row.version for row in await self._sql.rows(statement)}
