"""What the help says of the query language is so."""

from __future__ import annotations

import pytest

from bot.cli.packs import packs
from bot.core.feed import FeedId
from bot.core.watch.evaluation import holds
from bot.core.watch.help import Example, query_help
from bot.core.watch.pack_names import PackNames, watched
from bot.core.watch.parser import advice, parse
from tests.factories import new_article, new_outlet

NAMES = PackNames(packs())

FOUND: dict[str, tuple[list[str], list[str]]] = {
    "strike": (["The STRIKE ended"], ["Strikes", "restrike"]),
    '"digital replica"': (["a digital-replica law"], ["a replica, digital", "digital AI replica"]),
    "unioni*": (["unionize", "unionising"], ["union"]),
    "writers strike": (["a strike by writers"], ["writers"]),
    "strike OR walkout": (["a strike", "a walkout"], ["a lockout"]),
    "strike NOT baseball": (["a strike"], ["a baseball strike"]),
    "(strike OR walkout) writers": (["writers’ walkout"], ["walkout", "writers"]),
    "training near/5 consent": (
        ["training without their consent", "consent to training"],
        ["training a b c d e consent"],
    ),
    "(deepfake OR clone) near/10 guild:sag-aftra": (["SAG-AFTRA on a deepfake"], ["SAG-AFTRA", "a clone"]),
    "guild:wga": (["WGA", "Writers Guild of America", "the W.G.A.’s"], ["Writers Guild of Canada"]),
    'bill:"CA AB 412"': (["California Assembly Bill 412", "AB 412 in California"], ["Nevada AB 412"]),
    'case:"NYT v. OpenAI"': (["New York Times v. OpenAI"], ["OpenAI and the New York Times"]),
    "pack:guilds strike": (["an IATSE strike"], ["a strike", "IATSE"]),
    "source:deadline.com AI": (["AI"], ["no such word"]),
    "desk:guilds": (["anything"], []),
    "copyright lang:en": (["copyright"], ["no such word"]),
    '"and" OR "not"': (["this and that", "not"], ["neither"]),
}


@pytest.mark.parametrize("example", query_help().examples, ids=lambda example: str(example.query))
def test_an_example_finds_what_it_says(example: Example) -> None:
    found, passed = FOUND[example.query]
    for text in (*found, *passed):
        article = new_article(
            FeedId(1), title="", outlet=new_outlet("Deadline"), url="https://deadline.com/1", language="en"
        )
        held = holds(parse(example.query, NAMES), watched(packs(), article, text, desk="guilds"))
        assert held == (text in found), text


def test_no_example_needs_advice() -> None:
    asked = [example.query for example in query_help().examples if '"and"' not in example.query]
    assert all(advice(parse(query)) == () for query in asked)


def test_every_field_is_explained() -> None:
    shown = " ".join(f"{example.query} {example.finds}" for example in query_help().examples)
    fields = ("source:", "desk:", "lang:", "guild:", "bill:", "case:", "pack:", "near/", "*", "AND", "OR", "NOT", "(")
    assert all(field in shown for field in fields)
