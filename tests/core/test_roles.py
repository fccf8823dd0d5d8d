from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.desk.roles import Role, roles


@pytest.mark.parametrize(
    ("sentence", "position", "role"),
    [
        ("The guild sued Palisade Pictures on Monday over scripts written by software.", 0, Role.HAPPENED),
        ("The ruling could set a precedent and threaten the pay of thousands of writers.", 6, Role.SIGNIFICANCE),
        ("In 2022 the guild struck for 97 days, its longest stoppage since 1988.", 7, Role.BACKGROUND),
        ("“We will not train our own replacements,” the guild's president said.", 5, Role.POSITION),
        ("Members will vote on the contract next month.", 8, Role.OUTLOOK),
    ],
)
def test_a_clear_sentence_plays_the_role_it_plays(sentence: str, position: int, role: Role) -> None:
    judged = roles(sentence, position=position)
    assert judged.main is role
    assert judged.cues


@given(st.text(max_size=2_000), st.integers(0, 10_000))
def test_strengths_stay_between_nothing_and_all(text: str, position: int) -> None:
    assert all(0.0 <= strength <= 1.0 for strength in roles(text, position=position).scores.values())
