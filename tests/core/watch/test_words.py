from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.watch.words import placed_words, words

ODD = st.text(
    st.sampled_from("aAiIsSuU.'’-*\"() \n\u0301\u00ad\u200b\u200d人工ｶﾞกำणि ßﬁİ½ΑΣς一가٣😀\ud800l1"), max_size=30
) | st.text(max_size=30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("WGA-backed SAG‑AFTRA", "wga backed sag aftra"),
        ("OpenAI’s writers' don't DON’T", "openai writers don't don't"),
        ("l'intelligence d’auteurs O'Brien's", "l intelligence d auteurs o'brien"),
        ("A.I. the W.G.A.'s S.A.G.-A.F.T.R.A.", "ai the wga sag aftra"),
        ("the U.S. gave us", "the u s gave us"),
        ("He left.I stayed. e.g. v. No.7", "he left i stayed eg v no 7"),
        ("Straße STRASSE ﬁlm ＡＩ ½", "strasse strasse film ai 1 2"),
        ("copy\u00adright cafe\u0301", "copyright caf\u00e9"),
        ("AI技術で", "ai 技 術 で"),
        ("क्या हिन्दी", "क्या हिन्दी"),
        ("snake_case #hashtag @handle 1,000", "snake case hashtag handle 1 000"),
        ("— … 😀 \u0301 ''", ""),
    ],
)
def test_words_of(text: str, expected: str) -> None:
    assert words(text) == tuple(expected.split())


def test_composed_and_decomposed_letters_are_the_same_word() -> None:
    assert words("Beyonc\u00e9") == words("Beyonce\u0301")


def test_half_width_kana_are_the_full_ones() -> None:
    assert words("ｶﾞｲﾄﾞ") == words("ガイド") == ("ガ", "イ", "ド")


def test_a_word_keeps_its_place_in_the_text_as_given() -> None:
    text = "The W.G.A.’s “AI” clause — l’Équité 人工"
    assert [(word, text[start:end]) for word, start, end in placed_words(text)] == [
        ("the", "The"),
        ("wga", "W.G.A.’s"),
        ("ai", "AI"),
        ("clause", "clause"),
        ("l", "l"),
        ("équité", "Équité"),
        ("人", "人"),
        ("工", "工"),
    ]


@given(ODD)
def test_words_written_with_spaces_are_cut_into_themselves(text: str) -> None:
    found = words(text)
    assert words(" ".join(found)) == found


@given(ODD)
def test_places_are_in_the_text_and_in_its_order(text: str) -> None:
    places = [(start, end) for _, start, end in placed_words(text)]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)
    assert [end for _, end in places] == sorted(end for _, end in places)


@given(ODD, ODD)
def test_white_space_parts_words_whatever_stands_beside_it(one: str, other: str) -> None:
    assert words(f"{one} {other}") == words(one) + words(other)
