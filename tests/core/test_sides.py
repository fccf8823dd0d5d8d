from __future__ import annotations

import pytest

from adapters.models.shipped import load_sides
from bot.core.analysis import Side


@pytest.mark.parametrize(
    ("speaker", "side"),
    [
        ("Mara Lindqvist, a screenwriter", Side.WORKERS),
        ("more than 9,000 authors", Side.WORKERS),
        ("Olof Berg, president of the Writers Guild of America East", Side.UNIONS),
        ("the union", Side.UNIONS),
        ("Ada Moss, chief executive of the authors’ union", Side.UNIONS),
        ("a spokesperson for the studios", Side.EMPLOYERS),
        ("Ada Moss, chief executive of Dukenet", Side.EMPLOYERS),
        ("a spokesperson for OpenAI", Side.AI_COMPANIES),
        ("Senator Ada Moss", Side.LAWMAKERS),
        ("Judge Ada Moss", Side.COURTS),
        ("Ada Moss, who teaches law and is a professor at Westmark", Side.CRITICS),
        ("Ada Moss, the federation's executive director", Side.UNIONS),
        ("Ada Moss, a lawyer for the authors", Side.WORKERS),
        ("Ada Moss, a lawyer at Westmark", Side.CRITICS),
        ("a post on the group's Facebook page", None),
        ("Ada Moss", None),
    ],
)
def test_the_side_is_told_from_name_and_description(speaker: str, side: Side | None) -> None:
    assert load_sides().of(speaker) is side


def test_every_side_that_a_text_names_is_found() -> None:
    named = load_sides().named_in("The union and the studios met at a bakery.")
    assert named == {Side.UNIONS, Side.EMPLOYERS}
