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

PLAN = Plan(deliveries=24, kills=3, channels=12)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("far_side", "url", "knows"),
    [
        ("loopback", "sqlite", Knows.READ),
        ("loopback", "sqlite", Knows.NEITHER),
        ("loopback", "postgresql", Knows.KEY),
        ("slack", "sqlite", Knows.NEITHER),
        ("slack", "postgresql", Knows.READ),
        ("discord", "sqlite", Knows.READ),
        ("discord", "postgresql", Knows.KEY),
    ],
    ids=lambda value: value.name.lower() if isinstance(value, Knows) else value,
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
