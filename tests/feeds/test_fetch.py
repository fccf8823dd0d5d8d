"""The one way out, against real servers on loopback that misbehave in every way we know."""

from __future__ import annotations

import asyncio
import base64
import gzip
import socket
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta

import brotli
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.core.feed import Validators
from feeds.fetch import Body, Declined, Fetcher, FetchResult, Limits, NoAnswer, NotModified, Unsafe
from feeds.fetch.address import PublicResolver
from feeds.host_gate import HostGate
from tests.feeds.loopback import FixedClock, Server, Talk, answer, header_of, redirect, serving

LIMITS = Limits(
    body=1_000_000,
    connect=timedelta(seconds=2),
    read=timedelta(seconds=2),
    total=timedelta(seconds=5),
)
PRIVATE = "the address leads into a private network"


class Names(AbstractResolver):
    """A name server under the test's control: each lookup of a name takes its next answer, the last one for ever."""

    def __init__(self, names: Mapping[str, list[list[str]]]) -> None:
        self._names = {name: list(answers) for name, answers in names.items()}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        answers = self._names.get(host.rstrip("."))
        if answers is None:
            raise OSError("no such name")
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=each,
                port=port,
                family=socket.AF_INET6 if ":" in each else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for each in found
        ]

    async def close(self) -> None:
        pass


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(FixedClock(), contact="https://slugline.example/bot", gate=HostGate(timedelta(0))) as ready:
        yield ready


async def fetch(fetcher: Fetcher, server: Server, path: str, limits: Limits = LIMITS) -> FetchResult:
    return await fetcher.fetch(server.url(path), allow=frozenset({server.where}), limits=limits)


async def get(fetcher: Fetcher, scripted: bytes, limits: Limits = LIMITS) -> FetchResult:
    async with serving(feed=scripted) as server:
        return await fetch(fetcher, server, "/feed", limits)


# --- manners ------------------------------------------------------------------------------------------------


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


# --- redirects ----------------------------------------------------------------------------------------------


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


# --- addresses ----------------------------------------------------------------------------------------------


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


# --- bodies -------------------------------------------------------------------------------------------------

TEXT = b"<rss>" + b"every word " * 5000 + b"</rss>"


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def gzipped(body: bytes) -> bytes:
    """The same each time: a name of a test that holds the time of day cannot be shared among processes."""
    return gzip.compress(body, mtime=0)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzipped(TEXT)),
        ("x-gzip", gzipped(TEXT)),
        ("gzip", gzipped(TEXT[:100]) + gzipped(TEXT[100:])),
        ("gzip", gzipped(TEXT) + b"\0" * 50),
        ("GZIP", gzipped(TEXT)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("br", brotli.compress(TEXT)),
        ("identity", TEXT),
    ],
)
async def test_packed_bodies_are_unpacked(fetcher: Fetcher, encoding: str, packed: bytes) -> None:
    result = await get(fetcher, answer(packed, headers={"Content-Encoding": encoding}))
    assert isinstance(result, Body)
    assert result.content == TEXT


@pytest.mark.parametrize(
    ("encoding", "packed", "reason"),
    [
        ("gzip", TEXT, "the answer is packed wrongly"),
        ("br", TEXT, "the answer is packed wrongly"),
        ("gzip", gzipped(TEXT)[:-20], "the answer broke off"),
        ("br", brotli.compress(TEXT)[:-5], "the answer broke off"),
        ("zstd", TEXT, "the answer is packed in a way we did not ask for"),
        ("gzip, gzip", gzipped(gzipped(TEXT)), "the answer is packed in a way we did not ask for"),
    ],
)
async def test_wrongly_packed_bodies_are_told(fetcher: Fetcher, encoding: str, packed: bytes, reason: str) -> None:
    assert await get(fetcher, answer(packed, headers={"Content-Encoding": encoding})) == NoAnswer(reason=reason)


def gzip_bomb() -> bytes:
    """The beginning of a gzip stream of ten gigabytes of zeros: blocks that do not depend on each other, repeated."""
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(bytes(10_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    return gzip.compress(b"")[:10] + block * 1000


def brotli_bomb() -> bytes:
    """A hundred megabytes in a hundred bytes or so; ten gigabytes would be hardly longer."""
    return bytes(brotli.compress(bytes(100_000_000), quality=4, lgwin=24))


@pytest.mark.parametrize(("encoding", "bomb"), [("gzip", gzip_bomb()), ("br", brotli_bomb())], ids=["gzip", "br"])
async def test_a_bomb_ends_at_the_limit_with_little_memory(fetcher: Fetcher, encoding: str, bomb: bytes) -> None:
    async def drop(writer: asyncio.StreamWriter) -> None:
        writer.write(answer(length=len(bomb), headers={"Content-Encoding": encoding}))
        for at in range(0, len(bomb), 2**16):
            writer.write(bomb[at : at + 2**16])
            await writer.drain()

    async with serving(feed=drop) as server:
        tracemalloc.start()
        result = await fetch(fetcher, server, "/feed")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert result == NoAnswer(reason="the answer is larger than 1 MB")
    assert peak < 5_000_000


async def test_a_never_ending_response_ends_at_the_limit(fetcher: Fetcher) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n<rss>")
        while True:
            writer.write(b"x" * 10_000)
            await writer.drain()

    async with serving(feed=endless) as server:
        assert await fetch(fetcher, server, "/feed") == NoAnswer(reason="the answer is larger than 1 MB")


async def test_an_endless_stream_that_decodes_to_nothing_ends_at_the_limit(fetcher: Fetcher) -> None:
    empty_block = b"\x00\x00\x00\xff\xff"  # a stored block of no bytes

    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n")
        while True:
            writer.write(empty_block * 2000)
            await writer.drain()

    async with serving(feed=endless) as server:
        assert await fetch(fetcher, server, "/feed") == NoAnswer(reason="the answer is larger than 1 MB")


async def test_cut_keeps_the_beginning(fetcher: Fetcher) -> None:
    result = await get(fetcher, answer(TEXT), replace(LIMITS, body=10, cut=True))
    assert isinstance(result, Body)
    assert result.content == TEXT[:10]


async def test_a_claimed_length_too_long_is_a_broken_connection(fetcher: Fetcher) -> None:
    assert await get(fetcher, answer(TEXT, length=len(TEXT) + 5)) == NoAnswer(reason="the connection broke off")


async def test_bytes_beyond_the_claimed_length_never_become_content(fetcher: Fetcher) -> None:
    result = await get(fetcher, answer(TEXT, length=5))
    assert result == NoAnswer(reason="the server's answer is not proper HTTP")


async def test_a_connection_reset_in_the_body_is_told(fetcher: Fetcher) -> None:
    async def reset(writer: asyncio.StreamWriter) -> None:
        writer.write(answer(TEXT, length=len(TEXT) * 2))
        await writer.drain()
        writer.transport.abort()

    async with serving(feed=reset) as server:
        assert await fetch(fetcher, server, "/feed") == NoAnswer(reason="the connection broke off")


async def test_a_connection_closed_without_an_answer_is_told(fetcher: Fetcher) -> None:
    assert await get(fetcher, b"") == NoAnswer(reason="the connection broke off")


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(5000)) + b"\r\n",
        b"HTTP/1.1 200 " + b"O" * 100_000 + b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"\0" * 1000,
    ],
)
async def test_headers_that_are_no_http_or_too_many_end_the_visit(fetcher: Fetcher, head: bytes) -> None:
    result = await get(fetcher, head)
    assert result in (
        NoAnswer(reason="the server's answer is not proper HTTP"),
        NoAnswer(reason="the connection broke off"),
    )


async def test_an_endless_header_line_ends(fetcher: Fetcher) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            writer.write(b"x" * 10_000)
            await writer.drain()

    async with serving(feed=endless) as server:
        result = await fetch(fetcher, server, "/feed")
    assert isinstance(result, NoAnswer)


# --- time ---------------------------------------------------------------------------------------------------


def quick(*, read: float = 2, total: float = 5) -> Limits:
    return replace(LIMITS, read=timedelta(seconds=read), total=timedelta(seconds=total))


async def silence(writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


def dripping(start: bytes, drop: bytes) -> Talk:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(0.01)

    return drip


async def test_a_server_that_says_nothing_is_left(fetcher: Fetcher) -> None:
    async with serving(feed=silence) as server:
        result = await fetch(fetcher, server, "/feed", quick(read=0.1))
    assert result == NoAnswer(reason="the server did not answer within 0.1 seconds")


async def test_a_body_that_stops_is_left(fetcher: Fetcher) -> None:
    async def stops(writer: asyncio.StreamWriter) -> None:
        writer.write(answer(b"<rss>", length=100))
        await silence(writer)

    async with serving(feed=stops) as server:
        result = await fetch(fetcher, server, "/feed", quick(read=0.1))
    assert result == NoAnswer(reason="the server stopped answering for 0.1 seconds")


async def test_a_slow_drip_ends_at_the_total_limit(fetcher: Fetcher) -> None:
    drip = dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x")
    async with serving(feed=drip) as server:
        result = await fetch(fetcher, server, "/feed", quick(total=0.2))
    assert result == NoAnswer(reason="the answer was not complete after 0.2 seconds")


async def test_headers_that_drip_end_at_the_total_limit(fetcher: Fetcher) -> None:
    drip = dripping(b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n")
    async with serving(feed=drip) as server:
        result = await fetch(fetcher, server, "/feed", quick(total=0.2))
    assert result == NoAnswer(reason="the server did not answer within 0.2 seconds")


async def test_the_total_limit_spans_redirects(fetcher: Fetcher) -> None:
    def slow(to: str) -> Talk:
        async def talk(writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(0.08)
            writer.write(redirect(to))

        return talk

    async with serving() as server:
        server.answers = {f"/r{n}": slow(f"/r{n + 1}") for n in range(5)}
        result = await fetch(fetcher, server, "/r0", quick(total=0.2))
    assert result == NoAnswer(reason="the server did not answer within 0.2 seconds")
    assert len(server.requests) == 3


async def test_a_refused_connection_sends_the_whole_line_away() -> None:
    async with Fetcher(FixedClock()) as fetcher:
        async with serving() as server:
            pass
        results = await asyncio.gather(*(fetch(fetcher, server, f"/{n}") for n in range(5)))
    assert all(isinstance(result, NoAnswer) and result.asked for result in results)
    assert {result.reason for result in results if isinstance(result, NoAnswer)} == {"the server refuses connections"}
    assert len(results) == 5


async def test_a_slow_host_delays_no_other(fetcher: Fetcher) -> None:
    async with serving(feed=silence) as slow, serving("127.0.0.2", feed=answer(b"x")) as quick_one:
        stuck = asyncio.create_task(fetch(fetcher, slow, "/feed"))
        async with asyncio.timeout(1):
            assert isinstance(await fetch(fetcher, quick_one, "/feed"), Body)
        assert not stuck.done()
        stuck.cancel()


async def test_one_connection_a_host_at_a_time(fetcher: Fetcher) -> None:
    async def takes_a_while(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.01)
        writer.write(answer(b"x"))

    async with serving(feed=takes_a_while) as server:
        results = await asyncio.gather(*(fetch(fetcher, server, "/feed") for _ in range(8)))
    assert all(isinstance(result, Body) for result in results)
    assert server.open_most == 1
