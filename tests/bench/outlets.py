"""Many outlets on loopback, each feed on an address of its own: `python -m tests.bench.outlets COUNT`.

Prints its port. One listener on 0.0.0.0 answers for all of 127.0.0.0/8, so ten thousand feeds need one socket. A feed
has 30 entries and 110 kB; GET /turn/PERCENT lets that share of the feeds have a new entry (and lose their oldest), and
every answer has an ETag. Served by bare asyncio: the server must not be what is measured.
"""

from __future__ import annotations

import asyncio
import random
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

ENTRIES = 30
ENTRY_BYTES = 3_560
NEWEST = datetime(2026, 3, 4, 12, tzinfo=UTC)

_SYLLABLES = ["ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve", "wi", "zo", "kra", "ster", "ling"]


def address(feed: int) -> str:
    """A loopback address no other feed has."""
    return f"127.{feed // 62_500 + 1}.{feed // 250 % 250}.{feed % 250 + 1}"


def url(feed: int, port: int) -> str:
    return f"http://{address(feed)}:{port}/{feed}/feed.xml"


@cache
def _words() -> list[str]:
    rng = random.Random(1)
    return ["".join(rng.choices(_SYLLABLES, k=rng.randint(1, 4))) for _ in range(5000)]


def entry(feed: int, number: int) -> str:
    """An RSS item of `ENTRY_BYTES` or so; the same numbers always give the same text."""
    rng = random.Random(feed * 1_000_003 + number)
    link = f"https://outlet{feed}.example/{number}"
    paragraphs: list[str] = []
    size = 0
    while size < ENTRY_BYTES - 520:
        paragraph = f"<p>{' '.join(rng.choices(_words(), k=60)).capitalize()} <a href='/more'>{number}</a>.</p>"
        paragraphs.append(paragraph)
        size += len(paragraph)
    when = format_datetime(NEWEST + timedelta(minutes=number))
    return (
        f"<item><title>{' '.join(rng.choices(_words(), k=9)).capitalize()}</title><link>{link}</link>"
        f"<guid isPermaLink='true'>{link}</guid><pubDate>{when}</pubDate>"
        f"<dc:creator>{rng.choice(_words())}</dc:creator>"
        f"<description><![CDATA[{' '.join(rng.choices(_words(), k=30))}]]></description>"
        f"<content:encoded><![CDATA[{''.join(paragraphs)}]]></content:encoded></item>"
    )


def body(feed: int, version: int) -> bytes:
    entries = "".join(entry(feed, version + number) for number in reversed(range(ENTRIES)))
    return (
        "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' "
        "xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
        f"<title>Outlet {feed}</title><link>https://outlet{feed}.example/</link><description>Invented</description>"
        f"{entries}</channel></rss>"
    ).encode()


class Outlets:
    def __init__(self, count: int) -> None:
        self.versions = [0] * count
        self.bodies = [body(feed, 0) for feed in range(count)] if count <= 2_000 else None

    def turn(self, percent: int) -> None:
        for feed in range(len(self.versions)):
            if feed * 37 % 100 < percent:
                self.versions[feed] += 1
                if self.bodies is not None:
                    self.bodies[feed] = body(feed, self.versions[feed])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(self.answer(head))
                await writer.drain()
                if b"connection: close" in head.lower() or b" HTTP/1.0\r\n" in head:
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def answer(self, head: bytes) -> bytes:
        first, _, second = head.split(b" ", 2)[1].decode().strip("/").partition("/")
        if first == "turn":
            self.turn(int(second))
            return b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
        if not first.isdigit() or int(first) >= len(self.versions):
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        feed = int(first)
        version = self.versions[feed]
        etag = b'ETag: "%d-%d"\r\n' % (feed, version)
        if b'"%d-%d"' % (feed, version) in head:
            return b"HTTP/1.1 304 Not Modified\r\n" + etag + b"\r\n"
        content = body(feed, version) if self.bodies is None else self.bodies[feed]
        return (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n" % len(content)
            + etag
            + b"\r\n"
            + content
        )


async def main(count: int) -> None:
    outlets = Outlets(count)
    server = await asyncio.start_server(outlets.serve, "0.0.0.0", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
