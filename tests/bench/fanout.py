"""A morning: one digest each for thousands of channels, while members press buttons and feeds are polled.

The program itself (`slugline run --roles work,discord`, SQLite) posts to a Discord of our own in another process, which
keeps Discord's limits by our own clock: 50 requests a second, five messages in five seconds and channel. Options:
`platform=discord`, `channels=10000`, `servers=2500`, `feeds=300` (polled meanwhile).
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from adapters.storage import open_database
from bot.core.community import COMMON, CommunityId
from bot.core.feed import NewFeed, Outlet
from bot.core.message.document import Block, Citation, Divider, Document, Heading, Prose, Text
from tests.bench import fanout_slack
from tests.bench.outlets import address, url
from tests.factories import new_community
from tests.forks import DISCORD
from tests.platforms.discord_server import GLOBAL
from tests.platforms.discord_world import TOKEN
from tests.quality.report import Goal, Report, Table

SHARE, ACKNOWLEDGED_MS, RESIDENT_MB = 0.95, 500, 350


def measure(options: Mapping[str, str]) -> Report:
    if (platform := options.get("platform", "discord")) == "slack":
        return fanout_slack.measure(options)
    if platform != "discord":
        raise SystemExit("fanout is measured over discord or slack")
    channels, servers = int(options.get("channels", "10000")), int(options.get("servers", "2500"))
    feeds = int(options.get("feeds", "300"))
    with tempfile.TemporaryDirectory() as folder:
        idle_mb = _idle(Path(folder) / "idle", servers)
        figures, rows = _morning(Path(folder) / "morning", channels, servers, feeds)
    figures["idle_mb"] = idle_mb
    rows.append([f"connected to {servers:,} servers and nothing else (--roles discord): resident MB", f"{idle_mb:.0f}"])
    goals = [
        Goal(figure="share_of_allowed", value=SHARE),
        Goal(figure="lost", value=0, at_most=True),
        Goal(figure="twice", value=0, at_most=True),
        Goal(figure="limited_a_bucket", value=1, at_most=True),
        Goal(figure="acknowledged_p99_ms", value=ACKNOWLEDGED_MS, at_most=True),
        Goal(figure="unanswered", value=0, at_most=True),
        Goal(figure="idle_mb", value=RESIDENT_MB, at_most=True),
    ]
    title = f"{channels:,} channels of {servers:,} servers, one digest each, {feeds} feeds polled meanwhile"
    return Report(name="fanout", tables=[Table(title=title, columns=["", ""], rows=rows)], figures=figures, goals=goals)


def _morning(folder: Path, channels: int, servers: int, feeds: int) -> tuple[dict[str, float], list[list[str | float]]]:
    with _discord(servers, channels) as side, _outlets(feeds) as port:
        asyncio.run(_queue(folder, side.places, feeds, port))
        hosts = ",".join(f"{address(feed)}:{port}" for feed in range(feeds))
        with _slugline(folder, side.address, "work,discord", {"ALLOW_HOSTS": hosts}) as process:
            resident = 0.0
            said = side.ask()
            watched = psutil.Process(process.pid)
            patience = time.monotonic() + 120 + channels / GLOBAL * 3
            while said["posted"] < channels and time.monotonic() < patience:
                if process.poll() is not None:
                    raise RuntimeError(f"slugline ended with {process.returncode}")
                time.sleep(1)
                resident = max(resident, watched.memory_info().rss / 2**20)
                spent = watched.cpu_times()
                said = side.ask()
    arrivals = said["arrivals"]
    seconds = arrivals[-1] - arrivals[0]
    rate = (len(arrivals) - 1) / seconds
    acknowledged = sorted(each * 1000 for each in said["acknowledged_s"])
    p99 = acknowledged[int(len(acknowledged) * 0.99)]
    figures = {
        "per_s": rate,
        "share_of_allowed": rate / GLOBAL,
        "lost": float(channels - said["posted"]),
        "twice": float(said["twice"]),
        "limited_a_bucket": float(said["limited"]),
        "acknowledged_p99_ms": p99,
        "unanswered": float(said["unanswered"]),
        "resident_mb": resident,
        "processor_ms_a_message": (spent.user + spent.system) * 1000 / channels,
    }
    rows: list[list[str | float]] = [
        ["messages a second", f"{rate:.1f} ({rate / GLOBAL:.1%} of {GLOBAL})"],
        ["seconds from the first to the last", f"{seconds:.0f}"],
        ["the busiest second", f"{_busiest(arrivals)}"],
        ["lost, twice", f"{channels - said['posted']}, {said['twice']}"],
        ["429s, at most of one bucket", f"{said['limited']}"],
        [
            f"acknowledged ms, median and p99 of {len(acknowledged)}",
            f"{statistics.median(acknowledged):.0f}, {p99:.0f}",
        ],
        ["not acknowledged within 3 s", f"{said['unanswered']}"],
        ["resident MB of the process that did it all", f"{resident:.0f}"],
        ["its processor time a message, ms, all it did included", f"{figures['processor_ms_a_message']:.1f}"],
    ]
    return figures, rows


def _idle(folder: Path, servers: int) -> float:
    """MB resident of a process that is only connected, once all servers have come."""
    with _discord(servers, servers) as side, _slugline(folder, side.address, "discord", {}) as process:
        since = time.monotonic()
        while not side.ask()["acknowledged_s"]:
            if process.poll() is not None or time.monotonic() - since > 120:
                raise RuntimeError(f"slugline did not connect ({process.poll()})")
            time.sleep(1)
        time.sleep(5)
        return float(psutil.Process(process.pid).memory_info().rss / 2**20)


def _busiest(arrivals: Sequence[float]) -> int:
    """Of all spans of a second, wherever they begin, the messages of the fullest."""
    most, first = 0, 0
    for last, at in enumerate(arrivals):
        while at - arrivals[first] >= 1:
            first += 1
        most = max(most, last - first + 1)
    return most


class _Side:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        said = self._read()
        self.address: str = said["address"]
        self.places: list[tuple[int, int]] = [(server, channel) for server, channel in said["places"]]

    def ask(self) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found


@contextmanager
def _discord(servers: int, channels: int) -> Iterator[_Side]:
    command = [sys.executable, "-m", "tests.bench.discord_side", str(servers), str(channels)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield _Side(process)
    finally:
        process.kill()
        process.wait()


@contextmanager
def _outlets(count: int) -> Iterator[int]:
    server = subprocess.Popen([sys.executable, "-m", "tests.bench.outlets", str(count)], stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait()


@contextmanager
def _slugline(folder: Path, discord: str, roles: str, settings: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    folder.mkdir(exist_ok=True)
    own = {"DATA_DIR": str(folder), "DISCORD_TOKEN": TOKEN, "LOG_LEVEL": "error", "TIMEZONE": "UTC", **settings}
    environment = {**os.environ, **{f"SLUGLINE_{name}": value for name, value in own.items()}, DISCORD: discord}
    command = [sys.executable, "-m", "tests.platforms.launch", "run", "--roles", roles]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


async def _queue(folder: Path, places: Sequence[tuple[int, int]], feeds: int, port: int) -> None:
    async with open_database(f"sqlite+aiosqlite:///{folder / 'slugline.sqlite3'}") as database:
        async with database.begin() as tx:
            for feed in range(feeds):
                await tx.feeds.add(
                    NewFeed(
                        owner=COMMON,
                        url=url(feed, port),
                        outlet=Outlet(name=f"Outlet {feed}"),
                        title=f"Outlet {feed}",
                        language="en",
                        trusted=True,
                    )
                )
        document = digest()
        for begin in range(0, len(places), 500):
            async with database.begin() as tx:
                now = await tx.now()
                for server, channel in places[begin : begin + 500]:
                    community = CommunityId(f"discord:{server}")
                    await tx.communities.ensure(
                        new_community(community, platform="discord", name=f"Server {server}", created_at=now)
                    )
                    place = await tx.schedules.destination(community, "discord", str(channel))
                    await tx.deliveries.queue(community, place.id, document, digest=None)


def digest() -> Document:
    """Five stories of three sentences each, as long as ours are: one message on Discord."""
    blocks: list[Block] = [Heading("The news about AI and work"), Prose((Text("1 to 7 March"),), role="note")]
    for story in range(5):
        cited = [
            inline
            for sentence in range(3)
            for inline in (
                Text(f"{' ' if sentence else ''}Members of local {story} voted on clause {sentence} of the agreement."),
                Citation(sentence + 1, f"https://outlet{sentence}.example/{story}", f"Outlet {sentence}"),
            )
        ]
        blocks += [Divider(), Heading(f"Story {story} and what it changes for writers", level=2), Prose(tuple(cited))]
    return Document(summary="The news about AI and work", blocks=tuple(blocks))
