"""What messages stand on, and the corrections log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, or_, select, update

from adapters.storage.schema import (
    articles,
    corrections,
    deliveries,
    delivery_quotes,
    digest_articles,
    digests,
    stories,
)
from adapters.storage.sql import Sql
from bot.core.article import ArticleId
from bot.core.community import CommunityId, MemberId
from bot.core.correction.correction import Cause, Correction, Quoted
from bot.core.delivery import DeliveryId, DigestId
from bot.core.story import StoryId


class SqlCorrections:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def pipeline_citing(self, article: ArticleId) -> Sequence[tuple[CommunityId, DigestId]]:
        rows = await self._sql.rows(
            select(digests.c.community, digests.c.id)
            .join(digest_articles, digest_articles.c.digest == digests.c.id)
            .join(articles, articles.c.id == digest_articles.c.article)
            .where(digest_articles.c.article == article, _seen_by(digests.c.community))
            .order_by(digests.c.id)
        )
        return [(CommunityId(row.community), DigestId(row.id)) for row in rows]

    async def pipeline_quoting(self, article: ArticleId) -> Sequence[tuple[CommunityId, DeliveryId]]:
        rows = await self._sql.rows(
            select(deliveries.c.community, deliveries.c.id)
            .distinct()
            .join(delivery_quotes, delivery_quotes.c.delivery == deliveries.c.id)
            .join(articles, articles.c.id == delivery_quotes.c.article)
            .where(delivery_quotes.c.article == article, _seen_by(deliveries.c.community))
            .order_by(deliveries.c.id)
        )
        return [(CommunityId(row.community), DeliveryId(row.id)) for row in rows]

    async def quotes(self, community: CommunityId, delivery: DeliveryId) -> Sequence[Quoted]:
        rows = await self._sql.rows(
            select(delivery_quotes)
            .join(deliveries, deliveries.c.id == delivery_quotes.c.delivery)
            .where(deliveries.c.community == community, delivery_quotes.c.delivery == delivery)
            .order_by(delivery_quotes.c.place)
        )
        return [
            Quoted(
                story=StoryId(row.story),
                article=ArticleId(row.article),
                revision=row.revision,
                sentence=row.sentence,
            )
            for row in rows
        ]

    async def note(
        self,
        community: CommunityId,
        made: Sequence[Correction],
        *,
        digest: DigestId | None,
        delivery: DeliveryId | None,
        member: MemberId | None = None,
    ) -> None:
        rows = [
            {
                "community": community,
                "digest": digest,
                "delivery": delivery,
                "notice": None,
                "told": False,
                "story": one.story,
                "headline": one.headline,
                "at": one.at,
                "cause": one.cause,
                "was": one.was,
                "now": one.now,
                "outlet": one.outlet,
                "url": one.url,
                "reason": one.reason,
                "member": member,
                "name": one.by or "",
            }
            for one in made
        ]
        if rows:
            await self._sql.execute(insert(corrections), rows)

    async def untold(self, community: CommunityId, delivery: DeliveryId) -> Sequence[Correction]:
        return await self._read(*_of(community, delivery), corrections.c.told.is_(False))

    async def told(self, community: CommunityId, delivery: DeliveryId, notice: DeliveryId | None) -> bool:
        changed = await self._sql.execute(
            update(corrections)
            .where(*_of(community, delivery), corrections.c.told.is_(False))
            .values(told=True, notice=notice)
        )
        return bool(changed.rowcount)

    async def last_told(self, community: CommunityId, delivery: DeliveryId) -> datetime | None:
        last: datetime | None = await self._sql.connection.scalar(
            select(func.max(deliveries.c.queued_at)).where(
                deliveries.c.community == community, deliveries.c.follows == delivery
            )
        )
        return last

    async def of(self, community: CommunityId, delivery: DeliveryId) -> Sequence[Correction]:
        return await self._read(*_of(community, delivery))

    async def of_story(self, community: CommunityId, story: StoryId) -> Sequence[Correction]:
        same = select(stories.c.id).where(or_(stories.c.id == story, stories.c.merged_into == story))
        return await self._read(corrections.c.community == community, corrections.c.story.in_(same))

    async def log(
        self, community: CommunityId, *, since: datetime | None = None, limit: int
    ) -> Sequence[tuple[Correction, DigestId | None]]:
        statement = select(corrections).where(corrections.c.community == community)
        if since is not None:
            statement = statement.where(corrections.c.at >= since)
        rows = await self._sql.rows(statement.order_by(corrections.c.at.desc(), corrections.c.id.desc()).limit(limit))
        return [(_correction(row), None if row.digest is None else DigestId(row.digest)) for row in rows]

    async def forget(self, community: CommunityId, member: MemberId) -> None:
        await self._sql.execute(
            update(corrections)
            .where(corrections.c.community == community, corrections.c.member == member)
            .values(member=None, name="")
        )

    async def _read(self, *conditions: ColumnElement[bool]) -> Sequence[Correction]:
        rows = await self._sql.rows(select(corrections).where(*conditions).order_by(corrections.c.id))
        return [_correction(row) for row in rows]


def _seen_by(community: ColumnElement[str]) -> ColumnElement[bool]:
    """What came by a private feed is its owner's alone, whatever a row says."""
    return or_(articles.c.owner == "", articles.c.owner == community)


def _of(community: CommunityId, delivery: DeliveryId) -> tuple[ColumnElement[bool], ...]:
    return corrections.c.community == community, corrections.c.delivery == delivery


def _correction(row: Row[Any]) -> Correction:
    return Correction(
        story=StoryId(row.story),
        headline=row.headline,
        at=row.at,
        cause=Cause(row.cause),
        was=row.was,
        now=row.now,
        outlet=row.outlet,
        url=row.url,
        reason=row.reason,
        by=row.name or None,
    )
