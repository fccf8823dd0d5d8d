"""What an article must have for a query to be worth asking: its anchors, the rarest there are.

Of an AND one part is enough to anchor it, an OR needs one a side, NOT gives none. Rarity is guessed, from a short
list of words that are everywhere in this trade's news and from a word's length: a wrong guess costs time, never an
answer.

Anchors are strings, so that one dict holds them all: a word (`strike`), two in a row (`sag aftra`), the beginning of
one (`unioni*`), a fact (`desk:guilds`), an entry (`@wga`).
"""

from __future__ import annotations

from collections.abc import Iterable
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


@dataclass(frozen=True, slots=True)
class Anchors:
    """An article without any of `keys` cannot be an answer. `share` of the articles have one, about."""

    keys: tuple[str, ...]
    share: float


def anchors(query: Query) -> Anchors | None:
    """None where the query asks for nothing that must be there."""
    match query:
        case Words():
            return _of_words(query)
        case Named():
            return Anchors(tuple(f"@{entry}" for entry in query.entries), 0.02 * len(query.entries))
        case Fact():
            if query.kind is FactKind.LANG:
                return None
            return Anchors((f"{query.kind}:{query.value}",), 0.02 if query.kind is FactKind.SOURCE else 0.1)
        case Near():
            return _rarest(_of_spot(spot) for spot in query.spots)
        case And():
            return _rarest(anchors(part) for part in query.parts)
        case Or():
            return _all(anchors(part) for part in query.parts)
        case Not():
            return None


def _of_spot(spot: Spot) -> Anchors | None:
    return _all(anchors(term) for term in spot.terms)


def _of_words(term: Words) -> Anchors:
    whole = term.words[:-1] if term.prefix else term.words
    if len(whole) >= 2:
        one, other = min(pairwise(whole), key=lambda pair: _share(pair[0]) * _share(pair[1]))
        # Words side by side are more often so than chance would have it.
        return Anchors((f"{one} {other}",), 0.2 * min(_share(one), _share(other)))
    if whole and (not term.prefix or _share(whole[0]) < _share_of_stem(term.words[-1])):
        return Anchors(whole, _share(whole[0]))
    return Anchors((f"{term.words[-1]}*",), _share_of_stem(term.words[-1]))


def _rarest(found: Iterable[Anchors | None]) -> Anchors | None:
    return min(filter(None, found), key=lambda one: one.share, default=None)


def _all(found: Iterable[Anchors | None]) -> Anchors | None:
    sides = list(found)
    kept = [side for side in sides if side is not None]
    if len(kept) < len(sides):
        return None
    keys = dict.fromkeys(key for side in kept for key in side.keys)
    return Anchors(tuple(keys), sum(side.share for side in kept))


def _share(word: str) -> float:
    """Of the articles that have the word, roughly."""
    if word in FUNCTION_WORDS:
        return 0.6
    if word in _COMMON:
        return 0.15
    return 0.05 if len(word) < 4 else 0.02 if len(word) < 7 else 0.01


def _share_of_stem(stem: str) -> float:
    return 0.4 if len(stem) < 3 else 0.15 if len(stem) < 5 else 0.04
