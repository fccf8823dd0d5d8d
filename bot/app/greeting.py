"""Greeting whoever brought Slugline somewhere: one person, privately, once for each time that it comes there.

Who it was, the platform tells, perhaps: then the greeting is a delivery like any other, to them alone. Where it does
not, or where they take no private messages, whoever manages the place hears it with the first answer that they get. The
community keeps that somebody was greeted, until it leaves; so neither a restart, nor a second process, nor a platform
that says the same thing again greets anybody twice.
"""

from __future__ import annotations

from datetime import datetime

from bot.app.leaving import come_back
from bot.app.ports import Clock, Database, Transaction
from bot.core.community import Community, CommunityId
from bot.core.delivery import DeliveryState
from bot.core.message.document import Document
from bot.core.message.greeting import greeting_document


class Greeting:
    """Of one platform: a community's id is `PLATFORM:NATIVE_ID`."""

    def __init__(self, database: Database, clock: Clock, platform: str) -> None:
        self._database = database
        self._clock = clock
        self._platform = platform

    async def write(self, native: str, name: str, address: str, *, came: datetime | None = None) -> bool:
        """Have whoever is reached at `address` greeted, who brought it to that community at that time (None: just now).
        False where somebody was greeted already, or it left since. Repeatable."""
        community = CommunityId(f"{self._platform}:{native}")
        if not await self._is_there(community, came):
            return False
        async with self._database.begin() as tx:
            new = Community(id=community, platform=self._platform, name=name or native, created_at=self._clock.now())
            await tx.communities.ensure(new)
            if not await tx.communities.greet(community, instead_of=None):
                return False
            document = await _document(tx, community)
            place = await tx.schedules.destination(community, self._platform, address)
            delivery = await tx.deliveries.queue(community, place.id, document, digest=None)
            await tx.communities.greeted_by(community, delivery)
        return True

    async def say(self, community: CommunityId) -> Document | None:
        """What whoever manages that community, and was just answered, is told besides: nothing where somebody was
        greeted, save in vain, or where there are digests on time. It is taken for said."""
        async with self._database.read() as tx:
            if await tx.schedules.of(community) or await _is_greeted(tx, community):
                return None
        async with self._database.begin() as tx:
            before = await tx.communities.greeted(community)
            if await _is_greeted(tx, community) or not await tx.communities.greet(community, instead_of=before):
                return None
            if before is not None and before.by is not None:
                await tx.deliveries.drop(community, before.by)  # else it would arrive one day after all
            return await _document(tx, community)

    async def _is_there(self, community: CommunityId, came: datetime | None) -> bool:
        """That it came back may be known here first."""
        async with self._database.read() as tx:
            left = await tx.communities.has_left(community)
            before = left and (came is None or community in await tx.communities.left_before(came))
        if before:
            await come_back(self._database, community)
        return before or not left


async def _is_greeted(tx: Transaction, community: CommunityId) -> bool:
    """Also while it is still on its way."""
    greeted = await tx.communities.greeted(community)
    if greeted is None or greeted.by is None:
        return greeted is not None
    delivery = await tx.deliveries.get(community, greeted.by)
    if delivery is None or delivery.state is DeliveryState.SENT:
        return True
    return delivery.state is not DeliveryState.REJECTED and delivery.destination.paused is None


async def _document(tx: Transaction, community: CommunityId) -> Document:
    there = await tx.communities.get(community)
    name = community if there is None else there.name
    return greeting_document(name, stands=bool(await tx.schedules.of(community)))
