"""Turns, pauses and closed hosts, by a clock of the test's own."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from feeds.host_gate import HostClosed, HostGate, line_of

A, B = ("a.example", 443), ("b.example", 443)


class Time:
    """Sleeping moves it on."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


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
