"""Which processes run, and whose lanes they take."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.storage import SqlDatabase
from adapters.storage.tasks import _claim
from bot.app.ports import Stage, Transaction
from bot.core.process import unserved
from tests.factories import GUILD, NOON, new_community, new_document, new_process

MINUTE = timedelta(minutes=1)


async def queue(tx: Transaction, platform: str, address: str) -> int:
    await tx.communities.ensure(new_community())
    place = await tx.schedules.destination(GUILD, platform, address)
    await tx.deliveries.queue(GUILD, place.id, new_document(), digest=None)
    return place.id


async def test_a_process_is_there_for_as_long_as_it_says_so(database: SqlDatabase) -> None:
    one = new_process("web", "work")
    other = new_process("slack", platforms=["slack"], holder="other", since=NOON + MINUTE)
    async with database.begin() as tx:
        await tx.processes.beat(one, MINUTE)
        await tx.processes.beat(other, MINUTE)
        await tx.processes.beat(one, MINUTE)
        assert list(await tx.processes.alive()) == [one, other]
        await tx.processes.beat(other, -MINUTE)
        assert list(await tx.processes.alive()) == [one]
        await tx.processes.leave(one.holder)
        assert list(await tx.processes.alive()) == []


async def test_what_no_process_serves_is_counted_and_what_is_paused_or_done_is_not(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await queue(tx, "discord", "one")
        await queue(tx, "discord", "one")
        await queue(tx, "slack", "two")
        paused = await queue(tx, "slack", "three")
        await tx.outbox.pause(paused, "no such channel")  # type: ignore[arg-type]
        waiting = await tx.outbox.waiting()
    assert waiting == {"discord": 2, "slack": 1}
    assert unserved(waiting, []) == waiting
    assert unserved(waiting, [new_process(platforms=["slack"]), new_process("work")]) == {"discord": 2}


async def test_a_lane_is_claimed_only_by_who_serves_its_platform(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        discord = [await queue(tx, "discord", address) for address in ("one", "two")]
        slack = await queue(tx, "slack", "three")

    async def claim(platform: str | None) -> list[int]:
        async with database.begin() as tx:
            claimed = await tx.tasks.claim(Stage.DELIVER, "me", 9, MINUTE, suspect=False, platform=platform)
            return sorted(task.key for task in claimed)

    async with database.read() as tx:
        assert await tx.tasks.waiting(Stage.DELIVER, platform="discord") == 2
        assert await tx.tasks.waiting(Stage.DELIVER) == 3
    assert await claim("console") == []
    assert await claim("slack") == [slack]
    assert await claim(None) == discord


@pytest.mark.parametrize("times", [1, 2])
async def test_a_lane_keeps_its_platform_however_often_something_is_queued(database: SqlDatabase, times: int) -> None:
    async with database.begin() as tx:
        for _ in range(times):
            lane = await queue(tx, "discord", "one")
        (task,) = await tx.tasks.claim(Stage.DELIVER, "me", 9, MINUTE, platform="discord")
        await tx.tasks.done(task, again=await tx.now() - MINUTE)
        await queue(tx, "discord", "one")
        (task,) = await tx.tasks.claim(Stage.DELIVER, "me", 9, MINUTE, platform="discord")
        assert task.key == lane


async def test_lanes_that_nobody_serves_are_in_nobodys_way(sqlite: SqlDatabase) -> None:
    """The first of a platform's lanes stands at the start of an index of its own, however many others wait."""
    statement = _claim("sqlite", False, True)
    async with sqlite.read() as tx:
        compiled = str(statement.compile(dialect=tx.sql.connection.dialect))
        values = tuple(0 for _ in range(compiled.count("?")))
        plan = (await tx.sql.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values)).all()
    steps = " ".join(str(row[-1]) for row in plan)
    assert "ix_tasks_platform_claimable_at (platform=? AND claimable_at<?)" in steps
    assert "SCAN tasks" not in steps
    assert "TEMP B-TREE" not in steps
