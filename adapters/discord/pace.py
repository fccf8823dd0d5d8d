"""How fast we ask Discord: 50 requests a second for the whole application, whatever they are (platforms.md).

discord.py keeps each route's own limit by its headers; of the global one it learns only by breaking it. So requests
wait for their turn before they leave. Answers to interactions do not count, and are never made to wait.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections import deque
from datetime import timedelta
from types import SimpleNamespace
from typing import Protocol

import aiohttp
import discord
import structlog

from bot.app.budget import Budget
from bot.core.budget import Allowance

log = structlog.get_logger(__name__)

ALLOWED = 50
"""Requests a second of one application, over all processes (platforms.md)."""
SPAN = 1.0
ALL = Allowance(
    platform="discord", kind="global", spacing=timedelta(microseconds=20_100), lateness=timedelta(milliseconds=200)
)
"""The same, shared by processes: 49.8 a second. Each process holds to `Window` besides, so a slot may be used late:
only where several processes stalled at the same moment could some more than 50 meet in a second."""
PATIENCE = timedelta(seconds=20)
"""How long a request waits for its turn: less than `bot.app.deliver` waits for an answer."""
FREE = ("/interactions/", "/webhooks/")
"""Paths that do not count against the global limit: answers to interactions."""
MANY = 500
"""Answers of which the quickest tells what the way to Discord and back takes at least."""
MARGIN = 0.01
"""Seconds by which that may be less than it seems."""
FORGOTTEN = 60.0
"""Seconds after which a request counts as answered of which nothing was heard any more."""


class Pace(Protocol):
    async def turn(self) -> int:
        """Returns when one request may leave; a number for it."""

    def answered(self, turn: int) -> None:
        """That request was answered, or will not be."""

    def rest(self, seconds: float) -> None:
        """Discord said so: nothing leaves for that long."""


class Window:
    """At most `most` requests reach Discord in any `SPAN`, however long each is under way.

    When one arrives is not known, only that it is between leaving and the answer, and that the way there and the way
    back took what they take at least. That least is the same for all, so it moves all arrivals alike and matters to no
    span: a request that was answered after 250 ms, where the quickest of many takes 200, counts as one that arrived
    within the 50 ms after it left. So one may leave while those that are under way and those that may have arrived
    within the last `SPAN` are fewer than `most`. Were the least not taken off, 50 a second would be 42 over a line of
    200 ms.
    """

    def __init__(self, most: int = ALLOWED) -> None:
        self.most = most
        self._under_way: dict[int, float] = {}
        self._arrived: list[float] = []
        self._took: deque[float] = deque(maxlen=MANY)
        self._numbers = itertools.count()
        self._in_order = asyncio.Lock()
        self._change = asyncio.Event()

    async def enter(self) -> int:
        loop = asyncio.get_running_loop()
        async with self._in_order:
            while (wait := self._wait(loop.time())) > 0:
                self._change.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._change.wait()
            number = next(self._numbers)
            self._under_way[number] = loop.time()
        return number

    def leave(self, number: int) -> None:
        """It was answered."""
        left = self._under_way.pop(number, None)
        if left is None:
            return
        now = asyncio.get_running_loop().time()
        self._took.append(now - left)
        self._arrived.append(now - self._least())
        self._change.set()

    def shut(self, seconds: float) -> None:
        """For so long nothing leaves: as if all had arrived just then."""
        until = asyncio.get_running_loop().time() + seconds - SPAN
        self._arrived.extend([until] * self.most)

    def _least(self) -> float:
        """Seconds that every request takes; none where few are known yet."""
        return max(0.0, min(self._took) - MARGIN) if len(self._took) == MANY else 0.0

    def _wait(self, now: float) -> float:
        recent = sorted(at for at in self._arrived if at > now - SPAN)
        self._arrived = recent
        if len(self._under_way) + len(recent) >= self.most:
            self._under_way = {each: at for each, at in self._under_way.items() if now - at < FORGOTTEN}
        over = len(self._under_way) + len(recent) - self.most
        if over < 0:
            return 0.0
        # Rounding must not make nothing of a wait: then one more would leave.
        return max(recent[over] + SPAN - now, 0.001) if over < len(recent) else SPAN


class OwnPace:
    """For one process that has Discord's limit, or so many requests a second, to itself."""

    def __init__(self, most: int = ALLOWED) -> None:
        self._window = Window(most)

    async def turn(self) -> int:
        return await self._window.enter()

    def answered(self, turn: int) -> None:
        self._window.leave(turn)

    def rest(self, seconds: float) -> None:
        self._window.shut(seconds)


class SharedPace:
    """For any number of processes that share a store (`bot.app.budget`)."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._window = Window()
        self._holding: set[asyncio.Task[None]] = set()

    async def turn(self) -> int:
        """Raises `discord.RateLimited` where that would take longer than `PATIENCE`, and StoreError where the store
        cannot be asked: nothing leaves then."""
        if await self._budget.take(ALL, patience=PATIENCE) is not None:
            raise discord.RateLimited(PATIENCE.total_seconds())
        return await self._window.enter()

    def answered(self, turn: int) -> None:
        self._window.leave(turn)

    def rest(self, seconds: float) -> None:
        self._window.shut(seconds)
        holding = asyncio.ensure_future(self._budget.hold(ALL, span=timedelta(seconds=seconds)))
        self._holding.add(holding)
        holding.add_done_callback(self._held)

    def _held(self, holding: asyncio.Task[None]) -> None:
        self._holding.discard(holding)
        if not holding.cancelled() and (error := holding.exception()) is not None:
            log.warning("a limit of Discord's could not be told to other processes", error=str(error))


def paced(pace: Pace) -> aiohttp.TraceConfig:
    """Every request of a session waits for its turn where it leaves: behind all that discord.py waits for itself."""

    async def leaving(
        _session: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestStartParams
    ) -> None:
        if not any(part in request.url.path for part in FREE) and request.url.scheme in ("http", "https"):
            context.turn = await pace.turn()

    async def over(_session: aiohttp.ClientSession, context: SimpleNamespace, _end: object) -> None:
        if (turn := getattr(context, "turn", None)) is not None:
            pace.answered(turn)

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(leaving)
    trace.on_request_end.append(over)
    trace.on_request_exception.append(over)
    return trace
