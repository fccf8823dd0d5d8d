"""When posting was stopped and lifted, and what a stop held up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, exists, insert, literal, or_, select, true, update
from sqlalchemy.orm import aliased

from adapters.storage.lanes import lanes_due
from adapters.storage.schema import (
    community_settings,
    deliveries,
    delivery_parts,
    destinations,
    digest_stories,
    digests,
    posting_stops,
)
from adapters.storage.sql import Sql, chunks
from bot.app.ports import HeldUp
from bot.core.community import CommunityId
from bot.core.delivery import DeliveryId, DeliveryState, DestinationId, DigestState
from bot.core.outbox import Priority
from bot.core.posting_stop import Scope, Stop, StopId, Waiting

TOO_OLD = "too old to be news when posting was resumed"


class SqlPosting:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def stop(self, scope: Scope, *, by: str, reason: str) -> Stop:
        row = await self._sql.row(
            insert(posting_stops)
            .values(
                platform=scope.platform,
                community=scope.community,
                since=self._sql.clock,
                stopped_by=by,
                reason=reason,
            )
            .returning(*posting_stops.c)
        )
        assert row is not None
        return _stop(row)

    async def in_force(self) -> Sequence[Stop]:
        statement = select(posting_stops).where(posting_stops.c.lifted_at.is_(None)).order_by(posting_stops.c.id)
        return [_stop(row) for row in await self._sql.rows(statement)]

    async def history(self, *, limit: int) -> Sequence[Stop]:
        statement = select(posting_stops).order_by(posting_stops.c.id.desc()).limit(limit)
        return [_stop(row) for row in await self._sql.rows(statement)]

    async def lift(self, stops: Collection[StopId], *, by: str) -> None:
        await self._sql.execute(
            update(posting_stops)
            .where(posting_stops.c.id.in_(stops), posting_stops.c.lifted_at.is_(None))
            .values(lifted_at=self._sql.clock, lifted_by=by)
        )

    async def held_up(self, scopes: Collection[Scope]) -> Sequence[HeldUp]:
        """A place that is paused by itself waits for that, and not for the operator; whoever lifts that wakes its lane.
        A community's pause ends by itself, so its lanes have to be awake to see that."""
        later, schedule_of = aliased(digests), aliased(digests)
        overtaken = exists(
            select(literal(1))
            .select_from(schedule_of)
            .join(later, and_(later.c.schedule == schedule_of.c.schedule, later.c.slot > schedule_of.c.slot))
            .where(schedule_of.c.id == deliveries.c.digest, later.c.state == DigestState.APPROVED)
        )
        begun = exists(select(literal(1)).where(delivery_parts.c.delivery == deliveries.c.id))
        ends = community_settings.c.paused_until
        paused = and_(community_settings.c.paused.is_(True), or_(ends.is_(None), ends > self._sql.clock))
        statement = (
            select(
                deliveries.c.id,
                deliveries.c.community,
                deliveries.c.destination,
                deliveries.c.priority,
                deliveries.c.queued_at,
                destinations.c.platform,
                begun.label("begun"),
                overtaken.label("overtaken"),
                case((paused, 1), else_=0).label("all_paused"),
            )
            .join(destinations, destinations.c.id == deliveries.c.destination)
            .outerjoin(community_settings, community_settings.c.community == deliveries.c.community)
            .where(
                deliveries.c.finished_at.is_(None),
                destinations.c.paused.is_(None),
                or_(*(_within(scope) for scope in scopes)),
            )
            .order_by(deliveries.c.id)
        )
        return [
            HeldUp(
                waiting=Waiting(
                    delivery=DeliveryId(row.id),
                    priority=Priority(row.priority),
                    queued_at=row.queued_at,
                    begun=bool(row.begun),
                    overtaken=bool(row.overtaken),
                ),
                platform=row.platform,
                community=CommunityId(row.community),
                destination=DestinationId(row.destination),
                paused=bool(row.all_paused),
            )
            for row in await self._sql.rows(statement)
        ]

    async def let_go(self, old: Collection[DeliveryId]) -> Sequence[DeliveryId]:
        gone: list[DeliveryId] = []
        for chunk in chunks(sorted(old)):
            rows = await self._sql.rows(
                update(deliveries)
                .where(
                    deliveries.c.id.in_(chunk),
                    deliveries.c.state == DeliveryState.QUEUED,
                    ~exists(select(literal(1)).where(delivery_parts.c.delivery == deliveries.c.id)),
                )
                .values(state=DeliveryState.DROPPED, reason=TOO_OLD, not_before=None, finished_at=self._sql.clock)
                .returning(deliveries.c.id, deliveries.c.digest)
            )
            gone += [DeliveryId(row.id) for row in rows]
            await self._not_told([row.digest for row in rows if row.digest is not None])
        return sorted(gone)

    async def _not_told(self, dropped: Sequence[int]) -> None:
        """Their stories are carried over to the next digest of their schedule, by way of the latest."""
        if not dropped:
            return
        untold = (digests.c.id.in_(dropped), digests.c.state == DigestState.APPROVED)
        await self._sql.execute(update(digests).where(*untold).values(state=DigestState.REJECTED))
        later = aliased(digests)
        latest = (
            select(later.c.id)
            .where(later.c.schedule == digests.c.schedule, later.c.state == DigestState.APPROVED)
            .order_by(later.c.slot.desc())
            .limit(1)
            .correlate(digests)
            .scalar_subquery()
        )
        rows = await self._sql.rows(
            select(latest.label("latest"), digest_stories.c.story)
            .join(digest_stories, digest_stories.c.digest == digests.c.id)
            .where(digests.c.id.in_(dropped))
        )
        carried = sorted({(row.latest, row.story) for row in rows if row.latest is not None})
        if carried:
            await self._sql.execute(
                self._sql.insert(digest_stories).on_conflict_do_nothing(),
                [{"digest": digest, "story": story, "version": None, "carried": True} for digest, story in carried],
            )

    async def wake(self, lanes: Collection[DestinationId]) -> None:
        await lanes_due(self._sql, lanes)


def _within(scope: Scope) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if scope.platform is not None:
        conditions.append(destinations.c.platform == scope.platform)
    if scope.community is not None:
        conditions.append(destinations.c.community == scope.community)
    return and_(*conditions)


def _stop(row: Row[Any]) -> Stop:
    return Stop(
        id=StopId(row.id),
        scope=Scope(platform=row.platform, community=None if row.community is None else CommunityId(row.community)),
        since=row.since,
        by=row.stopped_by,
        reason=row.reason,
        lifted_at=row.lifted_at,
        lifted_by=row.lifted_by,
    )
