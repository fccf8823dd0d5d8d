"""What is too old, and what a community owned: found in order of their keys, and removed by them.

Every table is named here once (a test holds that): under which rule its rows go, or why they stay. `OWNED` says which
rows of which table are a community's, by a column or by the row they hang on; what refers to others goes first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, literal, or_, select, tuple_, update
from sqlalchemy.orm import aliased

from adapters.storage.schema import (
    alerts,
    analyses,
    article_feeds,
    article_keys,
    article_vectors,
    articles,
    changes,
    choices,
    communities,
    community_settings,
    corrections,
    deliveries,
    delivery_parts,
    delivery_quotes,
    destinations,
    digest_articles,
    digest_stories,
    digests,
    draft_approvals,
    draft_edits,
    drafts,
    feed_bygones,
    feedback,
    feeds,
    metadata,
    page_looks,
    posting_stops,
    reminders,
    review_drafts,
    review_entries,
    reviews,
    revisions,
    roles,
    schedules,
    stories,
    story_articles,
    story_private_changes,
    tasks,
    told_moves,
    tracked_items,
    watches,
)
from adapters.storage.sql import Sql
from bot.app.ports import Key
from bot.core.article import BodySource
from bot.core.community import CommunityId
from bot.core.retention import Old

Condition = ColumnElement[bool]


# --- what is old --------------------------------------------------------------------------------------------


def _told(story: ColumnElement[Any]) -> Condition:
    """Whether anybody was told of that story, or an editor was asked about it."""
    return or_(
        exists(select(literal(1)).where(digest_stories.c.story == story, digest_stories.c.version.is_not(None))),
        exists(select(literal(1)).where(alerts.c.story == story, alerts.c.told_at.is_not(None))),
        exists(select(literal(1)).where(drafts.c.story == story)),
    )


def _texts(before: datetime) -> Condition:
    evidence = exists(
        select(literal(1)).where(story_articles.c.article == articles.c.id, _told(story_articles.c.story))
    )
    return and_(
        articles.c.first_seen < before,
        articles.c.published < before,
        articles.c.body_source != BodySource.PURGED,
        ~evidence,
    )


def _analyses(before: datetime) -> Condition:
    overtaken = exists(
        select(literal(1)).where(
            stories.c.id == analyses.c.story, stories.c.last_updated < before, stories.c.version > analyses.c.version
        )
    )
    told = exists(
        select(literal(1)).where(
            digest_stories.c.story == analyses.c.story, digest_stories.c.version == analyses.c.version
        )
    )
    drafted = exists(
        select(literal(1)).where(drafts.c.story == analyses.c.story, drafts.c.version == analyses.c.version)
    )
    return and_(overtaken, ~told, ~drafted)


def _alerts(before: datetime) -> Condition:
    ended = exists(select(literal(1)).where(stories.c.id == alerts.c.story, stories.c.last_updated < before))
    return and_(alerts.c.due.is_(None), or_(alerts.c.told_at.is_(None), alerts.c.told_at < before), ended)


def _digests(before: datetime) -> Condition:
    """Not the latest of its schedule, from which the next goes on, and none whose messages are still known."""
    later = aliased(digests)
    return and_(
        digests.c.slot < before,
        exists(select(literal(1)).where(later.c.schedule == digests.c.schedule, later.c.slot > digests.c.slot)),
        ~exists(select(literal(1)).where(deliveries.c.digest == digests.c.id)),
    )


def _drafts(before: datetime) -> Condition:
    waited_for = exists(select(literal(1)).where(review_drafts.c.draft == drafts.c.id))
    return and_(drafts.c.opened_at < before, ~waited_for)


RULES: Mapping[Old, tuple[Table, Callable[[datetime], Condition]]] = {
    Old.TEXTS: (articles, _texts),
    Old.ANALYSES: (analyses, _analyses),
    Old.DELIVERIES: (deliveries, lambda before: deliveries.c.finished_at < before),
    Old.ALERTS: (alerts, _alerts),
    Old.REMINDERS: (reminders, lambda before: reminders.c.day < before.date()),
    Old.DIGESTS: (digests, _digests),
    Old.DRAFTS: (drafts, _drafts),
    Old.ENTRIES: (review_entries, lambda before: review_entries.c.at < before),
    Old.CORRECTIONS: (corrections, lambda before: corrections.c.at < before),
    Old.CHANGES: (changes, lambda before: changes.c.at < before),
    Old.STOPS: (posting_stops, lambda before: posting_stops.c.lifted_at < before),
}

GO_ALONG = {
    *("revisions", "article_vectors"),  # with the texts of their articles
    *("delivery_parts", "delivery_quotes"),  # with their deliveries
    *("digest_stories", "digest_articles", "reviews", "review_drafts"),  # with their digests
    *("draft_edits", "draft_approvals"),  # with their drafts
}

STAY: Mapping[str, str] = {
    "article_keys": "identities: an old entry must not come back as new",
    "article_feeds": "which feeds an article was seen in, for the same reason",
    "feed_bygones": "what was too old before, for the same reason; bounded for each feed",
    "feeds": "articles name their feed; an address that was removed is forgotten at once",
    "stories": "what was told of names them, and a few numbers each",
    "story_private_changes": "with their stories",
    "story_articles": "with their stories",
    "tracked_items": "what stories wait for, with the sentence that says so",
    "told_moves": "told once ever",
    "feedback": "what a community taught us",
    "communities": "until they leave",
    "roles": "until they leave, or the member purges",
    "community_settings": "until they leave",
    "choices": "until they leave",
    "destinations": "until they leave",
    "schedules": "digests name them",
    "watches": "until they are removed",
    "page_looks": "a week after something was posted from them",
    "tasks": "removed when done; what was set aside waits for a person",
    "leases": "a few",
    "tallies": "a few sums",
    "budgets": "a moment for each rate limit",
    "marks": "a few: what a platform was last told or heard of",
    "processes": "removed when they end, or by those that are left",
    "installations": "until the app is removed there",
    "install_states": "a few minutes",
    "heard": "a day",
}


# --- what a community owns ----------------------------------------------------------------------------------


def _among(column: ColumnElement[Any], table: Table, owner: Condition) -> Condition:
    return column.in_(select(table.c.id).where(owner))


def _of_stories(community: str) -> Condition:
    return stories.c.owner == community


def _posted_by(community: str) -> Condition:
    """Deliveries are found by their places, which are of the same community: an index leads to them."""
    return _among(deliveries.c.destination, destinations, destinations.c.community == community)


OWNED: Mapping[str, Callable[[str], Condition]] = {
    # By a column of their own.
    **{
        table.name: lambda community, table=table: table.c.community == community  # type: ignore[misc]
        for table in (
            *(roles, community_settings, changes, choices, destinations, schedules, digests, feedback),
            *(drafts, reviews, review_entries, watches, corrections),
        )
    },
    **{
        table.name: lambda community, table=table: table.c.owner == community  # type: ignore[misc]
        for table in (*(tasks, feeds, articles, article_keys, stories, story_private_changes, analyses, tracked_items),)
    },
    # By what they hang on.
    "deliveries": _posted_by,
    "feed_bygones": lambda community: _among(feed_bygones.c.feed, feeds, feeds.c.owner == community),
    "article_feeds": lambda community: _among(article_feeds.c.article, articles, articles.c.owner == community),
    "article_vectors": lambda community: _among(article_vectors.c.article, articles, articles.c.owner == community),
    "page_looks": lambda community: _among(page_looks.c.article, articles, articles.c.owner == community),
    "revisions": lambda community: _among(revisions.c.article, articles, articles.c.owner == community),
    "story_articles": lambda community: or_(
        _among(story_articles.c.article, articles, articles.c.owner == community),
        _among(story_articles.c.story, stories, _of_stories(community)),
    ),
    "digest_stories": lambda community: _among(digest_stories.c.digest, digests, digests.c.community == community),
    "digest_articles": lambda community: _among(digest_articles.c.digest, digests, digests.c.community == community),
    "delivery_quotes": lambda community: _among(delivery_quotes.c.delivery, deliveries, _posted_by(community)),
    "delivery_parts": lambda community: _among(delivery_parts.c.delivery, deliveries, _posted_by(community)),
    "draft_edits": lambda community: _among(draft_edits.c.draft, drafts, drafts.c.community == community),
    "draft_approvals": lambda community: _among(draft_approvals.c.draft, drafts, drafts.c.community == community),
    "review_drafts": lambda community: _among(review_drafts.c.draft, drafts, drafts.c.community == community),
    "alerts": lambda community: _among(alerts.c.watch, watches, watches.c.community == community),
    "reminders": lambda community: _among(reminders.c.watch, watches, watches.c.community == community),
    "told_moves": lambda community: _among(
        told_moves.c.destination, destinations, destinations.c.community == community
    ),
    "communities": lambda community: communities.c.id == community,
}

NOBODYS: Mapping[str, str] = {
    "leases": "of the installation",
    "tallies": "of the installation",
    "budgets": "rate limits, by a platform's own keys",
    "marks": "of the installation",
    "processes": "of the installation",
    "posting_stops": "the operator's own record",
    "installations": "removed with its tokens the moment the app is, by the platform's adapter",
    "install_states": "of the operator's installing",
    "heard": "keys of a platform's events, for a day",
}

ORDER = [table for table in reversed(metadata.sorted_tables) if table.name in OWNED]
"""What refers to others before what it refers to."""


class SqlPurging:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def due(self, old: Old, before: datetime, *, after: Key, limit: int) -> Sequence[Key]:
        table, condition = RULES[old]
        keys = list(table.primary_key.columns)
        statement = select(*keys).where(condition(before)).order_by(*keys).limit(limit)
        if after:
            reached = [literal(value, key.type) for key, value in zip(keys, after, strict=True)]
            statement = statement.where(tuple_(*keys) > tuple_(*reached))
        return [tuple(row) for row in await self._sql.rows(statement)]

    async def count(self, old: Old, before: datetime) -> int:
        table, condition = RULES[old]
        return await self._sql.connection.scalar(select(func.count()).select_from(table).where(condition(before))) or 0

    async def remove(self, old: Old, before: datetime, keys: Sequence[Key]) -> int:
        table, condition = RULES[old]
        if old is Old.TEXTS:
            return await self._empty(before, [key[0] for key in keys])
        gone = await self._sql.execute(delete(table).where(_keyed(table, keys), condition(before)))
        return gone.rowcount

    async def _empty(self, before: datetime, ids: Collection[int]) -> int:
        rows = await self._sql.rows(
            update(articles)
            .where(articles.c.id.in_(ids), _texts(before))
            .values(summary="", content="", authors=[], reasons=[], body_source=BodySource.PURGED)
            .returning(articles.c.id)
        )
        emptied = [row.id for row in rows]
        for table in (revisions, article_vectors):
            await self._sql.execute(delete(table).where(table.c.article.in_(emptied)))
        return len(emptied)

    async def owned(
        self, community: CommunityId, *, start: str | None, limit: Callable[[str], int]
    ) -> tuple[str, Sequence[Key]] | None:
        names = [table.name for table in ORDER]
        for table in ORDER[0 if start is None else names.index(start) :]:
            keys = list(table.primary_key.columns)
            statement = select(*keys).where(OWNED[table.name](community)).order_by(*keys).limit(limit(table.name))
            if rows := await self._sql.rows(statement):
                return table.name, [tuple(row) for row in rows]
        return None

    async def remove_owned(self, community: CommunityId, table: str, keys: Sequence[Key]) -> int:
        of = metadata.tables[table]
        if of is stories:  # they name each other
            for column in (stories.c.follows, stories.c.merged_into):
                mine = [key[0] for key in keys]
                await self._sql.execute(update(stories).where(column.in_(mine)).values({column: None}))
        gone = await self._sql.execute(delete(of).where(_keyed(of, keys), OWNED[table](community)))
        return gone.rowcount


def _keyed(table: Table, keys: Sequence[Key]) -> Condition:
    columns = list(table.primary_key.columns)
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return tuple_(*columns).in_(keys)
