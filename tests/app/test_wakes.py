"""Work is begun when it is put, in whatever process, and found by the clock where nobody rang."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from adapters.storage import SqlDatabase, open_database
from adapters.storage.listening import NAME
from bot.app.loops import Loops
from bot.app.ports import Database, Stage, Task, Transaction
from bot.app.work import Worker
from bot.core.community import COMMON
from tests.factories import GUILD, new_community, new_document

SELDOM = timedelta(hours=1)
SOON = timedelta(milliseconds=20)
STAGE = Stage.SCORE


class Desk:
    """A stage that writes down what it did, and never ends what is in `hung`."""

    def __init__(self, database: Database, *hung: int) -> None:
        self._database = database
        self._hung = hung
        self._did = asyncio.Condition()
        self.done: set[int] = set()

    async def handle(self, tasks: Sequence[Task]) -> None:
        if any(task.key in self._hung for task in tasks):
            await asyncio.Event().wait()
        async with self._database.begin() as tx:
            await tx.tasks.done_many([(task, None) for task in tasks])
        async with self._did:
            self.done |= {task.key for task in tasks}
            self._did.notify_all()

    async def did(self, *keys: int) -> None:
        async with self._did:
            await asyncio.wait_for(self._did.wait_for(lambda: self.done >= set(keys)), timeout=20)

    @asynccontextmanager
    async def at_work(self, stage: Stage = STAGE, *, concurrency: int = 1, **options: Any) -> AsyncIterator[None]:
        platform = "discord" if stage is Stage.DELIVER else None
        worker = Worker(self._database, stage, self.handle, holder="one", concurrency=concurrency, platform=platform)
        loops = Loops(
            self._database,
            [worker],
            holder="one",
            **{"tick": SELDOM, "drain": SOON, "wakes": self._database, **options},
        )
        running = asyncio.create_task(loops.run())
        try:
            yield
        finally:
            loops.stop()
            await asyncio.wait_for(running, timeout=10)


class Counting:
    """A database that counts what it begins."""

    def __init__(self, database: SqlDatabase) -> None:
        self._database = database
        self.writes = self.looks = 0

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        self.writes += 1
        async with self._database.begin() as tx:
            yield tx

    def read(self) -> AbstractAsyncContextManager[Transaction]:
        self.looks += 1
        return self._database.read()


async def put(database: Database, *keys: int, **options: Any) -> None:
    async with database.begin() as tx:
        await tx.tasks.put(STAGE, keys, COMMON, **options)


async def listens(database: SqlDatabase) -> int | None:
    """The process number of the server's end of a connection that listens."""
    async with database.read() as tx:
        pid: int | None = await tx.sql.connection.scalar(
            text("SELECT pid FROM pg_stat_activity WHERE application_name = :name AND query LIKE 'LISTEN%'"),
            {"name": NAME},
        )
        return pid


async def until_it_listens(database: SqlDatabase, *, other_than: int | None = None) -> int:
    async with asyncio.timeout(20):
        while (pid := await listens(database)) in (None, other_than):  # noqa: ASYNC110 (a server rings no bell)
            await asyncio.sleep(0.01)
    assert pid is not None
    return pid


async def test_what_a_process_puts_it_begins_at_once(database: SqlDatabase) -> None:
    desk = Desk(database)
    await put(database, 1)
    async with desk.at_work():
        await desk.did(1)
        for key in range(2, 12):
            await put(database, key)
            await desk.did(key)


async def test_what_another_process_puts_is_begun_at_once(postgresql_url: str) -> None:
    async with open_database(postgresql_url) as one, open_database(postgresql_url) as other:
        desk = Desk(one)
        async with desk.at_work():
            await until_it_listens(other)
            for key in range(10):
                await put(other, key)
                await desk.did(key)


async def test_what_another_process_gives_back_is_begun_at_once(postgresql_url: str) -> None:
    async with open_database(postgresql_url) as one, open_database(postgresql_url) as other:
        await put(other, 1)
        async with other.begin() as tx:
            await tx.tasks.claim(STAGE, "other", 1, timedelta(minutes=5))
        desk = Desk(one)
        async with desk.at_work():
            await until_it_listens(other)
            assert not desk.done
            async with other.begin() as tx:
                await tx.tasks.release("other")
            await desk.did(1)


async def test_a_message_that_is_queued_elsewhere_is_taken_at_once(postgresql_url: str) -> None:
    async with open_database(postgresql_url) as one, open_database(postgresql_url) as other:
        desk = Desk(one)
        async with desk.at_work(Stage.DELIVER):
            await until_it_listens(other)
            async with other.begin() as tx:
                await tx.communities.ensure(new_community())
                place = (await tx.schedules.destination(GUILD, "discord", "channel-1")).id
                await tx.deliveries.queue(GUILD, place, new_document(), digest=None)
            await desk.did(place)


async def test_what_is_put_by_a_transaction_that_fails_wakes_nobody(database: SqlDatabase) -> None:
    rung: list[Any] = []
    async with database.woken(rung.append):
        try:
            async with database.begin() as tx:
                await tx.tasks.put(STAGE, [1], COMMON)
                raise LookupError
        except LookupError:
            pass
        await put(database, 2)
    assert [set(stages) for stages in rung if len(stages) == 1] == [{STAGE}]


async def test_without_its_connection_work_is_found_and_listening_comes_back(postgresql_url: str) -> None:
    async with open_database(postgresql_url) as one, open_database(postgresql_url) as other:
        desk = Desk(one)
        async with desk.at_work():
            first = await until_it_listens(other)
            async with other.begin() as tx:
                await tx.sql.connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": first})
            await put(other, 1)
            await desk.did(1)
            await until_it_listens(other, other_than=first)
            await put(other, 2)
            await desk.did(2)


async def test_where_nobody_rings_the_clock_finds_it(database: SqlDatabase) -> None:
    desk = Desk(database)
    async with database.begin() as tx:
        await tx.tasks.put(STAGE, [1], COMMON, due=await tx.now() + timedelta(milliseconds=300))
    async with desk.at_work(tick=SOON, wakes=None):
        await desk.did(1)


async def test_a_process_with_nothing_to_do_writes_nothing(sqlite: SqlDatabase) -> None:
    """Claims are writes: eleven stages that each tried once a second would keep others from writing."""
    counting = Counting(sqlite)
    desk = Desk(counting)
    async with desk.at_work(tick=SOON, wakes=None):
        await put(sqlite, 1)
        await desk.did(1)
        while counting.looks < 3:  # noqa: ASYNC110 (it has no bell)
            await asyncio.sleep(0.01)
        before, looks = counting.writes, counting.looks
        while counting.looks < looks + 5:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert counting.writes - before <= 1
    assert counting.writes < 10


async def test_what_takes_for_ever_keeps_nothing_new_waiting(database: SqlDatabase) -> None:
    desk = Desk(database, 1)
    await put(database, 1)
    async with desk.at_work(concurrency=4):
        for key in range(2, 6):
            await put(database, key)
            await desk.did(key)
