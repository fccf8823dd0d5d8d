"""Readings taken in together end as if they had been taken in one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

import pytest

from adapters.storage import SqlDatabase, open_database
from bot.app.take_in import Reading, Taken, take_in
from bot.core.community import COMMON, Viewer
from bot.core.feed import Entry, FeedId, Outlet
from bot.core.identity import identify
from tests.app.newsroom import HARVEST, STRIKE, SUIT, TERMS, TODAY, WAGES, entry, rows
from tests.factories import GUILD, new_feed

LEDGER = Outlet(name="The Ledger")
TEXT = f"{STRIKE[1]} {SUIT[1]} {WAGES[1]}"
STORED = ("articles", "article_keys", "article_feeds", "revisions")
FEEDS: Sequence[Viewer] = (COMMON, COMMON, GUILD)


async def stock(database: SqlDatabase) -> list[FeedId]:
    """Three feeds of one outlet, the last one a community's own."""
    async with database.begin() as tx:
        return [
            (await tx.feeds.add(new_feed(f"https://outlet.example/{number}", outlet=LEDGER, owner=owner)))[0]
            for number, owner in enumerate(FEEDS)
        ]


async def take(database: SqlDatabase, *said: tuple[FeedId, Sequence[Entry]]) -> Sequence[Taken]:
    async with database.begin() as tx:
        feeds = {feed.id: feed for feed in await tx.feeds.visible(GUILD)}
        readings = [Reading(feed=feeds[feed], entries=identify(entries, feed)) for feed, entries in said]
        return await take_in(tx, readings, now=TODAY, terms=TERMS)


@pytest.mark.parametrize("first", [True, False], ids=["new", "known"])
@pytest.mark.parametrize(
    "said",
    [
        pytest.param(((0, [entry(STRIKE, 1)]), (1, [entry(SUIT, 2)]), (2, [entry(STRIKE, 1)])), id="apart"),
        pytest.param(((0, [entry(STRIKE, 1), entry(SUIT, 2)]), (1, [entry(SUIT, 2), entry(WAGES, 3)])), id="shared"),
        # The second feed gives the text that the first one lacks: an edit of what was stored a moment ago.
        pytest.param(((0, [entry(STRIKE, 1)]), (1, [entry(STRIKE, 1, content=TEXT)])), id="text from elsewhere"),
        # No key in common, but each has one with the article that is there.
        pytest.param(
            (
                (0, [entry((f"{STRIKE[0]}, again", STRIKE[1]), 1)]),
                (1, [entry(STRIKE, 1, guid="other", content=TEXT)]),
            ),
            id="edited and given a text",
        ),
        pytest.param(((0, [entry((f"[Retracted] {STRIKE[0]}", ""), 1)]), (1, [entry(HARVEST, 4)])), id="taken back"),
    ],
)
async def test_together_is_as_one_after_the_other(
    sqlite_copies: Callable[[], str], said: Sequence[tuple[int, Sequence[Entry]]], first: bool
) -> None:
    async with AsyncExitStack() as stack:
        together, apart = [await stack.enter_async_context(open_database(sqlite_copies())) for _ in range(2)]
        for database in (together, apart):
            feeds = await stock(database)
            if not first:
                await take(database, (feeds[0], [entry(STRIKE, 1)]))
        told = [(feeds[number], entries) for number, entries in said]
        assert await take(together, *told) == [taken for one in told for taken in await take(apart, one)]
        # Articles are numbered as they are stored, and those of one community after another's.
        assert {table: len(found) for table, found in (await rows(together, *STORED)).items()} == {
            table: len(found) for table, found in (await rows(apart, *STORED)).items()
        }
        assert await contents(together) == await contents(apart)
        assert [taken.anything for taken in await take(together, *told)] == [False] * len(told)


async def contents(database: SqlDatabase) -> object:
    """What is stored, without the numbers of articles."""
    names = "owner, feed, url, title, summary, content, revision, withdrawn, body_source, identities"
    async with database.read() as tx:
        found = await tx.sql.connection.exec_driver_sql(f"SELECT {names} FROM articles")
        return sorted(map(tuple, found.all()), key=repr)
