"""Turns, pauses and closed hosts, by a clock of the test's own."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.app.work import LEASE
from feeds.fetch import FEED_LIMITS
from feeds.host_gate import PATIENCE, HostClosed, HostGate, line_of
from feeds.robots import LONGEST_GAP
from tests.feeds.loopback import Time

A, B = ("a.example", 443), ("b.example", 443)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def gate(time: Time) -> HostGate:
    return HostGate(timedelta(seconds=1), own=[("own.example", 80)], monotonic=time.monotonic, sleep=time.sleep)


async def test_two_visits_to_one_host_are_a_gap_apart(gate: HostGate, time: Time) -> None:
    async with gate.turn(A):
        time.now += 5
    async with gate.turn(A):
        assert time.now == 106


async def test_the_next_visit_after_the_gap_waits_for_nothing(gate: HostGate, time: Time) -> None:
    async with gate.turn(A):
        pass
    time.now += 30
    async with gate.turn(A):
        assert time.now == 130


async def test_another_host_waits_for_nothing(gate: HostGate, time: Time) -> None:
    async with gate.turn(A), gate.turn(B):
        assert time.now == 100


async def test_turns_come_in_the_order_of_asking(gate: HostGate) -> None:
    order: list[int] = []

    async def visit(number: int) -> None:
        async with gate.turn(A):
            order.append(number)

    await asyncio.gather(*(visit(number) for number in range(5)))
    assert order == [0, 1, 2, 3, 4]


async def test_a_failed_visit_gives_its_turn_back(gate: HostGate) -> None:
    with pytest.raises(ZeroDivisionError):
        async with gate.turn(A):
            raise ZeroDivisionError
    async with asyncio.timeout(1), gate.turn(A):
        pass


async def test_the_operators_own_hosts_need_no_gap(gate: HostGate, time: Time) -> None:
    for _ in range(3):
        async with gate.turn(("own.example", 80)):
            pass
    assert time.now == 100


async def test_a_closed_host_sends_away_those_in_line_too(gate: HostGate, time: Time) -> None:
    entered = asyncio.Event()

    async def wait_in_line() -> str:
        entered.set()
        try:
            async with gate.turn(A):
                return "in"
        except HostClosed as closed:
            return f"{closed.reason} for {closed.remaining.total_seconds():g} s"

    async with gate.turn(A):
        waiting = asyncio.create_task(wait_in_line())
        await entered.wait()
        gate.close(A, timedelta(seconds=60), "resting", down=False)
    assert await waiting == "resting for 60 s"
    time.now += 60
    async with gate.turn(A):
        pass


async def test_a_shorter_closing_does_not_shorten_a_longer_one(gate: HostGate) -> None:
    gate.close(A, timedelta(seconds=60), "long", down=True)
    gate.close(A, timedelta(seconds=5), "short", down=False)
    with pytest.raises(HostClosed, match="long"):
        async with gate.turn(A):
            pass


async def test_a_host_that_asked_for_a_slower_pace_gets_it_for_as_long_as_that_holds(
    gate: HostGate, time: Time
) -> None:
    entered: list[float] = []
    for _ in range(2):
        async with gate.turn(A):
            entered.append(time.now)
        gate.pace(A, timedelta(seconds=20), timedelta(minutes=1))
    time.now += 60
    for _ in range(2):
        async with gate.turn(A):
            entered.append(time.now)
    assert entered == [100, 120, 180, 181]


async def test_no_pace_is_quicker_than_our_own_gap_or_holds_up_the_operators_hosts(gate: HostGate, time: Time) -> None:
    gate.pace(A, timedelta(milliseconds=1), timedelta(hours=1))
    gate.pace(("own.example", 80), timedelta(seconds=20), timedelta(hours=1))
    for where in (A, A, ("own.example", 80), ("own.example", 80)):
        async with gate.turn(where):
            pass
    assert time.now == 101


async def test_whoever_would_wait_too_long_is_sent_away_and_the_line_goes_on(gate: HostGate) -> None:
    """Else a host that asks for a minute between two visits would hold every place of this process."""
    gate.pace(A, timedelta(minutes=1), timedelta(hours=1))

    async def visit() -> str:
        try:
            async with gate.turn(A):
                await asyncio.sleep(0)
                return "in"
        except HostClosed as closed:
            return f"{closed.reason}, again in {closed.remaining.total_seconds():g} s"

    assert (
        await asyncio.gather(*(visit() for _ in range(6)))
        == ["in"] * 3 + ["others wait for this host already, again in 120 s"] * 3
    )


async def test_nobody_stands_in_the_line_of_a_slow_host_for_ever(time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feeds.host_gate.PATIENCE", timedelta(milliseconds=20))
    gate = HostGate(timedelta(0), monotonic=time.monotonic, sleep=time.sleep)
    async with gate.turn(A):
        with pytest.raises(HostClosed, match="others wait"):
            async with gate.turn(A):
                pass
    async with asyncio.timeout(1), gate.turn(A):
        pass


def test_a_turn_waited_for_and_taken_ends_well_within_a_lease() -> None:
    assert PATIENCE + LONGEST_GAP + FEED_LIMITS.total < LEASE


async def test_hosts_long_idle_are_forgotten_and_busy_ones_are_not(gate: HostGate, time: Time) -> None:
    async with gate.turn(A):
        for number in range(3000):
            async with gate.turn((f"h{number}.example", 80)):
                time.now += 2
        assert len(gate._lines) < 1100
        assert line_of(A) in gate._lines


@pytest.mark.parametrize(
    ("where", "line"),
    [
        (("A.example.", 80), "a.example"),
        (("a.example", 8080), "a.example"),
        (("127.0.0.1", 80), "127.0.0.1:80"),
        (("::1", 80), "::1:80"),
    ],
)
def test_a_name_is_one_line_and_a_number_one_a_port(where: tuple[str, int], line: str) -> None:
    assert line_of(where) == line
