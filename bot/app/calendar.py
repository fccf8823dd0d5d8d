"""What is coming up, gathered: tracked items with a day, with the articles that announce and settle them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.app.ports import Transaction
from bot.core.coming import Coming, coming_up
from bot.core.community import CommunityId


async def coming(tx: Transaction, community: CommunityId, first: date, last: date, now: datetime) -> Sequence[Coming]:
    """Those between the two days as the community sees them, by day."""
    items = await tx.tracked.coming(community, first, last)
    cited = {item.article for item in items} | {item.resolved_by for item in items if item.resolved_by is not None}
    articles = {article.id: article for article in await tx.articles.get(community, cited)}
    return [
        coming_up(item, articles[item.article], articles.get(item.resolved_by) if item.resolved_by else None, now)
        for item in items
        if item.article in articles
    ]
