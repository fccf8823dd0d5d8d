"""Relevance: reasons people can read, and a decision that belongs to the whole story."""

from __future__ import annotations

import pytest

from adapters.models.embedder import MiniLmEmbedder
from adapters.models.shipped import load_gate, load_relevance_model
from bot.core.desk.lead import lead
from bot.core.desk.relevance import Judged, decide_story

GATE, MODEL, EMBEDDER = load_gate(), load_relevance_model(), MiniLmEmbedder()


def judge(title: str, text: str = "") -> Judged:
    (vector,), (title_vector,) = EMBEDDER.embed_leads_now([lead(title, text)])
    return MODEL.judge(title, text, GATE(title, text), vector, title_vector)


def said(relevance: float, *, ai: bool) -> Judged:
    return Judged(relevance=relevance, ai=ai, reasons=())


def test_a_contract_on_ai_is_in_and_a_model_release_is_out() -> None:
    inside = judge("Actors' union wins consent rules for AI replicas", "Performers must be paid for digital doubles.")
    outside = judge("Chipmaker unveils a faster AI model for phones", "It answers questions in half the time.")
    assert inside.relevance >= MODEL.threshold > outside.relevance


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Encyclopedia publisher grants chatbot maker a licence to its articles", "Contributors want a share."),
        ("Insurer drops 200 claims handlers as language model takes over", "The union was told on Monday."),
        ("Illustrators take image generator to court over scraped drawings", "They never gave permission."),
    ],
)
def test_deals_layoffs_and_suits_are_in(title: str, text: str) -> None:
    assert judge(title, text).relevance >= MODEL.threshold


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Eight ways a chatbot can polish your job application", "Recruiters share tips for your cover letter."),
        ("Photo app learns to erase strangers with AI", "The feature is rolling out to subscribers."),
        ("Graphics card maker's shares climb on AI orders", "Analysts raised their targets after earnings."),
        ("Review: an android falls in love in this clumsy film", "The director's cast does what it can."),
        ("Ferry crews vote to strike over pay", "The union rejected an offer of three per cent."),
    ],
)
def test_advice_products_shares_films_and_strikes_without_ai_are_out(title: str, text: str) -> None:
    assert judge(title, text).relevance < MODEL.threshold


def test_reasons_can_be_read() -> None:
    judged = judge("Screenwriters strike over generative AI", "The writers guild wants limits in its contract.")
    assert judged.reasons[0] == "AI: generative AI"
    assert judged.reasons[1].startswith("work: screenwriters")


def test_what_the_gate_turns_away_is_not_relevant() -> None:
    assert judge("Weather: rain on Sunday").relevance == 0


def test_articles_without_ai_join_a_relevant_story_but_never_make_one() -> None:
    with_ai, without = said(0.9, ai=True), said(0.95, ai=False)
    assert decide_story([with_ai, without, without], threshold=0.5).relevant
    assert not decide_story([without, without], threshold=0.5).relevant


def test_one_stray_article_does_not_make_a_big_story_relevant() -> None:
    assert not decide_story([said(0.9, ai=True), *[said(0.1, ai=False)] * 30], threshold=0.5).relevant


def test_a_story_without_articles_is_not_relevant() -> None:
    assert not decide_story([], threshold=0.5).relevant


def test_a_single_report_must_be_surer_than_several() -> None:
    doubtful = said(0.6, ai=True)
    assert not decide_story([doubtful], threshold=0.5).relevant
    assert decide_story([doubtful, doubtful], threshold=0.5).relevant
    assert decide_story([said(0.7, ai=True)], threshold=0.5).relevant
