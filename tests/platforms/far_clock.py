"""The clock of a platform's server in the fault suite: it stands still until it is moved.

A process that is killed leaves a call behind, in a socket or in the server's hands. On a busy machine that may take
seconds of ours, which are minutes where time is hurried. So the clock moves only when all that was sent before is done.
To know that, somebody knocks at the server's own socket, and so comes after whatever waits there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware


class FarClock:
    """For use in the server's own loop. Called, it gives its time in seconds. `watched` belongs among the server's
    middlewares."""

    def __init__(self) -> None:
        self._now = 0.0
        self._late: list[tuple[float, Callable[[], Awaitable[object]]]] = []
        self._under_way: set[asyncio.Event] = set()

    def __call__(self) -> float:
        return self._now

    def later(self, span: timedelta, do: Callable[[], Awaitable[object]]) -> None:
        """Have it done when so much time has passed."""
        self._late.append((self._now + span.total_seconds(), do))

    @property
    def watched(self) -> Middleware:
        @web.middleware
        async def watched(request: web.Request, handler: Handler) -> web.StreamResponse:
            done = asyncio.Event()
            self._under_way.add(done)
            try:
                return await handler(request)
            finally:
                self._under_way.discard(done)
                done.set()

        return watched

    async def passes(self, span: timedelta, host: str, port: int) -> None:
        """The server listens there."""
        await knock(host, port)
        for each in list(self._under_way):
            await each.wait()
        self._now += span.total_seconds()
        due = [one for one in self._late if one[0] <= self._now]
        self._late = [one for one in self._late if one[0] > self._now]
        for _, do in sorted(due, key=lambda one: one[0]):
            await do()


async def knock(host: str, port: int) -> None:
    """Returns when the server has seen all that was sent before."""
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"GET /nowhere HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
    await reader.read()
    writer.close()
    await writer.wait_closed()
