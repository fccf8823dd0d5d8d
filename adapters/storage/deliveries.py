"""Deliveries: a document on its way to one place, and which of its parts arrived."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import exists, func, insert, select, update

from adapters.storage.schedules import SqlSchedules
from adapters.storage.schema import deliveries, delivery_parts, digests
from adapters.storage.sql import Sql, missing
from adapters.storage.tasks import SqlTasks
from bot.app.ports import Delivery, Stage
from bot.core.community import CommunityId
from bot.core.delivery import PLAINLY, DeliveryId, DeliveryState, DestinationId, DigestId, Manner
from bot.core.message.document import Document


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
    ) -> DeliveryId:
        if await SqlSchedules(self._sql).get_destination(community, destination) is None:
            raise missing("destination", destination)
        if digest is not None:
            own = select(digests.c.id).where(digests.c.community == community, digests.c.id == digest)
            if await self._sql.row(own) is None:
                raise missing("digest", digest)
        row = await self._sql.row(
            insert(deliveries)
            .values(
                community=community,
                destination=destination,
                digest=digest,
                state=DeliveryState.QUEUED,
                document=document,
                manner=manner,
            )
            .returning(deliveries.c.id)
        )
        assert row is not None
        await SqlTasks(self._sql).put(Stage.DELIVER, [row.id], community)
        return DeliveryId(row.id)

    async def get(self, community: CommunityId, delivery: DeliveryId) -> Delivery | None:
        row = await self._sql.row(
            select(deliveries).where(deliveries.c.community == community, deliveries.c.id == delivery)
        )
        if row is None:
            return None
        destination = await SqlSchedules(self._sql).get_destination(community, DestinationId(row.destination))
        assert destination is not None
        parts = await self._sql.rows(
            select(delivery_parts).where(delivery_parts.c.delivery == delivery).order_by(delivery_parts.c.part)
        )
        return Delivery(
            id=DeliveryId(row.id),
            community=CommunityId(row.community),
            destination=destination,
            document=row.document,
            manner=row.manner,
            state=DeliveryState(row.state),
            sent_parts={part.part: part.message for part in parts},
        )

    async def replace(self, community: CommunityId, delivery: DeliveryId, document: Document) -> bool:
        sent = select(delivery_parts.c.part).where(delivery_parts.c.delivery == deliveries.c.id)
        changed = await self._sql.execute(
            update(deliveries)
            .where(
                deliveries.c.community == community,
                deliveries.c.id == delivery,
                deliveries.c.state == DeliveryState.QUEUED,
                ~exists(sent),
            )
            .values(document=document)
        )
        return bool(changed.rowcount)

    async def record_part(self, community: CommunityId, delivery: DeliveryId, part: int, message: str) -> None:
        own = select(deliveries.c.id).where(deliveries.c.community == community, deliveries.c.id == delivery)
        if await self._sql.row(own) is None:
            raise missing("delivery", delivery)
        await self._sql.execute(
            self._sql.insert(delivery_parts)
            .values(delivery=delivery, part=part, message=message)
            .on_conflict_do_update(
                index_elements=[delivery_parts.c.delivery, delivery_parts.c.part], set_={"message": message}
            )
        )

    async def set_state(
        self, community: CommunityId, delivery: DeliveryId, state: DeliveryState, reason: str | None
    ) -> None:
        changed = await self._sql.execute(
            update(deliveries)
            .where(deliveries.c.community == community, deliveries.c.id == delivery)
            .values(state=state, reason=reason)
        )
        if not changed.rowcount:
            raise missing("delivery", delivery)

    async def refusals(self, community: CommunityId) -> Mapping[DestinationId, str]:
        latest = (
            select(func.max(deliveries.c.id))
            .where(deliveries.c.community == community, deliveries.c.state != DeliveryState.QUEUED)
            .group_by(deliveries.c.destination)
        )
        statement = select(deliveries.c.destination, deliveries.c.reason).where(
            deliveries.c.community == community,
            deliveries.c.id.in_(latest),
            deliveries.c.state == DeliveryState.REJECTED,
        )
        return {DestinationId(row.destination): row.reason or "" for row in await self._sql.rows(statement)}
