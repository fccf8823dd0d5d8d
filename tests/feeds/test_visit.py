"""A visit, from a real server on loopback to what is written down."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.core.feed import Failed, Feed, FeedId, Fetched, Outlet, Unchanged, Validators, Visit
from bot.core.identity import identify
from feeds.crew import Crew
from feeds.fetch import Fetcher
from feeds.host_gate import HostGate
from feeds.visit import WebFeedReader, feed_crew
from tests.feeds.loopback import FixedClock, Server, answer, header_of, redirect, serving

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>The Invented Herald</title><link>https://h.example/</link>
<item><guid>1</guid><title>Guild votes yes</title><link>https://h.example/1</link>
<pubDate>Wed, 04 Mar 2026 10:00:00 GMT</pubDate><description>It did.</description></item></channel></rss>"""
HASH = hashlib.sha256(RSS).hexdigest()
XML = {"Content-Type": "application/rss+xml", "ETag": '"v1"', "Last-Modified": "Wed, 04 Mar 2026 11:00:00 GMT"}
KNOWN = Validators(etag='"v1"', last_modified="Wed, 04 Mar 2026 11:00:00 GMT", body_hash=HASH)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crew() -> AsyncIterator[Crew]:
    async with feed_crew(size=1, within=timedelta(seconds=2)) as crew:
        yield crew


async def visit(
    crew: Crew, server: Server, path: str = "/feed", *, validators: Validators | None = None, trusted: bool = True
) -> Visit:
    clock = FixedClock()
    feed = Feed(
        id=FeedId(1),
        url=server.url(path),
        outlet=Outlet(name="Herald"),
        validators=validators or Validators(),
        trusted=trusted,
    )
    async with Fetcher(clock, gate=HostGate(timedelta(0))) as fetcher:
        return await WebFeedReader(fetcher, crew, clock, allow=frozenset({server.where})).visit(feed)


async def test_brings_entries_validators_and_how_long_to_keep_them(crew: Crew) -> None:
    async with serving(feed=answer(RSS, headers=XML | {"Cache-Control": "public, max-age=600"})) as server:
        result = await visit(crew, server)
    assert isinstance(result, Fetched)
    assert [entry.title for entry in result.parsed.entries] == ["Guild votes yes"]
    assert result.entries == identify(result.parsed.entries, FeedId(1), "https://h.example/")
    assert result.parsed.title == "The Invented Herald"
    assert (result.validators, result.moved_to, result.keep_for) == (KNOWN, None, timedelta(minutes=10))


async def test_unchanged_feed_keeps_its_etag(crew: Crew) -> None:
    async with serving(feed=answer(status="304 Not Modified")) as server:
        result = await visit(crew, server, validators=KNOWN)
    assert result == Unchanged(validators=KNOWN)
    assert header_of(server.requests[0], "If-None-Match") == '"v1"'


async def test_the_same_body_is_unchanged_though_the_server_says_200(crew: Crew) -> None:
    async with serving(feed=answer(RSS, headers={"ETag": '"v2"'})) as server:
        result = await visit(crew, server, validators=KNOWN)
    assert result == Unchanged(validators=Validators(etag='"v2"', body_hash=HASH))


async def test_a_permanent_move_is_reported_with_the_content(crew: Crew) -> None:
    async with serving(feed=redirect("/new", "301 Moved Permanently"), new=answer(RSS)) as server:
        result = await visit(crew, server)
    assert isinstance(result, Fetched)
    assert result.moved_to == server.url("/new")


async def test_a_permanent_move_to_what_is_no_feed_is_no_move(crew: Crew) -> None:
    async with serving(feed=redirect("/new", "301 Moved Permanently"), new=answer(b"parked domain")) as server:
        assert isinstance(await visit(crew, server), Failed)


@pytest.mark.parametrize(
    ("status", "headers", "result"),
    [
        ("404 Not Found", {}, Failed(reason="404: not found")),
        ("410 Gone", {}, Failed(reason="410: gone for good", gone=True)),
        ("401 No", {}, Failed(reason="401: it asks for a password", blocked=True)),
        ("403 No", {}, Failed(reason="403: the outlet refuses us", blocked=True)),
        ("451 No", {}, Failed(reason="451: withheld for legal reasons", blocked=True)),
        (
            "503 Busy",
            {"Retry-After": "3600"},
            Failed(reason="503: the server is not available now", retry_after=timedelta(hours=1)),
        ),
    ],
)
async def test_what_the_server_says_is_told(crew: Crew, status: str, headers: dict[str, str], result: Failed) -> None:
    async with serving(feed=answer(status=status, headers=headers)) as server:
        assert await visit(crew, server) == result


async def test_only_trusted_feeds_use_the_operators_exemptions(crew: Crew) -> None:
    async with serving(feed=answer(RSS)) as server:
        result = await visit(crew, server, trusted=False)
    assert result == Failed(reason="the address leads into a private network")
    assert server.requests == []


@pytest.mark.parametrize("body", [b"", b"hello", b"<html><body>Not here</body></html>", b"{}", b"\0" * 1000])
async def test_what_is_no_feed_is_a_failure_in_words(crew: Crew, body: bytes) -> None:
    async with serving(feed=answer(body)) as server:
        result = await visit(crew, server)
    assert isinstance(result, Failed)
    assert result.reason
    assert "127.0.0.1" not in result.reason


HOSTILE = {
    "nested 100,000 deep": b"<rss><channel><item><title>x</title><description>" + b"&lt;b&gt;" * 100_000,
    "100,000 elements deep": b"<rss><channel>" + b"<a>" * 100_000,
    "100,000 entries": b"<rss><channel>" + b"<item><title>x</title></item>" * 100_000 + b"</channel></rss>",
    "200,000 attributes": b"<rss><channel><item " + b" ".join(b"a%d='1'" % n for n in range(200_000)) + b"/>",
    "billion laughs": b'<!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%b">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(10))
    + b"]><rss><channel><item><title>&j;</title></item></channel></rss>",
    "a title of 7 MB": b"<rss><channel><item><title>" + b"x" * 7_000_000 + b"</title></item></channel></rss>",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_hostile_feed_ends_and_the_next_one_is_read(crew: Crew, body: bytes) -> None:
    async with serving(evil=answer(body), feed=answer(RSS)) as server:
        assert isinstance(await visit(crew, server, "/evil"), Failed | Fetched)
        assert isinstance(await visit(crew, server), Fetched)
