"""How fast we ask Discord: 50 requests a second for the whole application, whatever they are (platforms.md).

discord.py keeps each route's own limit by its headers; of the global one it learns only by breaking it. So requests are
spaced out before they leave. Answers to interactions do not count, and are never made to wait.
"""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Protocol

import aiohttp

ALLOWED = 50.0
"""Requests a second of one application, over all processes (platforms.md)."""
KEPT_BACK = 0.03
"""Of those, left unused: Discord counts when they arrive, which is never exactly when they left."""
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
