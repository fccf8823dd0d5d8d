"""An article packed and unpacked is the same to joining."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from adapters.models.shipped import load_rarity
from bot.core.desk.affinity import DIMENSION, Member
from bot.core.desk.packed import pack, print_of, unpack
from bot.core.desk.traits import traits

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RARITY = load_rarity()
VECTOR = np.linspace(-1, 1, DIMENSION).astype(np.float32)


@given(st.text(max_size=200), st.text(st.characters(codec="ascii"), max_size=600))
def test_what_was_packed_is_unpacked(title: str, text: str) -> None:
    own = traits(title, text, RARITY)
    packed = pack(Member(traits=own, vector=VECTOR, published=NOON))
    back = unpack(packed, NOON)
    assert (back.traits.title, back.traits.names, back.traits.numbers) == (own.title, own.names, own.numbers)
    assert list(back.traits.terms) == list(own.terms)
    assert np.allclose(list(back.traits.terms.values()), list(own.terms.values()), rtol=1e-6)
    assert np.allclose(back.vector, VECTOR, atol=1e-3)
    for print_ in (back.traits.print, print_of(packed)):
        assert (print_ is None) == (own.print is None)
        assert own.print is None or np.array_equal(print_, own.print)  # type: ignore[arg-type]


def test_an_article_is_packed_into_little() -> None:
    text = " ".join(f"word{number}x" for number in range(45))
    member = Member(traits=traits("Guild signs AI contract", text, RARITY), vector=VECTOR, published=NOON)
    assert len(pack(member)) < 1_500
