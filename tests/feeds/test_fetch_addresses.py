"""Which addresses are never contacted, however they are spelled, resolved or led to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feeds.fetch import Body, Fetcher, NoAnswer, Unsafe
from feeds.fetch.address import PublicResolver
from feeds.host_gate import HostGate
from tests.feeds.fetching import LIMITS, PRIVATE, Names
from tests.feeds.loopback import FixedClock, answer, redirect, serving


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/feed",
        "http://127.0.0.1.:{port}/feed",
        "http://localhost:{port}/feed",
        "http://LOCALHOST.:{port}/feed",
        "http://2130706433:{port}/feed",
        "http://0x7f000001:{port}/feed",
        "http://0x7f.1:{port}/feed",
        "http://017700000001:{port}/feed",
        "http://127.1:{port}/feed",
        "http://0:{port}/feed",
        "http://[::ffff:127.0.0.1]:{port}/feed",
        "http://[::ffff:7f00:1]:{port}/feed",
        "http://[64:ff9b::7f00:1]:{port}/feed",
        "http://[::1]:{port}/feed",
        "http://①②⑦.⓪.⓪.①:{port}/feed",
        "http://user@127.0.0.1:{port}/feed",
    ],
)
async def test_no_spelling_of_loopback_is_contacted(fetcher: Fetcher, url: str) -> None:
    async with serving(feed=answer(b"secret")) as server:
        result = await fetcher.fetch(url.format(port=server.port), limits=LIMITS)
    assert isinstance(result, Unsafe | NoAnswer)
    assert server.requests == []


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "10.0.0.1", "100.64.1.1"]
)
async def test_a_name_that_resolves_into_a_private_network_is_refused(address: str) -> None:
    async with (
        Fetcher(FixedClock(), resolver=Names({"evil.example": [[address]]})) as fetcher,
        serving(feed=answer(b"secret")) as server,
    ):
        result = await fetcher.fetch(f"http://evil.example:{server.port}/feed", limits=LIMITS)
    assert result == Unsafe(reason=PRIVATE)
    assert server.requests == []


async def test_a_redirect_to_a_name_that_re_resolves_to_loopback_is_refused() -> None:
    """The name is innocent when first looked up and hostile from then on; an allowed host sends us there twice."""
    names = Names({"rebind.example": [["127.0.0.1"]], "good.example": [["127.0.0.1"]]})
    async with Fetcher(FixedClock(), resolver=names, gate=HostGate(timedelta(0))) as fetcher, serving() as server:
        server.answers["/a"] = redirect(f"http://rebind.example:{server.port}/b")
        result = await fetcher.fetch(
            f"http://good.example:{server.port}/a", allow=frozenset({("good.example", server.port)}), limits=LIMITS
        )
    assert result == Unsafe(reason=PRIVATE)
    assert len(server.requests) == 1


async def test_only_the_public_ones_of_a_names_addresses_remain() -> None:
    resolver = PublicResolver(Names({"mixed.example": [["10.0.0.1", "1.1.1.1", "::1", "2606:4700::1111"]]}))
    assert [each["host"] for each in await resolver.resolve("mixed.example", 80)] == ["1.1.1.1", "2606:4700::1111"]


async def test_the_address_that_was_checked_is_the_one_connected_to() -> None:
    """A second lookup would lead elsewhere: there must be none between check and connect."""
    names = Names({"flip.example": [["127.0.0.1"], ["169.254.169.254"]]})
    async with Fetcher(FixedClock(), resolver=names) as fetcher, serving(feed=answer(b"x")) as server:
        where = ("flip.example", server.port)
        result = await fetcher.fetch(f"http://flip.example:{server.port}/feed", allow=frozenset({where}))
    assert isinstance(result, Body)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed",
        "ftp://a.example/",
        "file:///etc/passwd",
        "data:text/xml,<rss/>",
        "http://",
        "http:///feed",
        "http://[::1",
        "http://a.example:99999/",
        "http://a.example:x/",
        "http://" + "a" * 70 + ".example/",
        "http://a..example/",
        "http://xn--/",
        "http://\ud800/",
        "http://a.example/" + "x" * 5000,
        "http://a\0b.example/",
        "http://a b.example/",
    ],
)
async def test_what_is_no_web_address_is_refused_without_an_exception(url: str) -> None:
    async with Fetcher(FixedClock(), resolver=Names({})) as fetcher:
        assert isinstance(await fetcher.fetch(url, limits=LIMITS), Unsafe | NoAnswer)


async def test_reasons_name_no_address() -> None:
    async with Fetcher(FixedClock(), resolver=Names({})) as fetcher:
        result = await fetcher.fetch("http://ann:secret@hidden.example/token-123/feed", limits=LIMITS)
    assert result == NoAnswer(reason="no server of that name was found")


async def test_international_names_are_looked_up_in_their_ascii_form() -> None:
    names = Names({"xn--bcher-kva.example": [["127.0.0.1"]]})
    async with Fetcher(FixedClock(), resolver=names) as fetcher:
        result = await fetcher.fetch("http://bücher.example/feed", limits=LIMITS)
    assert result == Unsafe(reason=PRIVATE)
