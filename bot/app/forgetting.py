"""A member who wants nothing stored about them."""

from __future__ import annotations

from bot.app.ports import Transaction
from bot.core.community import CommunityId, MemberId


async def forget_member(tx: Transaction, community: CommunityId, member: MemberId) -> None:
    """What they did for the community stays on record, that it was they does not; what was theirs alone goes."""
    await tx.communities.forget_role(community, member)
    await tx.changes.forget(community, member)
    await tx.watches.forget(community, member)
    await tx.schedules.forget(community, member)
    await tx.corrections.forget(community, member)
    await tx.reviews.forget(community, member)
