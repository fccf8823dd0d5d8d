"""What is sent next, and what became of it: for many lanes in one statement each.

A process writes down what happened in all its lanes together (`bot.app.together`), so what counts here is statements a
batch and not a delivery. The oldest delivery of each priority is looked up in an index that holds the unfinished ones
only: how many wait, or were ever sent, does not matter.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, delete, exists, func, literal, or_, select, update
from sqlalchemy.sql.expression import ScalarSelect

from adapters.storage.deliveries import read, whole
from adapters.storage.schedules import destination_of
from adapters.storage.schema import (
    communities,
    community_settings,
    deliveries,
    delivery_parts,
    destinations,
    posting_stops,
    tasks,
)
from adapters.storage.sql import Sql, chunks, padded
from adapters.storage.types import Instant
from bot.app.ports import Delivery, Lane, Listed, Stage, Task
from bot.core import strings
from bot.core.community import CommunityId
from bot.core.community_settings import CommunitySettings
from bot.core.delivery import FINISHED, DeliveryId, DeliveryState, DestinationId
from bot.core.outbox import Closing, Priority, Shown, Standing, standing

_OPEN = deliveries.c.finished_at.is_(None)


class SqlOutbox:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def held(self, lanes: Collection[Task]) -> Collection[Task]:
        known: dict[int, tuple[str | None, int]] = {}
        for chunk in chunks(sorted({lane.key for lane in lanes})):
            rows = await self._sql.rows(
                select(tasks.c.key, tasks.c.holder, tasks.c.attempt).where(
                    tasks.c.stage == Stage.DELIVER, tasks.c.key.in_(padded(chunk))
                )
            )
            known |= {row.key: (row.holder, row.attempt) for row in rows}
        return [lane for lane in lanes if known.get(lane.key) == (lane.holder, lane.attempt)]

    async def lanes(self, wanted: Collection[int]) -> Mapping[int, Lane]:
        found: dict[int, Lane] = {}
        for chunk in chunks(sorted(wanted)):
            rows = await self._sql.rows(
                select(destinations, communities.c.left_at, *_SETTINGS, *(_head(priority) for priority in Priority))
                .join(communities, communities.c.id == destinations.c.community)
                .outerjoin(community_settings, community_settings.c.community == destinations.c.community)
                .where(destinations.c.id.in_(padded(chunk)))
            )
            heads = {row.id: [head for head in row[-len(Priority) :] if head is not None] for row in rows}
            ids = [head for each in heads.values() for head in each]
            read_in = {head.id: head for head in await self._read(ids)}
            for row in rows:
                found[row.id] = Lane(
                    destination=destination_of(row),
                    left=row.left_at is not None,
                    settings=CommunitySettings(paused=bool(row.all_paused), paused_until=row.paused_until),
                    # One that was removed in between is passed over.
                    heads=[read_in[DeliveryId(head)] for head in heads[row.id] if head in read_in],
                )
        return found

    async def take(self, wanted: Collection[DeliveryId]) -> Mapping[DeliveryId, int]:
        if not wanted:
            return {}
        rows = await self._sql.rows(
            update(deliveries)
            .where(deliveries.c.id.in_(padded(wanted)), _OPEN)
            .values(state=DeliveryState.SENDING, attempts=deliveries.c.attempts + 1, not_before=None)
            .returning(deliveries.c.id, deliveries.c.revision)
        )
        return {DeliveryId(row.id): row.revision for row in rows}

    async def open(self, parts: Collection[tuple[DeliveryId, int, int]]) -> None:
        if not parts:
            return
        ids = padded({delivery for delivery, _, _ in parts})
        there = {row.id for row in await self._sql.rows(select(deliveries.c.id).where(deliveries.c.id.in_(ids)))}
        rows = [
            {"delivery": delivery, "part": part, "revision": revision, "message": None}
            for delivery, part, revision in parts
            if delivery in there
        ]
        if rows:
            opened = self._sql.insert(delivery_parts).values(since=self._sql.clock).on_conflict_do_nothing()
            await self._sql.execute(opened, rows)

    async def note(self, parts: Collection[tuple[DeliveryId, int, Shown]]) -> None:
        rows = [
            {
                "of": delivery,
                "number": part,
                "as": shown.message,
                "showing": shown.revision,
                "lost": shown.deleted,
                "why": shown.refused,
            }
            for delivery, part, shown in parts
        ]
        if rows:
            await self._sql.execute(_NOTE, rows)

    async def count_anew(self, further: Collection[DeliveryId]) -> None:
        if further:
            ours = (deliveries.c.id.in_(padded(further)), deliveries.c.state == DeliveryState.SENDING)
            await self._sql.execute(update(deliveries).where(*ours).values(attempts=1))

    async def close(self, closings: Mapping[DeliveryId, Closing]) -> None:
        sent = [delivery for delivery, closing in closings.items() if closing.state is DeliveryState.SENT]
        if sent:
            await self._sent(sent)
        for delivery, closing in closings.items():
            if closing.state is DeliveryState.SENT:
                if closing.reason is not None:
                    remark = update(deliveries).where(deliveries.c.id == delivery).values(reason=closing.reason)
                    await self._sql.execute(remark)
                continue
            await self._sql.execute(
                update(deliveries)
                .where(deliveries.c.id == delivery, deliveries.c.state == DeliveryState.SENDING)
                .values(
                    state=closing.state,
                    reason=closing.reason,
                    not_before=closing.not_before,
                    attempts=deliveries.c.attempts - (0 if closing.counts else 1),
                    finished_at=self._sql.clock if closing.state in FINISHED else None,
                )
            )
            if not closing.open:
                unsent = (delivery_parts.c.delivery == delivery, delivery_parts.c.message.is_(None))
                await self._sql.execute(delete(delivery_parts).where(*unsent))

    async def _sent(self, sent: Sequence[DeliveryId]) -> None:
        """Save what was replaced while it was being sent: that has to be edited."""
        ours = (deliveries.c.id.in_(padded(sent)), deliveries.c.state == DeliveryState.SENDING)
        stale = exists(
            select(delivery_parts.c.part).where(
                delivery_parts.c.delivery == deliveries.c.id,
                delivery_parts.c.revision < deliveries.c.revision,
                delivery_parts.c.deleted.is_(False),
                delivery_parts.c.refused.is_(None),
            )
        )
        finished = await self._sql.execute(
            update(deliveries)
            .where(*ours, ~stale)
            .values(state=DeliveryState.SENT, reason=None, attempts=0, finished_at=self._sql.clock)
        )
        if finished.rowcount < len(sent):
            again = update(deliveries).where(*ours, stale)
            await self._sql.execute(again.values(state=DeliveryState.QUEUED, reason=None, attempts=0))

    async def pause(self, destination: DestinationId, reason: str) -> bool:
        changed = await self._sql.execute(
            update(destinations)
            .where(destinations.c.id == destination, destinations.c.paused.is_(None))
            .values(paused=reason)
        )
        return bool(changed.rowcount)

    async def get(self, delivery: DeliveryId) -> Delivery | None:
        found = await self._read([delivery])
        return found[0] if found else None

    async def listed(
        self,
        now: datetime,
        *,
        community: CommunityId | None,
        unfinished: bool,
        limit: int,
        only: DeliveryId | None = None,
    ) -> Sequence[Listed]:
        of = delivery_parts.c.delivery == deliveries.c.id
        shown = (
            select(func.count())
            .where(of, delivery_parts.c.message.is_not(None), delivery_parts.c.refused.is_(None))
            .scalar_subquery()
            .label("shown")
        )
        there = (destinations.c.platform, destinations.c.address, *holding(now))
        statement = (
            select(deliveries, *there, shown)
            .join(destinations, destinations.c.id == deliveries.c.destination)
            .order_by(deliveries.c.id.desc())
            .limit(limit)
        )
        if community is not None:
            statement = statement.where(deliveries.c.community == community)
        if only is not None:
            statement = statement.where(deliveries.c.id == only)
        if unfinished:
            missing = exists().where(of, delivery_parts.c.refused.is_not(None), delivery_parts.c.deleted.is_(False))
            done = (DeliveryState.SENT, DeliveryState.DROPPED)
            partly = and_(deliveries.c.state == DeliveryState.SENT, missing)
            statement = statement.where(or_(deliveries.c.state.not_in(done), partly))
        return [_listed(row, now) for row in await self._sql.rows(statement)]

    async def counts(self, now: datetime) -> Mapping[Standing, int]:
        return await counted(self._sql, now, deliveries.c.state.not_in((DeliveryState.SENT, DeliveryState.DROPPED)))

    async def stuck(self) -> int:
        paused = destinations.c.paused.is_not(None)
        statement = select(func.count()).select_from(deliveries.join(destinations)).where(_OPEN, paused)
        return await self._sql.connection.scalar(statement) or 0

    async def waiting(self) -> Mapping[str, int]:
        statement = (
            select(destinations.c.platform, func.count().label("number"))
            .join(deliveries, deliveries.c.destination == destinations.c.id)
            .where(_OPEN, destinations.c.paused.is_(None))
            .group_by(destinations.c.platform)
        )
        return {row.platform: row.number for row in await self._sql.rows(statement)}

    async def _read(self, wanted: Collection[int]) -> Sequence[Delivery]:
        return await read(self._sql, whole().where(deliveries.c.id.in_(padded(wanted)))) if wanted else []


def holding(now: datetime) -> Sequence[ColumnElement[Any]]:
    """What holds a delivery, as columns of it joined with its destination: why that is `paused`, whether its community
    is (`all_paused`), and why an operator `stopped` posting; NULL, 0 and NULL where nothing does."""
    community = exists(
        select(community_settings.c.community).where(
            community_settings.c.community == deliveries.c.community,
            community_settings.c.paused,
            or_(community_settings.c.paused_until.is_(None), community_settings.c.paused_until > literal(now, Instant)),
        )
    )
    stop = (
        select(posting_stops.c.reason)
        .where(
            posting_stops.c.lifted_at.is_(None),
            or_(posting_stops.c.platform.is_(None), posting_stops.c.platform == destinations.c.platform),
            or_(posting_stops.c.community.is_(None), posting_stops.c.community == deliveries.c.community),
        )
        .order_by(posting_stops.c.id)
        .limit(1)
        .scalar_subquery()
    )
    return destinations.c.paused, case((community, 1), else_=0).label("all_paused"), stop.label("stopped")


async def counted(sql: Sql, now: datetime, which: ColumnElement[bool]) -> dict[Standing, int]:
    """Those deliveries, by standing."""
    paused, all_paused, stopped = holding(now)
    held = case((or_(paused.is_not(None), all_paused == 1, stopped.is_not(None)), 1), else_=0).label("held")
    later = case((deliveries.c.not_before > literal(now, Instant), 1), else_=0).label("later")
    each = (
        select(deliveries.c.state, held, later)
        .join(destinations, destinations.c.id == deliveries.c.destination)
        .where(which)
        .subquery()
    )
    counts: dict[Standing, int] = {}
    for row in await sql.rows(select(*each.c, func.count().label("number")).group_by(*each.c)):
        until = now + timedelta(days=1) if row.later else None
        one = standing(DeliveryState(row.state), not_before=until, held=bool(row.held), now=now)
        counts[one] = counts.get(one, 0) + row.number
    return counts


def _listed(row: Row[Any], now: datetime) -> Listed:
    why: str | None = row.paused
    if why is None and row.stopped is not None:
        why = strings.notices.posting_stopped(row.stopped)
    if why is None and row.all_paused:
        why = strings.notices.COMMUNITY_PAUSED
    stands = standing(DeliveryState(row.state), not_before=row.not_before, held=why is not None, now=now)
    return Listed(
        id=DeliveryId(row.id),
        community=CommunityId(row.community),
        platform=row.platform,
        address=row.address,
        standing=stands,
        priority=Priority(row.priority),
        queued_at=row.queued_at,
        attempts=row.attempts,
        shown=row.shown,
        not_before=row.not_before,
        reason=why if stands is Standing.HELD else row.reason,
    )


def _head(priority: Priority) -> ScalarSelect[int]:
    """The oldest unfinished delivery of a destination, as a column of `destinations`."""
    return (
        select(deliveries.c.id)
        .where(deliveries.c.destination == destinations.c.id, deliveries.c.priority == int(priority), _OPEN)
        .order_by(deliveries.c.id)
        .limit(1)
        .correlate(destinations)
        .scalar_subquery()
    )


_SETTINGS = (community_settings.c.paused.label("all_paused"), community_settings.c.paused_until)

_NOTE = (
    update(delivery_parts)
    .where(delivery_parts.c.delivery == bindparam("of"), delivery_parts.c.part == bindparam("number"))
    .values(
        message=bindparam("as"),
        revision=bindparam("showing"),
        deleted=bindparam("lost"),
        refused=bindparam("why"),
    )
)
