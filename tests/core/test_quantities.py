from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.desk.quantities import numbers_differ, quantities


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("$1.2bn", "1200000000", "money"),
        ("1.2 billion dollars", "1200000000", "money"),
        ("US$1,200,000,000", "1200000000", "money"),
        ("eleven thousand five hundred members", "11500", "number"),
        ("30 per cent", "30", "percent"),
        ("30%", "30", "percent"),
        ("twenty-one girls", "21", "number"),
    ],
)
def test_one_number_has_one_form_however_it_is_written(text: str, value: str, kind: str) -> None:
    (quantity,) = quantities(text)
    assert (quantity.value, quantity.kind) == (Decimal(value), kind)


def test_both_ends_of_a_range_of_shares_are_shares() -> None:
    assert [quantity.kind for quantity in quantities("sales will grow by 4-7%")] == ["percent", "percent"]


def test_a_name_with_a_figure_in_it_is_no_number() -> None:
    assert quantities("GPT4 and B2B") == ()


def test_outlets_differ_where_they_count_the_same_thing_differently() -> None:
    assert numbers_differ("25 people were hurt", "Police say 27 people were hurt")
    assert not numbers_differ("94 percent voted for it", "94.3 percent of members voted for it")
    assert not numbers_differ("25 people were hurt", "129 passengers were on board")
    assert not numbers_differ("The strike of 2023 ended", "The strike of 2007 ended")


@given(st.text(max_size=500))
def test_any_text_is_survived(text: str) -> None:
    quantities(text)
    numbers_differ(text, text)
