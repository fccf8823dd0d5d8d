"""The lead: one text, that says where its title ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.desk.lead import LEAD, Lead, lead


def test_the_title_comes_first_and_its_end_is_known() -> None:
    assert lead("Guild signs", "It voted.") == Lead("Guild signs. It voted.", title=len("Guild signs"))


def test_a_teaser_that_repeats_the_title_is_not_given_twice() -> None:
    assert lead("Guild signs", "Guild signs after a vote") == Lead("Guild signs after a vote", title=len("Guild signs"))
    assert lead("Guild signs", "Guild signs") == Lead("Guild signs", title=len("Guild signs"))


def test_what_has_no_title_or_no_text_is_the_other() -> None:
    assert lead("Guild signs", "") == Lead("Guild signs", title=len("Guild signs"))
    assert lead("", "It voted.") == Lead("It voted.", title=0)
    assert lead("", "") == Lead("", title=0)


def test_addresses_are_no_part_of_a_title() -> None:
    assert lead("Guild https://a.example/b signs", "") == Lead("Guild signs", title=len("Guild signs"))


@given(st.text(max_size=900), st.text(max_size=900))
def test_the_title_is_within_the_text(title: str, text: str) -> None:
    one = lead(title, text)
    assert 0 <= one.title <= min(LEAD, len(one.text))
