"""What a button carries, and what comes back from outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.command.invocation import Invocation, decode, encode, invocation

names = st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True)
invocations = st.builds(
    Invocation,
    st.lists(names, min_size=1, max_size=3).map(tuple),
    st.dictionaries(names, st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=5).map(
        lambda given_: tuple(given_.items())
    ),
)


@given(invocations)
def test_what_is_encoded_is_read_back(said: Invocation) -> None:
    code = encode(said)
    assert code.isascii()
    assert " " not in code
    assert decode(code) == said


@given(st.text(max_size=120))
def test_a_code_from_outside_is_read_or_refused(code: str) -> None:
    """Never anything but an invocation or a ValueError."""
    try:
        said = decode(code)
    except ValueError:
        return
    assert said.path


@pytest.mark.parametrize("code", ["", "Story?a=1", "story..x", "story?story=1&story=2", "story?x", "störy"])
def test_codes_that_are_refused(code: str) -> None:
    with pytest.raises(ValueError, match=r"no command is called|twice|bad query field"):
        decode(code)


def test_arguments_of_ours_are_written_as_they_print_and_none_is_left_out() -> None:
    assert encode(invocation("story", story=12, view=None)) == "story?story=12"


def test_an_argument_can_be_replaced() -> None:
    said = invocation("story", story=12, page=1).with_arguments(page="2")
    assert (said.given("story"), said.given("page"), said.given("view")) == ("12", "2", None)
