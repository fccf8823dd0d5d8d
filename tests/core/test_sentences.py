from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.desk.sentences import split


def sentences(text: str, *, teaser: bool = False) -> list[str]:
    return [text[span.start : span.end] for span in split(text, teaser=teaser)]


def whole(text: str, *, teaser: bool = False) -> list[str]:
    return [text[span.start : span.end] for span in split(text, teaser=teaser) if span.whole]


def test_initials_and_titles_do_not_end_a_sentence() -> None:
    text = "The W.G.A. said Mr. Ortiz Jr. left at 5 p.m. on Tuesday. Sen. Ada Moss (D-Calif.) replied. A.B. 412 passed."
    assert sentences(text) == [
        "The W.G.A. said Mr. Ortiz Jr. left at 5 p.m. on Tuesday.",
        "Sen. Ada Moss (D-Calif.) replied.",
        "A.B. 412 passed.",
    ]


def test_a_quotation_of_two_sentences_stays_in_one_piece() -> None:
    text = "“We will fight. We will win,” she said. Then the crowd left."
    assert sentences(text) == ["“We will fight. We will win,” she said.", "Then the crowd left."]


def test_paragraphs_are_borders_and_are_counted() -> None:
    spans = split("First line without a stop\n\nSecond paragraph. It goes on.")
    assert [span.paragraph for span in spans] == [0, 1, 1]


def test_a_standfirst_glued_to_the_first_paragraph_is_found_again() -> None:
    text = "Union says pay is at stake A photographer is refusing a prize after a row. More soon."
    assert sentences(text)[0] == "Union says pay is at stake"


def test_what_a_feed_cut_off_is_not_whole() -> None:
    for cut in (
        "The guild said it would...",
        "The guild said it would […]",
        "The guild said it would… Read more",
        "And so it […] Continue reading",
    ):
        assert whole("Studios met the guild on Monday. " + cut) == ["Studios met the guild on Monday."]


def test_a_teaser_that_stops_in_mid_sentence_is_not_whole() -> None:
    text = "Studios met the guild on Monday. The talks about scripts written by softw"
    assert whole(text, teaser=True) == ["Studios met the guild on Monday."]
    assert whole("A line of its own, without a stop", teaser=True) == ["A line of its own, without a stop"]


@settings(deadline=None)
@given(st.text(max_size=3_000))
def test_spans_are_in_order_and_inside_any_text(text: str) -> None:
    at = 0
    for span in split(text):
        assert at <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        at = span.end


def test_an_endless_sentence_and_a_megabyte_are_survived() -> None:
    for text in ("word " * 200_000, "a" * 1_000_000, "a. " * 300_000, '"' * 20_000, "(a " * 20_000):
        assert isinstance(split(text), tuple)


def test_a_heading_in_capitals_is_cut_from_the_sentence_it_was_glued_to() -> None:
    text = "THE CLAUSE THAT CHANGED IT ALL Studios must name every machine-made page. Writers may refuse."
    assert sentences(text)[1] == "Studios must name every machine-made page."
