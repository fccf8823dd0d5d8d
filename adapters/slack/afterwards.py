"""What is done after the acknowledgement.

Slack waits three seconds for us to say that we heard, and tells its member that we did not otherwise. So nothing stands
between hearing and saying so: no store, no call, no thought. The work is done here, so much of it at a time, and ended
before the process ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from bot.core.errors import StoreError

AT_A_TIME = 64
"""Pieces of work that are done at the same time; the others wait for their turn."""
PATIENCE = timedelta(minutes=5)
"""No answer takes longer."""
GRACE = timedelta(seconds=10)
"""How long a stop waits for work in hand."""
PAUSES = (0.5, 2.0, 10.0, 30.0, 60.0)
"""Seconds between tries of what must be done, where the store refuses."""

log = structlog.get_logger(__name__)


class Afterwards:
    """`async with` it: leaving waits for what is in hand, and then ends it."""

    def __init__(self, at_a_time: int = AT_A_TIME, grace: timedelta = GRACE) -> None:
        self._turns = asyncio.Semaphore(at_a_time)
        self._grace = grace
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Afterwards:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._grace.total_seconds())
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def do(self, work: Callable[[], Awaitable[None]], what: str) -> None:
        """Whatever goes wrong is logged as a failure of `what`."""
        self._start(self._done(work, what))

    def insist(self, work: Callable[[], Awaitable[None]], what: str) -> None:
        """As `do`, and again where the store refuses: nobody will say this to us another time."""

        async def insisting() -> None:
            for pause in PAUSES:
                try:
                    return await work()
                except StoreError as error:
                    log.warning("not done yet", what=what, error=str(error))
                    await asyncio.sleep(pause)
            await work()

        self._start(self._done(insisting, what))

    async def idle(self) -> None:
        """When nothing is in hand."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _done(self, work: Callable[[], Awaitable[None]], what: str) -> None:
        try:
            async with self._turns, asyncio.timeout(PATIENCE.total_seconds()):
                await work()
        except Exception:
            log.exception("what Slack said could not be done", what=what)
