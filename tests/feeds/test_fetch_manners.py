"""How the one way out behaves: what it says of itself, conditions, statuses, waits that are asked for."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from bot.core.feed import Validators
from feeds.fetch import Body, Declined, Fetcher, NoAnswer, NotModified
from tests.feeds.fetching import fetch, get
from tests.feeds.loopback import answer, header_of, serving


async def test_says_who_it_is_and_what_it_takes(fetcher: Fetcher) -> None:
    async with serving(feed=answer(b"hello")) as server:
        await fetch(fetcher, server, "/feed")
    (request,) = server.requests
    assert (header_of(request, "User-Agent") or "").startswith("Slugline/")
    assert (header_of(request, "User-Agent") or "").endswith(" (+https://slugline.example/bot)")
    assert header_of(request, "Accept-Encoding") == "gzip, br, deflate"
    assert header_of(request, "Cookie") is None
    assert header_of(request, "Referer") is None


async def test_asks_on_condition_and_takes_304(fetcher: Fetcher) -> None:
    async with serving(feed=answer(status="304 Not Modified", headers={"ETag": '"2"'})) as server:
        result = await fetcher.fetch(
            server.url("/feed"),
            allow=frozenset({server.where}),
            validators=Validators(etag='"1"', last_modified="Wed, 04 Mar 2026 11:00:00 GMT"),
        )
    assert result == NotModified(headers={"etag": '"2"'})
    assert header_of(server.requests[0], "If-None-Match") == '"1"'
    assert header_of(server.requests[0], "If-Modified-Since") == "Wed, 04 Mar 2026 11:00:00 GMT"


async def test_304_to_an_unconditional_request_is_no_answer(fetcher: Fetcher) -> None:
    result = await get(fetcher, answer(status="304 Not Modified"))
    assert isinstance(result, Declined)
    assert result.status == 304


@pytest.mark.parametrize("etag", ['"a\r\nX-Evil: 1"', "\ud800", '"é"', '"' + "x" * 2000 + '"'])
async def test_a_validator_that_could_harm_the_request_is_not_repeated(fetcher: Fetcher, etag: str) -> None:
    async with serving(feed=answer(b"x")) as server:
        await fetcher.fetch(server.url("/feed"), allow=frozenset({server.where}), validators=Validators(etag=etag))
    assert header_of(server.requests[0], "If-None-Match") is None
    assert header_of(server.requests[0], "X-Evil") is None


async def test_cookies_are_not_kept(fetcher: Fetcher) -> None:
    async with serving(feed=answer(b"x", headers={"Set-Cookie": "a=b"})) as server:
        await fetch(fetcher, server, "/feed")
        await fetch(fetcher, server, "/feed")
    assert header_of(server.requests[1], "Cookie") is None


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("401 Unauthorized", "401: it asks for a password"),
        ("404 Not Found", "404: not found"),
        ("410 Gone", "410: gone for good"),
        ("418 Teapot", "418: the outlet refuses us"),
        ("499 What", "499: the server declined"),
        ("500 Oh", "500: the server failed"),
        ("599 Oh", "599: the server failed"),
        ("204 No Content", "204: not the kind of answer we asked for"),
        ("302 Found", "302: a redirect that leads nowhere"),
    ],
)
async def test_status_is_told_in_plain_words(fetcher: Fetcher, status: str, reason: str) -> None:
    assert await get(fetcher, answer(status=status)) == Declined(status=int(status[:3]), reason=reason)


@pytest.mark.parametrize("wish", ["120", "Wed, 04 Mar 2026 12:02:00 GMT"])
async def test_retry_after_is_read_in_both_forms_and_closes_the_host(fetcher: Fetcher, wish: str) -> None:
    async with serving(
        feed=answer(status="429 Too Many Requests", headers={"Retry-After": wish}), other=answer(b"x")
    ) as server:
        first = await fetch(fetcher, server, "/feed")
        second = await fetch(fetcher, server, "/other")
    assert first == Declined(status=429, reason="429: we asked too often", retry_after=timedelta(minutes=2))
    assert isinstance(second, NoAnswer)
    assert not second.asked
    assert second.retry_after is not None
    assert timedelta(seconds=110) < second.retry_after <= timedelta(minutes=2)
    assert len(server.requests) == 1


async def test_credentials_in_the_address_become_a_header(fetcher: Fetcher) -> None:
    async with serving(feed=answer(b"x")) as server:
        url = server.url("/feed").replace("http://", "http://ann:s%40cret@")
        result = await fetcher.fetch(url, allow=frozenset({server.where}))
    assert isinstance(result, Body)
    assert "cret" not in result.url
    assert header_of(server.requests[0], "Authorization") == "Basic " + base64.b64encode(b"ann:s@cret").decode()
