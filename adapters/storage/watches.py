"""Watches, as each member may see them, and all of them for the pipeline.

A private watch is its owner's: every method that speaks for a member holds rows to `_seen`, and no role opens more.
Removing one takes what was told by it along, so that nothing private outlives it in a delivery; a community's own
watch leaves what it posted, which everybody there has read.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, exists, func, literal, or_, select, union, update

from adapters.storage.lanes import resume
from adapters.storage.schedules import SqlSchedules
from adapters.storage.schema import alerts, deliveries, destinations, digests, reminders, schedules, stories, watches
from adapters.storage.sql import Sql, chunks, missing
from bot.core.community import CommunityId, MemberId
from bot.core.delivery import DeliveryState, DestinationId
from bot.core.story import StoryId
from bot.core.watch.watch import NewWatch, Rhythm, Throttle, Watch, WatchId


class SqlWatches:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    # --- for a member ---

    async def add(self, watch: NewWatch) -> WatchId:
        if await SqlSchedules(self._sql).get_destination(watch.community, watch.destination) is None:
            raise missing("destination", watch.destination)
        await resume(self._sql, watch.community, watch.destination)  # whoever asks for it says that it is well
        now = await self._sql.now()
        added = await self._sql.row(
            self._sql.insert(watches)
            .values(**_values(watch), created_at=now, changed_at=now, revision=1)
            .on_conflict_do_nothing()
            .returning(watches.c.id)
        )
        if added is not None:
            return WatchId(added.id)
        followed = select(watches.c.id).where(
            watches.c.community == watch.community, watches.c.owner == watch.owner, watches.c.story == watch.story
        )
        row = await self._sql.row(followed)
        assert row is not None
        return WatchId(row.id)

    async def get(self, community: CommunityId, member: MemberId, watch: WatchId) -> Watch | None:
        row = await self._sql.row(select(watches).where(_seen(community, member), watches.c.id == watch))
        return None if row is None else watch_of(row)

    async def of(self, community: CommunityId, member: MemberId) -> Sequence[Watch]:
        statement = select(watches).where(_seen(community, member)).order_by(watches.c.id)
        return [watch_of(row) for row in await self._sql.rows(statement)]

    async def change(
        self, community: CommunityId, member: MemberId, watch: WatchId, revision: int, **values: Any
    ) -> Watch | None:
        before = await self.get(community, member, watch)
        if before is None:
            raise missing("watch", watch)
        whole = {field.name: getattr(before, field.name) for field in fields(NewWatch)}
        changed = NewWatch(**{**whole, **values})
        if await SqlSchedules(self._sql).get_destination(community, changed.destination) is None:
            raise missing("destination", changed.destination)
        await resume(self._sql, community, changed.destination)
        row = await self._sql.row(
            update(watches)
            .where(_seen(community, member), watches.c.id == watch, watches.c.revision == revision)
            .values(**_values(changed), changed_at=self._sql.clock, revision=watches.c.revision + 1)
            .returning(*watches.c)
        )
        return None if row is None else watch_of(row)

    async def remove(self, community: CommunityId, member: MemberId, watch: WatchId) -> bool:
        return bool(await self._remove(and_(_seen(community, member), watches.c.id == watch)))

    async def following(self, community: CommunityId, member: MemberId, story: StoryId) -> Watch | None:
        led = select(func.coalesce(stories.c.merged_into, stories.c.id)).where(stories.c.id == story)
        rows = await self._sql.rows(
            select(watches)
            .join(stories, stories.c.id == watches.c.story)
            .where(
                watches.c.community == community,
                watches.c.owner == member,
                func.coalesce(stories.c.merged_into, stories.c.id) == led.scalar_subquery(),
            )
            .order_by(watches.c.id)
            .limit(1)
        )
        return watch_of(rows[0]) if rows else None

    async def count(self, community: CommunityId, member: MemberId | None) -> int:
        theirs = watches.c.owner.is_(None) if member is None else watches.c.owner == member
        counted = select(func.count()).select_from(watches).where(watches.c.community == community, theirs)
        return await self._sql.connection.scalar(counted) or 0

    async def forget(self, community: CommunityId, member: MemberId) -> int:
        return await self._remove(and_(watches.c.community == community, watches.c.owner == member))

    # --- for the pipeline ---

    async def pipeline_common(self, community: CommunityId, destination: DestinationId) -> bool:
        own = (watches.c.community == community, watches.c.destination == destination, watches.c.owner.is_(None))
        return await self._sql.row(select(watches.c.id).where(*own).limit(1)) is not None

    async def pipeline_any(self) -> bool:
        return await self._sql.row(select(watches.c.id).limit(1)) is not None

    async def pipeline_count(self) -> int:
        return await self._sql.connection.scalar(select(func.count()).select_from(watches)) or 0

    async def pipeline_ids(self) -> Collection[WatchId]:
        return [WatchId(row.id) for row in await self._sql.rows(select(watches.c.id))]

    async def pipeline_changed(self, since: datetime) -> Sequence[Watch]:
        statement = select(watches).where(watches.c.changed_at >= since).order_by(watches.c.id)
        return [watch_of(row) for row in await self._sql.rows(statement)]

    async def pipeline_get(self, wanted: Collection[WatchId], *, hold: bool = False) -> Sequence[Watch]:
        found: list[Watch] = []
        for chunk in chunks(sorted(wanted)):
            statement = select(watches).where(watches.c.id.in_(chunk)).order_by(watches.c.id)
            found += [watch_of(row) for row in await self._sql.rows(statement.with_for_update() if hold else statement)]
        return found

    async def pipeline_followers(self, story: StoryId) -> Collection[WatchId]:
        rows = await self._sql.rows(
            select(func.min(watches.c.id).label("id"))
            .where(watches.c.story.in_(one_story(story)))
            .group_by(watches.c.community, watches.c.owner)
        )
        return [WatchId(row.id) for row in rows]

    async def pipeline_told(self, story: StoryId) -> Collection[WatchId]:
        told = select(alerts.c.watch.label("id")).where(
            alerts.c.story.in_(one_story(story)), or_(alerts.c.told_at.is_not(None), alerts.c.known)
        )
        return [WatchId(row.id) for row in await self._sql.rows(told.distinct().order_by("id"))]

    # --- removing ---

    async def _remove(self, condition: ColumnElement[bool]) -> int:
        """The watches, what they were told where it must not stay, and places that only they were told at."""
        gone = await self._sql.rows(select(watches.c.id, watches.c.private, watches.c.destination).where(condition))
        for row in gone:
            told = union(
                select(alerts.c.delivery).where(alerts.c.watch == row.id),
                select(reminders.c.delivery).where(reminders.c.watch == row.id),
            ).subquery()
            unsent = or_(literal(bool(row.private)), deliveries.c.state == DeliveryState.QUEUED)
            await self._sql.execute(delete(deliveries).where(deliveries.c.id.in_(select(told.c.delivery)), unsent))
            await self._sql.execute(delete(watches).where(watches.c.id == row.id))
            if row.private:
                await self._sql.execute(delete(destinations).where(destinations.c.id == row.destination, *_UNUSED))
        return len(gone)


_UNUSED = [
    ~exists(select(table.c.id).where(table.c.destination == destinations.c.id).correlate(destinations))
    for table in (watches, deliveries, schedules, digests)
]
"""Nothing is, was or will be posted there."""


def _seen(community: CommunityId, member: MemberId) -> ColumnElement[bool]:
    """`bot.core.watch.watch.may_see`, as a condition."""
    return and_(watches.c.community == community, or_(~watches.c.private, watches.c.owner == member))


def one_story(story: StoryId) -> Select[Any]:
    """Every id that leads to the story which this one leads to."""
    led = select(func.coalesce(stories.c.merged_into, stories.c.id)).where(stories.c.id == story).scalar_subquery()
    return select(stories.c.id).where(or_(stories.c.id == led, stories.c.merged_into == led))


def _values(watch: NewWatch) -> dict[str, Any]:
    values = {field.name: getattr(watch, field.name) for field in fields(NewWatch)}
    throttle: Throttle | None = values.pop("throttle")
    values["throttle_most"] = None if throttle is None else throttle.most
    values["throttle_per"] = None if throttle is None else throttle.per
    return {**values, "daily_at": watch.daily_at.isoformat()}


def watch_of(row: Row[Any]) -> Watch:
    return Watch(
        id=WatchId(row.id),
        community=CommunityId(row.community),
        owner=None if row.owner is None else MemberId(row.owner),
        query=row.query,
        story=None if row.story is None else StoryId(row.story),
        destination=DestinationId(row.destination),
        name=row.name,
        note=row.note,
        rhythm=Rhythm(row.rhythm),
        daily_at=time.fromisoformat(row.daily_at),
        zone=row.zone,
        throttle=None if row.throttle_most is None else Throttle(most=row.throttle_most, per=row.throttle_per),
        everything=row.everything,
        private=row.private,
        paused=row.paused,
        muted_until=row.muted_until,
        created_at=row.created_at,
        revision=row.revision,
    )
