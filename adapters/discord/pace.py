"""How fast we ask Discord: 50 requests a second for the whole application, whatever they are (platforms.md).

discord.py keeps each route's own limit by its headers; of the global one it learns only by breaking it. So requests are
spaced out before they leave. Answers to interactions do not count, and are never made to wait.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Protocol

import aiohttp
import discord
import structlog

from bot.app.budget import Budget
from bot.core.budget import at_most

log = structlog.get_logger(__name__)

ALLOWED = 50.0
"""Requests a second of one application, over all processes (platforms.md)."""
KEPT_BACK = 0.03
"""Of those, left unused: Discord counts when they arrive, which is never exactly when they left."""
ALL = at_most(
    int(ALLOWED), timedelta(seconds=1), platform="discord", kind="global", lateness=timedelta(milliseconds=25)
)
"""The same, shared by processes. A late slot is a lost one, and every second has 48.7 of them."""
PATIENCE = timedelta(seconds=20)
"""How long a request waits for its turn: less than `bot.app.deliver` waits for an answer."""
FREE = ("/interactions/", "/webhooks/")
"""Paths that do not count against the global limit: answers to interactions."""


class Pace(Protocol):
    async def turn(self) -> None:
        """Returns when one request may leave."""

    def rest(self, seconds: float) -> None:
        """Discord said so: nothing leaves for that long."""


class OwnPace:
    """For one process that has `rate` requests a second to itself, evenly spaced: no second, wherever it begins, holds
    more than its share."""

    def __init__(self, rate: float = ALLOWED * (1 - KEPT_BACK)) -> None:
        self.rate = rate
        self._next = 0.0
        self._resting = 0.0

    async def turn(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        mine = max(now, self._next, self._resting)
        self._next = mine + 1 / self.rate
        await asyncio.sleep(mine - now)
        if loop.time() < self._resting:  # said while this one waited
            await self.turn()

    def rest(self, seconds: float) -> None:
        self._resting = max(self._resting, asyncio.get_running_loop().time() + seconds)
        self._next = 0.0


class SharedPace:
    """For any number of processes that share a store (`bot.app.budget`)."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._holding: asyncio.Task[None] | None = None

    async def turn(self) -> None:
        """Raises `discord.RateLimited` where that would take longer than `PATIENCE`, and StoreError where the store
        cannot be asked: nothing leaves then."""
        if self._holding is not None:
            await asyncio.wait({self._holding})
        began = asyncio.get_running_loop().time()
        later = await self._budget.take(ALL, patience=PATIENCE)
        if later is not None:
            raise discord.RateLimited(max(1.0, PATIENCE.total_seconds() - asyncio.get_running_loop().time() + began))

    def rest(self, seconds: float) -> None:
        self._holding = asyncio.ensure_future(self._budget.hold(ALL, span=timedelta(seconds=seconds)))
        self._holding.add_done_callback(_settled)


def _settled(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.warning("a limit of Discord's could not be told to other processes", error=str(error))


def paced(pace: Pace) -> aiohttp.TraceConfig:
    """Every request of a session waits for its turn where it leaves: behind all that discord.py waits for itself."""

    async def leaving(
        _session: aiohttp.ClientSession, _context: SimpleNamespace, request: aiohttp.TraceRequestStartParams
    ) -> None:
        if not any(part in request.url.path for part in FREE) and request.url.scheme in ("http", "https"):
            await pace.turn()

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(leaving)
    return trace
