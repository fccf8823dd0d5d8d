"""Queries and articles at random, out of few words so that they often meet, and an evaluator too simple to be wrong."""

from __future__ import annotations

import random

from bot.core.watch.names import EntryKey, Meaning
from bot.core.watch.query import (
    And,
    Fact,
    FactKind,
    Named,
    NameKind,
    Near,
    Not,
    Or,
    Query,
    Spot,
    Words,
    all_of,
    any_of,
    negated,
)
from bot.core.watch.subject import Range, Subject

WORDS = "ai wga strike writers writer writing studio don't o'brien u s 412 人 工 智 é क्या train trainer deal".split()
STEMS = ("wri", "writ", "train", "st", "ai", "o'b")
ENTRIES = ("wga", "sag-aftra", "us-ca-ab-412-2025")
FACTS = (
    Fact(FactKind.SOURCE, "deadline.com"),
    Fact(FactKind.SOURCE, "guardian"),
    Fact(FactKind.DESK, "guilds"),
    Fact(FactKind.LANG, "en"),
    Fact(FactKind.LANG, "en-gb"),
)


class EveryName:
    """Under which a name is its entries."""

    def meaning(self, kind: NameKind, name: str) -> Meaning:
        return Meaning(tuple(EntryKey(entry) for entry in name.split("+")))


def random_query(chance: random.Random, depth: int = 3) -> Query:
    """Any tree the parser may make, and some it refuses for asking for nothing."""
    shape = chance.random()
    if depth == 0 or shape < 0.4:
        return _term(chance)
    if shape < 0.55:
        spots = tuple(_spot(chance) for _ in range(chance.randint(2, 3)))
        return Near(spots, tuple(chance.choice((1, 2, 5, 30)) for _ in spots[1:]))
    if shape < 0.65:
        return negated(random_query(chance, depth - 1))
    parts = [random_query(chance, depth - 1) for _ in range(chance.randint(2, 3))]
    return all_of(parts) if shape < 0.85 else any_of(parts)


def random_text(chance: random.Random, most: int = 40) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(0, most)))


def _term(chance: random.Random) -> Query:
    return chance.choice(FACTS) if chance.random() < 0.15 else _place(chance)


def _place(chance: random.Random) -> Words | Named:
    shape = chance.random()
    if shape < 0.5:
        return Words((chance.choice(WORDS),))
    if shape < 0.65:
        return Words((chance.choice(STEMS),), prefix=True)
    if shape < 0.7:
        return Words((chance.choice(WORDS), chance.choice(STEMS)), prefix=True)
    if shape < 0.9:
        return Words(tuple(chance.choice(WORDS) for _ in range(chance.randint(2, 3))))
    entries = tuple(chance.sample(ENTRIES, chance.randint(1, 2)))
    return Named(NameKind.GUILD, "+".join(entries), entries)


def _spot(chance: random.Random) -> Spot:
    return Spot(tuple(dict.fromkeys(_place(chance) for _ in range(chance.choice((1, 1, 1, 2))))))


# --- the simple evaluator -----------------------------------------------------------------------------------


def simply_holds(query: Query, subject: Subject) -> bool:
    """By looking at every place in the text, one after the other."""
    match query:
        case Words() | Named():
            return bool(_everywhere(query, subject))
        case Fact():
            return f"{query.kind}:{query.value}" in subject.facts
        case Near():
            return _linked(query, subject, 0, None)
        case And():
            return all(simply_holds(part, subject) for part in query.parts)
        case Or():
            return any(simply_holds(part, subject) for part in query.parts)
        case Not():
            return not simply_holds(query.part, subject)


def _linked(near: Near, subject: Subject, number: int, before: Range | None) -> bool:
    if number == len(near.spots):
        return True
    return any(
        (before is None or 1 <= _apart(before, here) <= near.within[number - 1])
        and _linked(near, subject, number + 1, here)
        for term in near.spots[number].terms
        for here in _everywhere(term, subject)
    )


def _apart(one: Range, other: Range) -> int:
    """0 where they overlap."""
    first, second = sorted((one, other))
    return max(0, second[0] - first[1] + 1)


def _everywhere(term: Words | Named, subject: Subject) -> list[Range]:
    if isinstance(term, Named):
        return [at for entry in term.entries for at in subject.mentions.get(entry, ())]
    size = len(term.words)
    found: list[Range] = []
    for at in range(len(subject.words) - size + 1):
        if not subject.words[at]:
            continue  # between title and text
        here = subject.words[at : at + size]
        same = [
            one.startswith(word) if term.prefix and number == size - 1 else one == word
            for number, (word, one) in enumerate(zip(term.words, here, strict=True))
        ]
        if all(same):
            found.append((at, at + size))
    return found
