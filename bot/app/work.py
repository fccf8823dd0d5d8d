"""How a stage takes its work: claim due tasks, do them, and let one that fails trouble no other.

A handler gets a batch of tasks and commits their results *and* `tasks.done` itself, in one transaction; whatever it
raises instead gives the work back. A batch that fails is tried one by one, so a poison task is found and set aside
after `ATTEMPTS`, and its neighbours go on. What is nobody's fault (a busy store, a lease another process took) does
not count as an attempt. A full disk is nobody's poison: it stops the process.

Worse than what raises is what ends the process: nobody is left to write it down. But its claim was never given back. A
task to which that happened twice in a row is suspect, and so are its neighbours of both times. Suspects are done one at
a time, in the whole process, so that the third time hits only the one that did it; then it is set aside.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import structlog

from bot.app.ports import Database, Stage, Task, Transaction
from bot.app.tallies import TASKS, Tallies
from bot.core.backoff import backoff
from bot.core.errors import LeaseLost, StoreAway, StoreBusy, StoreError, StoreFull

ATTEMPTS = 5
LOST = 3
"""Claims in a row that ended with their process, after which a task is set aside."""
LEASE = timedelta(minutes=5)
"""No batch may take longer: it is stopped, and what a dead process held is due again after this."""

Handler = Callable[[Sequence[Task]], Awaitable[None]]

log = structlog.get_logger(__name__)


class Worker:
    """One stage's share of this process: up to `concurrency` batches of up to `batch` tasks at a time.

    A claim is a transaction, so `claim` of them (a batch, where not given) are claimed at once for each of
    `concurrency`, and handed over batch by batch. Where only one process at a time may work, `permit` is asked before
    each claim. `suspects` is held while a suspect is done: the same lock for all workers of a process. `aside` is told
    of each task that is set aside, in the same transaction. A handler that sets aside by itself what fails or ends its
    process gets its tasks again however often (`lost` is None). What became of tasks is counted in `tallies`. `prepare`
    has ready what the first task would wait for.
    """

    def __init__(
        self,
        database: Database,
        stage: Stage,
        handler: Handler,
        *,
        holder: str,
        batch: int = 1,
        claim: int | None = None,
        concurrency: int = 1,
        lease: timedelta = LEASE,
        permit: Callable[[], Awaitable[bool]] | None = None,
        suspects: asyncio.Lock | None = None,
        lost: int | None = LOST,
        aside: Callable[[Transaction, Task], Awaitable[None]] | None = None,
        tallies: Tallies | None = None,
        platform: str | None = None,
        prepare: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.stage = stage
        self.platform = platform
        """Whose lanes it takes, of stage DELIVER; None: any."""
        self.done = 0
        """Tasks finished or given back since the start, for progress."""
        self._database = database
        self._handler = handler
        self._holder = holder
        self._batch = batch
        self._share = claim or batch
        self._concurrency = concurrency
        self._lease = lease
        self._permit = permit
        self._suspects = suspects or asyncio.Lock()
        self._lost = lost
        self._aside = aside
        self._tallies = tallies or Tallies()
        self._prepare = prepare
        self._owed: deque[tuple[Task, Exception]] = deque()

    @property
    def owes(self) -> bool:
        """Whether tasks are held that are in nobody's hand, because the store refused to take them back: the next drain
        gives them back, which is sooner than their leases run out."""
        return bool(self._owed)

    async def prepare(self) -> None:
        """Before the first drain of a process that is to stay. What goes wrong is told and no more: the first task
        will meet it."""
        if self._prepare is not None:
            try:
                await self._prepare()
            except Exception:
                log.exception("could not prepare", stage=self.stage)

    async def drain(self, stopping: asyncio.Event | None = None, bell: asyncio.Event | None = None) -> int:
        """Work until nothing is due (or `stopping` is set: then only the batches in hand are finished, and what was
        claimed beyond them stays held until it is released). `bell` rings where more became due: that is begun beside
        what is in hand, however long that takes.

        Returns how many tasks were claimed. Raises StoreFull, and StoreError where claiming itself fails; batches in
        hand are waited for first. They are cancelled only where the drain itself is.
        """
        claimed = 0
        failure: BaseException | None = None
        running: set[asyncio.Task[None]] = set()
        rings = None if bell is None else asyncio.create_task(_rung(bell))
        try:
            await self._give_back_owed()
            while True:
                # A refill a quarter at a time: a claim is a transaction, and one a task would be waste.
                free = self._concurrency - len(running)
                if failure is None and free * 4 >= self._concurrency and not _set(stopping):
                    try:
                        suspect, tasks = await self._claim(free)
                    except StoreError as error:
                        failure = error
                    else:
                        claimed += len(tasks) + (suspect is not None)
                        if suspect is not None:
                            running.add(asyncio.create_task(self._do_suspect(suspect)))
                        for start in range(0, len(tasks), self._share):
                            share = tasks[start : start + self._share]
                            running.add(asyncio.create_task(self._work_off(share, stopping)))
                if not running:
                    if failure is not None:
                        raise failure
                    return claimed
                waited = running if rings is None else {*running, rings}
                finished, _ = await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
                if bell is not None and rings in finished:
                    rings = asyncio.create_task(_rung(bell))
                for one in finished & running:
                    running.remove(one)
                    if not one.cancelled():
                        failure = one.exception() or failure
        finally:
            if bell is not None and rings is not None and rings.done():
                bell.set()  # it rang after the last claim
            ending = running if rings is None else {*running, rings}
            for one in ending:
                one.cancel()
            await asyncio.gather(*ending, return_exceptions=True)

    async def _claim(self, places: int) -> tuple[Task | None, Sequence[Task]]:
        """A suspect, with the lock held for it, where none is being done; and for the other places a share each."""
        if self._permit is not None and not await self._permit():
            return None, ()
        alone = not self._suspects.locked()
        if alone:
            await self._suspects.acquire()
        suspect: Task | None = None
        try:
            async with self._database.begin() as tx:
                suspect = await self._claim_suspect(tx) if alone else None
                limit = self._share * (places - (suspect is not None))
                tasks = await tx.tasks.claim(
                    self.stage, self._holder, limit, self._lease, suspect=False, platform=self.platform
                )
        except BaseException:
            suspect = None
            raise
        finally:
            if alone and suspect is None:
                self._suspects.release()
        return suspect, tasks

    async def _claim_suspect(self, tx: Transaction) -> Task | None:
        """The next suspect; those that were lost too often are set aside."""
        while claimed := await tx.tasks.claim(
            self.stage, self._holder, 1, self._lease, suspect=True, platform=self.platform
        ):
            (task,) = claimed
            if self._lost is None or task.lost < self._lost:
                return task
            reason = f"the process that did it ended, {task.lost} times in a row"
            await self._set_aside(tx, task, reason)
            log.error("set aside", stage=self.stage, key=task.key, reason=reason)
        return None

    async def _set_aside(self, tx: Transaction, task: Task, reason: str) -> None:
        self._count("set aside")
        await tx.tasks.park(task, reason)
        if self._aside is not None:
            await self._aside(tx, task)

    async def _do_suspect(self, task: Task) -> None:
        try:
            await self._do([task])
        finally:
            self._suspects.release()

    async def _work_off(self, share: Sequence[Task], stopping: asyncio.Event | None) -> None:
        for start in range(0, len(share), self._batch):
            if start and _set(stopping):
                return
            await self._do(share[start : start + self._batch])

    async def _do(self, tasks: Sequence[Task]) -> None:
        try:
            async with asyncio.timeout(self._lease.total_seconds()):
                await self._handler(tasks)
        except StoreFull:
            raise
        except Exception as error:
            if len(tasks) > 1 and not isinstance(error, StoreBusy | StoreAway):
                for task in tasks:
                    await self._do([task])
                return
            await self._give_back(tasks, error)
        else:
            self._count("done", len(tasks))
        self.done += len(tasks)

    def _count(self, outcome: str, tasks: int = 1) -> None:
        self._tallies.add(TASKS, self.stage.value, outcome, amount=tasks)

    async def _give_back(self, tasks: Sequence[Task], error: Exception) -> None:
        """Due again later, or set aside for `doctor` after too many attempts. Where the store refuses even that, they
        are owed to it."""
        for at, task in enumerate(tasks):
            try:
                await self._give_back_one(task, error)
            except LeaseLost:
                log.info("lease lost", stage=self.stage, key=task.key)
            except StoreFull:
                raise
            except StoreError as trouble:
                log.warning("could not be given back yet", stage=self.stage, error=str(trouble))
                self._owed += [(left, error) for left in tasks[at:]]
                return

    async def _give_back_owed(self) -> None:
        for _ in range(len(self._owed)):
            task, error = self._owed.popleft()
            await self._give_back([task], error)
            if self._owed and self._owed[-1][0] is task:  # refused again: so would be the others
                return

    async def _give_back_one(self, task: Task, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}"[:500]
        failed = not isinstance(error, StoreBusy | StoreAway | LeaseLost)
        final = failed and self._lost is not None and task.attempt >= ATTEMPTS
        if failed:
            log.error("failed", stage=self.stage, key=task.key, attempt=task.attempt, final=final, exc_info=error)
        else:
            log.info("put off", stage=self.stage, key=task.key, reason=reason)
        async with self._database.begin() as tx:
            if final:
                await self._set_aside(tx, task, reason)
            else:
                wait = timedelta(0) if isinstance(error, LeaseLost) else backoff(task.attempt, random.random())
                await tx.tasks.retry(task, await tx.now() + wait, reason, failed=failed)
        if not final:
            self._count("failed" if failed else "put off")


def _set(stopping: asyncio.Event | None) -> bool:
    return stopping is not None and stopping.is_set()


async def _rung(bell: asyncio.Event) -> None:
    await bell.wait()
    bell.clear()
