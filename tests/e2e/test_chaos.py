"""Chaos in small (`tests.chaos`): random kills among three processes while everything misbehaves.

The full size, a hundred kills during a thousand deliveries, is `python -m tests.bench chaos`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos import Plan, chaos
from tests.far_side import Knows
from tests.far_sides import FAR_SIDES
from tests.senders import quiet

PLAN = Plan(deliveries=40, kills=4, channels=10, hiccups=0.2)


@pytest.mark.slow
@pytest.mark.parametrize("far_side", FAR_SIDES)
@pytest.mark.parametrize(
    ("url", "knows"),
    [("sqlite", Knows.READ), ("sqlite", Knows.NEITHER), ("postgresql", Knows.READ), ("postgresql", Knows.KEY)],
    ids=["sqlite, read", "sqlite, neither", "postgresql, read", "postgresql, key"],
    indirect=["url"],
)
async def test_random_kills_among_several_processes_lose_nothing_and_post_nothing_twice(
    url: str, tmp_path: Path, far_side: str, knows: Knows
) -> None:
    quiet()
    with FAR_SIDES[far_side](tmp_path, knows, PLAN.pace) as there:
        outcome = await chaos(url, there, PLAN)
    assert outcome.kills >= PLAN.kills / 2
    assert outcome.faults > 0
    wrong = (outcome.lost, outcome.twice, outcome.stale, outcome.disordered)
    assert wrong == (0, 0, 0, 0), outcome
    if knows is Knows.READ:
        assert outcome.uncertain == 0
