"""What communities chose not to read, and the one place where that becomes a condition on articles.

`shown` is for whoever reads: coverages, digests, searches. The pipeline works as the owner of a row and is not to lose
an article because its owner does not want to see it just now, so `SqlArticles.get` and its like ask for ownership
alone.

The choices are few and are read first (a look-up by the table's key); with none, which is the usual case, the
condition is the ownership alone and costs nothing. With some, each article that a query meets costs one look-up in
`article_feeds` by its key, and one of each feed that carries it.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select

from adapters.storage.owners import visible
from adapters.storage.schema import article_feeds, articles, choices, feeds
from adapters.storage.sql import Sql, missing
from bot.core.choices import Choices
from bot.core.community import CommunityId, Viewer
from bot.core.feed import FeedId

DESK, FEED, OUTLET = "desk", "feed", "outlet"


class SqlPreferences:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def of(self, community: CommunityId) -> Choices:
        rows = await self._sql.rows(select(choices).where(choices.c.community == community))
        return Choices(
            desks_off=frozenset(row.name for row in rows if row.subject == DESK),
            feeds={FeedId(int(row.name)): row.wanted for row in rows if row.subject == FEED},
            hidden=frozenset(row.name for row in rows if row.subject == OUTLET),
        )

    async def switch_desk(self, community: CommunityId, desk: str, *, on: bool) -> None:
        await self._choose(community, DESK, desk, None if on else False)

    async def switch_feed(self, community: CommunityId, feed: FeedId, *, on: bool | None) -> None:
        seen = select(feeds.c.id).where(feeds.c.id == feed, visible(feeds.c.owner, community))
        if await self._sql.row(seen) is None:
            raise missing("feed", feed)
        await self._choose(community, FEED, str(feed), on)

    async def show_outlet(self, community: CommunityId, outlet: str, *, shown: bool) -> None:
        await self._choose(community, OUTLET, outlet, None if shown else False)

    async def _choose(self, community: CommunityId, subject: str, name: str, wanted: bool | None) -> None:
        key = {"community": community, "subject": subject, "name": name}
        if wanted is None:
            await self._sql.execute(delete(choices).where(*(choices.c[column] == key[column] for column in key)))
            return
        await self._sql.execute(
            self._sql.insert(choices)
            .values(**key, wanted=wanted)
            .on_conflict_do_update(index_elements=[choices.c[column] for column in key], set_={"wanted": wanted})
        )


async def shown(sql: Sql, viewer: Viewer) -> ColumnElement[bool]:
    """Rows of `articles` that are common or the viewer's own, and that the viewer did not choose away."""
    owned = visible(articles.c.owner, viewer)
    if viewer is None:
        return owned
    chosen = await SqlPreferences(sql).of(viewer)
    conditions = [owned]
    if chosen.hidden:
        conditions.append(articles.c.outlet_name.not_in(sorted(chosen.hidden)))
    if chosen.desks_off or not all(chosen.feeds.values()):
        carried = select(article_feeds.c.feed).where(article_feeds.c.article == articles.c.id).correlate(articles)
        conditions.append(exists(carried.join(feeds, feeds.c.id == article_feeds.c.feed).where(_on(chosen))))
    return and_(*conditions)


def _on(chosen: Choices) -> ColumnElement[bool]:
    """Whether a row of `feeds` is on, as `Choices.read` says."""
    on = sorted(feed for feed, wanted in chosen.feeds.items() if wanted)
    off = sorted(feed for feed, wanted in chosen.feeds.items() if not wanted)
    desk_on = or_(feeds.c.desk.is_(None), feeds.c.desk.not_in(sorted(chosen.desks_off)))
    return or_(feeds.c.id.in_(on), and_(desk_on, feeds.c.id.not_in(off)))
