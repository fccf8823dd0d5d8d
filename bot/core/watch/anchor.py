"""What an article must have for a query to be worth asking: its anchors, the rarest there are.

Of an AND one part is enough to anchor it, and another may second it; an OR needs one a side; NOT gives none. Rarity is
guessed, from a short list of words that are everywhere in this trade's news and from a word's length: a wrong guess
costs time, never an answer.

Keys are strings, so that one dict holds them all: a word (`strike`), two in a row (`sag aftra`), the beginning of one
(`unioni*`), a fact (`desk:guilds`), an entry (`@wga`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.core.desk.names import FUNCTION_WORDS
from bot.core.watch.query import And, Fact, FactKind, Named, Near, Not, Or, Query, Spot, Words

_COMMON = frozenset(
    """
    actors agreement ai america american artificial business city companies company content contract copyright
    court creative data day days deal executive film games generative government group guild hollywood industry
    intelligence job jobs labor labour law lawsuit market media million model models month months movie music national
    news office openai people percent platform president public report rights said says series show social state states
    strike studio studios tech technology time times today tools tv u s union use used video week work worker workers
    world writers year years york
    """.split()
)
"""In a tenth of the articles or more."""

ALWAYS = ""
"""The second key where one is enough."""

MOST_PAIRS = 8
"""Anchors that one AND may be given: each is an entry in the index."""

Anchor = tuple[str, str]
"""Two keys, both of which an article must have; the rarer one first."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """An article without both keys of an anchor cannot be an answer. `exact`: one that has both of one is, unless it
    has a key of `unless`. `share` of the articles have an anchor, about."""

    keys: tuple[Anchor, ...]
    share: float
    exact: bool = False
    unless: tuple[str, ...] = ()

    @property
    def single(self) -> bool:
        """Whether one key is enough."""
        return not self.unless and all(second == ALWAYS for _, second in self.keys)


def anchors(query: Query) -> Anchors | None:
    """None where the query asks for nothing that must be there."""
    match query:
        case Words():
            return _of_words(query)
        case Named():
            entries = tuple((f"@{entry}", ALWAYS) for entry in query.entries)
            return Anchors(entries, 0.02 * len(entries), exact=True)
        case Fact():
            if query.kind is FactKind.LANG:
                return None
            share = 0.02 if query.kind is FactKind.SOURCE else 0.1
            return Anchors(((f"{query.kind}:{query.value}", ALWAYS),), share, exact=True)
        case Near():
            return _together([_of_spot(spot) for spot in query.spots], exact=False)
        case And():
            return _of_and(query)
        case Or():
            return _any(anchors(part) for part in query.parts)
        case Not():
            return None


def _of_and(query: And) -> Anchors | None:
    asked = _together([anchors(part) for part in query.parts if not isinstance(part, Not)], exact=True)
    if asked is None or not asked.exact:
        return asked
    unless: list[str] = []
    for part in query.parts:
        if isinstance(part, Not):
            refused = anchors(part.part)
            if refused is None or not refused.exact or not refused.single:
                return Anchors(asked.keys, asked.share)
            unless += (key for key, _ in refused.keys)
    return Anchors(asked.keys, asked.share, exact=True, unless=tuple(unless))


def _of_spot(spot: Spot) -> Anchors | None:
    return _any(anchors(term) for term in spot.terms)


def _of_words(term: Words) -> Anchors:
    whole = term.words[:-1] if term.prefix else term.words
    parts = [_one(f"{one} {other}", _share_of_pair(one, other)) for one, other in pairwise(whole)]
    if len(whole) == 1:
        parts.append(_one(whole[0], _share(whole[0])))
    if term.prefix:
        parts.append(_one(f"{term.words[-1]}*", _share_of_stem(term.words[-1])))
    found = _together(parts, exact=len(parts) == 1)
    assert found is not None
    return found


def _one(key: str, share: float) -> Anchors:
    return Anchors(((key, ALWAYS),), share, exact=True)


def _together(parts: Sequence[Anchors | None], *, exact: bool) -> Anchors | None:
    """Of parts that must all be there. `exact`: that they are there is all that is asked."""
    found = sorted((part for part in parts if part is not None), key=lambda part: part.share)
    if not found:
        return None
    first, exact = found[0], exact and all(part is not None and part.exact and not part.unless for part in parts)
    if len(found) == 1 or not first.single:
        return Anchors(first.keys, first.share, exact and len(parts) == 1)
    for second in found[1:]:
        if second.single and len(first.keys) * len(second.keys) <= MOST_PAIRS:
            keys = tuple((one, other) for one, _ in first.keys for other, _ in second.keys)
            return Anchors(keys, first.share * 0.3, exact and len(parts) == 2)
    return Anchors(first.keys, first.share)


def _any(sides: Iterable[Anchors | None]) -> Anchors | None:
    """Of sides any of which will do."""
    keys: dict[Anchor, None] = {}
    share, exact = 0.0, True
    for side in sides:
        if side is None:
            return None
        keys |= dict.fromkeys(side.keys)
        share += side.share
        exact = exact and side.exact and not side.unless
    return Anchors(tuple(keys), share, exact)


def _share(word: str) -> float:
    """Of the articles that have the word, roughly."""
    if word in FUNCTION_WORDS:
        return 0.6
    if word in _COMMON:
        return 0.15
    return 0.05 if len(word) < 4 else 0.02 if len(word) < 7 else 0.01


def _share_of_pair(one: str, other: str) -> float:
    """Words side by side are more often so than chance would have it."""
    return 0.2 * min(_share(one), _share(other))


def _share_of_stem(stem: str) -> float:
    return 0.4 if len(stem) < 3 else 0.15 if len(stem) < 5 else 0.04
