"""What goes when it is old, what stays for ever, and how long anybody waits for it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Table, func, select, update

from adapters.storage import SqlDatabase, SqlTransaction
from adapters.storage.purging import SqlPurging
from adapters.storage.schema import analyses, article_vectors, deliveries, delivery_parts, digests
from bot.app.ports import Key, Stage, Transaction
from bot.app.purge import LEFT, Purge, purge_is_due
from bot.app.work import Worker
from bot.core.article import ArticleId, BodySource
from bot.core.community import COMMON
from bot.core.delivery import DeliveryState, DigestState
from bot.core.retention import Old, Retention
from bot.core.story import StoryId
from tests.app.newsroom import HARVEST, Newsroom, entry
from tests.factories import (
    GUILD,
    NOON,
    add_article,
    add_schedule,
    new_analysis,
    new_digest,
    new_document,
    new_key,
    new_vector,
    post_part,
    settle,
)
from tests.fakes import FakeClock

DAY = timedelta(days=1)
LATER = NOON + 366 * DAY


async def count(tx: SqlTransaction, table: Table) -> int:
    return await tx.sql.connection.scalar(select(func.count()).select_from(table)) or 0


async def sweep(database: SqlDatabase, **keep: timedelta | None) -> dict[str, int]:
    return dict((await Purge(database, Retention(**keep), FakeClock(LATER)).sweep())[0])


async def test_an_old_text_goes_and_the_article_stays_known(newsroom: Newsroom) -> None:
    """A feed that carries it for ever brings it back neither as new nor as edited; nor is it found by its words."""
    feed = await newsroom.subscribe(entry(HARVEST, 1))
    await newsroom.work()
    purge = Purge(newsroom.database, Retention(), newsroom.clock)
    assert (await purge.sweep())[0] == {}
    newsroom.clock.advance(366 * DAY)
    assert await purge.preview() == {**dict.fromkeys([*(old.value for old in Old), LEFT], 0), Old.TEXTS.value: 1}
    assert (await purge.sweep())[0] == {Old.TEXTS.value: 1}
    assert (await purge.sweep())[0] == {}
    await newsroom.publish(feed, entry((HARVEST[0], "Edited beyond recognition."), 1))
    await newsroom.work()
    async with newsroom.database.read() as tx:
        assert await tx.articles.count(COMMON) == 1
        (article,) = await tx.articles.get(COMMON, [ArticleId(1)])
        assert (article.title, article.summary, article.content) == (HARVEST[0], "", "")
        assert article.body_source is BodySource.PURGED
        assert not await tx.articles.vectors(COMMON, [article.id])
        assert not await tx.articles.revisions(COMMON, article.id)
        assert not await tx.articles.search(COMMON, "growers", limit=5)
        assert await tx.articles.search(COMMON, "walnut", limit=5)


async def told_story(tx: Transaction, *, told: bool) -> tuple[ArticleId, StoryId]:
    """A common story of one article, in a digest of the guild's where it was told; in two versions."""
    article = await add_article(tx)
    await tx.articles.set_score(
        COMMON, article, relevance=0.9, mentions_ai=True, reasons=["guild"], vector=new_vector()
    )
    story = await tx.stories.found(COMMON, article, relevance=0.9, relevant=True, at=NOON)
    await tx.stories.touch(COMMON, article, NOON)
    first = new_analysis(story, article)
    for version in (1, 2):
        await tx.analyses.put(COMMON, new_key(story, version=version), new_analysis(story, article, version=version))
    if told:
        schedule = await add_schedule(tx, GUILD)
        assert await tx.digests.put(schedule, NOON, new_digest(GUILD, first), DigestState.APPROVED) is not None
    return article, story


async def test_the_text_of_a_story_that_was_told_is_evidence_and_stays(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        told, _ = await told_story(tx, told=True)
        untold, _ = await told_story(tx, told=False)
    assert await sweep(database) == {Old.TEXTS.value: 1, Old.ANALYSES.value: 1}
    async with database.read() as tx:
        kept, emptied = await tx.articles.get(COMMON, [told, untold])
        assert kept.text
        assert not emptied.text
        assert await count(tx, article_vectors) == 1
        left = [
            (row.story, row.version)
            for row in await tx.sql.rows(select(analyses).order_by(analyses.c.story, analyses.c.version))
        ]
    assert left == [(1, 1), (1, 2), (2, 2)], "the version that was told and the latest of each"


async def test_what_was_posted_goes_after_its_time_and_what_is_not_finished_never(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        schedule = await add_schedule(tx, GUILD)
        queued = [await tx.deliveries.queue(GUILD, schedule.destination, new_document(), digest=None) for _ in range(3)]
        sent, refused, waits = queued
        await post_part(tx, sent, 0, "m1")
        await settle(tx, sent, DeliveryState.SENT)
        await settle(tx, refused, DeliveryState.REJECTED, "too long")
        await tx.sql.execute(update(deliveries).values(queued_at=NOON))
        finished = deliveries.c.finished_at.is_not(None)
        await tx.sql.execute(update(deliveries).where(finished).values(finished_at=NOON))
    assert await sweep(database, posted=400 * DAY) == {}
    assert await sweep(database, posted=None) == {}
    assert await sweep(database) == {Old.DELIVERIES.value: 2}
    async with database.read() as tx:
        assert [row.id for row in await tx.sql.rows(select(deliveries.c.id))] == [waits]
        assert await count(tx, delivery_parts) == 0


async def test_of_old_digests_the_latest_of_each_schedule_stays(database: SqlDatabase) -> None:
    """The next one goes on from it."""
    async with database.begin() as tx:
        schedule = await add_schedule(tx, GUILD)
        for days in range(3):
            assert await tx.digests.put(schedule, NOON + days * DAY, new_digest(GUILD), DigestState.APPROVED)
    assert await sweep(database, audit=100 * DAY) == {Old.DIGESTS.value: 2}
    async with database.read() as tx:
        assert [row.slot for row in await tx.sql.rows(select(digests.c.slot))] == [NOON + 2 * DAY]


async def test_the_stage_purges_and_is_due_again(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await add_article(tx)
        await purge_is_due(tx)
        await tx.tasks.move(Stage.PURGE, 0, COMMON, await tx.now())
    purge = Purge(database, Retention(), FakeClock(LATER))
    assert await Worker(database, Stage.PURGE, purge.handle, holder="one").drain() == 1
    async with database.read() as tx:
        (article,) = await tx.articles.get(COMMON, [ArticleId(1)])
        assert article.body_source is BodySource.PURGED
        assert await tx.tasks.waiting(Stage.PURGE) == 0
        assert await tx.tasks.waiting(Stage.PURGE, until=await tx.now() + DAY) == 1


async def test_a_writer_never_waits_long_for_it(sqlite: SqlDatabase) -> None:
    """Others write without a break meanwhile, and each of them comes to its turn. The bound is for a busy machine:
    what one transaction took is measured in the README."""
    async with sqlite.begin() as tx:
        for number in range(600):
            article = await add_article(tx)
            await tx.articles.set_body(COMMON, article, f"word{number} " * 700, BodySource.FEED)
    waits: list[float] = []
    loop, enough = asyncio.get_running_loop(), asyncio.Event()

    async def write() -> None:
        while not enough.is_set():
            began = loop.time()
            async with sqlite.begin():
                waits.append(loop.time() - began)
            await asyncio.sleep(0.001)

    writing = asyncio.create_task(write())
    purge = Purge(sqlite, Retention(), FakeClock(LATER))
    removed, _ = await purge.sweep()
    enough.set()
    await writing
    assert removed == {Old.TEXTS.value: 600}
    assert len(waits) > 10
    assert max(waits) < 0.5
    assert purge.longest < timedelta(seconds=0.5)


async def test_how_many_rows_go_at_once_is_learned_table_by_table(
    sqlite: SqlDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand short rows of one take less time than fifty messages with all their parts."""
    taken: defaultdict[Old, list[int]] = defaultdict(list)
    remove = SqlPurging.remove

    async def noting(self: SqlPurging, old: Old, before: datetime, keys: Sequence[Key]) -> int:
        taken[old].append(len(keys))
        return await remove(self, old, before, keys)

    monkeypatch.setattr(SqlPurging, "remove", noting)
    monkeypatch.setattr("bot.app.purge.AIM", timedelta(days=1))  # whatever the machine, all is fast
    async with sqlite.begin() as tx:
        for _ in range(40):
            await add_article(tx)
        schedule = await add_schedule(tx, GUILD)
        for _ in range(40):
            queued = await tx.deliveries.queue(GUILD, schedule.destination, new_document(), digest=None)
            await settle(tx, queued, DeliveryState.SENT)
        await tx.sql.execute(update(deliveries).values(finished_at=NOON))
    await Purge(sqlite, Retention(), FakeClock(LATER)).sweep()
    assert taken[Old.TEXTS][:3] == [10, 12, 15]
    assert taken[Old.DELIVERIES][:3] == [10, 12, 15]
