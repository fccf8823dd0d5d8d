"""Digests: one a slot of a schedule, and what a destination has been told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select, update

from adapters.storage.schedules import SqlSchedules, schedule_of
from adapters.storage.schema import digest_articles, digest_stories, digests, schedules, stories
from adapters.storage.sql import Sql, chunks, missing
from bot.core.community import CommunityId
from bot.core.delivery import DestinationId, Digest, DigestId, DigestState, Schedule, ScheduleId
from bot.core.movement import Told
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
        await self._hold(DigestId(row.id), digest)
        return DigestId(row.id)

    async def _hold(self, number: DigestId, digest: Digest) -> None:
        held: list[dict[str, int | None]] = [
            {"digest": number, "story": analysis.story, "version": analysis.version, "carried": False}
            for analysis in digest.analyses
        ]
        held += [
            {"digest": number, "story": one.story, "version": one.version, "carried": False} for one in digest.merged
        ]
        held += [
            {"digest": number, "story": story, "version": None, "carried": True}
            for story in set(digest.carried) - set(digest.stories) - {one.story for one in digest.merged}
        ]
        if held:
            await self._sql.execute(insert(digest_stories), held)
        if cited := digest.articles:
            rows = [{"digest": number, "article": article} for article in sorted(cited)]
            await self._sql.execute(insert(digest_articles), rows)

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

    async def revise(self, community: CommunityId, digest: DigestId, body: Digest) -> None:
        own = (digests.c.community == community, digests.c.id == digest)
        changed = await self._sql.execute(update(digests).where(*own).values(body=body))
        if not changed.rowcount:
            raise missing("digest", digest)
        await self._sql.execute(delete(digest_stories).where(digest_stories.c.digest == digest))
        await self._sql.execute(delete(digest_articles).where(digest_articles.c.digest == digest))
        await self._hold(digest, body)

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
                digest_stories.c.carried.is_(False),
            )
            .group_by(story)
        )
        return {StoryId(row.story): row.version for row in await self._sql.rows(statement)}

    async def told(
        self, community: CommunityId, destination: DestinationId, wanted: Collection[StoryId]
    ) -> Mapping[StoryId, Sequence[Told]]:
        story = func.coalesce(stories.c.merged_into, stories.c.id)
        named: list[tuple[StoryId, StoryId, int]] = []
        for some in chunks(sorted(wanted)):
            statement = (
                select(story.label("story"), digest_stories.c.story.label("then"), digest_stories.c.digest)
                .select_from(digest_stories)
                .join(digests, digests.c.id == digest_stories.c.digest)
                .join(stories, stories.c.id == digest_stories.c.story)
                .where(
                    digests.c.community == community,
                    digests.c.destination == destination,
                    digests.c.state != DigestState.REJECTED,
                    digest_stories.c.carried.is_(False),
                    story.in_(some),
                )
            )
            named += [(row.story, row.then, row.digest) for row in await self._sql.rows(statement)]
        issues: dict[int, tuple[datetime, Digest]] = {}
        for some_issues in chunks(sorted({digest for _, _, digest in named})):
            bodies = select(digests.c.id, digests.c.slot, digests.c.body).where(digests.c.id.in_(some_issues))
            issues |= {row.id: (row.slot, row.body) for row in await self._sql.rows(bodies)}
        told: dict[StoryId, list[Told]] = {}
        for now, then, number in sorted(named, key=lambda one: (issues[one[2]][0], one)):
            slot, digest = issues[number]
            then = next((one.into for one in digest.merged if one.story == then), then)
            told.setdefault(now, []).extend(
                Told(at=slot, analysis=analysis) for analysis in digest.analyses if analysis.story == then
            )
        return told

    async def telling(self, community: CommunityId, story: StoryId) -> Mapping[DigestId, Sequence[StoryId]]:
        lead = select(func.coalesce(stories.c.merged_into, stories.c.id)).where(stories.c.id == story).scalar_subquery()
        same = select(stories.c.id).where(or_(stories.c.id == lead, stories.c.merged_into == lead))
        rows = await self._sql.rows(
            select(digest_stories.c.digest, digest_stories.c.story)
            .join(digests, digests.c.id == digest_stories.c.digest)
            .where(
                digests.c.community == community,
                digests.c.state == DigestState.APPROVED,
                digest_stories.c.carried.is_(False),
                digest_stories.c.story.in_(same),
            )
            .order_by(digest_stories.c.digest, digest_stories.c.story)
        )
        found: dict[DigestId, list[StoryId]] = {}
        for row in rows:
            found.setdefault(DigestId(row.digest), []).append(StoryId(row.story))
        return found

    async def carried(self, community: CommunityId, schedule: ScheduleId) -> Sequence[StoryId]:
        latest = (
            select(digests.c.id)
            .where(
                digests.c.community == community,
                digests.c.schedule == schedule,
                digests.c.state != DigestState.EMPTY,
            )
            .order_by(digests.c.slot.desc())
            .limit(1)
            .scalar_subquery()
        )
        story = func.coalesce(stories.c.merged_into, stories.c.id)
        statement = (
            select(story.label("story"))
            .distinct()
            .select_from(digest_stories)
            .join(stories, stories.c.id == digest_stories.c.story)
            .where(digest_stories.c.digest == latest, digest_stories.c.carried.is_(True))
            .order_by(story)
        )
        return [StoryId(row.story) for row in await self._sql.rows(statement)]
