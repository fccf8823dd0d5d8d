"""However a budget is shared out, the platform never sees more than it allows."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.budget import AHEAD, LONGEST, Allowance, at_most, draw, held
from tests.factories import NOON

SECOND = timedelta(seconds=1)
MS = timedelta(milliseconds=1)

limits = st.tuples(st.integers(1, 60), st.sampled_from([SECOND, 5 * SECOND, 60 * SECOND]))
draws = st.lists(
    st.tuples(
        st.integers(0, 3_000),  # milliseconds since the draw before, whoever drew
        st.integers(1, 80),  # slots wanted
        st.integers(0, 300),  # lead
        st.floats(0, 1),  # how late within what is allowed each is used
        st.sampled_from([0, 0, 0, 1_500]),  # the platform says "retry after" first
    ),
    min_size=1,
    max_size=25,
)


@given(limits, draws)
def test_no_span_ever_holds_more_than_is_allowed(limit: tuple[int, timedelta], draws: list[tuple[int, ...]]) -> None:
    """In windows of the limit's own span, and in all others by the bucket's law."""
    number, per = limit
    allowance = at_most(number, per, platform="discord", kind="global")
    level, now, used = None, NOON, []
    for gap, wanted, lead, late, retry_after in draws:
        now += gap * MS
        if retry_after:
            level = held(level, now + retry_after * MS, now)
        drawn = draw(level, allowance, wanted, now, lead * MS)
        level = drawn.next_slot
        used += [slot + allowance.lateness * late for slot in drawn.slots]
        assert len(drawn.slots) <= wanted
        if retry_after:
            assert all(slot >= now + retry_after * MS for slot in drawn.slots)
    used.sort()
    for first, begin in enumerate(used):
        assert sum(begin <= each < begin + per for each in used) <= number
        for last in range(first, len(used)):
            span = used[last] - begin
            assert last - first + 1 <= (span + allowance.lateness) / allowance.spacing + 1


@given(limits, draws)
def test_slots_can_be_used_when_they_arrive_and_are_never_far_ahead(
    limit: tuple[int, timedelta], draws: list[tuple[int, ...]]
) -> None:
    allowance = at_most(*limit, platform="slack", kind="chat.postMessage")
    level, now = None, NOON
    for gap, wanted, lead, *_ in draws:
        now += gap * MS
        drawn = draw(level, allowance, wanted, now, lead * MS)
        level = drawn.next_slot
        for slot in drawn.slots:
            assert now + lead * MS <= slot + allowance.lateness
            assert slot <= now + lead * MS + AHEAD
        slots = [*drawn.slots, drawn.next_slot]
        assert all(after - before == allowance.spacing for before, after in pairwise(slots))


def test_nearly_all_that_is_allowed_can_be_used() -> None:
    """A tenth is what it costs that nobody needs to be on time to the millisecond."""
    allowance = at_most(50, SECOND, platform="discord", kind="global")
    level, now, slots = None, NOON, 0
    while now < NOON + 60 * SECOND:
        drawn = draw(level, allowance, 64, now)
        level, slots = drawn.next_slot, slots + len(drawn.slots)
        now += SECOND / 4
    assert slots / 60 == pytest.approx(45.5, abs=1.5)


def test_after_a_pause_some_are_ready_at_once_and_no_more() -> None:
    allowance = Allowance(platform="x", kind="y", spacing=100 * MS, lateness=SECOND / 2)
    drawn = draw(NOON - timedelta(days=1), allowance, 100, NOON)
    assert sum(slot <= NOON for slot in drawn.slots) == 6
    assert drawn.slots[-1] <= NOON + AHEAD


def test_a_limit_of_one_in_a_long_while_still_gives_one() -> None:
    allowance = at_most(1, 600 * SECOND, platform="x", kind="y", lateness=timedelta(0))
    first = draw(None, allowance, 5, NOON)
    assert first.slots == [NOON]
    assert draw(first.next_slot, allowance, 1, NOON).slots == []


def test_what_a_clock_that_was_wrong_left_is_passed_over() -> None:
    """A day ahead by mistake would silence a platform for a day."""
    allowance = at_most(1, SECOND, platform="x", kind="y")
    assert draw(NOON + timedelta(days=1), allowance, 1, NOON).slots == [NOON - allowance.lateness]
    assert held(NOON + timedelta(days=1), NOON + SECOND, NOON) == NOON + SECOND
    assert held(None, NOON + timedelta(days=1), NOON) == NOON + LONGEST


def test_a_budget_of_each_channel_has_a_key_of_its_own() -> None:
    allowance = at_most(1, SECOND, platform="slack", kind="chat.postMessage")
    assert (allowance.key(), allowance.key("C1")) == ("slack:chat.postMessage", "slack:chat.postMessage:C1")
