"""How long a server may take, and that it delays no other."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from feeds.fetch import Body, Fetcher, Limits, NoAnswer
from tests.feeds.fetching import LIMITS, fetch
from tests.feeds.loopback import FixedClock, Talk, answer, redirect, serving


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
