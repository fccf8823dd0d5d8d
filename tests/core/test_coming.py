"""What a digest says of what stories told before announced."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.coming import AHEAD, MOST, Coming, for_digest
from bot.core.desk.tracking import WatchState
from bot.core.story import StoryId

TODAY = date(2026, 11, 24)
SINCE = datetime(2026, 11, 23, 9, tzinfo=UTC)
VOTE = Coming(
    day=TODAY + timedelta(days=3),
    claim="Members will vote on Friday.",
    story=StoryId(1),
    state=WatchState.OPEN,
    outlet="The Example",
    url="https://example.com/a",
)
VOTED = replace(
    VOTE,
    day=TODAY - timedelta(days=1),
    state=WatchState.HAPPENED,
    resolution="Members voted yes.",
    resolved_outlet="The Other",
    resolved_url="https://other.example/b",
    resolved_at=SINCE + timedelta(hours=5),
)


def shown(*items: Coming, told: tuple[int, ...] = (1,)) -> tuple[Coming, ...]:
    return for_digest(items, told=[StoryId(story) for story in told], today=TODAY, since=SINCE)


def test_what_is_due_within_a_week_is_shown_and_what_became_of_the_rest() -> None:
    assert shown(VOTE, VOTED) == (VOTED, VOTE)


def test_stories_that_this_place_was_not_told_are_none_of_its_business() -> None:
    assert shown(VOTE, told=(2,)) == ()


def test_an_outcome_is_told_once() -> None:
    assert shown(replace(VOTED, resolved_at=SINCE - timedelta(hours=1))) == ()


def test_what_lies_far_ahead_or_went_quiet_is_not_shown() -> None:
    assert shown(replace(VOTE, day=TODAY + AHEAD + timedelta(days=1))) == ()
    assert shown(replace(VOTE, day=TODAY - timedelta(days=1), state=WatchState.QUIET)) == ()


@given(st.lists(st.integers(-20, 20).map(lambda days: replace(VOTE, day=TODAY + timedelta(days=days)))))
def test_it_is_short_and_in_order(items: list[Coming]) -> None:
    found = shown(*items)
    assert len(found) <= MOST
    assert [item.day for item in found] == sorted(item.day for item in found)
