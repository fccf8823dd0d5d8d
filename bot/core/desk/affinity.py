"""How alike an article and a story are: a handful of measures, and a small logistic model over them.

Each measure is cheap and has a plain meaning, so that `slugline why` can show it. The story side is sums over its
articles, so comparing costs the same whatever a story's size, two stories add up, and one article can be taken out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.core.desk.traits import Rarity, Term, Traits

Vector = NDArray[np.float32]

DIMENSION = 384
PROFILE_TERMS = 200
"""The heaviest terms of a story that are kept."""
LONG_GAP = timedelta(days=4)
"""A longer silence says no more than this one: what is left of the window decides."""
TEASER_WORTH = 40.0
"""Rarity that two reports of one event share in their teasers alone; what goes beyond is evidence of its own."""
RARE = 4.0
LEAST_MIDDLE, LEAST_TERMS = 0.45, 0.13
"""Cosines under which a lucky name or number makes no event; 2 to 5 % of true pairs lie there."""
MEASURES = (
    "middle",  # cosine of the article's vector and the story's mean vector
    "terms",  # cosine of weighted terms and the story's sum
    "title",  # how much of the article's title, by rarity, the story's titles hold
    "names",  # shared names, log of summed rarity
    "other names",  # the article's names that the story has never heard, likewise; nothing while it has none
    "number",  # a telling number is shared
    "other number",  # both have telling numbers and share none
    "conflict",  # that, and names too, and share none: two layoffs at two companies
    "evidence",  # rare terms shared beyond what two teasers share, log of summed rarity
    "gap",  # log of days between the article and the story's nearest edge
    "size",  # log of the story's size
)


_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Member:
    """An article in a story, as joining sees it."""

    traits: Traits
    vector: Vector
    published: datetime


@dataclass(slots=True)
class Profile:
    """What joining knows of a story: sums over its members."""

    count: int = 0
    vector: NDArray[np.float64] = field(default_factory=lambda: np.zeros(DIMENSION))
    terms: dict[Term, float] = field(default_factory=dict)
    title: Counter[Term] = field(default_factory=Counter)
    names: Counter[Term] = field(default_factory=Counter)
    numbers: Counter[Term] = field(default_factory=Counter)
    first: datetime = _NEVER
    last: datetime = _NEVER

    @classmethod
    def of(cls, members: Iterable[Member]) -> Profile:
        """Of a single member, which most stories have, without counting."""
        members = list(members)
        if len(members) == 1:
            one = members[0]
            return cls(
                count=1,
                vector=one.vector.astype(np.float64),
                terms=dict(one.traits.terms),
                title=Counter(dict.fromkeys(one.traits.title, 1)),
                names=Counter(dict.fromkeys(one.traits.names, 1)),
                numbers=Counter(dict.fromkeys(one.traits.numbers, 1)),
                first=one.published,
                last=one.published,
            )
        profile = cls()
        for member in members:
            profile.add(member)
        return profile

    def add(self, member: Member) -> None:
        if not self.count:
            self.first = self.last = member.published
        self._change(member, 1)
        self.first, self.last = min(self.first, member.published), max(self.last, member.published)
        if len(self.terms) > 2 * PROFILE_TERMS:
            kept = sorted(self.terms, key=lambda term: -self.terms[term])[:PROFILE_TERMS]
            self.terms = {term: self.terms[term] for term in kept}

    def with_(self, member: Member) -> Profile:
        """The story as it would be with one more member."""
        grown = self.copy()
        grown.add(member)
        return grown

    def without(self, member: Member) -> Profile:
        """The story as it would be without one of its members. Its edges in time stay where they are."""
        rest = self.copy()
        rest._change(member, -1)
        return rest

    def copy(self) -> Profile:
        return Profile(
            count=self.count,
            vector=self.vector.copy(),
            terms=dict(self.terms),
            title=self.title.copy(),
            names=self.names.copy(),
            numbers=self.numbers.copy(),
            first=self.first,
            last=self.last,
        )

    def as_member(self) -> Member:
        """The story as if it were one article: its middle."""
        return Member(
            traits=Traits(
                terms={term: weight / (self.length or 1.0) for term, weight in self.terms.items()},
                title=frozenset(self.title),
                names=frozenset(self.names),
                numbers=frozenset(self.numbers),
                print=None,
            ),
            vector=(self.vector / (float(np.linalg.norm(self.vector)) or 1.0)).astype(np.float32),
            published=self.last,
        )

    @property
    def length(self) -> float:
        """Of the vector of terms."""
        return math.sqrt(sum(weight * weight for weight in self.terms.values()))

    def _change(self, member: Member, sign: int) -> None:
        self.count += sign
        self.vector += sign * member.vector
        for term, weight in member.traits.terms.items():
            left = self.terms.get(term, 0.0) + sign * weight
            if left > 1e-9:
                self.terms[term] = left
            else:
                self.terms.pop(term, None)
        for counter, own in (
            (self.title, member.traits.title),
            (self.names, member.traits.names),
            (self.numbers, member.traits.numbers),
        ):
            for term in own:
                counter[term] += sign
                if counter[term] <= 0:
                    del counter[term]


class Affinity:
    """`weights` by name of measure."""

    def __init__(self, weights: Mapping[str, float], bias: float, rarity: Rarity) -> None:
        self._weights = np.array([weights[name] for name in MEASURES])
        self._bias = bias
        self.rarity = rarity

    def probability(self, member: Member, story: Profile) -> float:
        """That the article tells of the story's event, 0..1. The story has at least one member."""
        return self._sigmoid(self.measures(member, story))

    def probability_but_for_time(self, member: Member, story: Profile) -> float:
        """The same had it come out at the story's own time: how a saga's next story is known."""
        measures = self.measures(member, story)
        measures[MEASURES.index("gap")] = 0.0
        return self._sigmoid(measures)

    def measures(self, member: Member, story: Profile) -> NDArray[np.float64]:
        """In the order of `MEASURES`."""
        rarity, own = self.rarity.of, member.traits
        middle = float(member.vector @ story.vector) / (float(np.linalg.norm(story.vector)) or 1.0)
        shared = [term for term in own.terms if term in story.terms]
        terms = sum(own.terms[term] * story.terms[term] for term in shared) / (story.length or 1.0)
        telling = sum(weight for term in shared if (weight := rarity(term)) >= RARE)
        title = {term: rarity(term) for term in own.title}
        in_title = sum(weight for term, weight in title.items() if term in story.title) / (sum(title.values()) or 1.0)
        known = sum(rarity(name) for name in own.names if name in story.names)
        strange = sum(rarity(name) for name in own.names if name not in story.names and name not in story.terms)
        number = any(number in story.numbers for number in own.numbers)
        other_number = not number and bool(own.numbers) and bool(story.numbers)
        gap = max(story.first - member.published, member.published - story.last, timedelta(0))
        return np.array(
            [
                middle,
                terms,
                in_title,
                math.log1p(known),
                math.log1p(strange) if story.names else 0.0,
                float(number),
                float(other_number),
                float(other_number and bool(own.names) and bool(story.names) and not known),
                max(0.0, math.log(max(telling, 1.0) / TEASER_WORTH)),
                math.log1p(min(gap, LONG_GAP) / timedelta(days=1)),
                math.log(story.count),
            ]
        )

    def _sigmoid(self, measures: NDArray[np.float64]) -> float:
        middle, terms = measures[:2]
        if middle < LEAST_MIDDLE or terms < LEAST_TERMS:
            return 0.0
        score = float(measures @ self._weights) + self._bias
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, score))))


def resemblance(one: Profile, other: Profile) -> float:
    """Of two stories of some size: cosine of their middles plus cosine of their terms, at most 2."""
    middle = float(one.vector @ other.vector) / (
        float(np.linalg.norm(one.vector) * np.linalg.norm(other.vector)) or 1.0
    )
    small, large = (one.terms, other.terms) if len(one.terms) < len(other.terms) else (other.terms, one.terms)
    shared = sum(weight * large[term] for term, weight in small.items() if term in large)
    return middle + shared / (one.length * other.length or 1.0)
