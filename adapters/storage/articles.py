"""Articles, their identities, revisions, scores and vectors.

Several processes may meet one article at the same time, through two feeds that carry it. The keys decide: they are
unique an owner, and whoever finds one taken, even by a transaction that has just committed, gets the article that is
there instead of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, literal, select, update

from adapters.storage.feeds import outlet_of, outlet_values
from adapters.storage.owners import owned, owner_of, owner_value, visible
from adapters.storage.preferences import shown
from adapters.storage.schema import (
    article_feeds,
    article_keys,
    article_vectors,
    articles,
    feeds,
    revisions,
    story_articles,
)
from adapters.storage.search import candidates, ranked, terms_of
from adapters.storage.sql import Sql, chunks, missing
from adapters.storage.types import storable
from bot.app.ports import Vector
from bot.core.article import Article, ArticleId, BodySource, NewArticle, Revision
from bot.core.community import Viewer
from bot.core.feed import FeedId
from bot.core.opt_out import OptOut
from bot.core.story import StoryId


class SqlArticles:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def by_keys(self, owner: Viewer, keys: Collection[str]) -> Mapping[str, Article]:
        asked = {storable(key): key for key in keys}
        found: dict[str, ArticleId] = {}
        for chunk in chunks(sorted(asked)):
            statement = select(article_keys.c.key, article_keys.c.article).where(
                owned(article_keys.c.owner, owner), article_keys.c.key.in_(chunk)
            )
            found.update({asked[row.key]: ArticleId(row.article) for row in await self._sql.rows(statement)})
        by_id = {article.id: article for article in await self.get(owner, set(found.values()))}
        return {key: by_id[article] for key, article in found.items()}

    async def add(self, article: NewArticle) -> ArticleId:
        (added,) = await self.add_many([article])
        return added

    async def add_many(self, new: Sequence[NewArticle]) -> Sequence[ArticleId]:
        if not new:
            return []
        added = [ArticleId(number) for number in await self._sql.insert_numbered(articles, list(map(_values, new)))]
        lost = await self._claim_keys(new, added)
        if lost:
            await self._sql.execute(delete(articles).where(articles.c.id.in_(lost)))
            added = [lost.get(article, article) for article in added]
        links = {(article, entry.feed) for article, entry in zip(added, new, strict=True)}
        await self._sql.insert_missing(
            article_feeds, [{"article": article, "feed": feed} for article, feed in sorted(links)]
        )
        return added

    async def _claim_keys(self, new: Sequence[NewArticle], added: Sequence[ArticleId]) -> Mapping[ArticleId, ArticleId]:
        """Enter the keys of fresh rows; the rows that lost one to an earlier article, each with that article."""
        wanted = [
            {"owner": owner_value(entry.owner), "key": storable(key), "article": article}
            for article, entry in zip(added, new, strict=True)
            for key in entry.keys
        ]
        # In order, so that two processes with the same entries cannot wait for each other.
        wanted.sort(key=lambda row: (str(row["owner"]), str(row["key"]), row["article"]))
        if not wanted:
            return {}
        if await self._sql.insert_missing(article_keys, wanted) == len(wanted):  # asyncpg does not count: we look
            return {}
        holders: dict[tuple[str, str], ArticleId] = {}
        for owner in {str(row["owner"]) for row in wanted}:
            for chunk in chunks([row["key"] for row in wanted if row["owner"] == owner]):
                statement = select(article_keys.c.key, article_keys.c.article).where(
                    article_keys.c.owner == owner, article_keys.c.key.in_(chunk)
                )
                for row in await self._sql.rows(statement):
                    holders[owner, row.key] = ArticleId(row.article)
        lost: dict[ArticleId, ArticleId] = {}
        for article, entry in zip(added, new, strict=True):
            for key in entry.keys:
                holder = holders[owner_value(entry.owner), storable(key)]
                if holder != article:
                    lost[article] = lost.get(holder, holder)
                    break
        return lost

    async def seen_in(self, owner: Viewer, article: ArticleId, feed: FeedId, keys: Collection[str]) -> None:
        own = await self._own(owner, article, articles.c.identities)
        carries = select(literal(article), feeds.c.id).where(feeds.c.id == feed, owned(feeds.c.owner, owner))
        await self._sql.execute(
            self._sql.insert(article_feeds).from_select(["article", "feed"], carries).on_conflict_do_nothing()
        )
        known = set(own.identities)
        learnt = [key for key in dict.fromkeys(map(storable, keys)) if key not in known]
        if not learnt:
            return
        # A key that another article has stays with it: the first one wins.
        taken = await self._sql.execute(
            self._sql.insert(article_keys)
            .values([{"owner": owner_value(owner), "key": key, "article": article} for key in sorted(learnt)])
            .on_conflict_do_nothing()
            .returning(article_keys.c.key)
        )
        mine = {row.key for row in taken}
        await self._sql.execute(
            update(articles)
            .where(articles.c.id == article)
            .values(identities=[*own.identities, *(key for key in learnt if key in mine)])
        )

    async def revise(
        self, owner: Viewer, article: ArticleId, *, title: str, summary: str, content: str, at: datetime
    ) -> int:
        columns = articles.c
        own = await self._own(
            owner,
            article,
            columns.revision,
            columns.title,
            columns.summary,
            columns.content,
            func.coalesce(columns.updated, columns.first_seen).label("seen"),
        )
        await self._sql.execute(
            insert(revisions).values(
                article=article,
                revision=own.revision,
                title=own.title,
                summary=own.summary,
                content=own.content,
                seen=own.seen,
            )
        )
        await self._sql.execute(
            update(articles)
            .where(columns.id == article)
            .values(
                revision=own.revision + 1,
                title=title,
                summary=summary,
                content=content,
                body_source=_source_of(content),
                set_aside=None,  # that was said of the text before
                updated=at,
            )
        )
        return int(own.revision) + 1

    async def revisions(self, viewer: Viewer, article: ArticleId) -> Sequence[Revision]:
        statement = (
            select(revisions)
            .join(articles, articles.c.id == revisions.c.article)
            .where(articles.c.id == article, visible(articles.c.owner, viewer))
            .order_by(revisions.c.revision)
        )
        return [
            Revision(
                article=ArticleId(row.article),
                revision=row.revision,
                title=row.title,
                summary=row.summary,
                content=row.content,
                seen=row.seen,
            )
            for row in await self._sql.rows(statement)
        ]

    async def withdraw(self, owner: Viewer, article: ArticleId, reason: str, at: datetime) -> None:
        await self._change(owner, article, withdrawn=reason, updated=at)

    async def get(self, viewer: Viewer, articles_: Collection[ArticleId]) -> Sequence[Article]:
        found: list[Article] = []
        for chunk in chunks(sorted(set(articles_))):
            statement = (
                select(articles)
                .where(articles.c.id.in_(chunk), visible(articles.c.owner, viewer))
                .order_by(articles.c.id)  # so that both databases answer the same
            )
            found.extend(article_of(row, self._sql.opt_out) for row in await self._sql.rows(statement))
        return found

    async def set_body(self, owner: Viewer, article: ArticleId, text: str, source: BodySource) -> None:
        await self._change(owner, article, content=text, body_source=source)

    async def set_score(
        self,
        owner: Viewer,
        article: ArticleId,
        *,
        relevance: float,
        mentions_ai: bool,
        reasons: Sequence[str],
        vector: Vector | None,
    ) -> None:
        await self._change(
            owner, article, relevance=relevance, mentions_ai=mentions_ai, reasons=list(reasons), set_aside=None
        )
        if vector is None:
            await self._sql.execute(delete(article_vectors).where(article_vectors.c.article == article))
            return
        upsert = self._sql.insert(article_vectors).values(article=article, vector=vector)
        await self._sql.execute(
            upsert.on_conflict_do_update(
                index_elements=[article_vectors.c.article], set_={"vector": upsert.excluded.vector}
            )
        )

    async def set_reserved(self, owner: Viewer, article: ArticleId, reason: str) -> None:
        await self._change(owner, article, reserved=reason)

    async def set_aside(self, owner: Viewer, article: ArticleId, reason: str) -> None:
        await self._change(owner, article, set_aside=reason)

    async def reasons(self, viewer: Viewer, article: ArticleId) -> Sequence[str]:
        row = await self._sql.row(
            select(articles.c.reasons).where(articles.c.id == article, visible(articles.c.owner, viewer))
        )
        return [] if row is None else list(row.reasons)

    async def vectors(self, viewer: Viewer, articles_: Collection[ArticleId]) -> Mapping[ArticleId, Vector]:
        found: dict[ArticleId, Vector] = {}
        for chunk in chunks(sorted(set(articles_))):
            statement = (
                select(article_vectors)
                .join(articles, articles.c.id == article_vectors.c.article)
                .where(article_vectors.c.article.in_(chunk), visible(articles.c.owner, viewer))
            )
            found.update({ArticleId(row.article): row.vector for row in await self._sql.rows(statement)})
        return found

    async def search(
        self, viewer: Viewer, words: str, *, limit: int, since: datetime | None = None, outlet: str | None = None
    ) -> Sequence[Article]:
        terms = terms_of(words)
        if not terms:
            return []
        wanted = await shown(self._sql, viewer)
        rows = await self._sql.rows(candidates(self._sql.connection.dialect.name, terms, wanted, since, outlet))
        best = ranked(rows, terms)[:limit]
        found = {article.id: article for article in await self.get(viewer, best)}
        return [found[article] for article in best]

    async def mentions(
        self, viewer: Viewer, words: str, since: datetime, *, limit: int
    ) -> Sequence[tuple[datetime, StoryId | None]]:
        terms = terms_of(words)
        if not terms:
            return []
        found = candidates(self._sql.connection.dialect.name, terms, await shown(self._sql, viewer), since)
        matching = found.limit(limit).subquery()
        rows = await self._sql.rows(
            select(matching.c.published, story_articles.c.story).outerjoin(
                story_articles, story_articles.c.article == matching.c.id
            )
        )
        return [(row.published, None if row.story is None else StoryId(row.story)) for row in rows]

    async def outlets(self, viewer: Viewer, since: datetime) -> Sequence[str]:
        name = articles.c.outlet_name
        statement = select(name).distinct().where(articles.c.published >= since, visible(articles.c.owner, viewer))
        return sorted(row.outlet_name for row in await self._sql.rows(statement))

    async def count(self, viewer: Viewer) -> int:
        statement = select(func.count()).select_from(articles).where(visible(articles.c.owner, viewer))
        return await self._sql.connection.scalar(statement) or 0

    async def _own(self, owner: Viewer, article: ArticleId, *columns: Any) -> Row[Any]:
        """Those columns of an article of that owner, locked until the transaction ends."""
        statement: Select[Any] = (
            select(*columns).where(articles.c.id == article, owned(articles.c.owner, owner)).with_for_update()
        )
        row = await self._sql.row(statement)
        if row is None:
            raise missing("article", article)
        return row

    async def _change(self, owner: Viewer, article: ArticleId, **values: Any) -> None:
        statement = update(articles).where(articles.c.id == article, owned(articles.c.owner, owner)).values(values)
        if not (await self._sql.execute(statement)).rowcount:
            raise missing("article", article)


def _source_of(content: str) -> BodySource:
    return BodySource.FEED if content else BodySource.TEASER


def _values(article: NewArticle) -> Mapping[str, Any]:
    return {
        "owner": owner_value(article.owner),
        "feed": article.feed,
        "published": article.published,
        "dated": article.dated,
        "first_seen": article.first_seen,
        "revision": 1,
        "body_source": _source_of(article.content),
        "mentions_ai": False,
        "reserved": article.reserved,
        "language": article.language,
        **outlet_values(article.outlet),
        "identities": [storable(key) for key in article.keys],
        "url": article.url,
        "title": article.title,
        "authors": [storable(author) for author in article.authors],
        "reasons": [],
        "summary": article.summary,
        "content": article.content,
    }


def article_of(row: Row[Any], opt_out: OptOut) -> Article:
    return Article(
        id=ArticleId(row.id),
        owner=owner_of(row.owner),
        feed=FeedId(row.feed),
        keys=tuple(row.identities),
        url=row.url,
        outlet=outlet_of(row),
        title=row.title,
        summary=row.summary,
        content=row.content,
        published=row.published,
        dated=row.dated,
        first_seen=row.first_seen,
        language=row.language,
        authors=tuple(row.authors),
        revision=row.revision,
        updated=row.updated,
        withdrawn=row.withdrawn,
        body_source=BodySource(row.body_source),
        relevance=row.relevance,
        mentions_ai=row.mentions_ai,
        set_aside=row.set_aside,
        reserved=row.reserved if row.reserved is not None else opt_out.reason(row.url),
    )
