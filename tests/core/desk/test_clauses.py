"""Sentences that can stand where nothing went before them."""

from __future__ import annotations

import pytest

from bot.core.desk.clauses import opens_unresolved


@pytest.mark.parametrize(
    "text",
    [
        "One for a mattress maker has run since January with a voice that its director took for a hired actor's.",
        "One says the studio never asked.",
        "He said more.",
        "However, the guild disagreed.",
        "The latter was signed in May.",
    ],
)
def test_an_opening_that_points_back_is_one(text: str) -> None:
    assert opens_unresolved(text)


@pytest.mark.parametrize(
    "text",
    [
        "One in nine writing jobs could be lost within five years, the institute says.",
        "One hundred writers signed the letter.",
        "One of the guild's founders left.",
        "Writers signed the letter.",
    ],
)
def test_an_opening_that_says_whom_it_means_is_none(text: str) -> None:
    assert not opens_unresolved(text)
