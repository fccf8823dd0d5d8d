"""Slack's far side for the fault suite (`tests.far_side`): the protocol server in a thread, the real adapter before it.

Slack knows no message's id again; that is, it lets its messages be read back where the scope was given, and else
neither.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from adapters.clock import SystemClock
from adapters.slack.api import Api
from adapters.slack.keys import Key, OwnKey
from adapters.slack.pace import OwnBudget, Pace
from adapters.slack.platform import EVENT_TYPE, SlackPlatform, team_of
from adapters.slack.service import new_client
from bot.app.ports import Platform
from bot.core.message.document import Document, Prose, Text
from tests.factories import GUILD
from tests.far_side import CALM, LATENESS, Faults, Knows, Post
from tests.platforms.far_clock import FarClock
from tests.platforms.slack_reader import read
from tests.platforms.slack_server import ALL_SCOPES, Fault, Message, SlackServer, in_a_thread

TEAM = team_of(GUILD)
FULL = " | " + "word " * 1_570
"""Fills a message; before it stands what the message says."""
READINGS = 1.0
"""Times a minute that a channel may be read back."""


@dataclass(frozen=True)
class SlackLine:
    """`tests.far_side.Line`."""

    base_url: str
    token: str
    knows: Knows
    pace: float

    @asynccontextmanager
    async def connected(self, seed: int) -> AsyncIterator[Platform]:
        scopes = frozenset(ALL_SCOPES if self.knows is not Knows.NEITHER else ("chat:write",))
        keys = OwnKey()
        keys.know(Key(token=self.token, place=TEAM, scopes=scopes))
        budget = OwnBudget(lambda: time.monotonic() * self.pace, lambda span: asyncio.sleep(span / self.pace))
        async with new_client(self.base_url) as client:
            api = Api(client, keys, Pace(budget, budget, distributed=False))
            yield SlackPlatform(api, SystemClock())


class SlackSide:
    """`tests.far_side.FarSide`. The server runs in that loop, in a thread of its own."""

    platform = "slack"
    nowhere = "CNOWHERE"

    def __init__(self, server: SlackServer, clock: FarClock, loop: asyncio.AbstractEventLoop, line: SlackLine) -> None:
        self.line = line
        self._server = server
        self._clock = clock
        self._loop = loop
        self._faults, self._slow = CALM, 0.0
        self._chance = random.Random(1)
        self._happened: Counter[str] = Counter()
        server.fate = self._fate

    def channel(self, number: int) -> str:
        return self._server.workspaces[TEAM].channel(f"C{number}").id

    def document(self, said: str, parts: int = 1) -> Document:
        return Document(summary=said, blocks=(Prose((Text(said + FULL),)),) * parts)

    def misbehave(self, faults: Faults, *, slow: float = 0.0) -> None:
        self._faults, self._slow = faults, slow

    async def passes(self, span: timedelta) -> None:
        there = urlsplit(self._server.address)
        passing = self._clock.passes(span, there.hostname or "", there.port or 0)
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(passing, self._loop))

    def misbehaved(self) -> Mapping[str, int]:
        return {**self._happened, **({"limited": self._server.limited} if self._server.limited else {})}

    def posted(self) -> list[Post]:
        found = [
            (message.ts, _post(channel.id, message))
            for channel in self._server.workspaces[TEAM].channels.values()
            for message in list(channel.messages)
            if message.metadata.get("event_type") == EVENT_TYPE
        ]
        return [post for _, post in sorted(found, key=lambda each: each[0])]

    def _fate(self, method: str) -> Fault | None:
        before, after = (self._slow * self._chance.random() for _ in range(2))
        slow = Fault(delay=before, lingers=after, done=True)
        if method not in {"chat.postMessage", "chat.update"}:
            return slow
        drawn = self._chance.random()
        for name in self._faults.names:
            drawn -= getattr(self._faults, name)
            if drawn < 0:
                self._happened[name] += 1
                if name == "late":
                    return Fault(delay=before, drop=True, later=self._later)
                return replace(FATES[name], delay=before, lingers=after)
        return slow

    def _later(self, do: Callable[[], object]) -> None:
        async def done() -> None:
            do()

        self._clock.later(LATENESS, done)


def _post(channel: str, message: Message) -> Post:
    """It says what its blocks show; and what is read out for them, where that is something else."""
    ways = (read(message.blocks).words, message.text)
    said = " / ".join(dict.fromkeys(way.partition(FULL[:3])[0].strip() for way in ways))
    return Post(channel, message.metadata["event_payload"]["part"], said, not message.deleted)


FATES: Mapping[str, Fault] = {
    "deferred": Fault(retry_after=2),
    "failed": Fault(error="service_unavailable"),
    "lost_before": Fault(drop=True),
    "lost_after": Fault(status=500, error="internal_error", done=True),
    "broken_after": Fault(text="<html>", done=True),
    "closed": Fault(error="channel_not_found"),
    "deleted": Fault(done=True, deletes=True),
}


@contextmanager
def slack(folder: Path, knows: Knows, pace: float | None) -> Iterator[SlackSide]:
    """A `tests.far_side.Factory`. Nothing is kept in `folder`: the server is a thread of whoever tests."""
    clock = FarClock()
    server = SlackServer(
        limits=pace is not None,
        readings=None if pace is None else READINGS,
        clock=clock,
        middlewares=[clock.watched],
    )
    server.workspace(TEAM)
    with in_a_thread(server) as loop:
        yield SlackSide(server, clock, loop, SlackLine(server.base_url, server.grant(TEAM), knows, pace or 1.0))
