"""Processes that share a budget keep to it together, for few transactions, and nobody waits in vain."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from adapters.storage import SqlDatabase, open_database
from adapters.storage.schema import budgets
from bot.app.budget import Budget
from bot.app.ports import Transaction
from bot.app.tallies import RATE_LIMIT_WAITS, Tallies
from bot.core.budget import Allowance, at_most
from bot.core.errors import StoreBusy
from tests.fakes import Interrupted

MS = timedelta(milliseconds=1)
FAST = Allowance(platform="discord", kind="global", spacing=5 * MS, lateness=50 * MS)
SLOW = at_most(1, timedelta(seconds=30), platform="slack", kind="chat.postMessage")


class Counting:
    """A database that counts its transactions."""

    def __init__(self, database: SqlDatabase) -> None:
        self._database = database
        self.begun = 0

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        self.begun += 1
        async with self._database.begin() as tx:
            yield tx

    def read(self) -> object:
        raise AssertionError


async def test_two_processes_together_never_exceed_it(url: str) -> None:
    """150 requests at 200 a second; each process has 25 senders that all want to send now."""
    used: list[float] = []

    async def sender(budget: Budget) -> None:
        for _ in range(3):
            assert await budget.take(FAST, patience=timedelta(minutes=1)) is None
            used.append(time.monotonic())

    async with open_database(url) as one, open_database(url) as other:
        counting = [Counting(one), Counting(other)]
        budgets = [Budget(each) for each in counting]  # type: ignore[arg-type]
        await asyncio.gather(*(sender(budget) for budget in budgets for _ in range(25)))
    assert len(used) == 150
    for first, begin in enumerate(used):
        for last in range(first, len(used)):
            span = used[last] - begin + 0.1  # which a busy machine may take from a slot to the list
            assert last - first + 1 <= (span + FAST.lateness.total_seconds()) / FAST.spacing.total_seconds() + 1
    assert sum(each.begun for each in counting) <= 20


async def test_steady_requests_below_the_limit_cost_few_transactions(database: SqlDatabase) -> None:
    """After a while in which it is seen how many there are."""
    counting = Counting(database)
    budget = Budget(counting)  # type: ignore[arg-type]
    allowance = Allowance(platform="discord", kind="global", spacing=10 * MS, lateness=100 * MS)
    begun = 0
    for number in range(80):
        if number == 50:
            begun = counting.begun
        assert await budget.take(allowance) is None
        await asyncio.sleep(0.015)
    assert counting.begun - begun <= 6
    assert counting.begun <= 30


async def test_who_would_wait_too_long_is_told_when_to_come_again_and_takes_nothing(database: SqlDatabase) -> None:
    budget = Budget(database)
    assert await budget.take(SLOW, "C1") is None
    assert await budget.take(SLOW, "C2") is None, "another channel's is its own"
    async with database.read() as tx:
        now = await tx.now()
    later = [await budget.take(SLOW, "C1") for _ in range(2)]
    for each in later:
        assert each is not None
        assert timedelta(seconds=25) < each - now < timedelta(seconds=34)
    await asyncio.gather(*(budget.take(SLOW, "C1", patience=MS) for _ in range(5)))
    again = await budget.take(SLOW, "C1")
    assert again is not None
    assert abs(again - later[0]) < timedelta(seconds=1), "asking moved nothing"  # type: ignore[operator]


async def test_what_the_platform_says_holds_for_every_process(url: str) -> None:
    async with open_database(url) as one, open_database(url) as other:
        mine, theirs = Budget(one), Budget(other)
        assert await mine.take(FAST) is None
        async with one.read() as tx:
            now = await tx.now()
        await mine.hold(FAST, span=timedelta(minutes=2))
        for budget in (theirs, mine):
            later = await budget.take(FAST)
            assert later is not None
            assert later - now >= timedelta(minutes=2) - 200 * MS
        await mine.hold(FAST, span=timedelta(seconds=1))
        assert (await mine.take(FAST) or now) - now > timedelta(minutes=1), "a shorter one does not lift it"


async def test_a_wait_that_is_short_enough_is_waited_for_and_counted(sqlite: SqlDatabase) -> None:
    tallies = Tallies()
    budget = Budget(sqlite, tallies)
    began = time.monotonic()
    await budget.hold(FAST, span=300 * MS)
    assert await budget.take(FAST) is None
    assert time.monotonic() - began > 0.29
    assert tallies.take()[RATE_LIMIT_WAITS.name, ("discord", "global")] == 1


async def test_who_gives_up_leaves_their_place_to_the_next(sqlite: SqlDatabase) -> None:
    budget = Budget(sqlite)
    await budget.hold(FAST, span=100 * MS)
    first, second = (asyncio.create_task(budget.take(FAST)) for _ in range(2))
    await asyncio.sleep(0.02)
    first.cancel()
    assert await asyncio.wait_for(second, timeout=10) is None
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_without_the_database_nobody_may_send(sqlite: SqlDatabase) -> None:
    def refuse() -> None:
        raise StoreBusy("locked")

    budget = Budget(Interrupted(sqlite, 1, "before", refuse))
    taking = [asyncio.create_task(budget.take(FAST)) for _ in range(3)]
    assert all(isinstance(each, StoreBusy) for each in await asyncio.gather(*taking, return_exceptions=True))
    assert await budget.take(FAST) is None, "later it is asked again"


async def test_budgets_that_nobody_uses_are_forgotten(database: SqlDatabase) -> None:
    budget = Budget(database)
    for channel in ("C1", "C2"):
        await budget.take(SLOW, channel)
    async with database.begin() as tx:
        old = tx.sql.after(-timedelta(days=2))
        await tx.sql.execute(update(budgets).where(budgets.c.key.endswith("C1")).values(next_slot=old))
        await tx.budgets.sweep()
        assert await tx.sql.connection.scalar(select(func.count()).select_from(budgets)) == 1
