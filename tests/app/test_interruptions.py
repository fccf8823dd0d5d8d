"""Whatever is interrupted, wherever: the run that takes over ends with the rows of an undisturbed one.

First by a full disk at every transaction of a whole run, before and after its commit. Then by SIGKILL in a process of
its own, in every stage.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from adapters.storage import SqlDatabase, open_database
from bot.app.ports import Database, PageText, Stage
from bot.app.recovery import take_over
from bot.cli.house import has_ended
from bot.core.article import ArticleId
from bot.core.community import COMMON
from bot.core.errors import StoreFull
from bot.core.watch.watch import Rhythm
from tests.app.newsroom import HARVEST, STRIKE, STRIKE_TOO, SUIT, TODAY, Newsroom, entry, rows
from tests.conftest import sqlite_address
from tests.factories import GUILD, add_schedule, new_outlet, new_watch
from tests.fakes import Interrupted, When
from tests.forks import FORKSERVER

OUTCOME = (
    "articles",
    "article_keys",
    "article_feeds",
    "article_vectors",
    "stories",
    "story_articles",
    "analyses",
    "digests",
    "digest_stories",
    "digest_articles",
    "deliveries",
    "delivery_parts",
    "delivery_quotes",
    "corrections",
    "feeds",
    "alerts",
    "told_moves",
    "reminders",
)
"""Every table but those that say who works on what."""
STOPS = 8
"""Transactions that are stopped at, spread over all: a full sweep takes that much longer."""
PAGE = "Screenwriters walked out. " + SUIT[1] + "\n\nThe novelists said the company never asked them for their books."


async def prepare(database: SqlDatabase) -> None:
    """Three feeds, a schedule that is due, watches of each rhythm, and nothing done yet."""
    newsroom = Newsroom(database)
    for name in ("Ledger", "Backlot", "Stage Door"):
        await newsroom.subscribe(outlet=new_outlet(name), url=f"https://{name[:5].lower()}.example/feed", title=name)
    async with database.begin() as tx:
        await add_schedule(tx, cron="0 12 * * *", zone="UTC")
        place = await tx.schedules.destination(GUILD, "discord", "alerts")
        for query, rhythm in (("screenwriters OR novelists", Rhythm.INSTANT), ("strike OR books", Rhythm.HOURLY)):
            await tx.watches.add(new_watch(place.id, query=query, rhythm=rhythm))
        (task,) = await tx.tasks.claim(Stage.COMPOSE, "nobody", 1, timedelta(minutes=1))
        await tx.tasks.done(task, again=await tx.now() + timedelta(days=1))  # not before there is something to tell


def stocked(newsroom: Newsroom) -> Newsroom:
    """What the outlets say, each time they are asked."""
    newsroom.feeds.publish(1, entry(STRIKE, 1), entry(HARVEST, 2), etag='"a"')  # type: ignore[arg-type]
    newsroom.feeds.publish(2, entry(STRIKE_TOO, 3), etag='"b"')  # type: ignore[arg-type]
    newsroom.feeds.publish(3, entry(SUIT, 4), etag='"c"')  # type: ignore[arg-type]
    newsroom.pages.answers["https://outlet4.example/news/4"] = [PageText(text=PAGE, title=SUIT[0], language="en")]
    newsroom.platform.pieces = 3
    return newsroom


async def walk(newsroom: Newsroom) -> None:
    """All that is due; then the schedule falls due, and the end of an hour, and all that follows from them."""
    await newsroom.work()
    async with newsroom.database.begin() as tx:
        schedules = await tx.schedules.of(GUILD)
        if await tx.digests.last_slot(GUILD, schedules[0].id) is None:
            await tx.tasks.put(Stage.COMPOSE, [schedules[0].id], GUILD, due=await tx.now())
    await newsroom.work()
    newsroom.clock.advance(timedelta(hours=2))
    async with newsroom.database.begin() as tx:
        hourly = 2
        if await tx.tasks.waiting(Stage.BUNDLE, until=TODAY + timedelta(days=1)):
            await tx.tasks.put(Stage.BUNDLE, [hourly], GUILD)
    await newsroom.work()
    newsroom.clock.advance(-timedelta(hours=2))
    await correct(newsroom)


async def correct(newsroom: Newsroom) -> None:
    """An outlet changes what it said: the feed says so, and then the time is over in which changes are gathered."""
    changed = (STRIKE[0], STRIKE[1].replace("Monday", "Tuesday").replace("400", "40"))
    async with newsroom.database.begin() as tx:
        known = await tx.articles.get(COMMON, [ArticleId(number) for number in range(1, 9)])
        (strike,) = [one for one in known if one.title == STRIKE[0]]
        newsroom.feeds.publish(strike.feed, entry(changed, 1), entry(HARVEST, 2), etag='"d"')
        if strike.revision == 1:  # else it was read before
            await tx.tasks.put(Stage.POLL, [strike.feed], COMMON)
    await newsroom.work()
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.CORRECT, [strike.id], COMMON)
        await tx.tasks.put(Stage.LOOK, [strike.id], COMMON)
        await tx.tasks.put(Stage.CARD, [1], GUILD)  # of a digest that has none
        await tx.tasks.put(Stage.PURGE, [0], COMMON)
    await newsroom.work()


async def later(database: SqlDatabase) -> None:
    """The leases of the dead have run out, and what was to be tried again is due."""
    async with database.begin() as tx:
        await tx.sql.execute(text("UPDATE tasks SET claimable_at = 1 WHERE attempt > 0 AND claimable_at IS NOT NULL"))
        await tx.sql.execute(text("UPDATE leases SET until = 1"))


async def outcome(database: SqlDatabase) -> dict[str, Any]:
    found: dict[str, Any] = await rows(database, *OUTCOME)
    async with database.read() as tx:
        found["waiting"] = {stage.value: await tx.tasks.waiting(stage) for stage in Stage}
        found["parked"] = await tx.tasks.parked()
    return found


@pytest.fixture(scope="module")
def undisturbed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], int]:
    """What comes out, and how many transactions it took."""
    path = tmp_path_factory.mktemp("undisturbed") / "slugline.sqlite3"
    shutil.copyfile(sqlite_template, path)

    async def run() -> tuple[dict[str, Any], int]:
        async with open_database(sqlite_address(path)) as database:
            await prepare(database)
            counting = Interrupted(database, 0, "before", lambda: None)
            await walk(stocked(Newsroom(counting)))
            return await outcome(database), counting.begun

    return asyncio.run(run())


async def test_an_undisturbed_run_tells_both_stories(sqlite: SqlDatabase) -> None:
    """So that the tests below compare with something."""
    await prepare(sqlite)
    newsroom = stocked(Newsroom(sqlite))
    await walk(newsroom)
    assert sorted(len(coverage.members) for coverage in await newsroom.stories()) == [1, 2]
    assert newsroom.pages.asked == [f"https://outlet{number}.example/news/{number}" for number in (1, 3, 4, 1)]
    sent = [sent for sent in newsroom.platform.sent if sent[0] == "channel-1"]
    assert sent == [("channel-1", 0), ("channel-1", 1), ("channel-1", 2)] * 2, "the digest, and what was wrong in it"
    posted = [document.summary for document in newsroom.platform.documents["alerts"][::3]]
    alerts = [summary for summary in posted if not summary.startswith("Correction")]
    assert len(alerts) == 3, alerts
    assert len(posted) > len(alerts), "an alert was corrected, too"
    assert "watch 2: 2\u00a0stories" in alerts
    assert set((await outcome(sqlite))["waiting"].values()) == {0}


def fill_up() -> None:
    raise StoreFull("no space left")


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_run_stopped_at_any_transaction_is_made_up_for_by_the_next(
    sqlite_copies: Callable[[], str], undisturbed: tuple[dict[str, Any], int], when: When
) -> None:
    """Claims and hand-backs included: so some leases have to run out first."""
    expected, transactions = undisturbed
    assert transactions > 50
    stride = transactions // STOPS
    for number in range(1 if when == "before" else 1 + stride // 2, transactions + 1, stride):
        async with open_database(sqlite_copies()) as database:
            await prepare(database)
            with contextlib.suppress(StoreFull):
                await walk(stocked(Newsroom(Interrupted(database, number, when, fill_up), holder="first")))
            await later(database)
            await walk(stocked(Newsroom(database, holder="second")))
            assert await outcome(database) == expected, f"stopped {when} the commit of transaction {number}"


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("stage", list(Stage))
async def test_a_process_killed_in_any_stage_is_made_up_for_by_the_next(
    sqlite_copies: Callable[[], str], undisturbed: tuple[dict[str, Any], int], stage: Stage, when: When
) -> None:
    """Killed with SIGKILL around the first commit of that stage's handler; nothing of it can tidy up."""
    expected, _ = undisturbed
    url = sqlite_copies()
    async with open_database(url) as database:
        await prepare(database)
    process = FORKSERVER.Process(target=walk_and_die, args=(url, stage, when))
    process.start()
    await asyncio.to_thread(process.join, 60)
    assert process.exitcode == -signal.SIGKILL
    async with open_database(url) as database:
        await later(database)
        await walk(stocked(Newsroom(database, holder="second")))
        assert await outcome(database) == expected


def walk_and_die(url: str, stage: Stage, when: When) -> None:
    """In a process of its own."""

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    async def run() -> None:
        async with open_database(url) as database:
            own: dict[Stage, Database] = {stage: Interrupted(database, 1, when, die)}
            await walk(stocked(Newsroom(database, own=own, holder="first")))

    asyncio.run(run())


@pytest.mark.parametrize("stage", list(Stage))
async def test_a_full_disk_stops_the_run_and_loses_nothing(
    sqlite_copies: Callable[[], str], undisturbed: tuple[dict[str, Any], int], stage: Stage
) -> None:
    expected, _ = undisturbed
    async with open_database(sqlite_copies()) as database:
        await prepare(database)
        full = Interrupted(database, 1, "before", fill_up)
        with pytest.raises(StoreFull):
            await walk(stocked(Newsroom(database, own={stage: full}, holder="first")))
        # No lease has to run out first: what was held was given back.
        await walk(stocked(Newsroom(database, holder="first")))
        assert await outcome(database) == expected


async def test_what_a_dead_process_held_is_taken_over_without_waiting_for_its_leases(database: SqlDatabase) -> None:
    dead, alive = Newsroom(database, holder="dead"), Newsroom(database, holder="alive")
    async with database.begin() as tx:
        await tx.tasks.put(Stage.SCORE, [1, 2], COMMON)
        for holder in ("dead", "alive"):
            assert len(await tx.tasks.claim(Stage.SCORE, holder, 1, timedelta(hours=1))) == 1
    assert await dead.joining.permit()
    for _ in range(2):
        await take_over(database, lambda holder: holder == "dead")
        assert await alive.joining.permit()
    async with database.begin() as tx:
        (task,) = await tx.tasks.claim(Stage.SCORE, "next", 9, timedelta(hours=1))
    assert task.key == 1
    await take_over(database, lambda holder: False)
    assert not await Newsroom(database, holder="third").joining.permit(), "the living keep what they have"


def test_a_holder_is_dead_when_its_process_is() -> None:
    host = socket.gethostname()
    process = FORKSERVER.Process(target=len, args=("",))
    process.start()
    process.join()
    assert has_ended(f"{host}:{process.pid}:0a1b2c3d")
    assert has_ended(f"{host}:{os.getpid()}:0a1b2c3d"), "it had our number before us"
    assert has_ended("another-container:1:0a1b2c3d")
    assert not has_ended(f"{host}:{os.getppid()}:0a1b2c3d")
    assert not has_ended("operator")
    assert not has_ended(f"{host}:{10**30}:0a1b2c3d")
