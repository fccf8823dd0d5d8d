"""From a feed's answer to the sender's hands: how long an article that matches a watch takes (part of `outbox`).

The whole house as `slugline run` has it, in one process: real fetching from loopback, parsers in their children, the
real models. Feeds take turns in bringing one real headline about AI and work (`relevance` of the shared data; invented
ones where it is absent) among others that are not, each with a word of its own that one watch waits for. The clock
starts when the answer that brings it has been written, and stops when the platform is asked to post.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path

from adapters.storage import SqlDatabase
from bot.app.loops import Loops
from bot.app.ports import Stage
from bot.cli.house import open_house
from bot.core.community import COMMON
from bot.core.delivery import PLAINLY, Destination, Manner, SendOutcome
from bot.core.feed import FeedId
from bot.core.message.document import Document
from bot.core.outbox import PartId
from bot.settings import Settings
from tests.factories import GUILD, add_feed, new_community, new_outlet, new_watch
from tests.fakes import FakePlatform
from tests.senders import quiet
from tests.shared import SHARED

FEEDS = 20
NOISE = 3
"""Entries that no watch waits for, with each that one does."""
PATIENCE_S = 30.0
"""How long the last article may take."""


def seconds(url: str, articles: int, gap: float) -> list[float]:
    """What each took, sorted; one comes every `gap` seconds. The database at `url` is empty."""
    quiet()
    with tempfile.TemporaryDirectory() as folder:
        return sorted(asyncio.run(_run(url, Path(folder), articles, gap)))


# --- the outside --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Outlets:
    """Feeds on loopback. `served` is when an article was first in an answer, by the monotonic clock."""

    entries: dict[int, deque[str]] = field(default_factory=dict)
    fresh: dict[int, list[int]] = field(default_factory=dict)
    served: dict[int, float] = field(default_factory=dict)
    port: int = 0

    def publish(self, feed: int, article: int, items: Sequence[str]) -> None:
        self.entries.setdefault(feed, deque(maxlen=30)).extend(items)
        self.fresh.setdefault(feed, []).append(article)

    @asynccontextmanager
    async def up(self) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
            feed = path.strip("/").partition("/")[0]
            brought = self.fresh.pop(int(feed), []) if path.endswith("/feed.xml") else []
            known = path.endswith("/feed.xml")
            body = self._feed(int(feed)).encode() if known else b"no such page"
            head = f"HTTP/1.1 {'200 OK' if known else '404 Not Found'}\r\nContent-Type: application/rss+xml\r\n"
            writer.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
            await writer.drain()
            for article in brought:
                self.served[article] = time.monotonic()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _feed(self, feed: int) -> str:
        items = "".join(reversed(self.entries.get(feed, ())))
        return f'<rss version="2.0"><channel><title>Outlet {feed}</title>{items}</channel></rss>'


@dataclass(slots=True)
class Watched(FakePlatform):
    """When each place was first posted to, by the monotonic clock."""

    at: dict[str, float] = field(default_factory=dict)

    async def send(
        self,
        destination: Destination,
        document: Document,
        part: int,
        manner: Manner = PLAINLY,
        *,
        part_id: PartId,
        opening: str | None = None,
    ) -> SendOutcome:
        self.at.setdefault(destination.address, time.monotonic())
        return await FakePlatform.send(self, destination, document, part, manner, part_id=part_id, opening=opening)


def item(number: str, title: str, summary: str, port: int) -> str:
    date = format_datetime(datetime.now(UTC))
    return (
        f"<item><title>{escape(title)}</title><guid>{number}</guid><link>http://127.0.0.1:{port}/0/{number}</link>"
        f"<description>{escape(summary)}</description><pubDate>{date}</pubDate></item>"
    )


def headlines() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Title and summary: of news about AI and work, and of other news."""
    path = SHARED / "data/relevance/headlines.jsonl"
    if not path.exists():
        invented = [f"Writers of studio {number} strike over AI scripts" for number in range(500)]
        others = [f"Team {number} wins the cup" for number in range(500)]
        return [(title, f"{title}, their union said.") for title in invented], [(title, title) for title in others]
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    kinds = {"positive": list[tuple[str, str]](), "negative": list[tuple[str, str]]()}
    for row in rows:
        # An entry that says its title again says nothing else, whatever stands behind it.
        if row["label_guess"] in kinds and row["summary"] and row["title"] not in row["summary"]:
            kinds[row["label_guess"]].append((row["title"], row["summary"][:1500]))
    return kinds["positive"], kinds["negative"]


# --- the inside ---------------------------------------------------------------------------------------------


async def _run(url: str, folder: Path, count: int, gap: float) -> list[float]:
    outlets, platform = Outlets(), Watched()
    news, others = headlines()
    async with outlets.up():
        values = {"data_dir": folder, "database_url": url, "allow_hosts": f"127.0.0.1:{outlets.port}"}
        async with open_house(Settings.model_validate(values)) as house:
            assert isinstance(house.database, SqlDatabase)
            feeds = await _set_up(house.database, outlets.port, count)
            loops = Loops(
                house.database, [*house.stages, house.sender(platform)], holder=house.holder, wakes=house.database
            )
            running = asyncio.create_task(loops.run())
            await asyncio.sleep(3)  # every feed is read once, and holds nothing
            for number in range(count):
                feed = number % FEEDS
                title, summary = news[number % len(news)]
                items = [item(f"n{number}", title, f"The file is {word(number)}. {summary}", outlets.port)]
                for other in range(NOISE):
                    of = number * NOISE + other
                    items.append(item(f"o{of}", *others[of % len(others)], outlets.port))
                outlets.publish(feed, number, items)
                async with house.database.begin() as tx:
                    await tx.tasks.put(Stage.POLL, [feeds[feed]], COMMON)
                await asyncio.sleep(gap)
            await _until(lambda: len(platform.at) == count)
            loops.stop()
            await running
    # A story none of whose articles speaks of AI is told of to nobody, whatever is watched for.
    missing = count - len(platform.at)
    assert missing <= count * 0.05, f"{missing} of {count} never came"
    return [at - outlets.served[int(address.removeprefix("place-"))] for address, at in platform.at.items()]


def word(number: int) -> str:
    """That no text has."""
    return f"zyxw{number:04}"


async def _set_up(database: SqlDatabase, port: int, count: int) -> list[FeedId]:
    async with database.begin() as tx:
        await tx.communities.ensure(new_community())
        for number in range(count):
            place = await tx.schedules.destination(GUILD, "discord", f"place-{number}")
            await tx.watches.add(new_watch(place.id, query=word(number)))
        return [
            await add_feed(
                tx,
                url=f"http://127.0.0.1:{port}/{number}/feed.xml",
                outlet=new_outlet(f"Outlet {number}"),
                trusted=True,
            )
            for number in range(FEEDS)
        ]


async def _until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not done() and time.monotonic() < deadline:  # noqa: ASYNC110 (what happens is the program's own)
        await asyncio.sleep(0.1)
