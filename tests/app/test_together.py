"""Many small transactions as few larger ones."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

import pytest

from bot.app.together import Together
from bot.core.errors import StoreBusy


class Work:
    """Doubles numbers; fails where a number of the group is in `poison`; the first group waits for `gate`."""

    def __init__(self, *poison: int, error: Exception | None = None) -> None:
        self.groups: list[list[int]] = []
        self.gate = asyncio.Event()
        self.poison = set(poison)
        self.error = error or ZeroDivisionError()

    async def __call__(self, numbers: Sequence[int]) -> Sequence[int]:
        self.groups.append(list(numbers))
        await self.gate.wait()
        if self.poison & set(numbers):
            raise self.error
        return [number * 2 for number in numbers]


async def ask(together: Together[int, int], *numbers: int) -> list[asyncio.Task[int]]:
    tasks = [asyncio.create_task(together.do(number)) for number in numbers]
    await asyncio.sleep(0)
    return tasks


async def test_who_waits_while_another_works_is_done_in_one_group() -> None:
    work = Work()
    tasks = await ask(Together(work), 1, 2, 3, 4)
    work.gate.set()
    assert await asyncio.gather(*tasks) == [2, 4, 6, 8]
    assert work.groups == [[1], [2, 3, 4]]


async def test_a_group_has_its_limit() -> None:
    work = Work()
    tasks = await ask(Together(work, most=2), 1, 2, 3, 4)
    work.gate.set()
    assert await asyncio.gather(*tasks) == [2, 4, 6, 8]
    assert work.groups == [[1], [2, 3], [4]]


async def test_a_poison_item_spoils_its_own_result_only() -> None:
    work = Work(3)
    tasks = await ask(Together(work), 1, 2, 3, 4)
    work.gate.set()
    one, two, three, four = await asyncio.gather(*tasks, return_exceptions=True)
    assert (one, two, four) == (2, 4, 8)
    assert isinstance(three, ZeroDivisionError)


async def test_a_busy_store_is_not_asked_again_for_each() -> None:
    work = Work(2, error=StoreBusy("held"))
    tasks = await ask(Together(work), 1, 2, 3, 4)
    work.gate.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(result) for result in results] == [int, StoreBusy, StoreBusy, StoreBusy]
    assert len(work.groups) == 2


async def test_when_the_one_who_works_is_cancelled_another_takes_over() -> None:
    work = Work()
    tasks = await ask(Together(work), 1, 2, 3)
    tasks[0].cancel()
    work.gate.set()
    first, *others = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(first, asyncio.CancelledError)
    assert others == [4, 6]


async def test_one_who_is_cancelled_while_waiting_is_left_out() -> None:
    work = Work()
    tasks = await ask(Together(work), 1, 2, 3)
    tasks[1].cancel()
    await asyncio.sleep(0)
    work.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await tasks[1]
    assert [await tasks[0], await tasks[2]] == [2, 6]
    assert work.groups == [[1], [3]]


async def test_those_done_one_by_one_have_their_results_when_the_one_who_works_is_cancelled() -> None:
    holds: dict[tuple[int, ...], asyncio.Event] = {(1,): asyncio.Event(), (4,): asyncio.Event()}
    reached = asyncio.Event()

    async def work(numbers: Sequence[int]) -> Sequence[int]:
        if (hold := holds.pop(tuple(numbers), None)) is not None:
            if numbers == [4]:
                reached.set()
            await hold.wait()
        if 5 in numbers:
            raise ZeroDivisionError
        return [number * 2 for number in numbers]

    first = holds[(1,)]
    tasks = await ask(Together(work), 1, 2, 3, 4, 5)
    first.set()
    await reached.wait()  # 2 does the work of all: 3 is done already, 4 is being done
    tasks[1].cancel()
    async with asyncio.timeout(5):
        one, two, three, four, five = await asyncio.gather(*tasks, return_exceptions=True)
    assert (one, three, four) == (2, 6, 8)
    assert isinstance(two, asyncio.CancelledError)
    assert isinstance(five, ZeroDivisionError)


@pytest.mark.parametrize("seed", range(20))
async def test_whoever_is_cancelled_whenever_nobody_waits_for_ever_and_nothing_is_lost(seed: int) -> None:
    chance = random.Random(seed)

    async def work(numbers: Sequence[int]) -> Sequence[int]:
        for _ in range(chance.randrange(4)):
            await asyncio.sleep(0)
        if chance.random() < 0.2:
            raise ZeroDivisionError
        return [number * 2 for number in numbers]

    together = Together(work, most=3)
    tasks: list[asyncio.Task[int]] = []
    for number in range(200):
        tasks.append(asyncio.create_task(together.do(number)))
        if chance.random() < 0.5:
            chance.choice(tasks).cancel()
        if chance.random() < 0.3:
            await asyncio.sleep(0)
    async with asyncio.timeout(5):
        results = await asyncio.gather(*tasks, return_exceptions=True)
        while True:
            try:
                assert await together.do(1) == 2
                break
            except ZeroDivisionError:
                continue
    for number, result in enumerate(results):
        assert isinstance(result, asyncio.CancelledError | ZeroDivisionError) or result == number * 2
    assert sum(isinstance(result, int) for result in results) > 20
