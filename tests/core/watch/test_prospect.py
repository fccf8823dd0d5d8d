"""The quick look before a query is held against a text: it never turns away what the query holds for."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.watch.evaluation import holds
from bot.core.watch.prospect import letters, may_hold
from bot.core.watch.query import Words
from bot.core.watch.subject import subject
from bot.core.watch.words import words
from tests.core.watch.queries import random_query, random_text
from tests.core.watch.test_words import ODD


@given(st.randoms(use_true_random=False))
def test_what_a_query_holds_for_is_not_turned_away(chance: random.Random) -> None:
    query, title, text = random_query(chance), random_text(chance, 8), random_text(chance)
    if holds(query, subject(title, text)):
        assert may_hold(query, letters(title, text))


@settings(max_examples=500)
@given(st.one_of(ODD, st.text()))
def test_every_word_of_a_text_is_found_in_its_letters(text: str) -> None:
    there = letters("", text)
    for word in words(text):
        assert may_hold(Words((word,)), there), word


@pytest.mark.parametrize(
    "text",
    [
        "The A.I. act",
        "OpenAI\u2019s \uff21\uff29",
        "an A\u00adI",
        "l\u2019AI",
        "\ufb01lm AI",
        "人工AI智能",
        "AI'S",
        "a.i.",
    ],
)
def test_a_word_is_found_however_it_is_written(text: str) -> None:
    assert may_hold(Words(("ai",)), letters("", text))


def test_a_text_without_the_words_is_turned_away() -> None:
    there = letters("Guild talks stall", "Both sides will meet again on Monday.")
    assert not may_hold(Words(("strike",)), there)
    assert not may_hold(Words(("guild", "vote")), there)
    assert may_hold(Words(("guild", "tal"), prefix=True), there)
