"""A feed is served, a digest is posted, the outlet changes and then takes back what it said: from socket to message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text

from adapters.storage import SqlDatabase
from bot.app.poll import Poll
from bot.app.ports import Stage
from bot.core.community import COMMON
from bot.core.feed import FeedId
from bot.core.outbox import Abilities
from feeds.fetch import Fetcher
from feeds.host_gate import HostGate
from feeds.visit import WebFeedReader, feed_crew
from tests.app.conversation import converse, plain
from tests.app.newsroom import STRIKE, TERMS, TODAY, Newsroom
from tests.app.test_digests import NINE, fall_due, schedule_of
from tests.e2e.site import served
from tests.factories import add_feed, new_outlet


def feed(title: str, teaser: str) -> str:
    when = (TODAY - timedelta(hours=4)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Ledger</title><link>https://ledger.example/</link>'
        f"<item><title>{title}</title><link>https://ledger.example/strike</link><guid>strike</guid>"
        f"<pubDate>{when}</pubDate><description>{teaser}</description></item></channel></rss>"
    )


@asynccontextmanager
async def reading(newsroom: Newsroom, address: str) -> AsyncIterator[FeedId]:
    """The newsroom's feeds come over real sockets; one of them is served there."""
    host, _, port = address.partition(":")
    own = frozenset({(host, int(port))})
    async with AsyncExitStack() as stack:
        fetcher = await stack.enter_async_context(Fetcher(newsroom.clock, gate=HostGate(own=own)))
        crew = feed_crew()
        stack.push_async_callback(crew.close)
        reader = WebFeedReader(fetcher, crew, newsroom.clock, allow=own)
        newsroom.poll = Poll(newsroom.database, reader, newsroom.clock, TERMS)
        async with newsroom.database.begin() as tx:
            number = await add_feed(tx, url=f"http://{address}/feed", trusted=True, outlet=new_outlet("Ledger"))
        yield number


async def look(newsroom: Newsroom, number: FeedId) -> None:
    """The feed is read again; then the time is over in which changes are gathered, and a day since the last reply."""
    newsroom.clock.advance(timedelta(minutes=30))
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.POLL, [number], COMMON)
    await newsroom.work()
    assert isinstance(newsroom.database, SqlDatabase)
    async with newsroom.database.begin() as tx:
        await tx.sql.execute(text("UPDATE deliveries SET queued_at = queued_at - 86400000001"))
        await tx.sql.execute(text("UPDATE tasks SET due = 1, claimable_at = 1 WHERE stage IN ('correct', 'erratum')"))
    await newsroom.work()


@pytest.fixture
def newsroom(database: SqlDatabase) -> Newsroom:
    newsroom = Newsroom(database)
    newsroom.platform.can = Abilities(remembers=timedelta(days=30), edits=True)
    return newsroom


async def test_what_an_outlet_changes_and_takes_back_is_changed_and_taken_back_where_it_was_posted(
    newsroom: Newsroom,
) -> None:
    pages = {"/feed": feed(*STRIKE)}
    with served(pages) as address:
        async with reading(newsroom, address) as number:
            schedule = await schedule_of(newsroom.database)
            await newsroom.work()
            await fall_due(newsroom, schedule, NINE)
            (digest,) = newsroom.platform.documents["channel-1"]
            assert "The guild said 400 screenwriters joined the strike." in plain(digest)

            pages["/feed"] = feed(STRIKE[0], STRIKE[1].replace("400", "40"))
            await look(newsroom, number)
            _, reply = newsroom.platform.documents["channel-1"]
            assert "Ledger changed a sentence: “400” is now “40”." in plain(reply)
            (message, now) = newsroom.platform.edits[-1]
            assert (message, newsroom.platform.openings[-1]) == ("channel-1/0", "channel-1/0")
            assert "The guild said 40 screenwriters joined the strike." in plain(now)

            pages["/feed"] = feed(f"[Withdrawn] {STRIKE[0]}", "")
            await look(newsroom, number)
            _, now = newsroom.platform.edits[-1]
            assert "Ledger withdrew its article (marked as taken back by the outlet)" in plain(now)
            assert "screenwriters" not in plain(now).casefold()
            assert len(newsroom.platform.documents["channel-1"]) == 3, "a reply for each, and no more"
            await look(newsroom, number)
            assert len(newsroom.platform.documents["channel-1"]) == 3
            assert len(newsroom.platform.edits) == 2

            talk = await converse(newsroom)
            told = await talk.say("corrections")
            assert "“400” is now “40”" in told
            assert "Ledger withdrew its article" in told
