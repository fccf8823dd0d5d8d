"""When a page is looked at again, and what counts as gone."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.article import Article, BodySource
from bot.core.correction.page_look import (
    BETWEEN,
    MISSING_EVERY,
    MISSING_FOR,
    MISSING_LOOKS,
    RHYTHM,
    Missing,
    Neighbours,
    Version,
    is_gone,
    may_look,
    new_version,
    next_look,
    still_missing,
)
from bot.core.feed import FeedId
from bot.core.intake import taken_back_on_page
from tests.factories import NOON, new_article, new_outlet

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALONE = Neighbours(there=0, missing=0)

FIRST = "Screenwriters walked out on Monday over artificial intelligence."
CITED = "The guild said 400 screenwriters joined the strike."
LAST = "Orbit Pictures said it would keep negotiating."
TEXT = f"{FIRST} {CITED} {LAST}"


def article(**fields: Any) -> Article:
    """One whose text came from its page."""
    new = asdict(new_article(FeedId(1), title="Screenwriters strike", summary=FIRST, content=TEXT))
    return Article(**{**new, "outlet": new_outlet(paywalled=False), "id": 1, "body_source": BodySource.PAGE, **fields})


# --- when ---------------------------------------------------------------------------------------------------


def test_a_page_that_stays_as_it_is_is_looked_at_five_times_within_a_week() -> None:
    found, now = [RHYTHM[0]], NOON + RHYTHM[0]
    while (again := next_look(NOON, now)) is not None:
        found.append(again - NOON)
        now = again
    assert tuple(found) == RHYTHM == (HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY)


@given(
    posted=st.lists(st.integers(0, 20 * 24 * 60), max_size=30).map(sorted),
    first=st.integers(60, 600),
)
def test_however_often_it_is_posted_there_are_hours_between_two_looks(posted: list[int], first: int) -> None:
    """Minutes after the first message."""
    now = NOON + timedelta(minutes=first)
    for _ in range(200):
        last = max((NOON + timedelta(minutes=at) for at in posted if NOON + timedelta(minutes=at) <= now), default=NOON)
        again = next_look(last, now)
        if again is None:
            assert now >= last + RHYTHM[-1]
            return
        assert again - now >= BETWEEN
        now = again
    raise AssertionError("it never ends")


def test_a_missing_page_is_looked_at_daily_until_it_is_known_whether_it_is_gone() -> None:
    now, missing, looks = NOON + 7 * DAY, None, 0
    while True:
        missing = still_missing(missing, now)
        looks += 1
        if is_gone(missing, now, ALONE):
            break
        again = next_look(NOON, now, missing)
        assert again == now + MISSING_EVERY
        now = again
    assert (looks, now - missing.since) == (MISSING_LOOKS, MISSING_FOR)


def test_looking_for_a_missing_page_ends() -> None:
    since = NOON
    assert next_look(NOON, since + 2 * MISSING_FOR, Missing(since=since, looks=9)) is None


# --- gone ---------------------------------------------------------------------------------------------------


def test_not_found_for_an_hour_or_twice_is_not_gone() -> None:
    assert not is_gone(Missing(since=NOON, looks=9), NOON + HOUR, ALONE)
    assert not is_gone(Missing(since=NOON, looks=2), NOON + 9 * DAY, ALONE)


@pytest.mark.parametrize(
    ("others", "gone"),
    [
        (Neighbours(there=0, missing=0), True),
        (Neighbours(there=5, missing=0), True),
        (Neighbours(there=5, missing=1), True),
        (Neighbours(there=0, missing=1), False),
        (Neighbours(there=3, missing=4), False),
    ],
)
def test_a_site_that_was_built_anew_took_nothing_back(others: Neighbours, gone: bool) -> None:
    assert is_gone(Missing(since=NOON, looks=MISSING_LOOKS), NOON + MISSING_FOR, others) is gone


@pytest.mark.parametrize(
    "fields",
    [
        {"withdrawn": "deleted"},
        {"reserved": "noai"},
        {"url": ""},
        {"body_source": BodySource.PURGED},
        {"outlet": new_outlet(paywalled=True)},
        {"outlet": new_outlet(paywalled=None)},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_no_page_is_looked_at_that_would_not_be_read(fields: dict[str, Any]) -> None:
    assert may_look(article())
    assert not may_look(article(**fields))


# --- changed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("400", "40"),
        f"{FIRST} {LAST}",
        f"{TEXT}\n\nCorrection: An earlier version of this article misnamed the studio's president.",
    ],
    ids=["another number", "a sentence less", "a notice"],
)
def test_a_page_that_lost_a_sentence_or_says_it_was_corrected_is_a_new_version(text: str) -> None:
    assert new_version(article(), text) == Version(summary=FIRST, content=text)


@pytest.mark.parametrize(
    "text",
    [TEXT, TEXT.replace(". ", ".\n\n"), f"Updated three hours ago.\n\n{TEXT}\n\nMore on strikes", TEXT.upper()],
    ids=["the same", "other paragraphs", "what stands around it", "capitals"],
)
def test_what_a_page_has_around_its_article_is_no_new_version(text: str) -> None:
    assert new_version(article(), text) is None


def test_a_page_is_no_version_of_a_text_that_came_by_the_feed() -> None:
    assert new_version(article(body_source=BodySource.FEED), FIRST) is None


def test_a_teaser_with_what_the_page_does_not_say_any_more_is_dropped() -> None:
    now = TEXT.replace("400", "40")
    assert new_version(article(summary=f"{FIRST} {CITED}"), now) == Version(summary="", content=now)
    assert new_version(article(summary="The guild said 90."), now) == Version(summary="The guild said 90.", content=now)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("[Retracted] Screenwriters strike", TEXT),
        ("Retraction: Screenwriters strike", TEXT),
        ("Screenwriters strike", "This article has been withdrawn."),
        ("Screenwriters strike", f"Editor's note: This story has been retracted. {TEXT}"),
    ],
)
def test_a_page_says_that_its_article_was_taken_back(title: str, text: str) -> None:
    assert taken_back_on_page(title, text, article()) is not None


@pytest.mark.parametrize(
    ("title", "text"),
    [("Screenwriters strike", TEXT), ("Removed: the scripts nobody wrote", TEXT), ("", f"{TEXT} It was retracted.")],
)
def test_a_page_that_speaks_of_something_taken_back_stands(title: str, text: str) -> None:
    assert taken_back_on_page(title, text, article()) is None
