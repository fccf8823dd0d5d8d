"""The sample week keeps its promises: what it holds, what is true about it, and that its dates fit any `now`."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sample import sample_week
from bot.core.sample import (
    WEEK,
    Correction,
    Edition,
    FeedFormat,
    Retraction,
    SampleArticle,
    SampleStory,
    SampleWeek,
    load_week,
    print_week,
)

NOW = datetime(2025, 11, 24, 15, 0, tzinfo=UTC)
WEEK_OF_NEWS = sample_week()
OUTLETS = {outlet.slug: outlet for outlet in WEEK_OF_NEWS.outlets}


def stories(*, relevant: bool) -> list[SampleStory]:
    return [story for story in WEEK_OF_NEWS.stories if story.relevant is relevant]


def changed_articles() -> list[SampleArticle]:
    return [article for story in WEEK_OF_NEWS.stories for article in story.articles if article.change]


# --- what it holds ------------------------------------------------------------------------------------------


def test_there_are_enough_outlets_stories_and_noise() -> None:
    several = [story for story in stories(relevant=True) if len(story.articles) > 1]
    assert len(WEEK_OF_NEWS.outlets) >= 10
    assert len(WEEK_OF_NEWS.stories) >= 40
    assert len(several) >= 12
    assert all(2 <= len(story.articles) <= 6 for story in several)
    assert len(stories(relevant=False)) >= 20


def test_every_outlet_reports_a_story_once() -> None:
    for story in WEEK_OF_NEWS.stories:
        assert max(Counter(article.outlet for article in story.articles).values()) == 1, story.key


def test_each_format_is_served_by_some_outlet_and_rss_by_most() -> None:
    formats = Counter(outlet.format for outlet in WEEK_OF_NEWS.outlets)
    assert formats[FeedFormat.ATOM] == formats[FeedFormat.JSON] == formats[FeedFormat.RDF] == 1
    assert formats[FeedFormat.RSS] == len(WEEK_OF_NEWS.outlets) - 3


def test_there_are_sisters_a_paywall_a_reservation_and_another_language() -> None:
    owners = Counter(outlet.outlet.owner for outlet in WEEK_OF_NEWS.outlets)
    assert [owner for owner, count in owners.items() if count > 1] == ["Lantern Trade Media"]
    assert [outlet.slug for outlet in WEEK_OF_NEWS.outlets if outlet.outlet.paywalled] == ["courier"]
    assert [outlet.slug for outlet in WEEK_OF_NEWS.outlets if outlet.noai] == ["chorus"]
    assert [outlet.slug for outlet in WEEK_OF_NEWS.outlets if outlet.language != "en"] == ["plume"]
    assert {outlet.full for outlet in WEEK_OF_NEWS.outlets} == {True, False}


def test_an_article_is_as_long_as_a_news_report() -> None:
    for story in stories(relevant=True):
        for article in story.articles:
            assert 120 <= sum(len(paragraph.split()) for paragraph in article.body) <= 350, (story.key, article.outlet)


def test_addresses_are_unique() -> None:
    paths = Counter(article.path for article in print_week(WEEK_OF_NEWS, NOW))
    assert max(paths.values()) == 1


# --- what is true about it ----------------------------------------------------------------------------------


def test_the_wire_story_is_repeated_nearly_verbatim_by_two_outlets() -> None:
    story = next(story for story in WEEK_OF_NEWS.stories if any(article.copies for article in story.articles))
    wire = next(article for article in story.articles if article.outlet == "northline")
    copies = [article for article in story.articles if article.copies == "northline"]
    assert len(copies) == 2
    for copy in copies:
        shared = set(copy.body) & set(wire.body)
        assert copy.body != wire.body
        assert len(shared) >= len(copy.body) - 2


def test_a_saga_goes_on_in_a_second_story() -> None:
    later = [story for story in WEEK_OF_NEWS.stories if story.follows]
    keys = {story.key: story for story in WEEK_OF_NEWS.stories}
    assert [story.key for story in later] == ["scribes-vote-result"]
    assert keys[later[0].follows or ""].day < later[0].day


def test_two_companies_lay_people_off_on_one_day() -> None:
    keys = {story.key: story for story in WEEK_OF_NEWS.stories}
    assert keys["palisade-layoffs"].day == keys["nine-lanterns-layoffs"].day


def test_where_outlets_disagree_each_number_is_said_by_some_of_them() -> None:
    disputed = [story for story in WEEK_OF_NEWS.stories if story.disagree]
    assert disputed
    for story in disputed:
        said = [{number for number in story.disagree if number in " ".join(a.body)} for a in story.articles]
        assert set.union(*said) == set(story.disagree), story.key
        assert len({frozenset(numbers) for numbers in said}) > 1, story.key


def test_one_article_carries_markup_mentions_links_and_instructions() -> None:
    texts = [(article.title + " ".join(article.body)) for article in print_week(WEEK_OF_NEWS, NOW)]
    hostile = [text for text in texts if "@everyone" in text]
    assert len(hostile) == 1
    assert "<script>" in hostile[0]
    assert "](https://" in hostile[0]
    assert "Ignore previous instructions" in hostile[0]


# --- editions -----------------------------------------------------------------------------------------------


def test_the_second_edition_changes_the_corrected_and_the_retracted_article_only() -> None:
    first = {article.path: article for article in print_week(WEEK_OF_NEWS, NOW)}
    second = {article.path: article for article in print_week(WEEK_OF_NEWS, NOW, Edition.SECOND)}
    assert first.keys() == second.keys()
    different = {path for path in first if first[path] != second[path]}
    assert {path.split("/")[-1] for path in different} == {article.slug for article in changed_articles()}
    assert sorted(type(article.change).__name__ for article in changed_articles()) == ["Correction", "Retraction"]


def test_a_correction_replaces_the_number_and_says_so() -> None:
    corrected = next(article for article in changed_articles() if isinstance(article.change, Correction))
    assert isinstance(corrected.change, Correction)
    before = next(a for a in print_week(WEEK_OF_NEWS, NOW) if a.slug == corrected.slug)
    after = next(a for a in print_week(WEEK_OF_NEWS, NOW, Edition.SECOND) if a.slug == corrected.slug)
    assert corrected.change.was in before.title + before.body[0]
    assert corrected.change.was not in after.title + after.teaser + " ".join(after.body)
    assert corrected.change.now in after.title
    assert after.body[-1] == corrected.change.note
    assert (after.published, after.updated) == (before.published, NOW)


def test_a_retraction_leaves_the_notice_only() -> None:
    retracted = next(article for article in changed_articles() if isinstance(article.change, Retraction))
    assert isinstance(retracted.change, Retraction)
    after = next(a for a in print_week(WEEK_OF_NEWS, NOW, Edition.SECOND) if a.slug == retracted.slug)
    assert after.title.startswith("Retracted: ")
    assert after.body == (retracted.change.notice,)


# --- dates --------------------------------------------------------------------------------------------------


@given(st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2035, 1, 1), timezones=st.just(UTC)))
def test_the_week_ends_now_and_every_date_is_filled_in(now: datetime) -> None:
    printed = print_week(WEEK_OF_NEWS, now)
    assert all(now - WEEK <= article.published < now for article in printed)
    assert [article.published for article in printed] == sorted((a.published for a in printed), reverse=True)
    for article in printed:
        text = article.title + article.teaser + " ".join(article.body)
        assert not re.search(r"\{(date|weekday|month|year)", text), article.path


@given(st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2035, 1, 1), timezones=st.just(UTC)))
def test_today_is_never_after_the_article_that_calls_it_today(now: datetime) -> None:
    week = one_article(body="{date 0}", at="3d 06:00")
    (article,) = print_week(week, now)
    days = [article.published, article.published - timedelta(days=1)]
    assert article.body[0] in {f"{day.day} {day:%B}" for day in days}


def test_dates_are_in_the_outlets_own_style() -> None:
    assert printed_body("{weekday 1}, {date 12}, {month 40}, {year -3}") == "Tuesday, 6 December, January 2026, 2022"
    assert printed_body("{date 12}", month_first="true") == "December 6"
    assert printed_body("{date 40}", month_first="true") == "January 3, 2026"
    assert printed_body("{weekday 0} {date 12}", language='"fr"') == "lundi 6 décembre"


def test_dates_agree_between_the_outlets_of_a_story() -> None:
    """Both speak of the same day, whichever day each was published."""
    story = STORY.format(at="2d 23:50", body="{date 5}") + ARTICLE.format(at="3d 06:10", body="{date 5}")
    week = load_week(outlet_table().encode(), {"story": story.encode()})
    later, earlier = print_week(week, NOW)
    assert later.body == earlier.body


# --- reading ------------------------------------------------------------------------------------------------

ARTICLE = """
[[article]]
outlet = "paper"
at = "{at}"
author = "A. Writer"
title = "A title"
teaser = "A teaser"
body = "{body}"
"""
STORY = "relevant = true\n" + ARTICLE


def outlet_table(**settings: str) -> str:
    table = "[paper]\nname = 'Paper'\nowner = 'Owner'\ncountry = 'GB'\ntagline = 'Daily'\ndesk = 'general'\n"
    return table + "".join(f"{key} = {value}\n" for key, value in settings.items())


def one_article(*, body: str, at: str, **settings: str) -> SampleWeek:
    return load_week(outlet_table(**settings).encode(), {"story": STORY.format(at=at, body=body).encode()})


def printed_body(body: str, **settings: str) -> str:
    """Of an article on the day 24 November 2025, a Monday."""
    now = datetime(2025, 12, 1, tzinfo=UTC)
    (article,) = print_week(one_article(body=body, at="0d 09:00", **settings), now)
    return article.body[0]


def test_paragraphs_are_parted_by_blank_lines_only() -> None:
    week = one_article(body="one\\nline\\n\\nanother", at="0d 09:00")
    assert week.stories[0].articles[0].body == ("one line", "another")


@pytest.mark.parametrize("at", ["7d 09:00", "0d 05:59", "noon"])
def test_an_hour_outside_the_week_is_refused(at: str) -> None:
    with pytest.raises(ValueError, match="0d to 6d"):
        one_article(body="text", at=at)


def test_an_unknown_outlet_is_refused() -> None:
    with pytest.raises(ValueError, match="no outlet paper"):
        load_week(b"", {"story": STORY.format(at="0d 09:00", body="text").encode()})
