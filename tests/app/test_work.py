"""Claiming and failing: one bad task troubles no other, and nothing is lost whatever is raised."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from adapters.storage import SqlDatabase
from bot.app.ports import Stage, Task
from bot.app.work import ATTEMPTS, Worker
from bot.core.community import COMMON
from bot.core.errors import LeaseLost, StoreAway, StoreBusy, StoreError, StoreFull

STAGE = Stage.SCORE


class Handler:
    """Finishes tasks, except that it raises what `raising` holds for a task's key."""

    def __init__(self, database: SqlDatabase, **raising: Exception) -> None:
        self._database = database
        self.raising: dict[int, Exception] = {int(key[1:]): error for key, error in raising.items()}
        self.batches: list[list[int]] = []

    async def __call__(self, tasks: Sequence[Task]) -> None:
        self.batches.append([task.key for task in tasks])
        async with self._database.begin() as tx:
            for task in tasks:
                if task.key in self.raising:
                    raise self.raising[task.key]
                await tx.tasks.done(task)


async def put(database: SqlDatabase, *keys: int) -> None:
    async with database.begin() as tx:
        await tx.tasks.put(STAGE, keys, COMMON)


async def due_now(database: SqlDatabase) -> list[int]:
    """What another process could claim at this moment; it is given back at once."""
    async with database.begin() as tx:
        claimed = await tx.tasks.claim(STAGE, "looking", 100, timedelta(minutes=1))
        await tx.tasks.release("looking")
    return [task.key for task in claimed]


async def left(database: SqlDatabase) -> int:
    async with database.read() as tx:
        return await tx.tasks.waiting(STAGE, until=await tx.now() + timedelta(days=1))


async def parked(database: SqlDatabase) -> list[tuple[Stage, int, str]]:
    async with database.read() as tx:
        return list(await tx.tasks.parked())


def worker(database: SqlDatabase, handler: Any, **options: Any) -> Worker:
    return Worker(database, STAGE, handler, holder="one", **{"batch": 4, **options})


async def test_everything_due_is_done_in_batches(sqlite: SqlDatabase) -> None:
    handler = Handler(sqlite)
    await put(sqlite, *range(10))
    one = worker(sqlite, handler)
    assert await one.drain() == 10
    assert [len(batch) for batch in handler.batches] == [4, 4, 2]
    assert (one.done, await left(sqlite)) == (10, 0)


async def test_a_share_is_claimed_at_once_and_handed_over_one_by_one(sqlite: SqlDatabase) -> None:
    handler = Handler(sqlite)
    await put(sqlite, *range(6))
    claims = 0

    async def permit() -> bool:
        nonlocal claims
        claims += 1
        return True

    await worker(sqlite, handler, batch=1, claim=32, permit=permit).drain()
    assert handler.batches == [[key] for key in range(6)]
    assert claims == 2, "one that found them and one that found no more"


async def test_without_the_permit_nothing_is_claimed(sqlite: SqlDatabase) -> None:
    async def permit() -> bool:
        return False

    await put(sqlite, 1)
    assert await worker(sqlite, Handler(sqlite), permit=permit).drain() == 0
    assert await due_now(sqlite) == [1]


async def test_a_poison_task_is_found_and_its_neighbours_go_on(sqlite: SqlDatabase) -> None:
    handler = Handler(sqlite, _2=ValueError("no such word"))
    await put(sqlite, 1, 2, 3)
    await worker(sqlite, handler).drain()
    assert handler.batches == [[1, 2, 3], [1], [2], [3]]
    assert (await left(sqlite), await due_now(sqlite), await parked(sqlite)) == (1, [], [])


async def test_a_poison_task_is_set_aside_after_five_attempts(sqlite: SqlDatabase) -> None:
    handler = Handler(sqlite, _1=ValueError("no such word"))
    for attempt in range(ATTEMPTS):
        assert await parked(sqlite) == [], attempt
        await put(sqlite, 1)  # makes what waits to be tried again due now
        await worker(sqlite, handler).drain()
    assert await parked(sqlite) == [(STAGE, 1, "ValueError: no such word")]
    assert len(handler.batches) == ATTEMPTS


async def test_a_handler_that_sees_to_poison_itself_gets_its_task_again_however_often(sqlite: SqlDatabase) -> None:
    """A lane of the outbox, while the store refuses for hours: set aside, all that waits in it would be lost."""
    handler = Handler(sqlite, _1=StoreError("the server is restarting"))
    for _ in range(2 * ATTEMPTS):
        await put(sqlite, 1)
        await worker(sqlite, handler, lost=None).drain()
    assert (await parked(sqlite), len(handler.batches)) == ([], 2 * ATTEMPTS)


class Away:
    """A database that cannot be reached while it is `away`."""

    def __init__(self, database: SqlDatabase) -> None:
        self.away = False
        self._database = database

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Any]:
        if self.away:
            raise StoreAway("the server is restarting")
        async with self._database.begin() as tx:
            yield tx


async def test_what_the_store_refused_to_take_back_is_given_back_when_it_answers_again(sqlite: SqlDatabase) -> None:
    """And not only once the leases run out, minutes later."""
    store: Any = Away(sqlite)

    async def handler(tasks: Sequence[Task]) -> None:
        store.away = True
        raise StoreAway("the server is restarting")

    await put(sqlite, 1, 2)
    one = Worker(store, STAGE, handler, holder="one", batch=2)
    for _ in range(2):
        with pytest.raises(StoreAway):
            await one.drain()
        assert one.owes
    store.away = False
    await one.drain()
    assert not one.owes
    await put(sqlite, 1, 2)  # makes what waits to be tried again due now, and not what is held
    assert await due_now(sqlite) == [1, 2]


@pytest.mark.parametrize("error", [StoreBusy("held"), LeaseLost("another joins")])
async def test_what_is_nobodys_fault_never_sets_a_task_aside(sqlite: SqlDatabase, error: Exception) -> None:
    handler = Handler(sqlite, _1=error)
    permits = iter([True, False] * 2 * ATTEMPTS)

    async def permit() -> bool:
        return next(permits)

    for _ in range(2 * ATTEMPTS):
        await put(sqlite, 1)
        await worker(sqlite, handler, permit=permit).drain()
    assert await parked(sqlite) == []
    del handler.raising[1]
    await put(sqlite, 1)
    async with sqlite.begin() as tx:
        (task,) = await tx.tasks.claim(STAGE, "two", 1, timedelta(minutes=1))
    assert task.attempt == 1


async def test_work_that_another_process_must_do_is_given_back_at_once(sqlite: SqlDatabase) -> None:
    """As when the lease on joining was lost: the other process must not wait for our leases to run out."""
    permits = iter([True, False])

    async def permit() -> bool:
        return next(permits)

    await put(sqlite, 1, 2)
    lost = LeaseLost("another process joins")
    await worker(sqlite, Handler(sqlite, _1=lost, _2=lost), permit=permit).drain()
    assert await due_now(sqlite) == [1, 2]


async def test_a_lease_lost_by_one_does_not_hold_up_the_batch(sqlite: SqlDatabase) -> None:
    await put(sqlite, 1, 2)
    handler = Handler(sqlite)

    async def slow(tasks: Sequence[Task]) -> None:
        if len(tasks) == 2:
            async with sqlite.begin() as tx:
                await tx.tasks.done(tasks[0])  # somebody else did it
        await handler(tasks)

    await worker(sqlite, slow).drain()
    assert await left(sqlite) == 0


async def test_a_full_disk_stops_the_drain_but_not_what_is_in_hand(sqlite: SqlDatabase) -> None:
    """A message just sent must still be written down, so the others are waited for, not cancelled."""
    await put(sqlite, 1, 2, 3)
    handler = Handler(sqlite, _1=StoreFull("no space left"))
    failed = asyncio.Event()

    async def slow(tasks: Sequence[Task]) -> None:
        if tasks[0].key == 1:
            failed.set()
        else:
            await failed.wait()
            await asyncio.sleep(0)
        await handler(tasks)

    with pytest.raises(StoreFull):
        await worker(sqlite, slow, batch=1, concurrency=2).drain()
    assert handler.batches == [[1], [2]], "nothing new was claimed"
    async with sqlite.begin() as tx:
        await tx.tasks.release("one")
    assert await due_now(sqlite) == [1, 3]


async def test_where_claiming_fails_what_is_in_hand_is_finished_first(sqlite: SqlDatabase) -> None:
    await put(sqlite, *range(8))
    handler = Handler(sqlite)
    asked = 0

    async def permit() -> bool:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise StoreError("gone away")
        return True

    with pytest.raises(StoreError, match="gone away"):
        await worker(sqlite, handler, batch=1, concurrency=4, permit=permit).drain()
    assert sorted(batch[0] for batch in handler.batches) == [0, 1, 2, 3]


async def test_where_nothing_can_be_given_back_the_leases_bring_it_back(sqlite: SqlDatabase) -> None:
    class Broken:
        """A database of which everything but claiming has failed."""

        claimed = False

        def begin(self) -> Any:
            if self.claimed:
                raise StoreError("gone away")
            self.claimed = True
            return sqlite.begin()

    async def poison(tasks: Sequence[Task]) -> None:
        raise ValueError

    permits = iter([True, False])

    async def permit() -> bool:
        return next(permits)

    await put(sqlite, 1)
    one = Worker(Broken(), STAGE, poison, holder="one", permit=permit)  # type: ignore[arg-type]
    assert await one.drain() == 1
    async with sqlite.begin() as tx:
        await tx.tasks.release("one")
    assert await due_now(sqlite) == [1]


async def test_a_handler_that_never_returns_is_stopped_when_its_lease_is_over(sqlite: SqlDatabase) -> None:
    async def hang(tasks: Sequence[Task]) -> None:
        await asyncio.Event().wait()

    await put(sqlite, 1)
    await asyncio.wait_for(worker(sqlite, hang, lease=timedelta(milliseconds=30)).drain(), timeout=5)
    assert await left(sqlite) == 1


async def test_a_stop_finishes_the_batch_in_hand_and_claims_no_more(sqlite: SqlDatabase) -> None:
    stopping = asyncio.Event()
    handler = Handler(sqlite)

    async def stopped_meanwhile(tasks: Sequence[Task]) -> None:
        stopping.set()
        await handler(tasks)

    await put(sqlite, *range(6))
    await worker(sqlite, stopped_meanwhile, batch=1, claim=3).drain(stopping)
    assert handler.batches == [[0]]
    assert await left(sqlite) == 5


async def test_two_processes_share_the_work_and_do_nothing_twice(database: SqlDatabase) -> None:
    await put(database, *range(40))
    handler = Handler(database)
    workers = [Worker(database, STAGE, handler, holder=holder, concurrency=4) for holder in ("one", "two")]
    claimed = await asyncio.gather(*(one.drain() for one in workers))
    assert sum(claimed) == 40
    assert sorted(key for batch in handler.batches for key in batch) == list(range(40))
