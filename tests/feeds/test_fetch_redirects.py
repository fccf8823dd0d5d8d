"""Where a redirect may lead, what it takes along, and which are remembered."""

from __future__ import annotations

import pytest

from feeds.fetch import Body, Fetcher, NoAnswer, Unsafe
from tests.feeds.fetching import PRIVATE, fetch, get
from tests.feeds.loopback import answer, header_of, redirect, serving


async def test_permanent_redirects_are_remembered(fetcher: Fetcher) -> None:
    async with serving(
        a=redirect("/b", "301 Moved Permanently"), b=redirect("/c", "308 Permanent Redirect"), c=answer(b"x")
    ) as server:
        result = await fetch(fetcher, server, "/a")
    assert isinstance(result, Body)
    assert (result.moved_to, result.url) == (server.url("/c"), server.url("/c"))


async def test_a_move_is_remembered_up_to_the_first_temporary_redirect(fetcher: Fetcher) -> None:
    async with serving(
        a=redirect("/b", "301 Moved Permanently"),
        b=redirect("/c", "307 Temporary Redirect"),
        c=redirect("/d", "301 Moved Permanently"),
        d=answer(b"x"),
    ) as server:
        result = await fetch(fetcher, server, "/a")
    assert isinstance(result, Body)
    assert (result.moved_to, result.url) == (server.url("/b"), server.url("/d"))


async def test_a_temporary_redirect_is_no_move(fetcher: Fetcher) -> None:
    async with serving(a=redirect("/b"), b=answer(b"x")) as server:
        result = await fetch(fetcher, server, "/a")
    assert isinstance(result, Body)
    assert result.moved_to is None


async def test_a_redirect_in_a_circle_ends(fetcher: Fetcher) -> None:
    async with serving(a=redirect("/b"), b=redirect("/a")) as server:
        assert await fetch(fetcher, server, "/a") == NoAnswer(reason="the address redirects in a circle")


async def test_a_long_chain_of_redirects_ends(fetcher: Fetcher) -> None:
    async with serving() as server:
        server.answers = {f"/r{n}": redirect(f"/r{n + 1}") for n in range(20)}
        assert await fetch(fetcher, server, "/r0") == NoAnswer(reason="the address redirects more than 5 times")
    assert len(server.requests) == 6


async def test_credentials_do_not_follow_to_another_origin(fetcher: Fetcher) -> None:
    async with serving(b=answer(b"x")) as other, serving(a=redirect(other.url("/b"), "301 Moved")) as first:
        url = first.url("/a").replace("http://", "http://ann:secret@")
        result = await fetcher.fetch(url, allow=frozenset({first.where, other.where}))
    assert isinstance(result, Body)
    assert result.moved_to == other.url("/b")
    assert header_of(first.requests[0], "Authorization") is not None
    assert header_of(other.requests[0], "Authorization") is None


async def test_a_redirect_cannot_plant_credentials(fetcher: Fetcher) -> None:
    async with serving(b=answer(b"x")) as server:
        server.answers["/a"] = redirect(server.url("/b").replace("http://", "http://eve:x@"))
        await fetch(fetcher, server, "/a")
    assert header_of(server.requests[1], "Authorization") is None


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]/",
        "http://[::1]/",
        "http://127.0.0.1:1/",
        "//10.0.0.1/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://127.1/",
    ],
)
async def test_a_redirect_into_a_private_network_is_refused(fetcher: Fetcher, to: str) -> None:
    result = await get(fetcher, redirect(to))
    assert result == Unsafe(reason=PRIVATE)


@pytest.mark.parametrize("to", ["file:///etc/passwd", "gopher://a.example/", "ftp://a.example/x", "javascript:1"])
async def test_a_redirect_to_another_scheme_is_refused(fetcher: Fetcher, to: str) -> None:
    assert await get(fetcher, redirect(to)) == Unsafe(reason="only http and https addresses can be read")


async def test_an_allowed_host_may_redirect_to_allowed_hosts_only(fetcher: Fetcher) -> None:
    async with serving(b=answer(b"x")) as other, serving(a=redirect(other.url("/b"))) as first:
        assert await fetch(fetcher, first, "/a") == Unsafe(reason=PRIVATE)
        both = await fetcher.fetch(first.url("/a"), allow=frozenset({first.where, other.where}))
    assert isinstance(both, Body)
    assert len(other.requests) == 1
