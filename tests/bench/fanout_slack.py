"""A morning on Slack: a digest and eleven alerts each for the channels of many workspaces, while members speak.

The program itself (`slugline run --roles slack,web`, HTTP mode, SQLite) posts to a Slack of our own in another process,
which keeps Slack's limits: one message a second and channel, 300 a minute and workspace. Then nothing is posted, and
10,000 signed requests come within a minute. Options: `workspaces=200`, `channels=10` each, `messages=12` each,
`requests=10000`, `rate=20` a second meanwhile. What is allowed is 1,000 messages a second and, at the beginning, ten at
once for each workspace: the fewer the messages, the more of them those are (with 3 it is 1,500 a second, with 12 it is
1,090).
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from cryptography.fernet import Fernet

from adapters.slack.manifest import SCOPES
from adapters.slack.sealing import Sealer
from adapters.storage import open_database
from bot.app.ports import Installation
from bot.core.community import CommunityId
from bot.core.message.document import Block, Citation, Divider, Document, Heading, Prose, Text
from tests.bench.slack_side import A_WORKSPACE, token_of
from tests.factories import new_community
from tests.forks import SLACK
from tests.platforms.slack_server import CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET
from tests.quality.report import Goal, Report, Table

SHARE, ACKNOWLEDGED_MS = 0.95, 500
BURST = 10
"""Messages that a workspace may get at once, of its minute's."""


def measure(options: Mapping[str, str]) -> Report:
    workspaces, channels = int(options.get("workspaces", "200")), int(options.get("channels", "10"))
    messages, requests = int(options.get("messages", "12")), int(options.get("requests", "10000"))
    rate = float(options.get("rate", "20"))
    with tempfile.TemporaryDirectory() as folder, _slack(workspaces, channels) as side:
        key = Fernet.generate_key().decode()
        asyncio.run(_queue(Path(folder), key, workspaces, channels, messages))
        with _slugline(Path(folder), side.address, key) as (process, app):
            ours, theirs = _Spent(process.pid), _Spent(side.pid)
            said, meanwhile, resident = _morning(side, process, app, workspaces * channels * messages, rate)
            ours_s, theirs_s = ours.seconds, theirs.seconds
            burst = side.ask(f"members {app} 60 {requests / 60}")
    total = workspaces * channels * messages
    allowed = _allowed(channels, messages)
    seconds = said["last"] - said["first"]
    figures = {
        "per_s": total / seconds,
        "seconds": seconds,
        "share_of_allowed": allowed / seconds,
        "lost": float(total - said["posted"]),
        "twice": float(said["twice"]),
        "limited": float(said["limited"]),
        "acknowledged_p99_ms": meanwhile["p99_ms"],
        "unanswered": float(meanwhile["failed"]),
        "requests_a_minute": burst["requests"] / burst["seconds"] * 60,
        "requests_failed": float(burst["failed"]),
        "requests_p99_ms": burst["p99_ms"],
        "resident_mb": resident,
        "processor_ms_a_message": ours_s * 1000 / total,
        "other_side_ms_a_message": theirs_s * 1000 / total,
    }
    rows: list[list[str | float]] = [
        ["messages a second", f"{total / seconds:.0f}"],
        ["seconds from the first to the last; that the limits ask for", f"{seconds:.1f}; {allowed:.1f}"],
        ["lost, twice", f"{total - said['posted']}, {said['twice']}"],
        ["429s", f"{said['limited']}"],
        [
            f"acknowledged meanwhile ms, median and p99 of {meanwhile['requests']}; not",
            f"{meanwhile['median_ms']:.0f}, {meanwhile['p99_ms']:.0f}; {meanwhile['failed']}",
        ],
        [
            f"{requests:,} signed requests: a minute, median and p99 ms, not acknowledged",
            f"{figures['requests_a_minute']:,.0f}, {burst['median_ms']:.0f}, {burst['p99_ms']:.0f}, {burst['failed']}",
        ],
        ["resident MB of the process that did it all", f"{resident:.0f}"],
        [
            "processor time a message, ms: of that process, members included; of the other side",
            f"{figures['processor_ms_a_message']:.2f}; {figures['other_side_ms_a_message']:.2f}",
        ],
    ]
    goals = [
        Goal(figure="share_of_allowed", value=SHARE),
        Goal(figure="lost", value=0, at_most=True),
        Goal(figure="twice", value=0, at_most=True),
        Goal(figure="acknowledged_p99_ms", value=ACKNOWLEDGED_MS, at_most=True),
        Goal(figure="unanswered", value=0, at_most=True),
        Goal(figure="requests_a_minute", value=requests * 0.98),
        Goal(figure="requests_failed", value=0, at_most=True),
    ]
    title = f"Slack: {workspaces} workspaces of {channels} channels, {messages} messages each"
    return Report(name="fanout", tables=[Table(title=title, columns=["", ""], rows=rows)], figures=figures, goals=goals)


def _allowed(channels: int, messages: int) -> float:
    """Seconds that the limits ask for, of one workspace as of all."""
    a_channel = float(messages - 1)
    a_workspace = max(0, channels * messages - BURST) * 60 / A_WORKSPACE
    return max(a_channel, a_workspace)


def _morning(
    side: _Side, process: subprocess.Popen[bytes], app: str, total: int, rate: float
) -> tuple[dict[str, Any], dict[str, Any], float]:
    """Members speak for ten seconds at a time, until all is posted."""
    resident, worst = 0.0, {"p99_ms": 0.0, "median_ms": 0.0, "failed": 0, "requests": 0}
    patience = time.monotonic() + 600
    while True:
        meanwhile = side.ask(f"members {app} 5 {rate}")
        worst = {
            "p99_ms": max(worst["p99_ms"], meanwhile["p99_ms"]),
            "median_ms": max(worst["median_ms"], meanwhile["median_ms"]),
            "failed": worst["failed"] + meanwhile["failed"],
            "requests": worst["requests"] + meanwhile["requests"],
        }
        resident = max(resident, psutil.Process(process.pid).memory_info().rss / 2**20)
        said = side.ask("posted")
        if said["posted"] >= total or time.monotonic() > patience:
            return said, worst, resident


class _Spent:
    """Processor time of a process, from now on."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._before = self._total()

    @property
    def seconds(self) -> float:
        return self._total() - self._before

    def _total(self) -> float:
        times = self._process.cpu_times()
        return float(times.user + times.system)


class _Side:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.pid = process.pid
        self.address: str = self._read()["address"]

    def ask(self, line: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found


@contextmanager
def _slack(workspaces: int, channels: int) -> Iterator[_Side]:
    command = [sys.executable, "-m", "tests.bench.slack_side", str(workspaces), str(channels)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield _Side(process)
    finally:
        process.kill()
        process.wait()


@contextmanager
def _slugline(folder: Path, slack: str, key: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {
        "DATA_DIR": str(folder),
        "SLACK_CLIENT_ID": CLIENT_ID,
        "SLACK_CLIENT_SECRET": CLIENT_SECRET,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_TOKEN_KEY": key,
        "WEB": f"127.0.0.1:{port}",
        "LOG_LEVEL": "error",
    }
    environment = {**os.environ, **{f"SLUGLINE_{name}": value for name, value in own.items()}, SLACK: slack}
    command = [sys.executable, "-m", "tests.platforms.launch", "run", "--roles", "slack,web"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _await(f"{address}/slack/events", process)
        yield process, address
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    patience = time.monotonic() + 60
    while time.monotonic() < patience and process.poll() is None:
        try:
            with urllib.request.urlopen(address):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"slugline did not begin ({process.poll()})")


async def _queue(folder: Path, key: str, workspaces: int, channels: int, messages: int) -> None:
    sealer = Sealer((key,))
    async with open_database(f"sqlite+aiosqlite:///{folder / 'slugline.sqlite3'}") as database:
        for number in range(workspaces):
            team = f"T{number}"
            community = CommunityId(f"slack:{team}")
            async with database.begin() as tx:
                now = await tx.now()
                await tx.installations.save(
                    Installation(
                        platform="slack",
                        place=team,
                        name=team,
                        sealed=sealer.seal({"token": token_of(team), "refresh": ""}),
                        scopes=tuple(SCOPES),
                        installed_at=now,
                    )
                )
                await tx.communities.ensure(new_community(community, platform="slack", name=team, created_at=now))
                for channel in range(1, channels + 1):
                    place = await tx.schedules.destination(community, "slack", f"C{team}{channel}")
                    for message in range(messages):
                        document = digest() if message == 0 else alert(message)
                        await tx.deliveries.queue(community, place.id, document, digest=None)


def digest() -> Document:
    """Five stories of three sentences each, as long as ours are: one message."""
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


def alert(number: int) -> Document:
    said = f"Your watch found something new, for the {number}. time today."
    return Document(summary=said, blocks=(Heading("Strike vote"), Prose((Text(said),))))
