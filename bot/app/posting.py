"""Stopping and resuming all posting, and the gate that every message and edit passes right before it leaves.

A stop is a row that every process reads: the outbox's book reads it in the same transaction that takes a delivery, so
that lanes rest while it is in force, and the `Gate` asks again, at most `FRESH` ago, before each call to a platform. So
once the row is committed no process begins anything, and within `FRESH` those stop that were in the middle of a long
message. A message that is on its way to a platform at that moment arrives.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from bot.app.ports import Database
from bot.core.community import CommunityId
from bot.core.delivery import DeliveryId
from bot.core.errors import StoreError
from bot.core.posting_stop import Scope, Stop, is_old

FRESH = timedelta(seconds=0.25)
LOOK = timedelta(seconds=2)
"""How soon a process with nothing to send notices, and says so in its log."""

LAST = timedelta(seconds=1)
"""How long a look in hand is waited for when a process ends."""

log = structlog.get_logger(__name__)


class Gate:
    """What is stopped, as this process knows it."""

    def __init__(self, database: Database, fresh: timedelta = FRESH) -> None:
        self._database = database
        self._fresh = fresh
        self._stops: Sequence[Stop] = ()
        self._read: float | None = None
        self._turn = asyncio.Lock()

    async def closed(self, platform: str, community: CommunityId) -> Stop | None:
        """The stop that forbids posting there, None where none does.

        Where the database cannot be asked, what was known last holds: without it nothing can be written down either,
        and so nothing further is begun.
        """
        await self.look()
        return next((stop for stop in self._stops if stop.scope.covers(platform, community)), None)

    async def look(self) -> None:
        """Read again what is stopped, unless that was done just now; what changed is logged."""
        async with self._turn:
            now = asyncio.get_running_loop().time()
            if self._read is not None and now - self._read < self._fresh.total_seconds():
                return
            try:
                async with self._database.read() as tx:
                    stops = await tx.posting.in_force()
            except StoreError as error:
                log.info("cannot see whether posting is stopped", error=str(error))
                return
            self._read = now
            before, self._stops = self._stops, stops
            known, now_known = {stop.id for stop in before}, {stop.id for stop in stops}
            for stop in stops:
                if stop.id not in known:
                    log.warning(str(stop))
            for stop in before:
                if stop.id not in now_known:
                    log.warning(f"posting goes on {stop.scope}")

    @asynccontextmanager
    async def watched(self, every: timedelta = LOOK) -> AsyncIterator[None]:
        """Look now and then while the block runs, whether or not there is anything to send."""

        over = asyncio.Event()

        async def watch() -> None:
            while not over.is_set():
                await self.look()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(every.total_seconds()):
                        await over.wait()

        watching = asyncio.create_task(watch())
        try:
            yield
        finally:
            over.set()
            await asyncio.wait({watching}, timeout=LAST.total_seconds())
            watching.cancel()


async def stop_posting(database: Database, scope: Scope, *, by: str, reason: str) -> Stop | None:
    """Nothing is posted there until it is lifted; None where that scope is stopped already."""
    async with database.begin() as tx:
        if any(stop.scope == scope for stop in await tx.posting.in_force()):
            return None
        return await tx.posting.stop(scope, by=by, reason=reason)


async def resume_posting(
    database: Database, scope: Scope | None, *, by: str
) -> tuple[Sequence[Stop], Sequence[DeliveryId]]:
    """Lift the stop of exactly that scope, or with None every one: which were lifted, and which deliveries were let go
    because they are no news any more (`bot.core.posting_stop`). What another stop still holds up stays as it is."""
    async with database.begin() as tx:
        in_force = await tx.posting.in_force()
        lifted = [stop for stop in in_force if scope is None or stop.scope == scope]
        if not lifted:
            return (), ()
        await tx.posting.lift([stop.id for stop in lifted], by=by)
        others = [stop.scope for stop in in_force if stop not in lifted]
        now = await tx.now()
        freed = [
            one
            for one in await tx.posting.held_up([stop.scope for stop in lifted])
            if not any(other.covers(one.platform, one.community) for other in others)
        ]
        old = [one.waiting.delivery for one in freed if not one.paused and is_old(one.waiting, now)]
        gone = await tx.posting.let_go(old)
        await tx.posting.wake(sorted({one.destination for one in freed}))
    return lifted, gone
