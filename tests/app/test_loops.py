"""Ticking, stopping and settling: what is in hand is finished, nothing is drained twice, nothing stays held."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from adapters.storage import SqlDatabase
from bot.app.checkup import check_work
from bot.app.loops import Loops, Progress
from bot.app.ports import Stage, Task
from bot.app.work import Worker
from bot.core.community import COMMON
from bot.core.errors import StoreBusy, StoreFull
from tests.app.newsroom import STRIKE, Newsroom, entry

SOON = timedelta(milliseconds=20)
STAGE = Stage.SCORE


class Desk:
    """A stage whose tasks take until they are let go, or raise what was prepared."""

    def __init__(self, database: SqlDatabase, *errors: Exception) -> None:
        self._database = database
        self._errors = list(errors)
        self.began: list[int] = []
        self.busy = asyncio.Event()
        self.go_on = asyncio.Event()

    async def handle(self, tasks: Sequence[Task]) -> None:
        self.began.extend(task.key for task in tasks)
        self.busy.set()
        if self._errors:
            raise self._errors.pop(0)
        await self.go_on.wait()
        async with self._database.begin() as tx:
            for task in tasks:
                await tx.tasks.done(task)

    def loops(self, **options: Any) -> Loops:
        worker = Worker(self._database, STAGE, self.handle, holder="one")
        return Loops(self._database, [worker], holder="one", **{"tick": SOON, **options})


async def put(database: SqlDatabase, *keys: int) -> None:
    async with database.begin() as tx:
        await tx.tasks.put(STAGE, keys, COMMON)


async def due_now(database: SqlDatabase) -> list[int]:
    async with database.begin() as tx:
        return [task.key for task in await tx.tasks.claim(STAGE, "another", 100, timedelta(minutes=1))]


async def end(running: asyncio.Task[None]) -> None:
    await asyncio.wait_for(running, timeout=10)


async def test_a_stop_finishes_what_is_in_hand_and_begins_nothing_new(sqlite: SqlDatabase) -> None:
    desk = Desk(sqlite)
    await put(sqlite, 1, 2)
    loops = desk.loops()
    running = asyncio.create_task(loops.run())
    await desk.busy.wait()
    loops.stop()
    loops.stop()
    desk.go_on.set()
    await end(running)
    assert desk.began == [1]
    assert await due_now(sqlite) == [2]


async def test_what_is_not_done_in_time_is_given_back_and_due_at_once(sqlite: SqlDatabase) -> None:
    desk = Desk(sqlite)
    await put(sqlite, 1, 2)
    loops = desk.loops(drain=SOON)
    running = asyncio.create_task(loops.run())
    await desk.busy.wait()
    loops.stop()
    await end(running)
    async with sqlite.begin() as tx:
        again = await tx.tasks.claim(STAGE, "another", 10, timedelta(minutes=1))
    assert [(task.key, task.attempt) for task in again] == [(1, 1), (2, 1)], "it was stopped, it did not fail"


@pytest.mark.parametrize("trouble", [None, RuntimeError("the model is damaged")])
async def test_a_stage_is_prepared_before_its_first_task_and_works_all_the_same_where_that_fails(
    sqlite: SqlDatabase, trouble: Exception | None
) -> None:
    prepared: list[list[int]] = []
    desk = Desk(sqlite)

    async def prepare() -> None:
        prepared.append(list(desk.began))
        if trouble is not None:
            raise trouble

    worker = Worker(sqlite, STAGE, desk.handle, holder="one", prepare=prepare)
    await put(sqlite, 1)
    loops = Loops(sqlite, [worker], holder="one", tick=SOON)
    running = asyncio.create_task(loops.run())
    await desk.busy.wait()
    loops.stop()
    desk.go_on.set()
    await end(running)
    assert prepared == [[]], "once, when nothing had begun"
    assert desk.began == [1]


async def test_a_process_without_a_stage_runs_until_it_is_stopped(sqlite: SqlDatabase) -> None:
    loops = Loops(sqlite, [], holder="one", tick=SOON)
    running = asyncio.create_task(loops.run())
    await asyncio.sleep(3 * SOON.total_seconds())
    assert not running.done()
    loops.stop()
    await end(running)


async def test_a_look_for_work_that_hangs_at_the_end_is_waited_for_and_no_error(
    sqlite: SqlDatabase, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looking, over = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def hangs() -> AsyncIterator[None]:
        try:
            looking.set()
            await asyncio.Event().wait()
            yield
        finally:
            await asyncio.sleep(0)  # a connection is given back
            over.set()

    monkeypatch.setattr(sqlite, "read", hangs)
    desk = Desk(sqlite)
    loops = desk.loops()
    running = asyncio.create_task(loops.run())
    await asyncio.wait_for(looking.wait(), timeout=10)
    loops.stop()
    await end(running)
    assert over.is_set(), "before whoever opened the database closes it"
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


async def test_ticks_during_a_drain_do_not_double_it(sqlite: SqlDatabase) -> None:
    """Several ticks pass while the first task is in hand; the second is not begun beside it."""
    desk = Desk(sqlite)
    await put(sqlite, 1, 2)
    loops = desk.loops(tick=timedelta(milliseconds=2))
    running = asyncio.create_task(loops.run())
    await desk.busy.wait()
    await asyncio.sleep(0.03)
    assert desk.began == [1]
    loops.stop()
    desk.go_on.set()
    await end(running)


async def test_a_full_disk_stops_the_loops_with_the_error_and_loses_nothing(sqlite: SqlDatabase) -> None:
    desk = Desk(sqlite, StoreFull("no space left"))
    await put(sqlite, 1)
    with pytest.raises(StoreFull, match="no space left"):
        await asyncio.wait_for(desk.loops().run(), timeout=10)
    assert await due_now(sqlite) == [1]


async def test_other_trouble_of_a_stage_is_tried_again_at_a_later_tick(sqlite: SqlDatabase) -> None:
    troubles: list[Exception] = [StoreBusy("held"), RuntimeError("a bug")]
    desk = Desk(sqlite)
    desk.go_on.set()

    async def permit() -> bool:
        if troubles:
            raise troubles.pop(0)
        return True

    worker = Worker(sqlite, STAGE, desk.handle, holder="one", permit=permit)
    loops = Loops(sqlite, [worker], holder="one", tick=SOON)
    await put(sqlite, 1)
    running = asyncio.create_task(loops.run())
    await asyncio.wait_for(desk.busy.wait(), timeout=10)
    loops.stop()
    await end(running)
    assert (troubles, desk.began) == ([], [1])


async def test_one_pass_ends_when_nothing_is_due_and_does_what_it_made_due(newsroom: Newsroom) -> None:
    await newsroom.subscribe(entry(STRIKE, 1))
    loops = newsroom.loops()
    await asyncio.wait_for(loops.once(), timeout=20)
    assert len(await newsroom.stories()) == 1
    progress = {step.stage: step for step in await loops.progress()}
    assert progress[Stage.JOIN] == Progress(stage=Stage.JOIN, done=1, waiting=0)
    assert {step.waiting for step in progress.values()} == {0}


async def test_a_stopped_pass_gives_back_what_it_did_not_begin(sqlite: SqlDatabase) -> None:
    desk = Desk(sqlite)
    await put(sqlite, 1, 2, 3)
    worker = Worker(sqlite, STAGE, desk.handle, holder="one", claim=3)
    loops = Loops(sqlite, [worker], holder="one")
    running = asyncio.create_task(loops.once())
    await desk.busy.wait()
    loops.stop()
    desk.go_on.set()
    await end(running)
    assert await due_now(sqlite) == [2, 3]


async def test_the_whole_house_ticks_until_it_is_stopped(newsroom: Newsroom) -> None:
    await newsroom.subscribe(entry(STRIKE, 1))
    loops = newsroom.loops(tick=SOON)
    running = asyncio.create_task(loops.run())

    async def told() -> None:
        while not await newsroom.stories():  # noqa: ASYNC110 (a database rings no bell)
            await asyncio.sleep(0.01)

    await asyncio.wait_for(told(), timeout=20)
    loops.stop()
    await end(running)


async def test_doctor_shows_what_was_set_aside_and_how_much_more_there_is(sqlite: SqlDatabase) -> None:
    await put(sqlite, *range(25))
    async with sqlite.begin() as tx:
        for task in await tx.tasks.claim(STAGE, "one", 25, timedelta(minutes=1)):
            await tx.tasks.park(task, "ValueError: a bug")
    work, *aside = await check_work(sqlite)
    assert (work.level, work.text) == ("ok", "nothing waits")
    assert [finding.text for finding in aside] == ["set aside: ValueError: a bug"] * 20 + ["5 more set aside"]
