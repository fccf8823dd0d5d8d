"""How often something was spoken of, week by week."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from bot.core.story import StoryId

WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Week:
    """From Monday `begins` on: how many articles, and in how many stories those were."""

    begins: date
    articles: int
    stories: int


def by_week(
    mentions: Iterable[tuple[datetime, StoryId | None]], now: datetime, weeks: int, zone: tzinfo
) -> tuple[Week, ...]:
    """The last `weeks` weeks with the present one, oldest first, those without a mention too; days are of `zone`."""
    this = monday(now.astimezone(zone).date())
    found: dict[date, list[StoryId | None]] = {this - number * WEEK: [] for number in reversed(range(weeks))}
    for published, story in mentions:
        begins = monday(published.astimezone(zone).date())
        if begins in found:
            found[begins].append(story)
    return tuple(
        Week(begins, len(stories), len({story for story in stories if story is not None}))
        for begins, stories in found.items()
    )


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
