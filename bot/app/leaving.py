"""A community that removes Slugline, and one that takes it back.

While it is away nothing is composed for it or posted; after `Retention.left` all that it owns is purged
(`bot.app.purge`). Where it comes back before, everything is as it was, and of what had waited the same is let go as
when the operator's switch is lifted: nobody wants last month's alerts.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.app.ports import Clock, Database
from bot.core.community import CommunityId
from bot.core.delivery import DeliveryId
from bot.core.posting_stop import Scope, is_old


async def leave(database: Database, community: CommunityId, clock: Clock) -> None:
    """Repeatable."""
    async with database.begin() as tx:
        await tx.communities.leave(community, clock.now())


async def come_back(database: Database, community: CommunityId) -> Sequence[DeliveryId]:
    """Which deliveries were let go; repeatable, and nothing happens where it had not left."""
    async with database.begin() as tx:
        if not await tx.communities.come_back(community):
            return ()
        now = await tx.now()
        waited = await tx.posting.held_up([Scope(community=community)])
        old = [one.waiting.delivery for one in waited if not one.paused and is_old(one.waiting, now)]
        gone = await tx.posting.let_go(old)
        await tx.posting.wake(sorted({one.destination for one in waited}))
    return gone
