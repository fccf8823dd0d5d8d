"""Which stories go into a digest."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.community import COMMON
from bot.core.selection import pick
from bot.core.story import Coverage, Story, StoryId
from tests.factories import NOON


def coverage(number: int, *, relevance: float = 0.9, relevant: bool = True, hours: int = 0) -> Coverage:
    story = Story(
        id=StoryId(number),
        owner=COMMON,
        version=1,
        relevance=relevance,
        relevant=relevant,
        first_seen=NOON,
        last_updated=NOON + timedelta(hours=hours),
    )
    return Coverage(story=story, members=())


def weight(one: Coverage) -> float:
    return one.story.relevance


def picked(*coverages: Coverage, told: tuple[int, ...] = (), most: int = 7) -> list[int]:
    chosen = pick(coverages, weight=weight, told=[StoryId(story) for story in told], most=most)
    return [one.story.id for one in chosen]


def test_the_heaviest_leads_then_the_newest_then_the_first() -> None:
    light, old, new, same = coverage(1, relevance=0.6), coverage(2), coverage(4, hours=1), coverage(3, hours=1)
    assert picked(light, old, new, same) == [3, 4, 2, 1]


def test_what_was_told_or_is_not_about_ai_and_work_stays_out_however_heavy() -> None:
    told, other, fresh = coverage(1, relevance=1.0), coverage(2, relevance=1.0, relevant=False), coverage(3)
    assert picked(told, other, fresh, told=(1,)) == [3]


def test_no_more_than_asked_for() -> None:
    assert picked(coverage(1), coverage(2), coverage(3), most=2) == [1, 2]
    assert picked(coverage(1), most=0) == []


@given(st.permutations([coverage(number, relevance=number % 3 / 3, hours=number % 2) for number in range(8)]))
def test_the_order_in_which_stories_come_does_not_matter(coverages: list[Coverage]) -> None:
    assert picked(*coverages) == picked(*sorted(coverages, key=lambda one: one.story.id))
