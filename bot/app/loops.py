"""The seven stages ticking in one process.

APScheduler only ticks; what is due, and who has it, is for the database to say. A tick drains its stage; a tick that
comes while the stage is still draining is dropped, since the drain will find whatever it would have found.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app.ports import Database, Stage
from bot.app.work import Worker
from bot.core.errors import StoreBusy, StoreFull

TICK = timedelta(seconds=1)
DRAIN = timedelta(seconds=8)
"""How long a stop waits for what is in hand; what is not done by then is given back and done after the restart."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a stage is: `done` since the start, `waiting` now."""

    stage: Stage
    done: int
    waiting: int


class Loops:
    """Runs the workers, in the order of the stages, until stopped."""

    def __init__(self, database: Database, workers: Sequence[Worker], *, holder: str) -> None:
        self._database = database
        self._workers = tuple(workers)
        self._holder = holder
        self._stopping = asyncio.Event()
        self._failure: BaseException | None = None
        self._ticking: set[asyncio.Task[None]] = set()

    def stop(self) -> None:
        """Finish what is in hand and end. Safe from a signal handler; repeatable."""
        self._stopping.set()

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    async def once(self) -> None:
        """Drain every stage until none has anything due: what one stage hands to an earlier one is done too."""
        while not self._stopping.is_set():
            if not sum([await worker.drain(self._stopping) for worker in self._workers]):
                return

    async def run(self) -> None:
        """Tick until `stop`. Raises StoreFull when the disk is full; other trouble is logged and tried again."""
        scheduler = AsyncIOScheduler(timezone="UTC")
        for worker in self._workers:
            scheduler.add_job(
                self._tick, "interval", [worker], seconds=TICK.total_seconds(), coalesce=True, max_instances=1
            )
        scheduler.start()
        try:
            await self._stopping.wait()
        finally:
            scheduler.pause()
            if self._ticking:
                await asyncio.wait(self._ticking, timeout=DRAIN.total_seconds())
            scheduler.shutdown(wait=False)  # cancels what is still ticking
            await asyncio.gather(*self._ticking, return_exceptions=True)
            await self._settle()
        if self._failure is not None:
            raise self._failure

    async def progress(self) -> list[Progress]:
        """How far each stage is."""
        async with self._database.read() as tx:
            return [
                Progress(stage=worker.stage, done=worker.done, waiting=await tx.tasks.waiting(worker.stage))
                for worker in self._workers
            ]

    async def _tick(self, worker: Worker) -> None:
        this = asyncio.current_task()
        assert this is not None
        self._ticking.add(this)
        this.add_done_callback(self._ticking.discard)
        try:
            await worker.drain(self._stopping)
        except StoreFull as error:
            self._failure = error
            self.stop()
        except StoreBusy as error:
            log.warning("store busy", stage=worker.stage, error=str(error))

    async def _settle(self) -> None:
        """Give back what is still held, so that a restart need not wait for leases to run out."""
        async with self._database.begin() as tx:
            await tx.tasks.release(self._holder)
