"""What a watch looks for: the tree that `parser.parse` makes of a query, and how it is written back.

Trees are built by `all_of`, `any_of` and `negated`, which keep one form for one meaning: no conjunction directly
inside a conjunction, no double negation, no term twice side by side. So `parse(written(query)) == query` (a query near
the limit of length may be written longer than it), and watches that ask for the same share one rule.

Where each name stood in the query text (`at`) is kept for error messages and takes no part in comparing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from bot.core.watch.words import fold, is_spaceless, words


class NameKind(StrEnum):
    """Names that stand for all the ways of writing one thing; the packs know them."""

    GUILD = "guild"
    BILL = "bill"
    CASE = "case"
    PACK = "pack"


class FactKind(StrEnum):
    """What is known of an article besides its words."""

    SOURCE = "source"  # its outlet's name, or the host of its address
    DESK = "desk"
    LANG = "lang"  # BCP 47


@dataclass(frozen=True, slots=True)
class Words:
    """Words in a row, folded as `words.words` does; `prefix`: of the last one only the beginning is given."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """`guild:wga`. `name` is as `name_value` makes it; `entries` is what it means, empty before `names.resolve`."""

    kind: NameKind
    name: str
    entries: tuple[str, ...] = ()
    at: tuple[int, int] = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Fact:
    """`source:deadline.com`, `desk:guilds`, `lang:en`; `value` in its one form (see `fact_value`)."""

    kind: FactKind
    value: str


@dataclass(frozen=True, slots=True)
class Spot:
    """One of several, where a place in the text is needed: `(strike OR walkout) near/5 writers`."""

    terms: tuple[Words | Named, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Each spot at most `within` words from the one before, on either side. One `within` fewer than spots."""

    spots: tuple[Spot, ...]
    within: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Query


Term = Words | Named | Fact
Query = Term | Near | And | Or | Not


def all_of(parts: Iterable[Query]) -> Query:
    """At least one part. What is asked for twice is asked for once."""
    flat = dict.fromkeys(inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,)))
    return And(tuple(flat)) if len(flat) > 1 else next(iter(flat))


def any_of(parts: Iterable[Query]) -> Query:
    """At least one part."""
    flat = dict.fromkeys(inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,)))
    return Or(tuple(flat)) if len(flat) > 1 else next(iter(flat))


def negated(part: Query) -> Query:
    return part.part if isinstance(part, Not) else Not(part)


def terms(query: Query) -> Iterator[Term]:
    """Every term in the order written, those behind NOT included."""
    match query:
        case Words() | Named() | Fact():
            yield query
        case Near():
            for spot in query.spots:
                yield from spot.terms
        case And() | Or():
            for part in query.parts:
                yield from terms(part)
        case Not():
            yield from terms(query.part)


# --- values -------------------------------------------------------------------------------------------------

QUOTES = re.compile('["\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02]')
"""What opens and closes a phrase: telephones type curly ones, and which closes which differs between languages."""

_PLAIN = re.compile(r"[\w.'-]+")
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:[:/?#]\S*)?", re.I)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")


def host_of(text: str) -> str | None:
    """The host that a text names, without `www.`; None where it is no host or address."""
    found = _ADDRESS.fullmatch(text.strip())
    return found["host"].lower() if found else None


def name_value(text: str) -> str | None:
    """The one form of a name: folded, but with its own punctuation, which may tell names apart; None without a word."""
    value = " ".join(QUOTES.sub(" ", fold(text)).split())
    return value if words(value) else None


def fact_value(kind: FactKind, text: str) -> str | None:
    """The one form of a fact's value: a host, words separated by spaces, or a language tag; None where it is none."""
    if kind is FactKind.LANG:
        tag = text.strip().replace("_", "-").lower()
        return tag if _LANGUAGE.fullmatch(tag) else None
    if kind is FactKind.SOURCE and (host := host_of(text)):
        return host
    return " ".join(words(text)) or None


# --- writing it back ----------------------------------------------------------------------------------------


def written(query: Query) -> str:
    """The query in its one spelling, operators and all, in the language that `parser.parse` reads."""
    match query:
        case Words():
            return _words(query)
        case Named():
            return f"{query.kind}:{_value(query.name)}"
        case Fact():
            return f"{query.kind}:{_value(query.value)}"
        case Near():
            steps = zip(query.within, query.spots[1:], strict=True)
            return _spot(query.spots[0]) + "".join(f" near/{within} {_spot(spot)}" for within, spot in steps)
        case And():
            return " AND ".join(f"({written(part)})" if isinstance(part, Or) else written(part) for part in query.parts)
        case Or():
            return " OR ".join(written(part) for part in query.parts)
        case Not():
            inner = written(query.part)
            return f"NOT ({inner})" if isinstance(query.part, And | Or) else f"NOT {inner}"


def _spot(spot: Spot) -> str:
    either = " OR ".join(written(term) for term in spot.terms)
    return f"({either})" if len(spot.terms) > 1 else either


def _words(term: Words) -> str:
    star = "*" if term.prefix else ""
    if len(term.words) == 1:
        return term.words[0] + star
    return f'"{_joined(term.words)}{star}"'


def _value(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else f'"{value}"'


def _joined(parts: tuple[str, ...]) -> str:
    """With spaces, but none inside a script that has none, unless the words would then be cut otherwise."""
    tight = parts[0] + "".join(
        word if is_spaceless(before) and is_spaceless(word) else f" {word}" for before, word in pairwise(parts)
    )
    return tight if words(tight) == parts else " ".join(parts)
