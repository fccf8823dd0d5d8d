from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.feed import FeedId
from bot.core.watch.anchor import anchors
from bot.core.watch.evaluation import Hit, Where, hits, holds
from bot.core.watch.fault import QueryError
from bot.core.watch.matcher import Match, RuleSet
from bot.core.watch.parser import parse
from bot.core.watch.query import Query
from bot.core.watch.subject import Subject, subject, subject_of, whole_text
from bot.core.watch.watch import WatchId
from tests.core.watch.queries import ENTRIES, EveryName, random_query, random_text, simply_holds
from tests.core.watch.test_parser import QUERYISH
from tests.core.watch.test_words import ODD
from tests.factories import new_article, new_outlet


@dataclass(frozen=True)
class Named:
    """A mention."""

    entry: str
    start: int
    end: int


def article(title: str = "", text: str = "", **facts: str) -> Subject:
    return subject(title, text, **facts)  # type: ignore[arg-type]


def found(query: str, title: str = "", text: str = "", **facts: str) -> bool:
    return holds(parse(query), article(title, text, **facts))


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("strike", "Strikes end", False),
        ("strike*", "Strikes end", True),
        ("AI", "said the maid", False),
        ("AI", "A.I. and AI’s", True),
        ("wga", "WGA-backed", True),
        ("straße", "STRASSE", True),
        ("人工", "人工智能技術", True),
        ("人智", "人工智能技術", False),
        ("เขียน", "การเขียนบท", True),
        ("sag-aftra", "SAG‑AFTRA’s", True),
        ('"writers guild"', "writers’ guild", True),
        ('"writers guild"', "writers and a guild", False),
        ('"writers gui*"', "the writers guilds", True),
        ('"a writers gui*"', "guilds of a writers", False),
        ("writers NOT strike", "writers strike", False),
        ("writers (strike OR vote)", "writers vote", True),
        ("writers near/1 strike", "strike writers", True),
        ("writers near/2 strike", "writers are on strike", False),
        ("writers near/3 strike", "writers are on strike", True),
        ("strike near/5 strike", "strike", False),
        ("strike near/5 strike", "strike, no strike", True),
        ("a1 near/2 b1 near/2 c1", "a1 x b1 x c1", True),
        ("a1 near/2 b1 near/2 c1", "a1 x b1 x x x x b1 x c1", False),
        ('"a1 b1" near/1 (c1 OR "c2 c3")', "c2 c3 a1 b1", True),
        ("don't", "DON’T", True),
        ("don", "don't", False),
        ("U.S.", "give us", False),
    ],
)
def test_finds_in_a_text(query: str, text: str, expected: bool) -> None:
    assert found(query, text=text) is expected
    assert found(query, title=text) is expected


def test_neither_phrase_nor_near_reaches_from_title_to_text() -> None:
    assert not found('"writers strike"', "Writers", "strike")
    assert not found("writers near/100 strike", "Writers", "strike")
    assert found("writers strike", "Writers", "strike")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("source:guardian", True),
        ('source:"The Guardian"', True),
        ("source:guard", False),
        ("source:theguardian.com", True),
        ("source:www.theguardian.com", True),
        ("source:guardian.com", False),
        ("desk:Trades", True),
        ("desk:tech", False),
        ("x lang:en", True),
        ("x lang:en-gb", True),
        ("x lang:en-us", False),
        ("x lang:fr", False),
        ("x NOT lang:fr", True),
    ],
)
def test_knows_where_an_article_is_from(query: str, expected: bool) -> None:
    facts = {"outlet": "The Guardian", "url": "https://www.theguardian.com/a", "desk": "trades", "language": "en_GB"}
    assert found(query, "x", **facts) is expected


def test_takes_what_is_known_from_the_article() -> None:
    stored = new_article(FeedId(1), title="Talks", outlet=new_outlet("Deadline"), url="https://deadline.com/1")
    made = subject_of(stored, "The union voted.", desk="trades")
    assert holds(parse("talks voted source:deadline source:deadline.com desk:trades NOT lang:en"), made)


def test_a_name_is_where_its_mentions_are() -> None:
    title, text = "Talks with the Writers Guild", "The scribes’ union meets studios."
    start = whole_text(title, text).index("scribes")
    named = subject(title, text, mentions=[Named("wga", start, start + len("scribes’ union"))])
    assert holds(parse("guild:wga near/2 studios", EveryName()), named)
    assert not holds(parse("guild:wga near/1 studios", EveryName()), named)
    assert not holds(parse("guild:dga", EveryName()), named)
    assert not holds(parse("guild:wga"), named), "an unresolved name means nothing"
    assert [text[hit.start : hit.end] for hit in hits(parse("guild:wga", EveryName()), named)] == ["scribes’ union"]


def test_what_an_article_is_about_without_naming_it_in_one_place_counts_but_is_near_nothing() -> None:
    suit = subject("The Times sues", "It wants damages.", named=["nyt-v-openai"])
    rules = RuleSet()
    rules.add(WatchId(1), parse("case:nyt-v-openai damages", EveryName()))
    rules.add(WatchId(2), parse("case:nyt-v-openai near/100 damages", EveryName()))
    assert ids(rules.match(suit)) == [1]
    assert hits(parse("case:nyt-v-openai", EveryName()), suit) == (Hit("case:nyt-v-openai", Where.FACTS),)


def test_says_where_what_was_asked_for_stands() -> None:
    made = subject("A.I. and the WGA", "WGA members vote on AI. " + "AI " * 9, outlet="Variety")
    assert hits(parse('("ai and" OR walkout) (members near/2 vote) source:variety NOT dga wga'), made) == (
        Hit('"ai and"', Where.TITLE, 0, 8),
        Hit("members", Where.TEXT, 4, 11),
        Hit("vote", Where.TEXT, 12, 16),
        Hit("source:variety", Where.FACTS),
        Hit("wga", Where.TITLE, 13, 16),
        Hit("wga", Where.TEXT, 0, 3),
    )
    assert len(hits(parse("ai"), made)) == 3
    assert hits(parse("ai dga"), made) == ()


def test_only_the_places_that_are_near_are_the_reason() -> None:
    text = "vote " + "x " * 9 + "members vote"
    assert [hit.start for hit in hits(parse("members near/1 vote"), subject("", text))] == [23, 31]


def ids(matches: Sequence[Match]) -> list[WatchId]:
    return [id for match in matches for id in match.ids]


def test_watches_that_ask_the_same_come_together_whatever_the_order_of_adding() -> None:
    asked = {5: "ai", 2: "wga OR ai", 9: "A.I.", 1: "(AI)", 3: "the"}
    for order in (asked, sorted(asked)):
        rules = RuleSet()
        for number in order:
            rules.add(WatchId(number), parse(asked[number]))
        assert [match.ids for match in rules.match(article("AI"))] == [(1, 5, 9), (2,)]


def test_who_comes_or_goes_between_two_articles_is_heeded() -> None:
    rules = RuleSet()
    for number in (4, 2, 8):
        rules.add(WatchId(number), parse("ai"))
    first = rules.match(article("AI"))
    rules.remove(WatchId(2))
    rules.add(WatchId(6), parse("ai"))
    assert ids(rules.match(article("AI"))) == [4, 6, 8]
    assert ids(first) == [2, 4, 8], "what was answered stays as it was"


def test_adding_again_replaces_and_removing_forgets() -> None:
    rules = RuleSet()
    rules.add(WatchId(1), parse("wri*"))
    rules.add(WatchId(2), parse("wri*"))
    rules.add(WatchId(1), parse('"the strike"'))
    assert ids(rules.match(article("writers"))) == [2]
    assert ids(rules.match(article("the strike"))) == [1]
    assert (rules.remove(WatchId(2)), rules.remove(WatchId(2)), len(rules)) == (True, False, 1)
    assert rules.match(article("writers")) == []
    assert (WatchId(1) in rules, WatchId(2) in rules) == (True, False)


def test_a_beginning_that_is_only_refused_is_looked_for_too() -> None:
    rules = RuleSet()
    rules.add(WatchId(1), parse("strike NOT wri* NOT (sag OR dga)"))
    assert ids(rules.match(article("strike"))) == [1]
    assert ids(rules.match(article("strike of writers"))) == []
    assert ids(rules.match(article("strike of the DGA"))) == []
    rules.remove(WatchId(1))
    assert (rules._stems, rules._sizes) == ({}, {})


@pytest.mark.parametrize(
    ("query", "wanted", "unwanted"),
    [
        ("(strike NOT sag) OR walkout", ["strike", "sag walkout"], ["strike sag"]),
        ("(strike OR walkout) writers NOT (sag OR dga)", ["walkout writers"], ["strike", "strike writers dga"]),
        ("strike writers vote", ["vote writers strike"], ["strike writers", "writers vote"]),
        ("(ab OR ac) (bb OR bc)", ["ab bc", "ac bb"], ["ab ac", "bb bc"]),
        ("strike NOT (sag NOT dga)", ["strike", "strike sag dga"], ["strike sag"]),
        ('strike NOT "sag aftra"', ["strike aftra sag"], ["sag-aftra strike"]),
        ('"the end of it" NOT ai', ["the end of it"], ["the end of all of it", "AI: the end of it"]),
    ],
)
def test_the_index_alone_decides_no_more_than_it_can(query: str, wanted: list[str], unwanted: list[str]) -> None:
    rules = RuleSet()
    rules.add(WatchId(1), parse(query))
    assert [text for text in (*wanted, *unwanted) if rules.match(article(text))] == wanted


def test_adding_what_a_watch_already_asks_changes_nothing() -> None:
    rules = RuleSet()
    rules.add(WatchId(1), parse("ai"))
    rules.add(WatchId(1), parse("AI"))
    assert ids(rules.match(article("AI"))) == [1]


def test_a_query_that_asks_for_nothing_is_no_rule() -> None:
    rules = RuleSet()
    rules.add(WatchId(1), parse("ai"))
    nothing = next(query for query in map(_random, range(1000)) if anchors(query) is None)
    with pytest.raises(ValueError, match="positive"):
        rules.add(WatchId(1), nothing)
    assert ids(rules.match(article("AI"))) == [1], "the watch keeps what it asked"


@pytest.mark.slow
def test_the_matcher_agrees_with_the_simple_evaluator_on_ten_thousand_rules() -> None:
    chance = random.Random(5)
    queries: dict[WatchId, Query] = {}
    rules = RuleSet()
    while len(queries) < 10_000:
        query = random_query(chance)
        if anchors(query) is not None:
            id = WatchId(len(queries))
            queries[id] = query
            rules.add(id, query)
    made, matched = _random_subject(chance), 0
    assert sorted(ids(rules.match(made))) == [id for id, query in queries.items() if simply_holds(query, made)]
    for _ in range(60):
        made = _random_subject(chance)
        found = set(ids(rules.match(made)))
        asked = chance.sample(list(queries), 500)
        assert {id for id in asked if id in found} == {id for id in asked if simply_holds(queries[id], made)}
        matched += len(found)
    assert 60 * 100 < matched < 60 * 8_000
    for id in list(queries)[::2]:
        rules.remove(id)
    made = _random_subject(chance)
    assert sorted(ids(rules.match(made))) == [
        id for id, query in queries.items() if id % 2 and simply_holds(query, made)
    ]
    for id in queries:
        rules.remove(id)
    assert all(not held for held in (len(rules), rules._rules, rules._index, rules._stems, rules._sizes))


@given(st.randoms(use_true_random=False))
def test_a_query_holds_where_the_simple_evaluator_says_so(chance: random.Random) -> None:
    query, made = random_query(chance), _random_subject(chance)
    assert holds(query, made) == simply_holds(query, made)
    if anchors(query) is not None:
        assert bool(hits(query, made)) == simply_holds(query, made)


@given(QUERYISH, ODD, ODD, st.text(max_size=5))
def test_no_query_over_any_text_raises(text: str, title: str, body: str, other: str) -> None:
    made = subject(
        title, body, outlet=other, url=other, desk=other, language=other, mentions=[Named(other, len(title), len(body))]
    )
    try:
        query = parse(text, EveryName())
    except QueryError:
        return
    rules = RuleSet()
    rules.add(WatchId(1), query)
    assert ids(rules.match(made)) == [1] * holds(query, made)
    for hit in hits(query, made):
        there = title if hit.where is Where.TITLE else body
        assert 0 <= hit.start <= hit.end <= len(there)
        assert hit.where is Where.FACTS or hit.start < hit.end


@pytest.mark.parametrize(
    "pattern", ["ai ", "ai" * 5_000, "a.", "'", "人", "ai\u0301", "( ", "\u200d", "\u0301", "l'", "ｶﾞ", "'\u0301"]
)
def test_time_does_not_run_away_with_hostile_text(pattern: str) -> None:
    """Each of these would take minutes if some step were quadratic in the words."""
    made = subject(pattern, pattern * (400_000 // len(pattern)))
    for query in ("ai near/5 ai near/100 ai", '"ai ai ai ai"', "ai* near/3 人", '"人人人" ai'):
        hits(parse(query), made)


def _random(seed: int) -> Query:
    return random_query(random.Random(seed))


def _random_subject(chance: random.Random) -> Subject:
    title, text = random_text(chance, 8), random_text(chance)
    whole = whole_text(title, text)
    starts = [at for at in range(len(whole)) if whole[at].strip() and not whole[at - 1 : at].strip()]
    mentions = [
        Named(chance.choice(ENTRIES), at, at + chance.randint(1, 12)) for at in starts if chance.random() < 0.05
    ]
    return subject(
        title,
        text,
        outlet=chance.choice(("The Guardian", "Deadline", "")),
        url=chance.choice(("https://deadline.com/1", "https://x.example/2")),
        desk=chance.choice(("guilds", "tech", None)),
        language=chance.choice(("en", "en-GB", "fr", None)),
        mentions=mentions,
    )
