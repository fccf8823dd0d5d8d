"""How a stage takes its work: claim due tasks, do them, and let one that fails trouble no other.

A handler gets a batch of tasks and commits their results *and* `tasks.done` itself, in one transaction; whatever it
raises instead gives the work back. A batch that fails is tried one by one, so a poison task is found and set aside
after `ATTEMPTS`, and its neighbours go on. A full disk is nobody's poison: it stops the process.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import structlog

from bot.app.ports import Database, Stage, Task
from bot.core.backoff import backoff
from bot.core.errors import LeaseLost, StoreBusy, StoreFull

ATTEMPTS = 5
LEASE = timedelta(minutes=5)
"""Longer than any one batch may take; what a dead process held is due again after this."""

Handler = Callable[[Sequence[Task]], Awaitable[None]]

log = structlog.get_logger(__name__)


class Worker:
    """One stage's share of this process: up to `concurrency` batches of up to `batch` tasks at a time.

    Where only one process at a time may work, `permit` is asked before each claim.
    """

    def __init__(
        self,
        database: Database,
        stage: Stage,
        handler: Handler,
        *,
        holder: str,
        batch: int = 1,
        concurrency: int = 1,
        lease: timedelta = LEASE,
        permit: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self.stage = stage
        self.done = 0
        """Tasks finished or given back since the start, for progress."""
        self._database = database
        self._handler = handler
        self._holder = holder
        self._batch = batch
        self._concurrency = concurrency
        self._lease = lease
        self._permit = permit

    async def drain(self, stopping: asyncio.Event | None = None) -> int:
        """Work until nothing is due (or `stopping` is set: then only what is in hand is finished).

        Returns how many tasks were claimed. Raises StoreFull, and StoreError where claiming itself fails; batches in
        hand are waited for first.
        """
        claimed = 0
        running: set[asyncio.Task[None]] = set()
        try:
            while True:
                # A refill a quarter at a time: a claim is a transaction, and one a task would be waste.
                free = self._concurrency - len(running)
                tasks: Sequence[Task] = ()
                if free * 4 >= self._concurrency and not (stopping and stopping.is_set()) and await self._permitted():
                    async with self._database.begin() as tx:
                        tasks = await tx.tasks.claim(self.stage, self._holder, self._batch * free, self._lease)
                    claimed += len(tasks)
                for start in range(0, len(tasks), self._batch):
                    running.add(asyncio.create_task(self._do(tasks[start : start + self._batch])))
                if not running:
                    return claimed
                finished, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in finished:
                    task.result()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _permitted(self) -> bool:
        return self._permit is None or await self._permit()

    async def _do(self, tasks: Sequence[Task]) -> None:
        try:
            await self._handler(tasks)
        except LeaseLost:
            # Somebody else has it now; a batch may still hold others, which their leases bring back.
            log.info("lease lost", stage=self.stage, keys=[task.key for task in tasks])
        except StoreFull:
            raise
        except Exception as error:
            if len(tasks) > 1 and not isinstance(error, StoreBusy):
                for task in tasks:
                    await self._do([task])
                return
            for task in tasks:
                await self._give_back(task, error)
        self.done += len(tasks)

    async def _give_back(self, task: Task, error: Exception) -> None:
        """Due again later, or set aside for `doctor` after too many attempts."""
        reason = f"{type(error).__name__}: {error}"[:500]
        final = task.attempt >= ATTEMPTS and not isinstance(error, StoreBusy)
        log.error("failed", stage=self.stage, key=task.key, attempt=task.attempt, final=final, exc_info=error)
        try:
            async with self._database.begin() as tx:
                if final:
                    await tx.tasks.park(task, reason)
                else:
                    due = await tx.now() + backoff(task.attempt, random.random())
                    await tx.tasks.retry(task, due, reason)
        except LeaseLost:
            log.info("lease lost", stage=self.stage, keys=[task.key])
