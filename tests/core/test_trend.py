"""Counts by week."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.core.message.trend import BAR, trend_document
from bot.core.story import StoryId
from bot.core.trend import Week, by_week
from tests.core.test_message_digest import words

TUESDAY = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_weeks_begin_on_monday_and_one_without_a_mention_is_there() -> None:
    mentions = [
        (TUESDAY, StoryId(1)),
        (TUESDAY - timedelta(days=1), StoryId(1)),
        (TUESDAY - timedelta(days=15), None),
        (TUESDAY - timedelta(days=60), StoryId(9)),
    ]
    assert by_week(mentions, TUESDAY, 3, UTC) == (
        Week(date(2026, 11, 9), 1, 0),
        Week(date(2026, 11, 16), 0, 0),
        Week(date(2026, 11, 23), 2, 1),
    )


def test_a_late_sunday_is_in_the_week_that_readers_live_in() -> None:
    sunday_night = datetime(2026, 11, 23, 3, tzinfo=UTC)
    (week,) = by_week([(sunday_night, None)], sunday_night, 1, ZoneInfo("America/Los_Angeles"))
    assert week == Week(date(2026, 11, 16), 1, 0)


@given(st.lists(st.tuples(st.datetimes(datetime(2026, 10, 1), datetime(2026, 11, 23)), st.integers(1, 5)), max_size=30))
def test_every_mention_in_the_weeks_is_counted_once(found: list[tuple[datetime, int]]) -> None:
    mentions = [(at.replace(tzinfo=UTC), StoryId(story)) for at, story in found]
    weeks = by_week(mentions, TUESDAY, 9, UTC)
    assert sum(week.articles for week in weeks) == len([at for at, _ in mentions if at.date() >= weeks[0].begins])
    assert all(week.stories <= week.articles for week in weeks)


def test_the_longest_bar_fits_a_phone_and_the_shortest_is_seen() -> None:
    lines = words(
        trend_document("AI", (Week(date(2026, 11, 16), 1, 1), Week(date(2026, 11, 23), 5000, 40)), at_least=True)
    )
    assert lines[1] == "At least 5001 articles that are kept here"
    assert lines[2].count("▇") == 1
    assert lines[3].count("▇") == BAR
