"""The capacity bench: its simulation agrees with arithmetic where arithmetic can say it, and repeats itself."""

from __future__ import annotations

import pytest

from tests.bench.capacity import Assumed, Load, measure, most_channels, rush


def test_with_nothing_else_in_the_way_the_last_part_leaves_at_the_platforms_rate() -> None:
    came = rush(100, 4, rate=50, composed_a_second=1e9, lanes=64, alerts_a_second=0)
    assert came.last == pytest.approx(400 / 50, rel=0.01)


def test_where_composing_is_slower_the_rush_lasts_as_long_as_that() -> None:
    came = rush(100, 1, rate=1000, composed_a_second=10, lanes=64, alerts_a_second=0)
    assert came.last == pytest.approx(10, rel=0.05)


def test_an_alert_waits_for_what_is_in_hand_and_not_for_all_digests() -> None:
    came = rush(10_000, 4, rate=50, composed_a_second=1e9, lanes=64, alerts_a_second=1)
    assert len(came.waits) > 100
    assert came.wait(0.99) < 10 < came.last / 10


def test_the_same_seed_gives_the_same_figures_and_none_is_a_goal_missed() -> None:
    one, other = measure({}), measure({})
    assert one.figures == other.figures
    assert [goal.figure for goal in one.goals if goal.missed(one.figures)] == []


def test_more_channels_need_more_of_everything() -> None:
    few, many = (Load(channels=channels, assumed=Assumed()) for channels in (1_000, 2_000))
    assert all(many.rows[table] > few.rows[table] for table in few.rows)
    assert all(many.core_seconds[stage] > few.core_seconds[stage] for stage in few.core_seconds if stage != "alert")
    assert most_channels(5, Assumed(), 1) < most_channels(10, Assumed(), 1)
