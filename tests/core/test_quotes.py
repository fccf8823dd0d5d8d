from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.desk.quotes import beside_speech, find_quotes, find_speaker, introduced


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        (
            "“We lost a lot of good people,” Mara Lindqvist, an editor with the paper, told us.",
            "Mara Lindqvist, an editor with the paper",
        ),
        ("“We lost a lot of good people,” said Mara Lindqvist.", "Mara Lindqvist"),
        ("Mara Lindqvist said: “We lost a lot of good people.”", "Mara Lindqvist"),
        ("“We lost a lot of good people,” according to Mara Lindqvist.", "Mara Lindqvist"),
        ("“We lost a lot of good people,” the union said in a statement.", "the union"),
        (
            "“We lost a lot of good people,” said the paper’s managing editor, Mara Lindqvist.",
            "Mara Lindqvist, the paper’s managing editor",
        ),
        ("“We lost a lot of good people,” said its editor, Mara Lindqvist, on Monday.", "Mara Lindqvist, editor"),
        ("“We lost a lot of good people,” said the editor.", "the editor"),
        ("“We lost a lot of good people,” he said.", None),
        ("“We lost a lot of good people.” The talks go on.", None),
    ],
)
def test_speaker_as_the_source_names_it(text: str, credit: str | None) -> None:
    (quote,) = find_quotes(text)
    assert quote.credit == credit
    assert text[quote.start : quote.end].strip("“”") == quote.words


def test_the_second_half_of_a_speech_keeps_its_speaker() -> None:
    text = "“We lost a lot of good people,” said Mara Lindqvist. “We will lose more.”"
    assert [quote.speaker for quote in find_quotes(text)] == ["Mara Lindqvist", "Mara Lindqvist"]


def test_a_surname_is_completed_where_only_one_person_has_it() -> None:
    text = "Mara Lindqvist, an editor at the Ledger, spoke.\n“It hurts us all today,” Lindqvist said."
    assert find_quotes(text)[0].credit == "Mara Lindqvist, an editor at the Ledger"
    two = "Mara Lindqvist met Olof Lindqvist.\n“It hurts us all today,” Lindqvist said."
    assert find_quotes(two)[0].speaker == "Lindqvist"


def test_a_pronoun_is_not_resolved_across_another_person() -> None:
    text = "“It hurts us all today,” said Mara Lindqvist. Olof Berg left. “I stay where I am,” she said."
    assert [quote.speaker for quote in find_quotes(text)] == ["Mara Lindqvist", None]


def test_reported_speech_has_a_speaker_too() -> None:
    text = "Olof Berg, president of the guild, warned that scripts would be next."
    assert find_speaker(text, introduced(text)) == ("Olof Berg", "president of the guild")
    assert find_speaker("He warned that scripts would be next.", ()) is None


@given(st.text(alphabet="ab \"“”‘’'\n.,", max_size=400))
def test_any_mess_of_quotation_marks_gives_spans_inside_the_text(text: str) -> None:
    for quote in find_quotes(text):
        assert 0 <= quote.start < quote.end <= len(text)
        assert quote.words in text[quote.start : quote.end]


def test_a_quotation_that_ends_a_sentence_is_not_the_next_sentences_subjects() -> None:
    text = (
        'The studios said the plan would "protect the likeness." Guild director Ann Orlo suggested at a press'
        " conference that it was just the opposite."
    )
    (quote,) = find_quotes(text)
    assert quote.speaker != "Ann Orlo"


def test_a_whole_sentence_of_speech_may_be_followed_by_who_says_it() -> None:
    (quote,) = find_quotes('"Was it worth the wait?" Ann Orlo said.')
    assert quote.speaker == "Ann Orlo"


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("The union said it would strike.", "The union "),
        ("“No,” said the union on Monday.", " the union on Monday."),
        ("Jobs will go, according to the union.", " the union."),
        ("The union has condemned the plan.", "The union "),
    ],
)
def test_whoever_may_be_speaking_stands_beside_speech(text: str, stretch: str) -> None:
    assert stretch in list(beside_speech(text))


@pytest.mark.parametrize(
    "text",
    [
        "“The union should be ashamed,” he said.",
        "He said that the union would strike.",
        "He condemned the union.",
        "The union met. He said nothing.",
        "The union has 400 members.",
    ],
)
def test_whoever_is_only_spoken_of_does_not(text: str) -> None:
    assert not any("union" in stretch for stretch in beside_speech(text))
