"""The gate: either facet is enough, and words that only look alike are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.models.shipped import load_gate

GATE = load_gate()


@pytest.mark.parametrize(
    ("title", "ai", "work"),
    [
        ("Guild wins limits on A.I. in new contract", True, True),
        ("Studios and SAG-AFTRA resume talks", False, True),
        ("Voice actors fear being replaced by AI clones", True, True),
        ("Nurses walk out over pay", False, True),
        ("Midjourney adds a zoom button", True, False),
        ("The rain in Spain stays mainly in training", False, False),
        ("Air strikes hit the port overnight", False, False),
        ("Missile strike on Kyiv kills three", False, False),
        ("European Union and African Union leaders meet", False, False),
        ("Fact check: the State of the Union address", False, False),
        ("Threat actors exploit an old router flaw", False, False),
        ("Ai Weiwei opens a show in Vienna", False, False),
        ("Claude Monet's lilies sold at auction", False, False),
        ("Labour MPs rebel over welfare vote", False, False),
        ("Ten-pin bowling strike wins the title", False, False),
        ("Anthropic says Claude can now browse the web", True, False),
        ("Train strikes: drivers' union rejects offer", False, True),
    ],
)
def test_what_each_facet_finds(title: str, ai: bool, work: bool) -> None:
    gated = GATE(title, "")
    assert (bool(gated.ai), bool(gated.work)) == (ai, work)


def test_a_strike_in_war_news_is_no_strike_unless_somebody_works() -> None:
    assert not GATE("Strike on depot", "The drone was Ukrainian, the military said.").passed
    assert GATE("Strike at drone maker", "The union said 400 workers joined the picket.").work


def test_reasons_name_the_concepts() -> None:
    gated = GATE("ChatGPT writes the screenplay", "Screenwriters in the guild object.")
    assert gated.ai == ("chatbots and language models",)
    assert "guilds" in gated.work
    assert "screenwriters" in gated.people
    assert GATE("Bakers' guild turns to AI for recipes", "").work == ("guilds",), "no more than the word says"


@given(st.text(max_size=300), st.text(max_size=300))
def test_nothing_raises(title: str, text: str) -> None:
    gated = GATE(title, text)
    assert len(gated.title_counts) == len(gated.text_counts) == len(GATE.lexicon.concepts)


def test_a_megabyte_is_looked_at_only_at_its_start() -> None:
    assert not GATE("x" * 1_000_000, "word " * 200_000 + "chatgpt").passed
