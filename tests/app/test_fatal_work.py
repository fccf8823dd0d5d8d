"""A task that ends the process that does it is found and set aside, and nothing else is."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import event

from adapters.storage import SqlDatabase, open_database
from bot.app.checkup import check_work
from bot.app.ports import SUSPECT, Stage, Task
from bot.app.recovery import take_over
from bot.app.work import LOST, Worker
from bot.core.community import COMMON

STAGE = Stage.SCORE
TASKS = range(1, 13)
FATAL = 5
MINUTE = timedelta(minutes=1)

FORKSERVER = multiprocessing.get_context("forkserver")
FORKSERVER.set_forkserver_preload(["tests.app.test_fatal_work"])


async def put(database: SqlDatabase, *keys: int) -> None:
    async with database.begin() as tx:
        await tx.tasks.put(STAGE, keys, COMMON)


async def vanish(database: SqlDatabase, times: int = 1) -> None:
    """A process claims all there is and is heard of no more: its leases are over at once."""
    async with database.begin() as tx:
        for _ in range(times):
            await tx.tasks.claim(STAGE, "vanished", 100, timedelta(0))


async def parked(database: SqlDatabase) -> list[tuple[Stage, int, str]]:
    async with database.read() as tx:
        return list(await tx.tasks.parked())


class Watching:
    """A handler that finishes its tasks; remembers its batches and how many of them ran at the same time."""

    def __init__(self, database: SqlDatabase) -> None:
        self._database = database
        self.batches: list[list[int]] = []
        self.now = self.most = 0

    async def __call__(self, tasks: Sequence[Task]) -> None:
        self.batches.append([task.key for task in tasks])
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.001)
        async with self._database.begin() as tx:
            await tx.tasks.done_many([(task, None) for task in tasks])
        self.now -= 1


def worker(database: SqlDatabase, handler: Watching, **options: int) -> Worker:
    return Worker(database, STAGE, handler, holder="one", **{"batch": 4, "concurrency": 4, **options})  # type: ignore[arg-type]


def work_until_it_kills(url: str) -> None:
    """A `run` of its own, started anew each time as a service manager would."""

    async def handle(database: SqlDatabase, tasks: Sequence[Task]) -> None:
        for task in tasks:
            await asyncio.sleep(0)
            if task.key == FATAL:
                os.kill(os.getpid(), signal.SIGKILL)
        async with database.begin() as tx:
            await tx.tasks.done_many([(task, None) for task in tasks])

    async def run() -> None:
        async with open_database(url) as database:
            await take_over(database, lambda _: True)
            work = Worker(database, STAGE, lambda tasks: handle(database, tasks), holder="run", batch=3, concurrency=2)
            await work.drain()

    asyncio.run(run())


@pytest.mark.slow
async def test_a_task_that_kills_its_process_is_set_aside_and_all_others_are_done(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        await put(database, *TASKS)
        codes: list[int | None] = []
        while not codes or codes[-1] != 0:
            assert len(codes) < 10, codes
            process = FORKSERVER.Process(target=work_until_it_kills, args=(sqlite_url,))
            process.start()
            await asyncio.to_thread(process.join, 60)
            codes.append(process.exitcode)
        assert codes == [-signal.SIGKILL] * LOST + [0]
        assert await parked(database) == [(STAGE, FATAL, "the process that did it ended, 3 times in a row")]
        async with database.read() as tx:
            assert await tx.tasks.waiting(STAGE) == 0
        told = [finding for finding in await check_work(database) if finding.level == "problem"]
        assert [(one.subject, one.text) for one in told] == [
            ("score 5", "set aside: the process that did it ended, 3 times in a row")
        ]


async def test_suspects_are_done_one_at_a_time_and_others_meanwhile_as_ever(sqlite: SqlDatabase) -> None:
    await put(sqlite, 1, 2, 3)
    await vanish(sqlite, SUSPECT)
    await put(sqlite, *range(10, 50))
    watching = Watching(sqlite)
    await worker(sqlite, watching).drain()
    alone = [batch for batch in watching.batches if min(batch) < 10]
    assert sorted(alone) == [[1], [2], [3]]
    assert sorted(key for batch in watching.batches for key in batch) == [1, 2, 3, *range(10, 50)]
    assert 1 < watching.most <= 4
    assert await parked(sqlite) == []


async def test_all_workers_of_a_process_together_do_one_suspect_at_a_time(sqlite: SqlDatabase) -> None:
    await put(sqlite, *range(6))
    await vanish(sqlite, SUSPECT)
    one_at_a_time = asyncio.Lock()
    watching = Watching(sqlite)
    workers = [
        Worker(sqlite, STAGE, watching, holder="one", batch=4, concurrency=4, suspects=one_at_a_time) for _ in range(3)
    ]
    await asyncio.gather(*(each.drain() for each in workers))
    assert sorted(watching.batches) == [[key] for key in range(6)]
    assert watching.most == 1
    assert not one_at_a_time.locked()


async def test_a_single_crash_changes_nothing_in_how_work_is_done(sqlite: SqlDatabase) -> None:
    await put(sqlite, 1, 2, 3)
    await vanish(sqlite)
    watching = Watching(sqlite)
    await worker(sqlite, watching).drain()
    assert watching.batches == [[1, 2, 3]]


async def test_where_one_at_a_time_may_work_a_suspect_takes_the_place(sqlite: SqlDatabase) -> None:
    """Joining is never done twice at once."""
    await put(sqlite, 1, 2)
    await vanish(sqlite, SUSPECT)
    await put(sqlite, 11, 12)
    watching = Watching(sqlite)
    await worker(sqlite, watching, batch=1, concurrency=1).drain()
    assert sorted(watching.batches) == [[1], [2], [11], [12]]
    assert watching.most == 1


async def test_an_orderly_end_clears_the_suspicion(database: SqlDatabase) -> None:
    async def lost() -> int:
        """As the next claim sees it; given back in order."""
        async with database.begin() as tx:
            (task,) = await tx.tasks.claim(STAGE, "looking", 1, MINUTE)
            await tx.tasks.release("looking")
        return task.lost

    await put(database, 1)
    seen = [await lost()]
    await vanish(database)
    seen.append(await lost())
    for end in ("failed", "put off", "done"):
        await vanish(database)
        async with database.begin() as tx:
            (task,) = await tx.tasks.claim(STAGE, "one", 1, MINUTE)
            now = await tx.now()
            match end:
                case "done":
                    await tx.tasks.done_many([(task, now)])
                case _:
                    await tx.tasks.retry(task, now, end, failed=end == "failed")
        seen.append(await lost())
    await vanish(database, 2)
    async with database.begin() as tx:
        (task,) = await tx.tasks.claim(STAGE, "one", 1, MINUTE)
        assert task.lost == 2
        await tx.tasks.park(task, "given up")
    await put(database, 1)  # somebody wants it all the same
    seen.append(await lost())
    assert seen == [0, 1, 0, 0, 0, 0]


async def test_suspects_and_others_are_claimed_apart(database: SqlDatabase) -> None:
    await put(database, 1, 2)
    await vanish(database, SUSPECT)
    await put(database, 3)
    async with database.begin() as tx:
        claimed = {
            suspect: [task.key for task in await tx.tasks.claim(STAGE, "one", 10, MINUTE, suspect=suspect)]
            for suspect in (False, True, None)
        }
    assert claimed == {False: [3], True: [1, 2], None: []}


async def test_looking_for_suspects_does_not_look_through_all_that_is_due(sqlite: SqlDatabase) -> None:
    asked: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    async with sqlite.begin() as tx:
        connection = tx.sql.connection.sync_connection
        event.listen(connection, "before_cursor_execute", note)
        await tx.tasks.claim(STAGE, "one", 1, MINUTE, suspect=True)
        event.remove(connection, "before_cursor_execute", note)
        (statement, parameters), *_ = [one for one in asked if one[0].startswith(("UPDATE", "WITH"))]
        plan = await tx.sql.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
        assert any("ix_tasks_unreturned" in row.detail for row in plan.all())


async def test_work_taken_from_a_dead_process_is_due_at_once_and_counts_as_lost(database: SqlDatabase) -> None:
    await put(database, 1)
    for number in range(2):
        async with database.begin() as tx:
            await tx.tasks.claim(STAGE, f"dead {number}", 10, MINUTE)
        await take_over(database, lambda holder: holder.startswith("dead"))
    async with database.begin() as tx:
        (task,) = await tx.tasks.claim(STAGE, "one", 10, MINUTE)
    assert (task.lost, task.attempt) == (2, 1)
