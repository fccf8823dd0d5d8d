"""Sparing with IDENTIFYs: Discord allows an application 1,000 in 24 hours, over all its shards, and then resets its
token (platforms.md). Whatever makes us connect again and again, a bug or an outage, must not cost the token.

Those of the last day are kept in the store, so that a process that is restarted in a circle counts too. Half of them
may be used at any pace; after that they are spread over what is left of the day. Between two, whichever process makes
them, there are the five seconds that Discord wants.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import structlog

from bot.app.ports import Database

ALLOWED = 1_000
DAY = timedelta(hours=24)
KEPT_BACK = 100
"""For whoever mends what went wrong."""
APART = timedelta(seconds=5)
"""Between two IDENTIFYs: Discord's own pace for one session at a time."""

log = structlog.get_logger(__name__)


def pause(times: Sequence[datetime], now: datetime) -> timedelta:
    """How long to wait before the next; `times` are those before, the oldest first."""
    recent = [time for time in times if now - time < DAY]
    most = ALLOWED - KEPT_BACK
    if len(recent) * 2 < most:
        return timedelta(0)
    over = recent[0] + DAY - now
    if len(recent) >= most:
        return max(timedelta(0), over)
    return max(timedelta(0), recent[-1] + over / (most - len(recent) + 1) - now)


class Identifying:
    """`apart` is shorter in tests only."""

    def __init__(self, database: Database, application: int, *, apart: timedelta = APART) -> None:
        self._database = database
        self._name = _name(application)
        self._apart = apart

    async def turn(self, shard: int) -> None:
        """Returns when one IDENTIFY may be made, which is then written down."""
        while (wait := await self._try()) > timedelta(0):
            if wait > self._apart:
                log.warning(
                    "connecting to Discord waits, to spare the token", shard=shard, seconds=wait.total_seconds()
                )
            await asyncio.sleep(wait.total_seconds())

    async def _try(self) -> timedelta:
        async with self._database.begin() as tx:
            # Held by nobody but time: whoever has it was the last to identify.
            if not await tx.leases.acquire(self._name, uuid4().hex, self._apart):
                return min(self._apart, timedelta(seconds=1))
            now = await tx.now()
            times = _read(await tx.marks.get(self._name))
            wait = pause(times, now)
            if wait <= timedelta(0):
                kept = [*(time for time in times if now - time < DAY), now]
                await tx.marks.put(self._name, json.dumps([int(time.timestamp()) for time in kept]))
            return wait


async def used(database: Database, application: int) -> int:
    """How many of the day's were made in the last 24 hours."""
    async with database.read() as tx:
        now = await tx.now()
        return len([time for time in _read(await tx.marks.get(_name(application))) if now - time < DAY])


def _name(application: int) -> str:
    return f"discord:{application}:identify"


def _read(said: str | None) -> list[datetime]:
    return [datetime.fromtimestamp(each, UTC) for each in json.loads(said or "[]")]
