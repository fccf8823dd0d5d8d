"""The time of chaos (`tests.chaos.Ticks`): what this machine takes its time over is no time to anybody."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.storage import SqlDatabase
from bot.core.delivery import DeliveryState
from bot.core.errors import StoreBusy
from tests import chaos
from tests.chaos import PACE, TICK, Ticks
from tests.far_side import CALM, Faults, Knows
from tests.far_sides import FAR_SIDES
from tests.senders import queue, quiet, send_all

STALL = 60.0
"""Seconds, each of which would be `PACE`."""


@pytest.mark.parametrize("far_side", FAR_SIDES)
async def test_what_is_late_is_not_looked_for_too_early_however_the_machine_stalls(
    sqlite: SqlDatabase, tmp_path: Path, far_side: str
) -> None:
    quiet()
    with FAR_SIDES[far_side](tmp_path, Knows.READ, None) as there:
        (delivery,) = await queue(sqlite, there)
        there.misbehave(Faults(late=1))
        ticks = Ticks(sqlite, there, PACE)
        await send_all(sqlite, there.line)
        there.misbehave(CALM)
        for _ in range(20):
            ticks.last -= STALL
            await ticks.tick()
            await send_all(sqlite, there.line)
        async with sqlite.read() as tx:
            found = await tx.outbox.get(delivery)
        assert found is not None
        assert (found.state, len(there.posted())) == (DeliveryState.SENT, 1)


async def test_a_tick_that_the_database_refuses_is_owed_to_it(
    sqlite: SqlDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there, refused = list[timedelta](), list[timedelta](), [True, False, True, True, False, False]

    class Clock:
        async def passes(self, span: timedelta) -> None:
            there.append(span)

    async def passes_here(_database: SqlDatabase, span: timedelta) -> None:
        if refused.pop(0):
            raise StoreBusy("locked")
        here.append(span)

    monkeypatch.setattr(chaos, "time_passes_here", passes_here)
    ticks = Ticks(sqlite, Clock(), PACE)
    while refused:
        ticks.last -= STALL
        try:
            await ticks.tick()
        except StoreBusy:
            continue
    assert here == [TICK] * 3
    assert len(there) == 3
