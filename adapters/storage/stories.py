"""Stories as each viewer sees them.

**What private articles do.** A private article may join a common story, but nobody else may notice: not by an article,
and not by a version that moves for no visible reason (it would be told again as an update). So a story has a common
version, moved by common articles, and for each community a count of its own private changes; a viewer's version is
their sum, and so is always higher after a change than before it.

**Merges.** `merged_into` always leads to a story that was not merged itself. The kept story's version rises above the
absorbed one's, so that "told up to version 5" stays comparable whichever of the two was told.

**What a viewer chose away** (a desk, a feed, an outlet) is in none of its coverages, and a story of nothing else is not
told to it (`preferences.py`). Joining sees everything: whose eyes are shut changes no story.

**What is no evidence.** Withdrawn articles and those set aside stay in the story's rows, so that its history can be
told, but are in no coverage: nothing may be cited from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, insert, literal, or_, select, true, update

from adapters.storage.articles import article_of
from adapters.storage.owners import owned, owner_of, owner_value, visible
from adapters.storage.preferences import shown
from adapters.storage.schema import articles, stories, story_articles, story_private_changes
from adapters.storage.sql import Sql, chunks, missing
from adapters.storage.types import Instant
from bot.core.article import ArticleId
from bot.core.community import COMMON, Viewer
from bot.core.story import Coverage, Member, Story, StoryId

SKEW = timedelta(days=1)
"""How far the clocks of feeds, of those who read them and of the database may be apart."""

_STANDS = and_(articles.c.withdrawn.is_(None), articles.c.set_aside.is_(None))


class SqlStories:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    # --- changes ---

    async def found(
        self,
        owner: Viewer,
        article: ArticleId,
        *,
        relevance: float,
        relevant: bool,
        at: datetime,
        follows: StoryId | None = None,
    ) -> StoryId:
        await self._own_article(owner, article)
        if follows is not None and owner_of((before := await self._story(follows)).owner) not in (COMMON, owner):
            raise ValueError(f"the story of article {article} may not follow story {before.id}: that is another's")
        row = await self._sql.row(
            insert(stories)
            .values(
                owner=owner_value(owner),
                version=1,
                relevance=relevance,
                relevant=relevant,
                first_seen=at,
                last_updated=at,
                follows=follows,
            )
            .returning(stories.c.id)
        )
        assert row is not None
        await self._place(owner, article, StoryId(row.id), copy_of=None, at=at, bump=False)
        return StoryId(row.id)

    async def attach(
        self, owner: Viewer, story: StoryId, article: ArticleId, *, copy_of: ArticleId | None, at: datetime
    ) -> None:
        await self._own_article(owner, article)
        kept = await self._story(story)
        story_owner = owner_of(kept.owner)
        if story_owner != owner and story_owner is not COMMON:
            raise ValueError(f"article {article} may not join story {kept.id}: the story is another's")
        await self._place(owner, article, StoryId(kept.id), copy_of=copy_of, at=at, bump=True)

    async def merge(self, kept: StoryId, absorbed: StoryId, at: datetime) -> None:
        into, out_of = await self._story(kept), await self._story(absorbed)
        if into.id == out_of.id:
            return
        if into.owner != out_of.owner and into.owner != "":
            raise ValueError(f"story {out_of.id} may not be merged into story {into.id}: the kept one is private")
        await self._sql.execute(update(story_articles).where(story_articles.c.story == out_of.id).values(story=into.id))
        if into.owner == out_of.owner:
            await self._sql.execute(
                update(stories)
                .where(stories.c.id == into.id)
                .values(
                    version=max(into.version, out_of.version) + 1,
                    first_seen=min(into.first_seen, out_of.first_seen),
                    last_updated=max(at, into.last_updated),
                )
            )
            counted = select(story_private_changes).where(story_private_changes.c.story == out_of.id)
            for row in await self._sql.rows(counted):
                await self._count_private(StoryId(into.id), row.owner, row.changes, row.last_updated)
        else:
            seen_before = await self._private_changes(StoryId(into.id), out_of.owner)
            rise = max(out_of.version - into.version - seen_before, 0) + 1
            await self._count_private(StoryId(into.id), out_of.owner, rise, at)
        await self._sql.execute(
            update(stories)
            .where(or_(stories.c.id == out_of.id, stories.c.merged_into == out_of.id))
            .values(merged_into=into.id)
        )

    async def decide(self, story: StoryId, *, relevance: float, relevant: bool) -> bool:
        kept = await self._story(story)
        await self._sql.execute(
            update(stories).where(stories.c.id == kept.id).values(relevance=relevance, relevant=relevant)
        )
        return bool(kept.relevant) != relevant

    async def touch(self, owner: Viewer, article: ArticleId, at: datetime) -> StoryId | None:
        await self._own_article(owner, article)
        row = await self._sql.row(select(story_articles.c.story).where(story_articles.c.article == article))
        if row is None:
            return None
        await self._bump(StoryId(row.story), owner, at)
        return StoryId(row.story)

    # --- reading ---

    async def get(self, viewer: Viewer, story: StoryId) -> Coverage | None:
        return await self._one(story, viewer)

    async def whole(self, story: StoryId) -> Coverage | None:
        return await self._one(story, everything=True)

    async def of_article(self, viewer: Viewer, article: ArticleId) -> StoryId | None:
        row = await self._sql.row(
            select(story_articles.c.story)
            .join(articles, articles.c.id == story_articles.c.article)
            .where(articles.c.id == article, visible(articles.c.owner, viewer))
        )
        return None if row is None else StoryId(row.story)

    async def of_articles(self, viewer: Viewer, articles_: Collection[ArticleId]) -> Mapping[ArticleId, StoryId]:
        found: dict[ArticleId, StoryId] = {}
        for chunk in chunks(sorted(set(articles_))):
            statement = (
                select(story_articles.c.article, story_articles.c.story)
                .join(articles, articles.c.id == story_articles.c.article)
                .where(articles.c.id.in_(chunk), visible(articles.c.owner, viewer))
            )
            found.update({ArticleId(row.article): StoryId(row.story) for row in await self._sql.rows(statement)})
        return found

    async def titles(self, viewer: Viewer, since: datetime) -> Sequence[tuple[StoryId, str]]:
        changed = select(stories.c.id, stories.c.last_updated).where(
            stories.c.last_updated >= since, stories.c.relevant, visible(stories.c.owner, viewer)
        )
        seen = await shown(self._sql, viewer)
        moments = {row.id: row.last_updated for row in await self._sql.rows(changed)}
        found: list[Row[Any]] = []
        for chunk in chunks(sorted(moments)):  # in two steps, as `_coverage`: SQLite would begin with all articles
            statement = (
                select(story_articles.c.story, articles.c.id, articles.c.title, articles.c.published)
                .join(articles, articles.c.id == story_articles.c.article)
                .where(story_articles.c.story.in_(chunk), seen, _STANDS)
            )
            found += await self._sql.rows(statement)
        found.sort(key=lambda row: (row.published, row.id))
        found.sort(key=lambda row: (moments[row.story], row.story), reverse=True)  # which keeps that order within one
        return [(StoryId(row.story), row.title) for row in found]

    async def window(self, since: datetime) -> Sequence[Coverage]:
        return await self._coverage(await self._with_articles(articles.c.published >= since), everything=True)

    async def published(
        self,
        viewer: Viewer,
        since: datetime,
        until: datetime,
        *,
        least: float | None = None,
        also: Collection[StoryId] = (),
    ) -> Sequence[Coverage]:
        # Few stories are about AI and work, and of most articles it takes a look at their story to know. So the stories
        # are asked first, which change when an article of theirs is taken in: that is never before it was published.
        changed = await self._changed(viewer, since - SKEW, _admissible(least, also))
        in_time = and_(
            articles.c.published >= since, articles.c.published < until, await shown(self._sql, viewer), _STANDS
        )
        found: list[StoryId] = []
        for chunk in chunks(sorted(changed)):
            statement = (
                select(story_articles.c.story)
                .distinct()
                .join(articles, articles.c.id == story_articles.c.article)
                .where(story_articles.c.story.in_(chunk), in_time)
            )
            found += [StoryId(row.story) for row in await self._sql.rows(statement)]
        return await self._coverage(found, viewer)

    async def around(self, viewer: Viewer, since: datetime, until: datetime) -> Sequence[Coverage]:
        in_time = and_(articles.c.published >= since, articles.c.published < until, visible(articles.c.owner, viewer))
        return await self._coverage(await self._with_articles(in_time), viewer)

    async def updated(
        self, viewer: Viewer, since: datetime, *, least: float | None = None, also: Collection[StoryId] = ()
    ) -> Sequence[Coverage]:
        return await self._coverage(await self._changed(viewer, since, _admissible(least, also)), viewer)

    # --- how ---

    async def _changed(self, viewer: Viewer, since: datetime, admissible: ColumnElement[bool]) -> Collection[StoryId]:
        """Those that changed for the viewer at `since` or later."""
        changed = select(stories.c.id).where(
            stories.c.last_updated >= since, admissible, visible(stories.c.owner, viewer)
        )
        ids = {StoryId(row.id) for row in await self._sql.rows(changed)}
        if viewer is not COMMON:
            privately = (
                select(stories.c.id)
                .join(story_private_changes, story_private_changes.c.story == stories.c.id)
                .where(
                    story_private_changes.c.owner == viewer,
                    story_private_changes.c.last_updated >= since,
                    admissible,
                )
            )
            ids |= {StoryId(row.id) for row in await self._sql.rows(privately)}
        return ids

    async def _own_article(self, owner: Viewer, article: ArticleId) -> None:
        statement = select(articles.c.id).where(articles.c.id == article, owned(articles.c.owner, owner))
        if await self._sql.row(statement) is None:
            raise missing("article", article)

    async def _story(self, story: StoryId) -> Row[Any]:
        """The story that id leads to, locked until the transaction ends."""
        lead = select(_kept_id()).where(stories.c.id == story).scalar_subquery()
        row = await self._sql.row(select(stories).where(stories.c.id == lead).with_for_update())
        if row is None:
            raise LookupError(f"no story {story}")
        return row

    async def _place(
        self, owner: Viewer, article: ArticleId, story: StoryId, *, copy_of: ArticleId | None, at: datetime, bump: bool
    ) -> None:
        before = await self._sql.row(select(story_articles).where(story_articles.c.article == article))
        if before is not None and (before.story, before.copy_of) == (story, copy_of):
            return
        values = {"story": story, "copy_of": copy_of}
        await self._sql.execute(
            self._sql.insert(story_articles)
            .values(article=article, **values)
            .on_conflict_do_update(index_elements=[story_articles.c.article], set_=values)
        )
        if bump:
            await self._bump(story, owner, at)
        if before is not None and before.story != story:
            await self._bump(StoryId(before.story), owner, at)

    async def _bump(self, story: StoryId, owner: Viewer, at: datetime) -> None:
        """Count a change made by an article of `owner`, where those who may see that article will see it."""
        changed = await self._sql.execute(
            update(stories)
            .where(stories.c.id == story, owned(stories.c.owner, owner))
            .values(version=stories.c.version + 1, last_updated=_later(stories.c.last_updated, at))
        )
        if not changed.rowcount:
            await self._count_private(story, owner_value(owner), 1, at)

    async def _count_private(self, story: StoryId, owner: str, changes: int, at: datetime) -> None:
        counted = story_private_changes.c
        upsert = self._sql.insert(story_private_changes).values(
            story=story, owner=owner, changes=changes, last_updated=at
        )
        await self._sql.execute(
            upsert.on_conflict_do_update(
                index_elements=[counted.story, counted.owner],
                set_={
                    "changes": counted.changes + upsert.excluded.changes,
                    "last_updated": _later(counted.last_updated, at),
                },
            )
        )

    async def _private_changes(self, story: StoryId, owner: str) -> int:
        statement = select(story_private_changes.c.changes).where(
            story_private_changes.c.story == story, story_private_changes.c.owner == owner
        )
        return await self._sql.connection.scalar(statement) or 0

    async def _with_articles(self, condition: ColumnElement[bool]) -> Collection[StoryId]:
        statement = (
            select(story_articles.c.story)
            .distinct()
            .select_from(articles)
            .join(story_articles, story_articles.c.article == articles.c.id)
            .join(stories, stories.c.id == story_articles.c.story)
            .where(condition, _STANDS)
        )
        return [StoryId(row.story) for row in await self._sql.rows(statement)]

    async def _one(self, story: StoryId, viewer: Viewer = COMMON, *, everything: bool = False) -> Coverage | None:
        row = await self._sql.row(select(_kept_id()).where(stories.c.id == story))
        if row is None:
            return None
        found = await self._coverage([StoryId(row.kept)], viewer, everything=everything)
        return found[0] if found else None

    async def _coverage(
        self, ids: Collection[StoryId], viewer: Viewer = COMMON, *, everything: bool = False
    ) -> Sequence[Coverage]:
        """Those of the stories of which the viewer (or the joiner, who sees everything) is shown an article, by id."""
        seen = true() if everything else await shown(self._sql, viewer)
        found: list[Coverage] = []
        for chunk in chunks(sorted(ids)):
            members: defaultdict[int, list[Member]] = defaultdict(list)
            of_stories = (
                select(articles, story_articles.c.story, story_articles.c.copy_of)
                .join(story_articles, story_articles.c.article == articles.c.id)
                .where(story_articles.c.story.in_(chunk), seen, _STANDS)
                .order_by(articles.c.published, articles.c.id)
            )
            for row in await self._sql.rows(of_stories):
                members[row.story].append(Member(article=article_of(row, self._sql.opt_out), copy_of=row.copy_of))
            for row in await self._sql.rows(_stories_seen_by(viewer).where(stories.c.id.in_(chunk))):
                story = _story(row)
                if members[story.id]:  # which a private story has for its owner only
                    found.append(Coverage(story=story, members=_without_hidden_copies(members[story.id])))
        return found


def _admissible(least: float | None, also: Collection[StoryId]) -> ColumnElement[bool]:
    either = [stories.c.relevant, stories.c.id.in_(also)]
    return or_(*either) if least is None else or_(*either, stories.c.relevance >= least)


def _kept_id() -> ColumnElement[Any]:
    return func.coalesce(stories.c.merged_into, stories.c.id).label("kept")


def _later(column: ColumnElement[Any], at: datetime) -> ColumnElement[Any]:
    return case((column > at, column), else_=literal(at, Instant))


def _stories_seen_by(viewer: Viewer) -> Any:
    private = story_private_changes
    return (
        select(
            stories,
            func.coalesce(private.c.changes, 0).label("private_changes"),
            private.c.last_updated.label("privately_updated"),
        )
        .outerjoin(private, and_(private.c.story == stories.c.id, private.c.owner == owner_value(viewer)))
        .order_by(stories.c.id)
    )


def _story(row: Row[Any]) -> Story:
    return Story(
        id=StoryId(row.id),
        owner=owner_of(row.owner),
        version=row.version + row.private_changes,
        relevance=row.relevance,
        relevant=row.relevant,
        first_seen=row.first_seen,
        last_updated=max(row.last_updated, row.privately_updated or row.last_updated),
        follows=None if row.follows is None else StoryId(row.follows),
    )


def _without_hidden_copies(members: Sequence[Member]) -> tuple[Member, ...]:
    """An article this viewer cannot see is not named as the one that was copied either."""
    seen = {member.article.id for member in members}
    return tuple(
        member if member.copy_of in seen else Member(article=member.article, copy_of=None) for member in members
    )
