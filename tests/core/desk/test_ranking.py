"""What leads a digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.core.article import Article, ArticleId
from bot.core.community import COMMON
from bot.core.desk.ranking import story_weight
from bot.core.feed import FeedId, Outlet
from bot.core.story import Coverage, Member, Story, StoryId

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def coverage(
    *outlets: Outlet, title: str = "Bank says AI will take over its call centres", sure: float = 0.9
) -> Coverage:
    members = tuple(
        Member(
            article=Article(
                id=ArticleId(number), keys=(), feed=FeedId(1), url="", outlet=outlet, title=title, summary="",
                published=NOON, first_seen=NOON,
            )
        )
        for number, outlet in enumerate(outlets, 1)
    )  # fmt: skip
    story = Story(
        id=StoryId(1), owner=COMMON, version=1, relevance=sure, relevant=True, first_seen=NOON, last_updated=NOON
    )
    return Coverage(story=story, members=members)


HERALD, POST, TIMES = Outlet(name="Herald", owner="Big"), Outlet(name="Post", owner="Big"), Outlet(name="Times")


def test_more_independent_outlets_weigh_more() -> None:
    assert story_weight(coverage(HERALD, TIMES)) > story_weight(coverage(HERALD))


def test_sister_outlets_are_one_voice() -> None:
    assert story_weight(coverage(HERALD, POST)) == story_weight(coverage(HERALD))


def test_a_wire_copy_adds_no_voice() -> None:
    told = coverage(HERALD, TIMES)
    original, copy = told.members
    copied = replace(told, members=(original, replace(copy, copy_of=original.article.id)))
    assert story_weight(copied) == story_weight(coverage(HERALD))


def test_the_creative_trades_come_first() -> None:
    writers = coverage(TIMES, title="Screenwriters win limits on AI")
    assert story_weight(writers) > story_weight(coverage(TIMES))


def test_a_surer_decision_weighs_more() -> None:
    assert story_weight(coverage(TIMES, sure=0.95)) > story_weight(coverage(TIMES, sure=0.6))
