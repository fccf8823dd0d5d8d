"""What an alert tells of a story: which of the reports leads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.core.article import Article, ArticleId
from bot.core.feed import FeedId, Outlet
from bot.core.story import StoryId
from bot.core.watch.pack import Packs
from bot.core.watch.parser import parse
from bot.core.watch.report import StoryReport, finding, read, story_report
from tests.core.watch.queries import EveryName
from tests.factories import NOON

TOLD = (
    "Actors vote to strike over AI, union says",
    "Actors' union votes for a strike over AI scans",
    "Strike vote: actors walk out over AI",
    "Actors' union strike vote passes",
)


def report(titles: Sequence[str], *, paywalled: Sequence[int] = (), query: str = "actors") -> StoryReport:
    """Of an outlet each, in the order of publication."""
    query_, found = parse(query, EveryName()), []
    for number, title in enumerate(titles):
        article = Article(
            id=ArticleId(number + 1),
            keys=(f"{number}",),
            feed=FeedId(1),
            url=f"https://outlet{number}.example/1",
            outlet=Outlet(name=f"Outlet {number}", paywalled=number in paywalled),
            title=title,
            summary="The actors of the union said so on Monday.",
            published=NOON + timedelta(minutes=number),
            first_seen=NOON + timedelta(hours=1),
        )
        found.append(finding(query_, read(Packs(()), article, None)))
    return story_report(StoryId(1), [one for one in found if one is not None])


def test_the_first_of_a_few_reports_leads() -> None:
    assert report(TOLD[:2]).headline == TOLD[0]


def test_a_round_up_that_came_first_does_not_lead_what_many_tell() -> None:
    round_up = "Morning briefing: Defense bill delayed; eclipse seen; actors meet"
    assert report([round_up, *TOLD]).headline in TOLD


def test_a_title_that_teases_does_not_lead() -> None:
    assert report(["Why are the actors so angry?", TOLD[1]]).headline == TOLD[1]


def test_a_title_with_what_was_looked_for_leads_one_without() -> None:
    assert report(["Union votes for a strike over AI", TOLD[0]]).headline == TOLD[0]


def test_what_everybody_can_read_leads_what_is_behind_a_paywall() -> None:
    assert report(TOLD[:2], paywalled=[0]).headline == TOLD[1]
    assert report(TOLD[:1], paywalled=[0]).headline == TOLD[0]
