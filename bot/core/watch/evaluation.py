"""Whether one query holds for one article, and where: what the matcher asks of its candidates.

Everything is found by the numbers of words, never by searching the text again, and takes time in proportion to the
occurrences of the query's own words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from bot.core.watch.query import And, Fact, Named, Near, Not, Or, Query, Spot, Term, Words, written
from bot.core.watch.subject import Range, Subject

SHOWN = 3
"""Places a term that are given as the reason; the first ones tell the reader enough."""


class Where(StrEnum):
    TITLE = "title"
    TEXT = "text"
    FACTS = "facts"  # about the article, at no one place in it: its source, desk, language, or what it is about


@dataclass(frozen=True, slots=True)
class Hit:
    """A term of the query, as `query.written` writes it, and where the article has it: characters `start` to `end` of
    its title or text; of neither (0, 0) for a fact."""

    term: str
    where: Where
    start: int = 0
    end: int = 0


def holds(query: Query, subject: Subject) -> bool:
    """Whether the article is one that the query asks for. Names must have been resolved."""
    # Loops and no all(…): this is asked of every candidate of the matcher.
    if isinstance(query, Words):
        return _stands(query, subject)
    if isinstance(query, And):
        for part in query.parts:  # noqa: SIM110
            if not holds(part, subject):
                return False
        return True
    if isinstance(query, Or):
        for part in query.parts:  # noqa: SIM110
            if holds(part, subject):
                return True
        return False
    if isinstance(query, Not):
        return not holds(query.part, subject)
    if isinstance(query, Near):
        return bool(_chain(query, subject))
    if isinstance(query, Named):
        return any(entry in subject.mentions for entry in query.entries)
    return f"{query.kind}:{query.value}" in subject.facts


def hits(query: Query, subject: Subject) -> tuple[Hit, ...]:
    """Why the query holds: the first places of each term that helps it to; in the order of the query. Empty where it
    does not hold."""
    return tuple(dict.fromkeys(_hits(query, subject))) if holds(query, subject) else ()


def _hits(query: Query, subject: Subject) -> Iterator[Hit]:
    match query:
        case Named() if not _ranges(query, subject):
            yield Hit(written(query), Where.FACTS)
        case Words() | Named():
            yield from _shown(query, _ranges(query, subject), subject)
        case Fact():
            yield Hit(written(query), Where.FACTS)
        case Near():
            for spot, there in zip(query.spots, _chain(query, subject), strict=True):
                kept = set(there)
                for term in spot.terms:
                    yield from _shown(term, (at for at in _ranges(term, subject) if at in kept), subject)
        case And() | Or():
            for part in query.parts:
                if holds(part, subject):
                    yield from _hits(part, subject)
        case Not():
            return


def _shown(term: Term, ranges: Iterable[Range], subject: Subject) -> Iterator[Hit]:
    name = written(term)
    for first, after in islice(ranges, SHOWN):
        start, end = subject.starts[first], subject.ends[after - 1]
        if end <= subject.title_end:
            yield Hit(name, Where.TITLE, start, end)
        else:
            offset = subject.title_end + 2
            yield Hit(name, Where.TEXT, max(0, start - offset), end - offset)


# --- where a term stands ------------------------------------------------------------------------------------


def _stands(term: Words, subject: Subject) -> bool:
    if len(term.words) == 1 and not term.prefix:
        return term.words[0] in subject.places
    return bool(_ranges(term, subject))


def _ranges(term: Words | Named, subject: Subject) -> Sequence[Range]:
    """Rising."""
    if isinstance(term, Named):
        if len(term.entries) == 1:
            return subject.mentions.get(term.entries[0], ())
        return sorted({at for entry in term.entries for at in subject.mentions.get(entry, ())})
    size = len(term.words)
    if size == 1:
        found = _prefixed(term.words[0], subject) if term.prefix else subject.places.get(term.words[0], ())
        return [(at, at + 1) for at in found]
    whole = term.words[:-1] if term.prefix else term.words
    if not all(word in subject.places for word in whole):
        return ()
    starts = [at for at in subject.places[whole[0]] if subject.words[at : at + len(whole)] == whole]
    if term.prefix:
        last, read = term.words[-1], subject.words
        starts = [at for at in starts if at + size <= len(read) and read[at + size - 1].startswith(last)]
    return [(at, at + size) for at in starts]


def _prefixed(stem: str, subject: Subject) -> Sequence[int]:
    found: list[int] = []
    for number in range(bisect_left(subject.vocabulary, stem), len(subject.vocabulary)):
        word = subject.vocabulary[number]
        if not word.startswith(stem):
            break
        found += subject.places[word]
    return sorted(found)


def _chain(near: Near, subject: Subject) -> Sequence[Sequence[Range]]:
    """For each spot its places that are part of an unbroken chain; empty where there is none."""
    chain: list[Sequence[Range]] = []
    for number, spot in enumerate(near.spots):
        here = _spot_ranges(spot, subject)
        if number:
            here = _close(here, chain[-1], near.within[number - 1])
        if not here:
            return ()
        chain.append(here)
    for number in range(len(chain) - 2, -1, -1):
        chain[number] = _close(chain[number], chain[number + 1], near.within[number])
    return chain


def _spot_ranges(spot: Spot, subject: Subject) -> Sequence[Range]:
    if len(spot.terms) == 1:
        return _ranges(spot.terms[0], subject)
    return sorted({at for term in spot.terms for at in _ranges(term, subject)})


def _close(ranges: Sequence[Range], others: Sequence[Range], within: int) -> Sequence[Range]:
    """Those that have one of the others at most `within` words before or after them; neighbours are 1 apart, and what
    overlaps is not near but the same."""
    starts = [first for first, _ in others]
    ends = sorted(after for _, after in others)
    return [
        (first, after)
        for first, after in ranges
        if _any_between(ends, first - within + 1, first) or _any_between(starts, after, after + within - 1)
    ]


def _any_between(numbers: Sequence[int], low: int, high: int) -> bool:
    at = bisect_left(numbers, low)
    return at < len(numbers) and numbers[at] <= high
