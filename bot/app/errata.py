"""What was corrected in a message: kept in the log, and told beneath it, in the transaction that changes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.app.ports import Delivery, Stage, Transaction
from bot.core.article import ArticleId
from bot.core.community import CommunityId, MemberId, Viewer
from bot.core.correction.correction import Correction, Quoted
from bot.core.correction.quoting import corrections_of
from bot.core.correction.standing import Present
from bot.core.delivery import DeliveryId, DeliveryState, DigestId

GATHER = timedelta(minutes=10)
"""How long changes of an article are gathered: longer than a digest may take to be composed."""
BETWEEN = timedelta(days=1)
"""At least, between two replies beneath one message."""


async def article_changed(tx: Transaction, owner: Viewer, articles: Collection[ArticleId]) -> None:
    """For whoever changes an article or takes it back: what was posted from it is looked at after `GATHER`."""
    if articles:
        await tx.tasks.put(Stage.CORRECT, articles, owner, due=await tx.now() + GATHER)


async def take_back(tx: Transaction, owner: Viewer, article: ArticleId, reason: str, at: datetime) -> None:
    """The outlet does not stand by its article any more; `reason` says how that is known. Whoever calls this says
    `article_changed` of it too."""
    await tx.articles.withdraw(owner, article, reason, at)
    if await tx.stories.touch(owner, article, at) is not None:
        await tx.tasks.put(Stage.JOIN, [article], owner)  # joining decides again about the story that lost it


def is_posted(delivery: Delivery) -> bool:
    """Whether somebody may have read any of it."""
    sending = delivery.state in (DeliveryState.SENDING, DeliveryState.UNCERTAIN)
    return bool(delivery.sent_parts) or delivery.open is not None or sending


async def keep(
    tx: Transaction,
    community: CommunityId,
    delivery: DeliveryId,
    corrections: Sequence[Correction],
    *,
    digest: DigestId | None = None,
    member: MemberId | None = None,
) -> None:
    """Log what was corrected in a posted message, and have it told beneath: not more often than `BETWEEN` allows."""
    if corrections:
        await tx.corrections.note(community, corrections, digest=digest, delivery=delivery, member=member)
        last = await tx.corrections.last_told(community, delivery)
        await tx.tasks.put(Stage.ERRATUM, [delivery], community, due=None if last is None else last + BETWEEN)


async def wrong_in(
    tx: Transaction, community: CommunityId, quotes: Sequence[Quoted], at: datetime
) -> Sequence[Correction]:
    """What of these quotations is not right any more."""
    by_article: defaultdict[ArticleId, list[Quoted]] = defaultdict(list)
    for quote in quotes:
        by_article[quote.article].append(quote)
    made: list[Correction] = []
    for article in await tx.articles.get(community, by_article):
        cited = by_article[article.id]
        changed = any(article.revision > quote.revision for quote in cited)
        if changed or article.withdrawn is not None or article.reserved is not None:
            before = await tx.articles.revisions(community, article.id) if changed else ()
            made += corrections_of(cited, Present(article=article, revisions=before), at)
    return made
