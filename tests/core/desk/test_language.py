"""Which articles the desk can read: their words tell, and the tag of the feed only where they cannot."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.desk.language import foreign
from tests.shared import shared

ELSEWHERE = {
    "French": "Les scénaristes votent la grève contre l’intelligence artificielle dans les studios de la ville",
    "German": "Die Autorinnen stimmen für einen Streik gegen die künstliche Intelligenz in den Studios",
    "Spanish": "Los guionistas votan una huelga contra la inteligencia artificial en los estudios de la ciudad",
    "Italian": "Gli sceneggiatori votano lo sciopero contro l'intelligenza artificiale negli studi della città",
    "Portuguese": "Os roteiristas votam uma greve contra a inteligência artificial nos estúdios da cidade",
    "Dutch": "De scenaristen stemmen voor een staking tegen kunstmatige intelligentie in de studio's van de stad",
    "Swedish": "Manusförfattarna röstar för en strejk mot artificiell intelligens och vill inte vänta till våren",
    "Danish": "Forfatterne stemmer for en strejke mod kunstig intelligens, og de vil ikke vente til efter sommeren",
    "Polish": "Scenarzyści głosują nad strajkiem przeciw sztucznej inteligencji, ale nie wiadomo, czy to się uda",
    "Turkish": "Senaristler yapay zekâya karşı grev için oy veriyor ve bu karar bir ilk olarak görülüyor",
    "Finnish": "Käsikirjoittajat äänestävät lakosta, mutta he eivät vielä tiedä, mitä tekoäly voi tehdä",
    "Indonesian": "Para penulis skenario memilih mogok untuk melawan kecerdasan buatan yang akan dipakai di studio",
    "Vietnamese": "Các nhà biên kịch bỏ phiếu đình công và không chấp nhận những kịch bản của trí tuệ nhân tạo",
}
ENGLISH = (
    "Screenwriters vote to strike over AI scripts at the city’s studios",
    "Guild sues studio over AI dubbing",
    "Writers’ talks collapse",
    "Le Monde’s journalists vote on an AI deal with the paper’s owner",
    "‘La Casa de las Flores’ writers sue over AI scripts",
)


@pytest.mark.parametrize("language", ELSEWHERE)
def test_another_language_is_told_by_its_words(language: str) -> None:
    assert foreign(ELSEWHERE[language], "") == language
    assert foreign(ELSEWHERE[language], "", "en-US") == language


@pytest.mark.parametrize(
    "text", ["Сценаристы голосуют за забастовку", "脚本家がAIをめぐりストライキを決議", "작가들이 파업에 투표했다"]
)
def test_another_script_is_no_english(text: str) -> None:
    assert foreign(text, "") == "another script"
    assert foreign(text, "", "en") == "another script"
    assert foreign(text, "", "ja") == "ja"


@pytest.mark.parametrize("title", ENGLISH)
@pytest.mark.parametrize("tag", [None, "en", "en-GB", "fr", "ja-JP", "xx", "", "-"])
def test_english_is_read_whatever_its_feed_says(title: str, tag: str | None) -> None:
    assert foreign(title, "", tag) is None


def test_where_words_do_not_tell_the_tag_does() -> None:
    assert foreign("Nanterre", "", "fr") == "French"
    assert foreign("Nanterre", "", "sw") == "sw"
    assert foreign("Nanterre", "") is None
    assert foreign("", "", "en") is None


def test_a_long_text_of_unknown_words_is_another_language() -> None:
    assert foreign("", "Waandishi wanapiga kura kugoma dhidi ya akili bandia " * 4) == "another language"


def test_nearly_no_real_headline_is_lost() -> None:
    """Of English headlines one in a thousand, and one in a hundred where their feed is tagged wrongly."""
    lines = shared("data/relevance/headlines.jsonl").read_text("utf-8").splitlines()
    news = [(row["title"], row.get("summary") or "") for row in map(json.loads, lines)]
    assert sum(foreign(*one) is not None for one in news) <= len(news) / 500
    assert sum(foreign(*one, "de") is not None for one in news) <= len(news) / 100


@given(st.text(max_size=300), st.text(max_size=300), st.none() | st.text(max_size=8))
def test_any_text_and_tag_are_taken(title: str, text: str, tag: str | None) -> None:
    found = foreign(title, text, tag)
    assert found is None or found
