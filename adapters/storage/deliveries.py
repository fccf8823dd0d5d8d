"""Deliveries as their community sees them: queued, replaced, tried again, dropped. What sends them is `outbox`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, delete, exists, func, insert, or_, select, update

from adapters.storage.lanes import lane_due, resume
from adapters.storage.page_looks import SqlPageLooks
from adapters.storage.schedules import SqlSchedules, destination_of
from adapters.storage.schema import deliveries, delivery_parts, delivery_quotes, destinations, digests
from adapters.storage.sql import Sql, missing
from bot.app.ports import Delivery
from bot.core.community import CommunityId
from bot.core.correction.correction import Quoted
from bot.core.delivery import (
    PLAINLY,
    DeliveryId,
    DeliveryState,
    DestinationId,
    DigestId,
    Manner,
    WhenUncertain,
)
from bot.core.message.document import Document
from bot.core.outbox import OpenPart, Priority, Shown

_AFRESH = {"attempts": 0, "not_before": None, "finished_at": None, "reason": None, "state": DeliveryState.QUEUED}
_REFUSED = (delivery_parts.c.delivery == deliveries.c.id, delivery_parts.c.refused.is_not(None))


class SqlDeliveries:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def queue(
        self,
        community: CommunityId,
        destination: DestinationId,
        document: Document,
        *,
        digest: DigestId | None,
        manner: Manner = PLAINLY,
        priority: Priority | None = None,
        follows: DeliveryId | None = None,
        quotes: Sequence[Quoted] = (),
    ) -> DeliveryId:
        if await SqlSchedules(self._sql).get_destination(community, destination) is None:
            raise missing("destination", destination)
        if digest is not None:
            own = select(digests.c.id).where(digests.c.community == community, digests.c.id == digest)
            if await self._sql.row(own) is None:
                raise missing("digest", digest)
        if follows is not None and await self.get(community, follows) is None:
            raise missing("delivery", follows)
        if priority is None:
            priority = Priority.NOTICE if digest is None else Priority.DIGEST
        row = await self._sql.row(
            insert(deliveries)
            .values(
                community=community,
                destination=destination,
                digest=digest,
                priority=priority,
                state=DeliveryState.QUEUED,
                queued_at=self._sql.clock,
                attempts=0,
                document=document,
                revision=1,
                manner=manner,
                follows=follows,
            )
            .returning(deliveries.c.id)
        )
        assert row is not None
        await self._quote(DeliveryId(row.id), quotes)
        if digest is not None:
            await SqlPageLooks(self._sql).begin_of(digest)
        await lane_due(self._sql, community, destination, priority)
        return DeliveryId(row.id)

    async def get(self, community: CommunityId, delivery: DeliveryId) -> Delivery | None:
        found = await read(self._sql, whole().where(deliveries.c.community == community, deliveries.c.id == delivery))
        return found[0] if found else None

    async def whose(self, platform: str, messages: Collection[str]) -> CommunityId | None:
        row = await self._sql.row(
            select(deliveries.c.community)
            .join(delivery_parts, delivery_parts.c.delivery == deliveries.c.id)
            .join(destinations, destinations.c.id == deliveries.c.destination)
            .where(destinations.c.platform == platform, delivery_parts.c.message.in_(list(messages)))
            .limit(1)
        )
        return None if row is None else CommunityId(row.community)

    async def _quote(self, delivery: DeliveryId, quotes: Sequence[Quoted]) -> None:
        rows = [
            {
                "delivery": delivery,
                "place": place,
                "story": one.story,
                "article": one.article,
                "revision": one.revision,
                "sentence": one.sentence,
            }
            for place, one in enumerate(quotes, 1)
        ]
        if rows:
            await self._sql.execute(insert(delivery_quotes), rows)
            await SqlPageLooks(self._sql).begin([one.article for one in quotes])

    async def hold(self, community: CommunityId, delivery: DeliveryId) -> Delivery | None:
        # On SQLite there is one writer at a time anyway. A statement after the lock sees what was committed before it.
        own = (deliveries.c.community == community, deliveries.c.id == delivery)
        await self._sql.row(select(deliveries.c.id).where(*own).with_for_update())
        return await self.get(community, delivery)

    async def of_digest(self, community: CommunityId, digest: DigestId) -> Sequence[DeliveryId]:
        own = select(deliveries.c.id).where(deliveries.c.community == community, deliveries.c.digest == digest)
        return [DeliveryId(row.id) for row in await self._sql.rows(own.order_by(deliveries.c.id))]

    async def last_digest(self, community: CommunityId) -> Delivery | None:
        there = (delivery_parts.c.message.is_not(None), ~delivery_parts.c.deleted, delivery_parts.c.refused.is_(None))
        # Through the destinations, which have an index: a community's share of all deliveries is small.
        latest = (
            select(func.max(deliveries.c.id))
            .join(destinations, destinations.c.id == deliveries.c.destination)
            .where(
                destinations.c.community == community,
                deliveries.c.digest.is_not(None),
                exists().where(delivery_parts.c.delivery == deliveries.c.id, *there),
            )
        )
        found = await read(self._sql, whole().where(deliveries.c.id == latest.scalar_subquery()))
        return found[0] if found else None

    async def revise(
        self,
        community: CommunityId,
        delivery: DeliveryId,
        document: Document,
        *,
        quotes: Sequence[Quoted] | None = None,
    ) -> bool:
        stays = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.SENT)
        own = (deliveries.c.community == community, deliveries.c.id == delivery)
        changed = await self._sql.row(
            update(deliveries)
            .where(*own, deliveries.c.state.in_(stays))
            .values(document=document, revision=deliveries.c.revision + 1)
            .returning(deliveries.c.state, deliveries.c.destination, deliveries.c.priority)
        )
        if changed is None:
            return False
        if quotes is not None:
            await self._sql.execute(delete(delivery_quotes).where(delivery_quotes.c.delivery == delivery))
            await self._quote(delivery, quotes)
        if changed.state == DeliveryState.SENT:
            await self._sql.execute(update(deliveries).where(*own).values(_AFRESH))
        await lane_due(self._sql, community, DestinationId(changed.destination), Priority(changed.priority))
        return True

    async def retry(self, community: CommunityId, delivery: DeliveryId) -> bool:
        # What may have been posted is taken to be not: whoever asks for this has looked.
        own = (deliveries.c.community == community, deliveries.c.id == delivery)
        complete = and_(deliveries.c.state == DeliveryState.SENT, ~exists().where(*_REFUSED))
        again = await self._sql.row(
            update(deliveries)
            .where(*own, deliveries.c.state != DeliveryState.SENDING, ~complete)
            .values(_AFRESH)
            .returning(deliveries.c.destination, deliveries.c.priority)
        )
        if again is None:
            return False
        missing = or_(delivery_parts.c.message.is_(None), delivery_parts.c.refused.is_not(None))
        await self._sql.execute(delete(delivery_parts).where(delivery_parts.c.delivery == delivery, missing))
        if not await self.resume(community, DestinationId(again.destination)):
            await lane_due(self._sql, community, DestinationId(again.destination), Priority(again.priority))
        return True

    async def drop(self, community: CommunityId, delivery: DeliveryId) -> bool:
        settled = (DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.DROPPED)
        changed = await self._sql.execute(
            update(deliveries)
            .where(
                deliveries.c.community == community,
                deliveries.c.id == delivery,
                deliveries.c.state.not_in(settled),
            )
            .values(state=DeliveryState.DROPPED, not_before=None, finished_at=self._sql.clock)
        )
        if changed.rowcount:
            return True
        partly = (deliveries.c.community == community, deliveries.c.state == DeliveryState.SENT)
        let_go = await self._sql.execute(
            update(delivery_parts)
            .where(delivery_parts.c.delivery == delivery, ~delivery_parts.c.deleted, exists().where(*partly, *_REFUSED))
            .values(deleted=True)
        )
        return bool(let_go.rowcount)

    async def resume(self, community: CommunityId, destination: DestinationId) -> bool:
        return await resume(self._sql, community, destination)

    async def set_policy(self, community: CommunityId, destination: DestinationId, policy: WhenUncertain) -> None:
        changed = await self._sql.execute(
            update(destinations)
            .where(destinations.c.community == community, destinations.c.id == destination)
            .values(uncertain=policy)
        )
        if not changed.rowcount:
            raise missing("destination", destination)

    async def refusals(self, community: CommunityId) -> Mapping[DestinationId, str]:
        # By its places, which have an index: not all that was ever posted anywhere.
        own = select(destinations.c.id).where(destinations.c.community == community)
        latest = (
            select(func.max(deliveries.c.id))
            .where(deliveries.c.destination.in_(own), deliveries.c.finished_at.is_not(None))
            .group_by(deliveries.c.destination)
        )
        refused = select(deliveries.c.destination, deliveries.c.reason).where(
            deliveries.c.community == community,
            deliveries.c.id.in_(latest),
            deliveries.c.state == DeliveryState.REJECTED,
        )
        paused = select(destinations.c.id, destinations.c.paused).where(
            destinations.c.community == community, destinations.c.paused.is_not(None)
        )
        return {
            **{DestinationId(row.destination): row.reason or "" for row in await self._sql.rows(refused)},
            **{DestinationId(row.id): row.paused for row in await self._sql.rows(paused)},
        }


def whole() -> Select[Any]:
    """Deliveries with their destinations, for `read`."""
    there = (destinations.c.platform, destinations.c.address, destinations.c.uncertain, destinations.c.paused)
    return select(deliveries, *there).join(destinations, destinations.c.id == deliveries.c.destination)


async def read(sql: Sql, statement: Select[Any]) -> Sequence[Delivery]:
    """What `whole` selects, in its order, with the parts."""
    rows = await sql.rows(statement)
    parts: dict[int, list[Row[Any]]] = {row.id: [] for row in rows}
    if parts:
        known = select(delivery_parts).where(delivery_parts.c.delivery.in_(parts)).order_by(delivery_parts.c.part)
        for part in await sql.rows(known):
            parts[part.delivery].append(part)
    leading: dict[int, Shown] = {}
    if followed := {row.follows for row in rows if row.follows is not None}:
        posted = (delivery_parts.c.message.is_not(None), delivery_parts.c.refused.is_(None))
        theirs = select(delivery_parts).where(delivery_parts.c.delivery.in_(followed), *posted)
        for part in await sql.rows(theirs.order_by(delivery_parts.c.part)):
            leading.setdefault(part.delivery, _shown(part))
    return [_delivery(row, parts[row.id], leading.get(row.follows)) for row in rows]


def _shown(part: Row[Any]) -> Shown:
    return Shown(message=part.message, revision=part.revision, deleted=part.deleted, refused=part.refused)


def _delivery(row: Row[Any], parts: Sequence[Row[Any]], leading: Shown | None) -> Delivery:
    return Delivery(
        id=DeliveryId(row.id),
        community=CommunityId(row.community),
        destination=destination_of(row, row.destination),
        digest=None if row.digest is None else DigestId(row.digest),
        document=row.document,
        manner=row.manner,
        state=DeliveryState(row.state),
        priority=Priority(row.priority),
        queued_at=row.queued_at,
        reason=row.reason,
        revision=row.revision,
        attempts=row.attempts,
        not_before=row.not_before,
        follows=None if row.follows is None else DeliveryId(row.follows),
        restored=row.restored,
        leading=leading,
        shown={part.part: _shown(part) for part in parts if part.message is not None},
        open=next(
            (
                OpenPart(part=part.part, revision=part.revision, since=part.since)
                for part in parts
                if part.message is None
            ),
            None,
        ),
    )
