"""Tracked items: owned as analyses are. An item of a merged story is the kept story's.

An item whose evidence no longer stands (withdrawn, set aside, reserved since, of an outlet that opted out) or is not
the viewer's to see is not shown; one that was settled by such an article is unsettled again. What `claim` says
identifies an item within story and owner, so that two who analyse at once add it once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, select, update

from adapters.storage.owners import owned, owner_of, owner_value, visible
from adapters.storage.preferences import shown
from adapters.storage.schema import articles, stories, tracked_items
from adapters.storage.sql import Sql, missing
from bot.core.article import ArticleId
from bot.core.community import Viewer
from bot.core.desk.tracking import NewTrackedItem, TrackedId, TrackedItem, WatchState
from bot.core.story import StoryId

_LEAD = func.coalesce(stories.c.merged_into, stories.c.id)
"""The story an item is of now."""


class SqlTracked:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def of(self, viewer: Viewer, story: StoryId) -> Sequence[TrackedItem]:
        asked = select(_LEAD).where(stories.c.id == story).scalar_subquery()
        return await self._standing(viewer, asked == _LEAD, visible(articles.c.owner, viewer))

    async def coming(self, viewer: Viewer, first: date, last: date) -> Sequence[TrackedItem]:
        kept = stories.alias("kept")
        told = select(kept.c.id).where(kept.c.relevant, kept.c.merged_into.is_(None)).scalar_subquery()
        found = await self._standing(
            viewer, tracked_items.c.due.between(first, last), _LEAD.in_(told), await shown(self._sql, viewer)
        )
        return sorted(found, key=lambda item: (item.due or last, item.id))

    async def _standing(self, viewer: Viewer, *conditions: ColumnElement[bool]) -> Sequence[TrackedItem]:
        item, resolver = tracked_items.c, articles.alias("resolver")
        rows = await self._sql.rows(
            select(
                tracked_items,
                _LEAD.label("lead"),
                articles.c.url,
                resolver.c.id.label("resolver"),
                resolver.c.url.label("resolver_url"),
            )
            .join(stories, stories.c.id == item.story)
            .join(articles, articles.c.id == item.article)
            .outerjoin(
                resolver,
                and_(
                    resolver.c.id == item.resolved_by,
                    resolver.c.withdrawn.is_(None),
                    resolver.c.set_aside.is_(None),
                    resolver.c.reserved.is_(None),
                    visible(resolver.c.owner, viewer),
                ),
            )
            .where(
                visible(item.owner, viewer),
                articles.c.withdrawn.is_(None),
                articles.c.set_aside.is_(None),
                articles.c.reserved.is_(None),
                *conditions,
            )
            .order_by(item.since, item.id)
        )
        opted_out = self._sql.opt_out.reason
        return [
            _item(row, resolved=row.resolver is not None and opted_out(row.resolver_url) is None)
            for row in rows
            if opted_out(row.url) is None
        ]

    async def add(self, owner: Viewer, items: Collection[NewTrackedItem]) -> None:
        for item in items:
            if item.owner != owner:
                raise ValueError(f"an item of story {item.story} is another's")
            await self._evidence(owner, item.article)
            await self._sql.execute(
                self._sql.insert(tracked_items)
                .values(
                    story=item.story,
                    owner=owner_value(owner),
                    identity=blake2b(item.claim.encode("utf-8", "replace"), digest_size=16).hexdigest(),
                    claim=item.claim,
                    article=item.article,
                    sentence=item.sentence,
                    due=item.due,
                    since=item.since,
                    heard=item.heard,
                    state=WatchState.OPEN,
                )
                .on_conflict_do_nothing()
            )

    async def change(self, owner: Viewer, item: TrackedItem) -> None:
        for article in (item.article, item.resolved_by):
            if article is not None:
                await self._evidence(owner, article)
        changed = await self._sql.execute(
            update(tracked_items)
            .where(tracked_items.c.id == item.id, owned(tracked_items.c.owner, owner))
            .values(
                claim=item.claim,
                article=item.article,
                sentence=item.sentence,
                due=item.due,
                heard=item.heard,
                state=item.state,
                resolved_by=item.resolved_by,
                resolution=item.resolution,
            )
        )
        if not changed.rowcount:
            raise missing("tracked item", item.id)

    async def remove(self, owner: Viewer, items: Collection[TrackedId]) -> None:
        gone = await self._sql.execute(
            delete(tracked_items).where(tracked_items.c.id.in_(items), owned(tracked_items.c.owner, owner))
        )
        if gone.rowcount != len(set(items)):
            raise missing("tracked item", sorted(items))

    async def _evidence(self, owner: Viewer, article: ArticleId) -> None:
        """Nothing may cite what its owner does not see."""
        seen = select(articles.c.id).where(articles.c.id == article, visible(articles.c.owner, owner))
        if await self._sql.row(seen) is None:
            raise missing("article", article)


def _item(row: Row[Any], *, resolved: bool) -> TrackedItem:
    state = WatchState(row.state)
    if state in (WatchState.HAPPENED, WatchState.SLIPPED) and not resolved:
        state = WatchState.OPEN
    return TrackedItem(
        id=TrackedId(row.id),
        story=StoryId(row.lead),
        owner=owner_of(row.owner),
        claim=row.claim,
        article=ArticleId(row.article),
        sentence=row.sentence,
        due=row.due,
        since=row.since,
        heard=row.heard,
        state=state,
        resolved_by=ArticleId(row.resolver) if resolved else None,
        resolution=row.resolution if resolved else None,
    )
