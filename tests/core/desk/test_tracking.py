"""What to Watch, watched: identity, dates, and what later articles settle. All news here is invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.article import ArticleId
from bot.core.community import COMMON
from bot.core.desk.tracking import (
    SILENCE,
    UNDATED_SILENCE,
    NewTrackedItem,
    Report,
    TrackedItem,
    WatchState,
    as_of,
    next_change,
    outcome,
    reports_of,
    same,
)
from bot.core.story import StoryId
from tests.factories import NOON, new_tracked, stored_tracked
from tests.sample_stories import WEEK, sample_coverage

DAY = timedelta(days=1)
STORY, ARTICLE = StoryId(1), ArticleId(1)
VOTE = "Members of the Inkwell Guild will vote on the tentative agreement on 20 March."


def item(claim: str = VOTE, **fields: Any) -> TrackedItem:
    return stored_tracked(STORY, ARTICLE, **{"claim": claim, "sentence": claim, **fields})


def expectation(claim: str, due: date | None = None) -> NewTrackedItem:
    return new_tracked(STORY, ARTICLE, claim=claim, sentence=claim, due=due)


def report(sentence: str, *, days: float = 10, title: str = "") -> Report:
    return Report(article=ArticleId(2), published=NOON + days * DAY, title=title, sentence=sentence)


def test_an_item_is_due_on_its_day_and_quiet_after_a_silence() -> None:
    dated = item()
    day = NOON.replace(hour=0, month=3, day=20)
    assert as_of(dated, day - timedelta(seconds=1)) is WatchState.OPEN
    assert as_of(dated, day) is WatchState.DUE
    assert as_of(dated, day + SILENCE) is WatchState.QUIET
    heard_later = item(heard=day + 3 * DAY)
    assert as_of(heard_later, day + SILENCE) is WatchState.DUE


def test_an_undated_item_is_open_until_nothing_was_heard_for_long() -> None:
    undated = item(due=None)
    assert as_of(undated, NOON + UNDATED_SILENCE - DAY) is WatchState.OPEN
    assert as_of(undated, NOON + UNDATED_SILENCE) is WatchState.QUIET


@pytest.mark.parametrize("state", [WatchState.HAPPENED, WatchState.SLIPPED])
def test_what_is_settled_stays_so(state: WatchState) -> None:
    settled = item(state=state, resolved_by=ArticleId(2))
    assert as_of(settled, NOON + 900 * DAY) is state
    assert next_change([settled], NOON) is None


@given(
    st.none() | st.dates(date(2025, 1, 1), date(2026, 1, 1)),
    st.integers(0, 100),
    st.lists(st.integers(0, 24 * 500), min_size=1, max_size=10),
)
def test_dates_only_ever_lead_forward_and_change_nothing_between_changes(
    due: date | None, heard: int, hours: list[int]
) -> None:
    one = item(due=due, heard=NOON + heard * DAY)
    order = [WatchState.OPEN, WatchState.DUE, WatchState.QUIET]
    now = NOON
    for hour in sorted(hours):
        then = NOON + timedelta(hours=hour)
        following = next_change([one], now)
        assert order.index(as_of(one, then)) >= order.index(as_of(one, now))
        if following is None or then < following:
            assert as_of(one, then) is as_of(one, now)
        now = then


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((VOTE, date(2025, 3, 20)), ("The guild's members vote on the deal by 20 March.", date(2025, 3, 20))),
        ((VOTE, date(2025, 3, 20)), ("Members will vote on the tentative agreement next week.", date(2025, 3, 23))),
        (
            ("Quillmark plans to appeal the ruling on authors' books.", None),
            ("The company said it plans to appeal the ruling over the authors' books.", None),
        ),
    ],
)
def test_one_expectation_in_other_words_is_one_item(
    one: tuple[str, date | None], other: tuple[str, date | None]
) -> None:
    assert same(expectation(*one), expectation(*other))
    assert same(expectation(*other), expectation(*one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((VOTE, date(2025, 3, 20)), ("Members of the Inkwell Guild will vote on a strike in June.", date(2025, 6, 30))),
        ((VOTE, date(2025, 3, 20)), ("The studios will release their earnings on 20 March.", date(2025, 3, 20))),
        (
            ("The Senate will vote on AB 412 this spring.", date(2025, 5, 31)),
            ("The Senate will vote on AB 7 this spring.", date(2025, 5, 31)),
        ),
        (("The court will rule on the motion.", None), ("The court will hear the authors.", None)),
    ],
)
def test_different_expectations_are_different_items(
    one: tuple[str, date | None], other: tuple[str, date | None]
) -> None:
    assert not same(expectation(*one), expectation(*other))


@pytest.mark.parametrize(
    ("claim", "sentence", "title"),
    [
        (VOTE, "Members of the Inkwell Guild voted on Thursday to ratify the tentative agreement.", ""),
        (VOTE, "The Inkwell Guild's members ratified the agreement with 92% in favour.", "Guild's deal is ratified"),
        (
            "A federal judge is expected to rule on Quillmark's motion by April.",
            "The federal judge ruled on Tuesday that Quillmark's motion fails.",
            "",
        ),
        (
            "The Senate will vote on AB 412 this spring.",
            "The Senate approved AB 412 on Monday in a 24-9 vote.",
            "",
        ),
    ],
)
def test_a_report_of_the_very_act_settles_it(claim: str, sentence: str, title: str) -> None:
    assert outcome(item(claim), report(sentence, title=title)) is WatchState.HAPPENED


@pytest.mark.parametrize(
    "sentence",
    [
        "The vote of the Inkwell Guild's members on the tentative agreement was postponed to May.",
        "The Inkwell Guild has called off its members' vote on the tentative agreement.",
    ],
)
def test_a_report_that_it_was_put_off_settles_it_even_before_its_day(sentence: str) -> None:
    assert outcome(item(), report(sentence, days=2)) is WatchState.SLIPPED


@pytest.mark.parametrize(
    "sentence",
    [
        "Members of the Inkwell Guild have not voted on the tentative agreement.",
        "Members of the Inkwell Guild have yet to vote on the tentative agreement they negotiated.",
        "If members of the Inkwell Guild voted down the tentative agreement, talks would resume.",
        "The tentative agreement could be rejected by members of the Inkwell Guild.",
        "The vote of the Inkwell Guild's members on the tentative agreement may be postponed.",
        "The Inkwell Guild's vote on the tentative agreement was not postponed.",
        "In 2019 members of the Inkwell Guild voted on a tentative agreement.",
        "Members of the Inkwell Guild voted last year on another tentative agreement.",
        "The board of Orbit Pictures approved a tentative budget.",
        "The Lantern Guild's members voted on a tentative agreement of their own.",
        "Members of the Inkwell Guild discussed the tentative agreement.",
        "Voted.",
    ],
)
def test_what_is_hedged_denied_old_or_about_others_settles_nothing(sentence: str) -> None:
    assert outcome(item(), report(sentence)) is None


def test_what_came_before_the_expectation_or_its_day_or_is_its_own_article_settles_nothing() -> None:
    told = "Members of the Inkwell Guild voted to ratify the tentative agreement."
    assert outcome(item(), report(told, days=0)) is None
    assert outcome(item(), report(told, days=3)) is None, "the vote is on 20 March"
    own = Report(article=ARTICLE, published=NOON + 10 * DAY, title="", sentence=told)
    assert outcome(item(), own) is None
    by = "Members of the Inkwell Guild must vote on the tentative agreement by 20 March."
    assert outcome(item(by), report(told, days=3)) is WatchState.HAPPENED


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_is_too_odd(claim: str, sentence: str) -> None:
    outcome(item(claim), report(sentence))
    assert same(expectation(claim), expectation(claim))


def test_the_sample_weeks_own_reports_settle_nothing_that_was_not_awaited() -> None:
    """No sentence of the week settles an expectation of another story."""
    reports = {story.key: reports_of(sample_coverage(story.key)) for story in WEEK.stories}
    assert any(reports.values())
    for found in reports.values():
        assert all(outcome(item(), one) is None for one in found)


def test_reserved_and_paywalled_text_settles_nothing() -> None:
    for story in WEEK.stories:
        coverage = sample_coverage(story.key)
        shown = {member.article.id: member.article for member in coverage.members}
        for one in reports_of(coverage):
            article = shown[one.article]
            assert article.reserved is None
            assert not article.outlet.paywalled or one.sentence in article.summary


def test_items_are_owned() -> None:
    assert item().owner is COMMON
