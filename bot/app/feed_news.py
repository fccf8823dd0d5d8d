"""Telling whoever added a feed that it is lost, and that it is back: once each.

The notice is queued in the transaction that records the visit, and `Health.told` in the same row says that it was. So a
crash tells neither twice nor never, and of two processes only the one whose visit is recorded tells. Where nobody could
be told (the community has no place yet), nobody counts as told, and the next failing visit tries again.

A feed that its community added is that community's news; a common feed is the operator's, at the terminal.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog

from bot.app.ports import Transaction
from bot.core.cadence import PATIENCE
from bot.core.community import LOCAL
from bot.core.feed import Feed, FeedState, News, VisitRecord
from bot.core.message.notice import feed_news_document

log = structlog.get_logger(__name__)


async def tell(tx: Transaction, feed: Feed, record: VisitRecord, now: datetime) -> VisitRecord:
    """Queue what `record.news` says; the record as it is to be written down, not told where nobody was."""
    assert record.news is not None
    log.warning("feed news", feed=feed.id, news=record.news, reason=record.health.error)
    if record.news is News.LOST and await _is_our_own_trouble(tx, feed, record, now):
        return _untold(record)
    community = feed.owner or LOCAL
    place = await tx.schedules.notices(community)
    if place is None:
        return _untold(record)
    document = feed_news_document(feed, record.news, record.health)
    await tx.deliveries.queue(community, place.id, document, digest=None)
    return record


async def _is_our_own_trouble(tx: Transaction, feed: Feed, record: VisitRecord, now: datetime) -> bool:
    """Whether none of our feeds could be read for as long: a machine without a network must not tell of each."""
    if record.health.state is FeedState.GONE:  # that was an answer
        return False
    return await tx.feeds.read_elsewhere(feed.id, now - PATIENCE) is False


def _untold(record: VisitRecord) -> VisitRecord:
    return replace(record, health=replace(record.health, told=False), news=None)
