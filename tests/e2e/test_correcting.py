"""Feeds and pages are served, a digest is posted, the outlet changes and then takes back what it said: from socket to
message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text

from adapters.storage import SqlDatabase
from bot.app.look import Look
from bot.app.page import Page
from bot.app.poll import Poll
from bot.app.ports import Stage
from bot.core.community import COMMON
from bot.core.feed import FeedId
from bot.core.outbox import Abilities
from feeds.fetch import Fetcher
from feeds.host_gate import HostGate
from feeds.page import WebPageReader, page_crew
from feeds.visit import WebFeedReader, feed_crew
from tests.app.conversation import converse, plain
from tests.app.newsroom import STRIKE, TERMS, TODAY, Newsroom
from tests.app.test_corrections import a_day_later, gathered
from tests.app.test_digests import NINE, fall_due, schedule_of
from tests.app.test_look import look as look_at_page
from tests.e2e.site import served
from tests.factories import add_feed, new_outlet
from tests.feeds.loopback import Server, answer, header_of, redirect, serving


def feed(title: str, teaser: str, link: str = "https://ledger.example/strike") -> str:
    when = (TODAY - timedelta(hours=4)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Ledger</title><link>https://ledger.example/</link>'
        f"<item><title>{title}</title><link>{link}</link><guid>strike</guid>"
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
        readers = page_crew()
        stack.push_async_callback(readers.close)
        pages = WebPageReader(fetcher, readers, newsroom.clock, allow=own)
        newsroom.page = Page(newsroom.database, pages, newsroom.clock)
        newsroom.look = Look(newsroom.database, pages, newsroom.clock)
        async with newsroom.database.begin() as tx:
            number = await add_feed(
                tx, url=f"http://{address}/feed", trusted=True, outlet=new_outlet("Ledger", paywalled=False)
            )
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


TEASER = "Screenwriters walked out over artificial intelligence."
HTML = {"Content-Type": "text/html; charset=utf-8", "ETag": '"first"'}


def page(told: str, etag: str = '"first"', head: str = "") -> bytes:
    body = f"<!doctype html><html lang=en><head><title>{STRIKE[0]}</title>{head}</head><body><article>"
    paragraphs = "".join(f"<p>{sentence}.</p>" for sentence in told.removesuffix(".").split(". "))
    return answer(f"{body}{paragraphs}</article></body></html>".encode(), headers=HTML | {"ETag": etag})


@asynccontextmanager
async def posted(newsroom: Newsroom, told: str = STRIKE[1]) -> AsyncIterator[Server]:
    """A digest of an article whose page is served there."""
    async with serving() as server:
        link = server.url("/strike")
        rss = answer(feed(STRIKE[0], TEASER, link).encode(), headers={"Content-Type": "application/rss+xml"})
        server.answers |= {"/feed": rss, "/strike": page(told)}
        async with reading(newsroom, f"{server.host}:{server.port}"):
            schedule = await schedule_of(newsroom.database)
            await newsroom.work()
            await fall_due(newsroom, schedule, NINE)
            (digest,) = newsroom.platform.documents["channel-1"]
            assert "The guild said 400 screenwriters joined the strike." in plain(digest)
            server.requests.clear()
            yield server


def asked(server: Server) -> list[str]:
    return [request.split()[1] for request in server.requests]


async def test_what_an_outlet_changes_and_takes_back_on_its_page_alone_reaches_what_was_posted(
    newsroom: Newsroom,
) -> None:
    async with posted(newsroom) as server:
        await look_at_page(newsroom)
        assert asked(server) == ["/strike"]
        assert newsroom.platform.edits == []

        server.answers["/strike"] = page(STRIKE[1].replace("400", "40"), etag='"second"')
        await look_at_page(newsroom)
        assert header_of(server.requests[-1], "If-None-Match") == '"first"'
        await gathered(newsroom)
        assert "Ledger changed a sentence: “400” is now “40”." in plain(newsroom.platform.edits[-1][1])

        server.answers["/strike"] = answer(status="410 Gone")
        await look_at_page(newsroom)
        await gathered(newsroom)
        await a_day_later(newsroom.database)
        await newsroom.work()
        now = plain(newsroom.platform.edits[-1][1])
        assert "Ledger withdrew its article (its page is gone for good)" in now
        assert "screenwriters" not in now.casefold()
        replies = [plain(document) for document in newsroom.platform.documents["channel-1"][1:]]
        assert ["“400” is now “40”" in replies[0], "its page is gone for good" in replies[1]] == [True, True]
        assert len(newsroom.platform.edits) == len(replies) == 2

        looked = len(server.requests)
        await look_at_page(newsroom)
        assert len(server.requests) == looked, "nobody looks at it any more"
        told = await (await converse(newsroom)).say("corrections")
        assert "“400” is now “40”" in told
        assert "Ledger withdrew its article" in told


async def test_a_page_that_is_the_same_is_not_sent_again(newsroom: Newsroom) -> None:
    async with posted(newsroom) as server:
        await look_at_page(newsroom)
        server.answers["/strike"] = answer(status="304 Not Modified")
        await look_at_page(newsroom)
        assert header_of(server.requests[-1], "If-None-Match") == '"first"'
        assert newsroom.platform.edits == []
        assert await newsroom.waiting(Stage.CORRECT) == 0


async def test_an_outlet_that_closes_its_pages_meanwhile_is_left_alone_and_took_nothing_back(
    newsroom: Newsroom,
) -> None:
    async with posted(newsroom) as server:
        newsroom.clock.advance(timedelta(days=2))  # robots.txt is asked for anew
        server.answers |= {
            "/robots.txt": answer(b"User-agent: *\nDisallow: /\n"),
            "/strike": answer(status="410 Gone"),
        }
        await look_at_page(newsroom)
        assert asked(server) == ["/robots.txt", "/.well-known/tdmrep.json"]
        assert await newsroom.waiting(Stage.CORRECT) == 0


async def test_an_outlet_that_says_noai_meanwhile_is_linked_by_title_only(newsroom: Newsroom) -> None:
    async with posted(newsroom) as server:
        server.answers["/strike"] = page(STRIKE[1], head='<meta name="robots" content="noai">')
        await look_at_page(newsroom)
        await gathered(newsroom)
        now = plain(newsroom.platform.edits[-1][1])
        assert "400 screenwriters" not in now
        assert STRIKE[0] in now


async def test_a_page_that_leads_inside_now_is_not_followed(newsroom: Newsroom) -> None:
    async with posted(newsroom) as server, serving() as inside:
        server.answers["/strike"] = redirect(inside.url("/secret"))
        await look_at_page(newsroom)
        assert inside.requests == []
        assert await newsroom.waiting(Stage.CORRECT) == 0
