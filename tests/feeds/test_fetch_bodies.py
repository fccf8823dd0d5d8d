"""Bodies that are packed, endless, broken or no HTTP, from servers on loopback that misbehave."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from dataclasses import replace

import brotli
import pytest

from feeds.fetch import Body, Fetcher, NoAnswer
from tests.feeds.fetching import LIMITS, fetch, get
from tests.feeds.loopback import answer, serving

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
