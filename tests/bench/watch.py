"""Watches: a hundred thousand of them against one article of 560 words, beside a loop of regular expressions over the
same rules, and what adding and removing one, building the set and keeping it cost.

The rules are invented by a seeded generator, as members might write them (`MIX`). Members look for names (of people,
companies, shows: 20,000 of them, some far better known than others), for words of the trade and for everyday ones.
Articles are made of the same words, everyday ones by Zipf's law, with a few names and two guilds, bills or cases each,
so that some two or three in a hundred watches want each. Times are the process's own, so that what else the machine
does plays no part; the set is frozen out of the garbage collector, as the house does. Options: `watches=10000`,
`articles=50`, `peer=no`.
"""

from __future__ import annotations

import gc
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from statistics import mean

import psutil

from bot.cli.packs import packs as read_packs
from bot.core.watch.matcher import RuleSet
from bot.core.watch.names import Mention, Names
from bot.core.watch.pack import Packs
from bot.core.watch.pack_names import PackNames
from bot.core.watch.parser import parse
from bot.core.watch.query import And, Fact, Named, Near, Not, Or, Query, Words
from bot.core.watch.subject import Subject, subject, whole_text
from bot.core.watch.watch import WatchId
from tests.bench.vocabulary import TRADE, english, names
from tests.quality.report import Goal, Report, Table

WATCHES = 100_000
ARTICLES = 50
ARTICLE_WORDS = 560
CHANGES = 2_000
PUBLISHED = date(2025, 6, 2)
GOALS = (
    Goal(figure="match_ms", value=3, at_most=True),
    Goal(figure="times_regex_loop", value=200),
    Goal(figure="add_ms", value=5, at_most=True),
    Goal(figure="remove_ms", value=5, at_most=True),
)
MIX: Mapping[str, int] = {
    "a word": 25,
    "a phrase": 20,
    "two words (AND)": 15,
    "one of several (OR)": 10,
    "one of several and a word": 8,
    "a word, but another (NOT)": 7,
    "near/N": 5,
    "prefix*": 4,
    "a guild or bill by name": 3,
    "a guild and a word": 3,
}
"""Per cent of the watches."""

_NAMES = {
    "guild:wga": "Writers Guild of America",
    "guild:sag-aftra": "SAG-AFTRA",
    "guild:dga": "Directors Guild of America",
    "guild:iatse": "IATSE",
    "guild:actra": "ACTRA",
    'bill:"CA AB 412"': "California’s AB 412",
    'bill:"NO FAKES Act"': "NO FAKES Act",
    'case:"NYT v. OpenAI"': "New York Times v. OpenAI",
}
"""In a query, and in an article."""


def measure(options: Mapping[str, str]) -> Report:
    count, articles = int(options.get("watches", WATCHES)), int(options.get("articles", ARTICLES))
    texts, names = list(queries(count, seed=1)), PackNames(packs())
    subjects = [_subject(number) for number in range(articles)]
    before = psutil.Process().memory_info().rss
    start = time.process_time()
    parsed = [parse(text, names) for text in texts]
    parsing = time.process_time() - start
    rules = RuleSet()
    start = time.process_time()
    for number, query in enumerate(parsed):
        rules.add(WatchId(number), query)
    building = time.process_time() - start
    memory = (psutil.Process().memory_info().rss - before) / 1e6
    gc.collect()
    gc.freeze()
    rules.match(subjects[0])
    cutting = _times(lambda number: _subject(number), articles)
    naming = _times(lambda number: packs().mentions(subjects[number].whole, PUBLISHED), articles)
    matching = _times(lambda number: rules.match(subjects[number]), articles)
    matches = [rules.match(made) for made in subjects]
    telling = _times(lambda number: [match.hits(subjects[number]) for match in matches[number][:100]], articles)
    adding, removing = _changes(rules, count, names)
    gc.unfreeze()
    figures = {
        "match_ms": mean(matching),
        "match_ms_worst": max(matching),
        "subject_ms": mean(cutting),
        "matches": mean(sum(len(match.ids) for match in found) for found in matches),
        "add_ms": _late(adding),
        "remove_ms": _late(removing),
        "parse_s": parsing,
        "build_s": building,
        "set_mb": memory,
    }
    goals = list(GOALS)
    rows: list[tuple[str, str]] = [
        ("match, ms", f"{mean(matching):.2f} (worst of {articles}: {max(matching):.2f})"),
        ("cut the article into words, once, ms", f"{mean(cutting):.2f}"),
        ("find the names of the packs in it, once, ms", f"{mean(naming):.2f}"),
        ("watches that want it", f"{figures['matches']:.0f}, for {mean(map(len, matches)):.0f} reasons"),
        ("say why, ms for 100 reasons", f"{mean(telling):.2f}"),
        ("add one, ms, 99 of 100", f"{_late(adding):.3f} (worst of {CHANGES:,}: {max(adding):.2f})"),
        ("remove one, ms, 99 of 100", f"{_late(removing):.3f} (worst of {CHANGES:,}: {max(removing):.2f})"),
        (f"parse all {count:,}, s", f"{parsing:.1f}"),
        ("build the set, s", f"{building:.1f}"),
        ("trees and set, MB", f"{memory:.0f}"),
    ]
    if options.get("peer") != "no":
        loop, found = _regex_loop(parsed, subjects[0])
        figures["regex_loop_ms"] = loop
        figures["times_regex_loop"] = loop / mean(matching)
        rows.append(
            (
                "a loop of regular expressions, ms",
                f"{loop:.0f}, finds {found} where the set finds {sum(len(match.ids) for match in matches[0])}",
            )
        )
    else:
        goals = [goal for goal in goals if goal.figure in figures]
    mix = Table(title="The watches", columns=("kind", "%", "for example"), rows=_examples())
    speed = Table(
        title=f"{count:,} watches ({len(rules._rules):,} different) on an article of {ARTICLE_WORDS} words",
        columns=("", ""),
        rows=rows,
    )
    return Report(name="watch", tables=[mix, speed], figures=figures, goals=goals)


# --- what members write -------------------------------------------------------------------------------------


def queries(count: int, *, seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    kinds, weights = list(MIX), list(MIX.values())
    for kind in chance.choices(kinds, weights, k=count):
        yield _MAKERS[kind](chance)


_MAKERS: Mapping[str, Callable[[random.Random], str]] = {
    "a word": lambda chance: _telling(chance),
    "a phrase": lambda chance: f'"{" ".join(_word(chance) for _ in range(chance.choice((2, 2, 2, 3))))}"',
    "two words (AND)": lambda chance: f"{_word(chance)} {_word(chance)}",
    "one of several (OR)": lambda chance: " OR ".join(_telling(chance) for _ in range(chance.randint(2, 5))),
    "one of several and a word": lambda chance: f"({_word(chance)} OR {_word(chance)}) {_word(chance)}",
    "a word, but another (NOT)": lambda chance: f"{_telling(chance)} NOT {_word(chance)}",
    "near/N": lambda chance: f"{_word(chance)} near/{chance.choice((3, 5, 10))} {_word(chance)}",
    "prefix*": lambda chance: f"{_telling(chance)[:6]}*",
    "a guild or bill by name": lambda chance: chance.choice(list(_NAMES)),
    "a guild and a word": lambda chance: f"{chance.choice(list(_NAMES))} {_word(chance)}",
}


def _word(chance: random.Random) -> str:
    """Of the trade, a name, or an everyday word, but none of the very commonest: they are no use beside another."""
    source = chance.random()
    if source < 0.35:
        return _trade(chance)
    return _name(chance) if source < 0.7 else english()[int(200 * 40 ** chance.random())]


def _telling(chance: random.Random) -> str:
    """What one may watch for alone: seldom a word that half the desk's articles have."""
    return _trade(chance) if chance.random() < 0.05 else _name(chance)


def _trade(chance: random.Random) -> str:
    return TRADE[int(len(TRADE) ** chance.random()) - 1]


def _name(chance: random.Random) -> str:
    return names()[int(20_000 * chance.random() ** 2)]


# --- articles -----------------------------------------------------------------------------------------------


def _subject(number: int) -> Subject:
    title, text = _article(number)
    return subject(
        title,
        text,
        outlet="The Daily Slug",
        url="https://slug.example/1",
        language="en",
        mentions=_mentions(number),
    )


@cache
def packs() -> Packs:
    return read_packs()


@cache
def _mentions(number: int) -> Sequence[Mention]:
    return packs().mentions(whole_text(*_article(number)), PUBLISHED)


@cache
def _article(number: int) -> tuple[str, str]:
    chance = random.Random(1_000 + number)
    told = chance.choices(english(), [1 / rank for rank in range(1, len(english()) + 1)], k=ARTICLE_WORDS)
    names, trade = [_name(chance).capitalize() for _ in range(6)], [_trade(chance) for _ in range(14)]
    places = chance.sample(range(ARTICLE_WORDS), 62)
    for at in places[2:]:
        told[at] = chance.choice(names if chance.random() < 0.4 else trade)
    for at in places[:2]:
        told[at] = chance.choice(list(_NAMES.values()))
    for at in range(11, ARTICLE_WORDS, 17):
        told[at] += "."
    return " ".join(told[:12]), " ".join(told[12:])


# --- measuring ----------------------------------------------------------------------------------------------


def _times(work: Callable[[int], object], count: int) -> list[float]:
    """Milliseconds each."""
    taken: list[float] = []
    for number in range(count):
        start = time.process_time()
        work(number)
        taken.append((time.process_time() - start) * 1_000)
    return taken


def _changes(rules: RuleSet, count: int, names: Names) -> tuple[list[float], list[float]]:
    """Of adding rules of the same mix to the whole set, parsing included, and of removing them again."""
    texts = list(queries(CHANGES, seed=2))
    adding = _times(lambda number: rules.add(WatchId(count + number), parse(texts[number], names)), CHANGES)
    removing = _times(lambda number: rules.remove(WatchId(count + number)), CHANGES)
    return adding, removing


def _late(times: Sequence[float]) -> float:
    """Ninety-nine of a hundred take no longer."""
    return sorted(times)[len(times) * 99 // 100]


def _examples() -> list[tuple[str, float, str]]:
    return [(kind, share, _MAKERS[kind](random.Random(5))) for kind, share in MIX.items()]


# --- the peer -----------------------------------------------------------------------------------------------


def _regex_loop(queries: Sequence[Query], made: Subject) -> tuple[float, int]:
    """Milliseconds and matches of asking every rule in turn, each term a compiled regular expression."""
    asked = [_searching(query) for query in queries]
    text = made.whole
    start = time.process_time()
    found = sum(ask(text, made) for ask in asked)
    return (time.process_time() - start) * 1_000, found


_Asking = Callable[[str, Subject], bool]


def _searching(query: Query) -> _Asking:
    match query:
        case Words():
            search = _compiled(_pattern(query)).search
            return lambda text, made: search(text) is not None
        case Near():
            (one, other), within = (spot.terms[0] for spot in query.spots), query.within[0]
            assert isinstance(one, Words)
            assert isinstance(other, Words)
            gap = rf"\W+(?:\w+\W+){{0,{within - 1}}}?"
            there, back = _pattern(one) + gap + _pattern(other), _pattern(other) + gap + _pattern(one)
            search = _compiled(f"{there}|{back}").search
            return lambda text, made: search(text) is not None
        case And():
            parts = [_searching(part) for part in query.parts]
            return lambda text, made: all(part(text, made) for part in parts)
        case Or():
            parts = [_searching(part) for part in query.parts]
            return lambda text, made: any(part(text, made) for part in parts)
        case Not():
            inner = _searching(query.part)
            return lambda text, made: not inner(text, made)
        case Named():
            return lambda text, made: any(entry in made.mentions for entry in query.entries)
        case Fact():
            return lambda text, made: f"{query.kind}:{query.value}" in made.facts


def _pattern(term: Words) -> str:
    return r"\b" + r"\W+".join(map(re.escape, term.words)) + (r"\w*" if term.prefix else r"\b")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """One for all the rules that have the term: the peer's compiling is not what is measured."""
    return re.compile(pattern, re.IGNORECASE)
