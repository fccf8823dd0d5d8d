"""What a query would have sent: the look for letters passes over nothing that the reading would find."""

from __future__ import annotations

import pytest

from bot.app.hindsight import _Sieve
from bot.core.watch.anchor import anchors
from bot.core.watch.evaluation import holds
from bot.core.watch.pack_names import PackNames
from bot.core.watch.parser import parse
from bot.core.watch.report import read
from tests.app.newsroom import known_packs
from tests.core.test_extract import article

TEXTS = (
    ("A.I. and the W.G.A.’s strike", "Writers walked out over A.I., the Writers' Guild said."),
    ("Don’t train on us", "Scriptwriters don't want it. An unionisation drive began in re-union halls."),
    ("Assembly Bill 412 moves", "California's A.B. 412 was heard; the Copyright Office listened."),
    ("The Times sues OpenAI", "The New York Times sued OpenAI and Microsoft over its articles."),
    ("STRIKE!", "Ｆｕｌｌ-width and SAG‑AFTRA, with a no-break hyphen."),
    ("ストライキ", "脚本家がストライキを行った。"),
    ("Quiet day", "Nothing of note."),
)
QUERIES = (
    *("ai", "wga", "don't", "unioni*", '"writers guild"', "ストライキ", "strike NOT writers", "full"),
    *("guild:wga", "guild:sag-aftra", 'bill:"CA AB 412"', 'case:"NYT v. OpenAI"', "pack:guilds", "pack:cases"),
    *("ai near/5 strike", "(strike OR walkout) (wga OR guild)", "lang:en strike", "desk:trades", "source:slug note"),
)


@pytest.mark.parametrize("query", QUERIES)
def test_what_a_query_finds_passes_the_sieve(query: str) -> None:
    packs = known_packs()
    asked = parse(query, PackNames(packs))
    sieve = _Sieve(anchors(asked), packs)
    for number, (title, text) in enumerate(TEXTS, 1):
        of = read(packs, article(number, "The Slug", title, text), "trades")
        if holds(asked, of.subject):
            assert sieve.passes(title, of.article.text), title


def test_the_sieve_keeps_most_out() -> None:
    sieve = _Sieve(anchors(parse("strike AND novelists")), known_packs())
    assert [title for title, text in TEXTS if sieve.passes(title, text)] == []
