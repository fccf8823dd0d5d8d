"""The stages at work in one process.

A stage drains whenever its bell rings: whoever puts work rings it as they commit, in whatever process (`Wakes`), and
once a second one look at the database, for all stages together, rings for what has become due by its time, by a lease
that ran out, or unheard. What is due, and who has it, is for the database to say, so a bell that rings in vain costs a
claim, and one that does not ring costs a second. APScheduler only ticks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app.ports import Database, Stage, Wakes
from bot.app.work import Worker
from bot.core.errors import StoreError, StoreFull

TICK = timedelta(seconds=1)
DRAIN = timedelta(seconds=5)
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

    def __init__(
        self,
        database: Database,
        workers: Sequence[Worker],
        *,
        holder: str,
        tick: timedelta = TICK,
        drain: timedelta = DRAIN,
        stopping: asyncio.Event | None = None,
        wakes: Wakes | None = None,
    ) -> None:
        self._database = database
        self._workers = tuple(workers)
        self._holder = holder
        self._tick_length = tick
        self._patience = drain
        self._stopping = stopping or asyncio.Event()
        self._failure: StoreFull | None = None
        self._wakes = wakes
        self._bells = {worker: asyncio.Event() for worker in self._workers}
        self._looking: asyncio.Task[None] | None = None

    def stop(self) -> None:
        """Finish what is in hand and end. Safe from a signal handler; repeatable."""
        self._stopping.set()

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    async def once(self) -> None:
        """Drain every stage until none has anything due: what one stage hands to an earlier one is done too.

        Raises StoreFull, and StoreError where the database cannot even be asked.
        """
        async with self._settling():
            while not self._stopping.is_set():
                if not await self._in_time(self._pass()):
                    return

    async def run(self) -> None:
        """Work until `stop`. Raises StoreFull when the disk is full; other trouble is logged and tried again."""
        scheduler = AsyncIOScheduler(timezone="UTC")
        seconds = self._tick_length.total_seconds()
        scheduler.add_job(self._tick, "interval", seconds=seconds, coalesce=True, misfire_grace_time=None)
        async with self._settling(), AsyncExitStack() as stack:
            attending = [asyncio.create_task(self._attend(worker, bell)) for worker, bell in self._bells.items()]
            try:
                if self._wakes is not None:
                    await stack.enter_async_context(self._wakes.woken(self._ring))
                scheduler.start()
                self._ring(list(Stage))
                await self._stopping.wait()
                scheduler.pause()
                self._ring(list(Stage))  # they see that it is time to stop
                if attending:  # a process that only shows the numbers has no stage
                    await asyncio.wait(attending, timeout=self._patience.total_seconds())
            finally:
                ending = [*attending, *([] if self._looking is None else [self._looking])]
                for task in ending:
                    task.cancel()
                if scheduler.running:
                    scheduler.shutdown(wait=False)
                await asyncio.gather(*ending, return_exceptions=True)
        if self._failure is not None:
            raise self._failure

    def _ring(self, stages: Collection[Stage]) -> None:
        for worker, bell in self._bells.items():
            if worker.stage in stages:
                bell.set()

    async def _tick(self) -> None:
        """Look for what is due, in a task of our own: one of its own APScheduler cancels at the end, does not wait for,
        and writes into the log as an error."""
        self._looking = asyncio.create_task(self._look())
        with suppress(asyncio.CancelledError):
            await asyncio.shield(self._looking)

    async def _look(self) -> None:
        """Ring for what is due."""
        asked = [(worker.stage, worker.platform) for worker in self._bells]
        try:
            async with self._database.read() as tx:
                due = set(await tx.tasks.due(asked))
        except StoreError as error:
            log.warning("could not look for work", error=str(error))
            return
        for worker, bell in self._bells.items():
            if (worker.stage, worker.platform) in due or worker.owes:
                bell.set()

    async def _attend(self, worker: Worker, bell: asyncio.Event) -> None:
        await worker.prepare()
        while not self._stopping.is_set():
            await bell.wait()
            bell.clear()
            if not self._stopping.is_set():
                await self._drain(worker, bell)

    async def _pass(self) -> int:
        """Drain the stages, going back whenever one claimed something: a page goes through scoring before its article
        is joined, so that joining decides once, from all there is. Returns how many tasks were claimed."""
        claimed = at = 0
        while at < len(self._workers) and not self._stopping.is_set():
            drained = await self._workers[at].drain(self._stopping)
            claimed += drained
            at = 0 if drained and at else at + 1
        return claimed

    async def _in_time(self, work: Coroutine[object, object, int]) -> int:
        """The work's result; 0 where `stop` came and the work did not end soon after: then it is cancelled."""
        task, stopped = asyncio.create_task(work), asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                await asyncio.wait({task}, timeout=self._patience.total_seconds())
            return task.result() if task.done() else 0
        finally:
            task.cancel()
            stopped.cancel()
            await asyncio.gather(task, stopped, return_exceptions=True)

    async def progress(self) -> list[Progress]:
        """How far each stage is."""
        async with self._database.read() as tx:
            return [
                Progress(
                    stage=worker.stage,
                    done=worker.done,
                    waiting=await tx.tasks.waiting(worker.stage, platform=worker.platform),
                )
                for worker in self._workers
            ]

    async def _drain(self, worker: Worker, bell: asyncio.Event) -> None:
        try:
            await worker.drain(self._stopping, bell)
        except StoreFull as error:
            self._failure = error
            self.stop()
        except StoreError as error:
            log.warning("the store refused", stage=worker.stage, error=str(error))
        except Exception:
            log.exception("a stage failed", stage=worker.stage)

    @asynccontextmanager
    async def _settling(self) -> AsyncIterator[None]:
        """Give back at the end what is still held, so that a restart need not wait for leases to run out."""
        try:
            yield
        finally:
            try:
                async with self._database.begin() as tx:
                    await tx.tasks.release(self._holder)
            except StoreError as error:
                # Whatever ended the run matters more; the leases run out by themselves.
                log.warning("left to their leases", error=str(error))
