"""Feeds, and what was written down after visiting them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, Row, and_, bindparam, case, delete, exists, func, literal, select, update

from adapters.storage.owners import owned, owner_of, owner_value, visible
from adapters.storage.schema import feed_bygones, feeds, tasks
from adapters.storage.sql import Sql, chunks, missing
from adapters.storage.tasks import SqlTasks
from adapters.storage.types import OutsideText
from bot.app.ports import Stage
from bot.core.bygones import Bygones
from bot.core.community import Viewer
from bot.core.errors import LeaseLost
from bot.core.feed import Feed, FeedId, FeedState, Health, NewFeed, Outlet, Validators, VisitRecord

ENOUGH_TO_TELL = 5
"""Other feeds that must be unreadable before the trouble is taken to be ours and not theirs."""


class SqlFeeds:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def add(self, feed: NewFeed, *, visited: bool = True) -> tuple[FeedId, bool]:
        added = await self._sql.row(
            self._sql.insert(feeds)
            .values(
                owner=owner_value(feed.owner),
                url=feed.url,
                title=feed.title,
                **outlet_values(feed.outlet),
                desk=feed.desk,
                language=feed.language,
                trusted=feed.trusted,
                state=FeedState.NEW,
                failures=0,
                told=False,
            )
            .on_conflict_do_nothing()
            .returning(feeds.c.id)
        )
        if added is None:
            found = await self._sql.row(
                select(feeds.c.id, feeds.c.state).where(owned(feeds.c.owner, feed.owner), feeds.c.url == feed.url)
            )
            assert found is not None
            if visited and (found.state == FeedState.GONE or await self._is_set_aside(FeedId(found.id))):
                await SqlTasks(self._sql).put(Stage.POLL, [found.id], feed.owner)
            return FeedId(found.id), False
        if visited:
            await SqlTasks(self._sql).put(Stage.POLL, [added.id], feed.owner)
        return FeedId(added.id), True

    async def _is_set_aside(self, feed: FeedId) -> bool:
        parked = select(tasks.c.key).where(
            tasks.c.stage == Stage.POLL, tasks.c.key == feed, tasks.c.claimable_at.is_(None)
        )
        return await self._sql.row(parked) is not None

    async def get(self, viewer: Viewer, feed: FeedId) -> Feed | None:
        row = await self._sql.row(_readable(viewer).where(feeds.c.id == feed))
        return None if row is None else feed_of(row)

    async def several(self, viewer: Viewer, wanted: Collection[FeedId]) -> Sequence[Feed]:
        return [
            feed_of(row)
            for chunk in chunks(sorted(wanted))
            for row in await self._sql.rows(_readable(viewer).where(feeds.c.id.in_(chunk)))
        ]

    async def visible(self, viewer: Viewer) -> Sequence[Feed]:
        statement = _readable(viewer).order_by(func.lower(feeds.c.title), feeds.c.id)
        return [feed_of(row) for row in await self._sql.rows(statement)]

    async def remove(self, owner: Viewer, feed: FeedId) -> bool:
        statement = (
            update(feeds)
            .where(feeds.c.id == feed, owned(feeds.c.owner, owner), feeds.c.url.is_not(None))
            .values(url=None, etag=None, last_modified=None, body_hash=None, error=None)
        )
        if not (await self._sql.execute(statement)).rowcount:
            return False
        await self._sql.execute(delete(tasks).where(tasks.c.stage == Stage.POLL, tasks.c.key == feed))
        await self._sql.execute(delete(feed_bygones).where(feed_bygones.c.feed == feed))
        return True

    async def record(self, owner: Viewer, feed: FeedId, record: VisitRecord) -> None:
        await self.record_many(owner, {feed: record})

    async def record_many(self, owner: Viewer, records: Mapping[FeedId, VisitRecord]) -> None:
        rows = [{"of": owner_value(owner), "feed": feed, **_record_values(record)} for feed, record in records.items()]
        if not await self._sql.change_each(_RECORD, rows):
            found = await self._sql.rows(
                select(feeds.c.id, feeds.c.url).where(feeds.c.id.in_(records), owned(feeds.c.owner, owner))
            )
            for feed in records.keys() - {row.id for row in found}:
                raise missing("feed", feed)
            for row in found:
                if row.url is None:
                    raise LeaseLost(f"feed {row.id} was removed")
        for feed, record in records.items():
            if record.url is not None:
                await self._move(owner, feed, record.url)

    async def _move(self, owner: Viewer, feed: FeedId, url: str) -> None:
        """Two feeds that moved to one address stay two: the second keeps the address it has."""
        other = feeds.alias()
        taken = exists().where(and_(owned(other.c.owner, owner), other.c.url == url, other.c.id != feed))
        await self._sql.execute(
            update(feeds)
            .where(feeds.c.id == feed, owned(feeds.c.owner, owner))
            .values(url=case((taken, feeds.c.url), else_=literal(url, OutsideText)))
        )

    async def bygones(self, owner: Viewer, wanted: Collection[FeedId]) -> Mapping[FeedId, Bygones]:
        found: dict[FeedId, Bygones] = {}
        for chunk in chunks(sorted(wanted)):
            statement = (
                select(feed_bygones)
                .join(feeds, feeds.c.id == feed_bygones.c.feed)
                .where(feed_bygones.c.feed.in_(chunk), owned(feeds.c.owner, owner))
            )
            found |= {FeedId(row.feed): Bygones(row.packed) for row in await self._sql.rows(statement)}
        return found

    async def set_bygones(self, owner: Viewer, bygones: Mapping[FeedId, Bygones]) -> None:
        for feed, what in sorted(bygones.items()):
            own = select(feeds.c.id, literal(what.packed, LargeBinary)).where(
                feeds.c.id == feed, owned(feeds.c.owner, owner)
            )
            upsert = self._sql.insert(feed_bygones).from_select(["feed", "packed"], own)
            upsert = upsert.on_conflict_do_update(
                index_elements=[feed_bygones.c.feed], set_={"packed": upsert.excluded.packed}
            )
            if not (await self._sql.execute(upsert)).rowcount:
                raise missing("feed", feed)

    async def read_elsewhere(self, feed: FeedId, after: datetime) -> bool | None:
        others = and_(feeds.c.id != feed, feeds.c.url.is_not(None), feeds.c.state != FeedState.NEW)
        read = select(feeds.c.id).where(others, feeds.c.last_success > after).limit(1)
        if await self._sql.row(read) is not None:
            return True
        visited = await self._sql.rows(select(feeds.c.id).where(others).limit(ENOUGH_TO_TELL))
        return False if len(visited) == ENOUGH_TO_TELL else None


_RECORD = (
    update(feeds)
    .where(feeds.c.id == bindparam("feed"), feeds.c.owner == bindparam("of"), feeds.c.url.is_not(None))
    .values(title=func.coalesce(bindparam("new_title", type_=OutsideText), feeds.c.title))
)
"""Sets, besides the title, the columns that a row of parameters names (`_record_values`)."""


def _record_values(record: VisitRecord) -> Mapping[str, Any]:
    return {
        "new_title": record.title,
        "etag": record.validators.etag,
        "last_modified": record.validators.last_modified,
        "body_hash": record.validators.body_hash,
        "state": record.health.state,
        "since": record.health.since,
        "last_success": record.health.last_success,
        "failures": record.health.failures,
        "error": record.health.error,
        "told": record.health.told,
        "interval": record.interval,
    }


def _readable(viewer: Viewer) -> Any:
    return select(feeds).where(visible(feeds.c.owner, viewer), feeds.c.url.is_not(None))


def outlet_values(outlet: Outlet) -> Mapping[str, Any]:
    return {
        "outlet_name": outlet.name,
        "outlet_owner": outlet.owner,
        "outlet_country": outlet.country,
        "outlet_paywalled": outlet.paywalled,
    }


def outlet_of(row: Row[Any]) -> Outlet:
    return Outlet(
        name=row.outlet_name,
        owner=row.outlet_owner,
        country=row.outlet_country,
        paywalled=row.outlet_paywalled,
    )


def feed_of(row: Row[Any]) -> Feed:
    return Feed(
        id=FeedId(row.id),
        owner=owner_of(row.owner),
        url=row.url,
        outlet=outlet_of(row),
        title=row.title,
        desk=row.desk,
        language=row.language,
        trusted=row.trusted,
        validators=Validators(etag=row.etag, last_modified=row.last_modified, body_hash=row.body_hash),
        health=Health(
            state=FeedState(row.state),
            since=row.since,
            last_success=row.last_success,
            failures=row.failures,
            error=row.error,
            told=row.told,
        ),
        interval=row.interval,
    )
