"""What became of a cited sentence: changed, taken out, or nothing that matters."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.article import Article, Revision
from bot.core.correction.correction import Cause
from bot.core.correction.standing import Changed, Fate, Gone, Present, Stands, correction_notice, fate, title_changed
from bot.core.feed import FeedId
from tests.factories import NOON, new_article, new_outlet

FIRST = "Screenwriters walked out on Monday over artificial intelligence."
CITED = "The guild said 400 screenwriters joined the strike."
LAST = "Orbit Pictures said it would keep negotiating."
TEXT = f"{FIRST} {CITED} {LAST}"


def present(before: str, now: str, **fields: Any) -> Present:
    """An article that said `before` in its first revision, and says `now` in its second."""
    fields = {"revision": 2, "title": "Screenwriters strike", **fields}
    was = Revision(
        article=fields.get("id", 1),
        revision=1,
        title=fields.pop("was_titled", fields["title"]),
        summary=before,
        content="",
        seen=NOON,
    )
    article = asdict(new_article(FeedId(1), summary=now)) | {"outlet": new_outlet(), "id": 1, **fields}
    return Present(article=Article(**article), revisions=(was,))


def became(now: str, sentence: str = CITED, before: str = TEXT, **fields: Any) -> Fate:
    return fate(sentence, present(before, now, **fields), 1)


@pytest.mark.parametrize(
    "now",
    [
        "The guild said 40 screenwriters joined the strike.",
        "The guild said 400 screenwriters did not join the strike.",
    ],
)
def test_another_number_or_a_no_for_a_yes_is_a_change(now: str) -> None:
    assert became(TEXT.replace(CITED, now)) == Changed(now)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("Ada Marsh leads the guild of screenwriters.", "Ada March leads the guild of screenwriters."),
        ("The vote of the guild is on Monday.", "The vote of the guild is on Tuesday."),
        ("Assembly Bill 412 goes to the floor now.", "Assembly Bill 421 goes to the floor now."),
        ('"We will not give in," the guild said.', '"We may give in," the guild said.'),
        ("The studio paid $1.2 million to writers.", "The studio paid $1.2 billion to writers."),
    ],
)
def test_names_days_bills_quotations_and_sums_count(was: str, now: str) -> None:
    assert became(f"{FIRST} {now} {LAST}", was, f"{FIRST} {was} {LAST}") == Changed(now)


@pytest.mark.parametrize(
    "now",
    [
        "The guild said that 400 screenwriters had joined the strike.",
        "The guild said 400 screenwriters joined the strkie.",
        "The guild said “400” screenwriters joined the strike.",
        "As many as 400 screenwriters joined the strike, the guild said.",
    ],
)
def test_other_words_and_typing_are_no_change(now: str) -> None:
    assert became(TEXT.replace(CITED, now)) == Stands()


def test_a_sentence_taken_out_of_what_else_stands_is_removed() -> None:
    assert became(f"{FIRST} {LAST}") == Gone(Cause.REMOVED)


def test_a_text_that_ends_earlier_took_nothing_out() -> None:
    """A shorter teaser; or a live blog, of which the oldest falls off."""
    assert became(f"{FIRST}") == Stands()
    assert became(f"Talks go on tonight. {FIRST}") == Stands()


def test_a_text_written_anew_took_nothing_out() -> None:
    assert became("Talks began at noon. The mayor came. Nobody spoke of money. It rained.") == Stands()


def test_where_the_outlet_marks_a_correction_what_is_gone_was_taken_out() -> None:
    assert became(f"{FIRST} Correction: the number of strikers was wrong.") == Gone(Cause.REMOVED)


def test_what_is_withdrawn_or_kept_from_us_is_gone_in_any_case() -> None:
    assert became(TEXT, withdrawn="retracted") == Gone(Cause.WITHDRAWN, "retracted")
    assert became(TEXT, reserved="noai") == Gone(Cause.RESERVED, "noai")


def test_nothing_is_compared_with_a_revision_that_is_still_the_present_one() -> None:
    assert fate("It never said this.", present(TEXT, TEXT), 2) == Stands()


def test_of_what_is_sold_only_the_teaser_stands_in_for_a_sentence() -> None:
    changed = CITED.replace("400", "40")
    sold = new_outlet("The Ledger", paywalled=True)
    assert became("", content=TEXT.replace(CITED, changed), outlet=sold) == Stands()


@pytest.mark.parametrize(
    "notice",
    [
        "Correction: An earlier version gave a wrong number.",
        "CORRECTION (March 3): The number was wrong.",
        "Editor's note: The number was wrong.",
        "This article was amended on 3 March 2100 to correct a number.",
        "An earlier version of this story misstated the number.",
    ],
)
def test_an_outlets_notice_of_a_correction_is_heard_once(notice: str) -> None:
    assert correction_notice(present(TEXT, f"{TEXT}\n\n{notice}"), 1) == notice
    assert correction_notice(present(f"{TEXT}\n\n{notice}", f"{TEXT} More.\n\n{notice}"), 1) == ""


@pytest.mark.parametrize("text", ["The court ordered a correction of the record.", "He was corrected by the judge."])
def test_a_report_about_a_correction_is_none(text: str) -> None:
    assert correction_notice(present(TEXT, f"{TEXT} {text}"), 1) == ""


def test_a_title_may_say_it_too() -> None:
    assert correction_notice(present(TEXT, TEXT, was_titled="Strike", title="[Corrected] Strike"), 1) == "Corrected"


def test_a_retitled_article_counts_only_where_the_title_says_something_else() -> None:
    assert title_changed(present(TEXT, TEXT, was_titled="400 writers strike", title="40 writers strike"), 1)
    assert not title_changed(present(TEXT, TEXT, was_titled="400 writers strike", title="400 writers go on strike"), 1)


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=80))
def test_no_text_is_too_odd(before: str, now: str, sentence: str) -> None:
    assert became(now, sentence, before) is not None
    correction_notice(present(before, now), 1)
