"""Discord as the fault suite sees it: our own server, in a thread of the test's process, which outlives all senders.

What the suite wants to be known of a message is what Discord's own behaviour gives: its nonces, its history, or neither
where the channel's history is closed and nonces are forgotten at once.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web

from adapters.clock import SystemClock
from adapters.discord.pace import OwnPace
from adapters.discord.platform import REMEMBERS, DiscordPlatform
from adapters.discord.render import parts
from adapters.discord.rest import open_rest
from bot.app.ports import Platform
from bot.core.message.document import Document, Prose
from tests.far_side import CALM, LATENESS, FarSide, Faults, Knows, Post
from tests.platforms.discord_checks import DiscordError
from tests.platforms.discord_posts import document, draw, said
from tests.platforms.discord_server import DiscordServer, discord_server, limited, pointed_at
from tests.platforms.discord_wire import Asked
from tests.platforms.discord_world import HISTORY, OWNER, TOKEN, Guild
from tests.platforms.far_clock import FarClock

T = TypeVar("T")
MEMORY = 600.0
"""Seconds for which a nonce is known again: longer than is counted on (`REMEMBERS`), since time runs fast in chaos and
a busy machine stalls whoever has just made sure."""
NOWHERE = "4711"
SPARED = {"PATCH": {"closed", "deleted"}, "GET": {"closed", "deleted", "late"}}
"""What never happens to calls that post nothing."""


@dataclass(frozen=True, slots=True)
class DiscordLine:
    """`tests.far_side.Line`."""

    address: str
    remembers: timedelta

    @asynccontextmanager
    async def connected(self, seed: int) -> AsyncIterator[Platform]:
        with pointed_at(self.address):
            async with open_rest(TOKEN, OwnPace()) as rest:
                yield DiscordPlatform(rest, drawn, SystemClock(), remembers=self.remembers)


def drawn(document_: Document) -> Sequence[Any]:
    """A part for each paragraph of what the suite sends; what Slugline itself says is drawn as it is in earnest."""
    if all(isinstance(block, Prose) for block in document_.blocks):
        return draw(document_)
    return parts(document_)


class Misbehaving(DiscordServer):
    """Draws by chance how each call for a message goes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.faulty: Faults = CALM
        self.slow = 0.0
        self.happened: Counter[str] = Counter()
        self.log: list[tuple[int, str, int]] = []
        """Channel, part id and message of every post that was ever taken."""
        self.gone: dict[int, str] = {}
        """What deleted messages said last."""
        self.chance = random.Random(4711)
        self.clock = self.far_clock = FarClock()
        self.app.middlewares.append(self.far_clock.watched)

    def made(self, channel: int, nonce: str, message: int) -> None:
        self.log.append((channel, nonce, message))

    async def _answer(
        self, request: web.Request, path: str, handler: Any, body: Any, asked: Asked
    ) -> web.StreamResponse:
        if "/messages" not in path or "{token}" in path:
            return await super()._answer(request, path, handler, body, asked)
        how = self._how(asked.method)
        await asyncio.sleep(self.slow * self.chance.random())
        if how == "deferred":
            return limited(6.0, everywhere=False)
        if how == "closed":
            return web.Response(
                body=b'{"message": "Unknown Channel", "code": 10003}',
                status=404,
                headers={"Content-Type": "application/json"},
            )
        if how in ("failed", "lost_before"):
            return self._drop(request)
        if how == "late":
            self.far_clock.later(LATENESS, lambda: self._late(request, handler, body))
            return self._drop(request)
        response = await super()._answer(request, path, handler, body, asked)
        await asyncio.sleep(self.slow * self.chance.random())
        if response.status == 200 and how == "deleted" and asked.method == "POST":
            channel, _, message = self.log[-1]
            self._delete(channel, message)
        if how == "lost_after":
            return self._drop(request)
        if how == "broken_after":
            return web.Response(body=b"<html>", status=200, headers={"Content-Type": "text/html"})
        return response

    def _how(self, method: str) -> str:
        drawn_ = self.chance.random()
        for name in self.faulty.names:
            drawn_ -= getattr(self.faulty, name)
            if drawn_ < 0:
                if name in SPARED.get(method, ()):
                    return "taken"
                self.happened[name] += 1
                return name
        return "taken"

    def _drop(self, request: web.Request) -> web.Response:
        if request.transport is not None:  # whoever asked may have been killed meanwhile
            request.transport.abort()
        return web.Response(status=500)

    async def _late(self, request: web.Request, handler: Any, body: Any) -> None:
        with suppress(DiscordError):  # its channel is gone by then, and so on
            await handler(request, body)

    def _delete(self, channel: int, message: int) -> None:
        there = self.world.channels[channel]
        if (found := there.messages.pop(message, None)) is not None:
            self.gone[message] = said(found)


class DiscordSide:
    """`tests.far_side.FarSide`."""

    platform = "discord"
    nowhere = NOWHERE

    def __init__(self, server: Misbehaving, loop: asyncio.AbstractEventLoop, knows: Knows) -> None:
        self.server = server
        self._loop = loop
        self._guild: Guild = server.world.guild()
        self._channels: dict[int, int] = {}
        self._denied = 0 if knows is Knows.READ else HISTORY
        self.line = DiscordLine(server.address, REMEMBERS if knows is Knows.KEY else timedelta(0))
        server.world.nonce_memory = MEMORY if knows is Knows.KEY else 0.0

    def channel(self, number: int) -> str:
        if number not in self._channels:
            made = self.server.world.channel(self._guild, denied=self._denied)
            self.server.world.post(made, {"content": "chatter"}, OWNER)  # else it is plain that nothing was posted
            self._channels[number] = made.id
        return str(self._channels[number])

    def document(self, said: str, parts: int = 1) -> Document:
        return document(*[said] * parts)

    def misbehave(self, faults: Faults, *, slow: float = 0.0) -> None:
        self.server.faulty, self.server.slow = faults, slow

    async def passes(self, span: timedelta) -> None:
        host, _, port = self.server.address.partition(":")
        passing = self.server.far_clock.passes(span, host, int(port))
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(passing, self._loop))

    def misbehaved(self) -> Mapping[str, int]:
        return self._asked(lambda: {**self.server.happened, **self.server.refused})

    def posted(self) -> Sequence[Post]:
        return self._asked(self._posted)

    def _posted(self) -> list[Post]:
        found = []
        for channel, part_id, message in self.server.log:
            there = self.server.world.channels[channel].messages.get(message)
            words = self.server.gone.get(message, "") if there is None else said(there)
            found.append(Post(str(channel), part_id, words, there is not None))
        return found

    def _asked(self, what: Callable[[], T]) -> T:
        """In the server's own thread."""

        async def ask() -> T:
            return what()

        return asyncio.run_coroutine_threadsafe(ask(), self._loop).result(30)


@contextmanager
def discord(_folder: Path, knows: Knows, pace: float | None) -> Iterator[FarSide]:
    """Discord's own limits, or none. They are by our time, which discord.py goes by, and so many times as wide."""
    started, loop = threading.Event(), asyncio.new_event_loop()
    done, running = asyncio.Event(), list[Misbehaving]()
    limits: dict[str, Any] = {"global_limit": 1_000_000, "messages": (1_000_000, 1.0)}
    if pace is not None:
        limits = {"global_limit": int(50 * pace), "messages": (5, 5.0 / pace)}

    async def serve() -> None:
        async with discord_server(Misbehaving, **limits) as server:
            running.append(server)
            started.set()
            await done.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert started.wait(30)
    try:
        yield DiscordSide(running[0], loop, knows)
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(30)
        loop.close()
