"""Telling whoever set it up that something could not be posted: once, in the transaction that writes it down.

A destination that is gone is told of when it is paused, by the one who pauses it. What only a member's own watch posts
to is that member's business: their community is not told of it, and the place where they could be is the one that
failed; `watch list` says it to them alone. A notice that cannot be posted is not followed by another.
"""

from __future__ import annotations

import structlog

from bot.app.ports import Delivery, Transaction
from bot.core.community import LOCAL, CommunityId
from bot.core.delivery import DeliveryState, Destination
from bot.core.message.notice import undelivered_document
from bot.core.outbox import Closing, Priority

log = structlog.get_logger(__name__)


async def make_known(tx: Transaction, delivery: Delivery, closing: Closing) -> None:
    """Pause the destination where `closing` says so, and tell somebody where it says that."""
    if closing.pauses is not None and not await tx.outbox.pause(delivery.destination.id, closing.pauses):
        return  # somebody paused it before, and told
    if not closing.tells:
        return
    log.warning("not delivered", delivery=delivery.id, state=closing.state.value, reason=closing.reason)
    if closing.pauses is None and delivery.priority is Priority.NOTICE:
        return
    schedules = await tx.schedules.of(delivery.community)
    if (
        delivery.digest is None
        and all(each.destination != delivery.destination.id for each in schedules)
        and not await tx.watches.pipeline_common(delivery.community, delivery.destination.id)
    ):
        return  # `watch list` says it to the one whose watch it is
    place = await _place(tx, delivery.community, delivery.destination, elsewhere=closing.pauses is not None)
    if place is None:
        return
    document = undelivered_document(
        delivery.id,
        delivery.destination,
        closing.reason or "",
        paused=closing.pauses is not None,
        perhaps=closing.state is DeliveryState.UNCERTAIN,
        partly=closing.state is DeliveryState.SENT,
    )
    await tx.deliveries.queue(place.community, place.id, document, digest=None)


async def _place(
    tx: Transaction, community: CommunityId, destination: Destination, *, elsewhere: bool
) -> Destination | None:
    """Where the community is told what concerns it, else where any of its schedules posts, else this terminal."""
    known = [await tx.schedules.notices(community)]
    for schedule in await tx.schedules.of(community):
        known.append(await tx.schedules.get_destination(community, schedule.destination))
    if community != LOCAL:
        known.append(await tx.schedules.notices(LOCAL))
    for place in known:
        if place is not None and place.paused is None and not (elsewhere and place.id == destination.id):
            return place
    return None
