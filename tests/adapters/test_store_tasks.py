"""Tasks and leases over both databases, with the databases' own clocks: leases run out by being given no length."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import event

from adapters.storage import SqlDatabase
from bot.app.ports import Stage, Task
from bot.core.community import COMMON
from bot.core.errors import LeaseLost
from tests.factories import GUILD, NOON

LEASE = timedelta(minutes=5)
OVER = timedelta(0)
"""The length of a lease that has run out by the time anybody looks."""


async def claim(
    database: SqlDatabase, holder: str = "a", *, stage: Stage = Stage.SCORE, limit: int = 10, lease: timedelta = LEASE
) -> Sequence[Task]:
    async with database.begin() as tx:
        return await tx.tasks.claim(stage, holder, limit, lease)


async def put(database: SqlDatabase, *keys: int, stage: Stage = Stage.SCORE, **when: object) -> None:
    async with database.begin() as tx:
        await tx.tasks.put(stage, keys, COMMON, **when)  # type: ignore[arg-type]


async def waiting(database: SqlDatabase, stage: Stage = Stage.SCORE) -> int:
    async with database.read() as tx:
        return await tx.tasks.waiting(stage)


async def test_a_task_is_claimed_with_what_it_was_put_with(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await tx.tasks.put(Stage.SCORE, [7], GUILD, due=NOON)
    assert await claim(database) == [Task(stage=Stage.SCORE, key=7, owner=GUILD, attempt=1, holder="a", due=NOON)]


async def test_the_oldest_due_is_claimed_first(database: SqlDatabase) -> None:
    for key, hours in [(1, 3), (2, 1), (3, 2)]:
        await put(database, key, due=NOON + timedelta(hours=hours))
    assert [task.key for task in await claim(database, limit=2)] == [2, 3]


async def test_what_is_due_later_or_in_another_stage_is_not_claimed(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await tx.tasks.put(Stage.SCORE, [1], COMMON, due=await tx.now() + timedelta(hours=1))
        await tx.tasks.put(Stage.JOIN, [2], COMMON)
    assert await claim(database) == []
    assert await waiting(database) == 0
    async with database.read() as tx:
        assert await tx.tasks.waiting(Stage.SCORE, until=await tx.now() + timedelta(hours=2)) == 1


async def test_a_held_task_is_not_claimed_but_waits(database: SqlDatabase) -> None:
    await put(database, 1)
    await claim(database)
    assert await claim(database, "b") == []
    assert await waiting(database) == 1


async def test_a_lease_that_ran_out_is_claimed_again(database: SqlDatabase) -> None:
    await put(database, 1)
    await claim(database, lease=OVER)
    (task,) = await claim(database, "b")
    assert (task.key, task.attempt, task.holder) == (1, 2, "b")


async def test_putting_a_task_twice_moves_it_to_the_earlier_time(database: SqlDatabase) -> None:
    await put(database, 1, due=NOON + timedelta(days=10_000))
    await put(database, 1, due=NOON)
    await put(database, 1, due=NOON + timedelta(days=1))
    (task,) = await claim(database)
    assert task.due == NOON


async def test_done_takes_the_task_away(database: SqlDatabase) -> None:
    await put(database, 1)
    (task,) = await claim(database)
    async with database.begin() as tx:
        await tx.tasks.done(task)
    assert await waiting(database) == 0


async def test_done_again_makes_it_due_anew_from_its_first_attempt(database: SqlDatabase) -> None:
    await put(database, 1)
    await claim(database, lease=OVER)
    (task,) = await claim(database)
    async with database.begin() as tx:
        await tx.tasks.done(task, again=NOON)
    (anew,) = await claim(database)
    assert (anew.due, anew.attempt) == (NOON, 1)


async def test_a_task_put_while_held_is_due_again_after_it_is_done(database: SqlDatabase) -> None:
    await put(database, 1)
    (task,) = await claim(database)
    await put(database, 1)
    assert await claim(database, "b") == []
    async with database.begin() as tx:
        await tx.tasks.done(task)
    (anew,) = await claim(database, "b")
    assert anew.attempt == 1


async def test_a_task_put_after_its_lease_ran_out_is_due_again_though_its_holder_ends_it(database: SqlDatabase) -> None:
    await put(database, 1)
    (task,) = await claim(database, lease=OVER)
    await put(database, 1)
    async with database.begin() as tx:
        await tx.tasks.done(task)
    assert len(await claim(database)) == 1


async def test_what_was_put_under_a_dead_holder_is_done_once_by_the_next(database: SqlDatabase) -> None:
    await put(database, 1)
    await claim(database, lease=OVER)
    await put(database, 1)
    (task,) = await claim(database, "b")
    async with database.begin() as tx:
        await tx.tasks.done(task)
    assert await waiting(database) == 0


async def test_a_late_holder_may_finish_what_nobody_else_took(database: SqlDatabase) -> None:
    await put(database, 1)
    (task,) = await claim(database, lease=OVER)
    async with database.begin() as tx:
        await tx.tasks.done(task)
    assert await waiting(database) == 0


@pytest.mark.parametrize("ending", ["done", "done_many", "retry", "park"])
async def test_who_lost_the_lease_writes_nothing_at_all(database: SqlDatabase, ending: str) -> None:
    """Not even when the same process claimed it anew: the whole transaction rolls back."""
    await put(database, 1)
    (lost,) = await claim(database, lease=OVER)
    await claim(database)
    await put(database, 2)
    (other,) = await claim(database)

    async def hand_on() -> None:
        async with database.begin() as tx:
            await tx.tasks.put(Stage.JOIN, [1], COMMON)
            match ending:
                case "done":
                    await tx.tasks.done(lost)
                case "done_many":
                    await tx.tasks.done_many([(other, NOON), (lost, NOON)])
                case "retry":
                    await tx.tasks.retry(lost, NOON, "time-out")
                case _:
                    await tx.tasks.park(lost, "poison")

    with pytest.raises(LeaseLost):
        await hand_on()
    assert await waiting(database, Stage.JOIN) == 0
    assert await waiting(database) == 2


async def test_several_are_finished_as_each_would_be(database: SqlDatabase) -> None:
    await put(database, 1, 2, 3)
    claimed = await claim(database)
    await put(database, 3, due=NOON - timedelta(hours=1))  # while it is held
    async with database.begin() as tx:
        await tx.tasks.done_many([(claimed[0], None), (claimed[1], NOON), (claimed[2], NOON)])
    assert [(task.key, task.due, task.attempt) for task in await claim(database)] == [
        (3, NOON - timedelta(hours=1), 1),
        (2, NOON, 1),
    ]


async def test_retry_gives_it_back_for_its_next_attempt(database: SqlDatabase) -> None:
    await put(database, 1)
    (task,) = await claim(database)
    async with database.begin() as tx:
        await tx.tasks.retry(task, NOON, "time-out")
    (anew,) = await claim(database, "b")
    assert (anew.attempt, anew.due) == (2, NOON)


async def test_a_parked_task_is_listed_until_somebody_puts_it_again(database: SqlDatabase) -> None:
    await put(database, 1)
    (task,) = await claim(database)
    async with database.begin() as tx:
        await tx.tasks.park(task, "poison")
    async with database.read() as tx:
        assert await tx.tasks.parked() == [(Stage.SCORE, 1, "poison")]
        assert await tx.tasks.waiting(Stage.SCORE) == 0
    assert await claim(database) == []
    await put(database, 1)
    (anew,) = await claim(database)
    assert anew.attempt == 1
    async with database.read() as tx:
        assert await tx.tasks.parked() == []


async def test_parking_what_was_put_again_meanwhile_leaves_it_due(database: SqlDatabase) -> None:
    await put(database, 1)
    (task,) = await claim(database)
    await put(database, 1)
    async with database.begin() as tx:
        await tx.tasks.park(task, "poison")
    assert [task.key for task in await claim(database)] == [1]


async def test_a_clean_stop_gives_back_all_that_it_holds(database: SqlDatabase) -> None:
    await put(database, 1, 2)
    await put(database, 3, stage=Stage.JOIN)
    (held,) = await claim(database, limit=1)
    await claim(database, stage=Stage.JOIN)
    await claim(database, "b", limit=1)
    async with database.begin() as tx:
        await tx.tasks.release("a")
    (scored,) = await claim(database, "c")
    (joined,) = await claim(database, "c", stage=Stage.JOIN)
    assert (scored.key, scored.attempt, joined.key) == (held.key, 1, 3)


async def test_concurrent_claimers_never_share_a_task(database: SqlDatabase) -> None:
    await put(database, *range(200))

    async def work(holder: str) -> list[int]:
        taken: list[int] = []
        while tasks := await claim(database, holder, limit=7):
            taken += [task.key for task in tasks]
        return taken

    shares = await asyncio.gather(*(work(f"holder-{number}") for number in range(8)))
    assert sorted(key for share in shares for key in share) == list(range(200))


async def test_a_claim_takes_no_more_than_its_limit(database: SqlDatabase) -> None:
    await put(database, *range(50))
    assert len(await claim(database, limit=3)) == 3


async def test_a_named_lease_has_one_holder_at_a_time(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        assert await tx.leases.acquire("join", "a", LEASE)
        assert not await tx.leases.acquire("join", "b", LEASE)
        assert await tx.leases.acquire("join", "a", LEASE)
        assert await tx.leases.acquire("another", "b", LEASE)
        await tx.leases.release("join", "b")
        assert not await tx.leases.acquire("join", "b", LEASE)
        await tx.leases.release("join", "a")
        assert await tx.leases.acquire("join", "b", LEASE)


async def test_a_named_lease_that_ran_out_is_free(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        assert await tx.leases.acquire("join", "a", OVER)
        assert await tx.leases.acquire("join", "b", LEASE)


async def test_a_transaction_that_puts_for_several_stages_asks_the_time_once(database: SqlDatabase) -> None:
    """On PostgreSQL each question is a round trip, and joining an article puts for two stages or three."""
    asked: list[str] = []
    async with database.begin() as tx:
        connection = tx.sql.connection.sync_connection
        assert connection is not None
        event.listen(connection, "before_cursor_execute", lambda _c, _d, statement, *_: asked.append(statement))
        for stage in (Stage.ANALYSE, Stage.ALERT, Stage.PAGE):
            await tx.tasks.put(stage, [1], COMMON)
        assert len(asked) == 1 + 3
    async with database.read() as tx:
        due = {(Stage.ANALYSE, None), (Stage.ALERT, None), (Stage.PAGE, None)}
        assert set(await tx.tasks.due(due)) == due, "due from then on"
