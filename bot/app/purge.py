"""Purging: what is older than the operator keeps it goes, a little at a time, while everything else goes on.

What is to go is looked for in a reading transaction, which holds up nobody, and removed in a writing one, of as many
rows as take about `AIM`: SQLite has one writer, and a visit or a message must not wait for a year of old news. How many
that are is learned table by table, since a row of one takes a hundred times as long as a row of another. After each the
others have at least as long a turn.

A whole community goes table by table, what refers to others first.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.app.ports import Clock, Database, Key, Stage, Task, Transaction
from bot.core.community import COMMON, CommunityId
from bot.core.retention import Old, Retention

AIM = timedelta(milliseconds=15)
"""How long a transaction should take: so that one that takes three times that still holds up nobody for long."""
ROWS, MOST = 10, 1_000
"""Rows of one table a transaction, at first and at most."""
EVERY = timedelta(hours=6)
SPELL = timedelta(minutes=2)
"""How long one sweep goes on before it lets the stage's lease be renewed; the rest follows at once."""
KEY = 0
"""Of the one task there is."""

log = structlog.get_logger(__name__)


async def purge_is_due(tx: Transaction) -> None:
    """There is one task of this stage in an installation, and whoever starts makes sure of it."""
    await tx.tasks.put(Stage.PURGE, [KEY], COMMON, due=await tx.now() + EVERY)


class Purge:
    """`longest` is how long the longest of its transactions took, for whoever measures."""

    def __init__(self, database: Database, retention: Retention, clock: Clock) -> None:
        self._database = database
        self._retention = retention
        self._clock = clock
        self._rows: defaultdict[str, int] = defaultdict(lambda: ROWS)
        self.longest = timedelta(0)

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage: as much as fits into a spell."""
        for task in tasks:
            removed, finished = await self.sweep(SPELL)
            if removed:
                log.info("purged", **{old.replace(" ", "_"): count for old, count in removed.items()})
            async with self._database.begin() as tx:
                now = await tx.now()
                await tx.tasks.done(task, again=now + EVERY if finished else now)

    async def sweep(self, spell: timedelta | None = None) -> tuple[Mapping[str, int], bool]:
        """Remove what is old, until nothing is or the spell is over: how many rows of what, and whether that was all.
        Of a community that left, "communities that left" counts all rows."""
        loop = asyncio.get_running_loop()
        until = None if spell is None else loop.time() + spell.total_seconds()
        removed: dict[str, int] = {}
        for old, before in self._retention.before(self._clock.now()).items():
            after: Key = ()
            while True:
                if until is not None and loop.time() >= until:
                    return removed, False
                async with self._database.read() as tx:
                    keys = await tx.purging.due(old, before, after=after, limit=self._rows[old])
                if not keys:
                    break
                after = keys[-1]
                if count := await self._remove(old, before, keys):
                    removed[old.value] = removed.get(old.value, 0) + count
        for community in await self._left():
            count, finished = await self._leave(community, until)
            if count:
                removed[LEFT] = removed.get(LEFT, 0) + count
            if not finished:
                return removed, False
        return removed, True

    async def preview(self) -> Mapping[str, int]:
        """How many rows of what would go now; of communities that left, how many communities."""
        counts: dict[str, int] = {}
        async with self._database.read() as tx:
            for old, before in self._retention.before(self._clock.now()).items():
                counts[old.value] = await tx.purging.count(old, before)
        counts[LEFT] = len(await self._left())
        return counts

    async def _left(self) -> Sequence[CommunityId]:
        if self._retention.left is None:
            return ()
        async with self._database.read() as tx:
            return await tx.communities.left_before(self._clock.now() - self._retention.left)

    async def _remove(self, old: Old, before: datetime, keys: Sequence[Key]) -> int:
        async with self._database.begin() as tx:
            began = asyncio.get_running_loop().time()
            count = await tx.purging.remove(old, before, keys)
        await self._after(old, len(keys), began)
        return count

    async def _leave(self, community: CommunityId, until: float | None) -> tuple[int, bool]:
        table: str | None = None
        count = 0
        while True:
            if until is not None and asyncio.get_running_loop().time() >= until:
                return count, False
            async with self._database.read() as tx:
                found = await tx.purging.owned(community, start=table, limit=self._limit)
            if found is None:
                log.info("a community that left was purged", rows=count)
                return count, True
            table, keys = found
            async with self._database.begin() as tx:
                began = asyncio.get_running_loop().time()
                count += await tx.purging.remove_owned(community, table, keys)
            await self._after(table, len(keys), began)

    def _limit(self, of: str) -> int:
        return self._rows[of]

    async def _after(self, of: str, rows: int, began: float) -> None:
        """Learn from how long so many rows of it took since then, and let others have their turn."""
        took = timedelta(seconds=asyncio.get_running_loop().time() - began)
        self.longest = max(self.longest, took)
        if took > AIM:
            self._rows[of] = max(1, int(rows * AIM / took))
        elif rows >= self._rows[of]:  # fewer say nothing of as many
            self._rows[of] = min(MOST, rows + max(1, rows // 4))
        await asyncio.sleep(took.total_seconds())


LEFT = "communities that left"
