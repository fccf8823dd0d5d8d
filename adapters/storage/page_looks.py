"""Pages that are looked at again, because something was posted from their articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, func, literal, select, update

from adapters.storage.owners import owner_of
from adapters.storage.schema import articles, deliveries, delivery_parts, delivery_quotes, digest_articles, page_looks
from adapters.storage.sql import Sql, chunks
from adapters.storage.tasks import SqlTasks
from bot.app.ports import PageLook, Stage
from bot.core.article import ArticleId
from bot.core.community import Viewer
from bot.core.correction.page_look import RHYTHM, Missing, Neighbours
from bot.core.delivery import DigestId
from bot.core.feed import Validators


class SqlPageLooks:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def begin(self, articles_: Collection[ArticleId]) -> None:
        for chunk in chunks(sorted(set(articles_))):
            await self._begin(articles.c.id.in_(chunk))

    async def begin_of(self, digest: DigestId) -> None:
        """As `begin`, for whatever a digest stands on."""
        cited = select(digest_articles.c.article).where(digest_articles.c.digest == digest)
        await self._begin(articles.c.id.in_(cited))

    async def _begin(self, which: ColumnElement[bool]) -> None:
        # Asked first, since most are looked at already: then nothing is written, and nobody waits for anybody.
        known = select(page_looks.c.article).where(page_looks.c.article == articles.c.id).exists()
        fresh = await self._sql.rows(
            select(articles.c.id, articles.c.owner)
            .where(which, ~known, articles.c.withdrawn.is_(None), articles.c.url != "")
            .order_by(articles.c.id)
        )
        if not fresh:
            return
        now = await self._sql.now()
        rows = [{"article": row.id, "since": now, "missing_looks": 0} for row in fresh]
        await self._sql.insert_missing(page_looks, rows)
        owned: defaultdict[Viewer, list[int]] = defaultdict(list)
        for row in fresh:
            owned[owner_of(row.owner)].append(row.id)
        for owner, ids in owned.items():
            await SqlTasks(self._sql).put(Stage.LOOK, ids, owner, due=now + RHYTHM[0])

    async def get(self, article: ArticleId) -> PageLook | None:
        row = await self._sql.row(select(page_looks).where(page_looks.c.article == article))
        if row is None:
            return None
        since: datetime | None = row.missing_since
        return PageLook(
            since=row.since,
            posted=await self._posted(article),
            validators=Validators(etag=row.etag, last_modified=row.last_modified, body_hash=row.body_hash),
            missing=None if since is None else Missing(since=since, looks=row.missing_looks),
        )

    async def _posted(self, article: ArticleId) -> datetime | None:
        shown = (
            delivery_parts.c.delivery == deliveries.c.id,
            delivery_parts.c.message.is_not(None),
            delivery_parts.c.refused.is_(None),
        )
        there = select(literal(1)).where(*shown).exists()
        last = select(func.max(func.coalesce(deliveries.c.finished_at, deliveries.c.queued_at))).where(there)
        digests = select(digest_articles.c.digest).where(digest_articles.c.article == article)
        quoting = select(delivery_quotes.c.delivery).where(delivery_quotes.c.article == article)
        found = [
            await self._sql.connection.scalar(last.where(deliveries.c.digest.in_(digests))),
            await self._sql.connection.scalar(last.where(deliveries.c.id.in_(quoting))),
        ]
        return max((moment for moment in found if moment is not None), default=None)

    async def note(self, article: ArticleId, *, validators: Validators, missing: Missing | None) -> None:
        await self._sql.execute(
            update(page_looks)
            .where(page_looks.c.article == article)
            .values(
                looked_at=self._sql.clock,
                etag=validators.etag,
                last_modified=validators.last_modified,
                body_hash=validators.body_hash,
                missing_since=None if missing is None else missing.since,
                missing_looks=0 if missing is None else missing.looks,
            )
        )

    async def neighbours(self, article: ArticleId) -> Neighbours:
        outlet = select(articles.c.outlet_name).where(articles.c.id == article).scalar_subquery()
        missing = func.sum(case((page_looks.c.missing_since.is_not(None), 1), else_=0))
        row = await self._sql.row(
            select(func.count().label("all"), missing.label("missing"))
            .select_from(page_looks)
            .join(articles, articles.c.id == page_looks.c.article)
            .where(
                articles.c.outlet_name == outlet, page_looks.c.looked_at.is_not(None), page_looks.c.article != article
            )
        )
        assert row is not None
        gone = int(row.missing or 0)
        return Neighbours(there=row.all - gone, missing=gone)

    async def end(self, article: ArticleId) -> None:
        await self._sql.execute(delete(page_looks).where(page_looks.c.article == article))
