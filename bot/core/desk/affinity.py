"""How alike an article and a story are: a handful of measures, and a small logistic model over them.

The measures are cheap and each has a plain meaning, so that `slugline why` can show them. The story side is kept as
a few exemplars (members as they are) beside sums over all members: the sums give the story's middle, the exemplars keep
a big story with many sides reachable from each of them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.core.desk.traits import Rarity, Traits

Vector = NDArray[np.float32]

EXEMPLARS = 12
"""Members a story is compared by; more would make the cost of a join grow with the story."""
PROFILE_TERMS = 200
LONG_GAP = timedelta(days=10)
"""A longer silence says no more than this one: what is left of the window decides."""
MEASURES = (
    "middle",  # cosine of the article's vector and the story's mean vector
    "closest",  # cosine to the closest exemplar
    "terms",  # cosine of weighted terms to the story's sum
    "closest terms",  # to the closest exemplar
    "title",  # how much of the article's title, by rarity, the story's titles hold
    "names",  # shared rare names, by rarity
    "other names",  # names of the article that the story has never heard, by rarity, when the story has names too
    "number",  # a telling number is shared
    "other number",  # both have telling numbers and none is shared
    "gap",  # log of days between the article and the story's nearest edge
    "size",  # log of the story's size
)


@dataclass(slots=True)
class Member:
    """An article in a story, as joining sees it."""

    traits: Traits
    vector: Vector
    published: datetime


@dataclass(slots=True)
class Profile:
    """What joining knows of a story: sums over its members, and exemplars (the first ones and the latest)."""

    count: int = 0
    vector: NDArray[np.float64] = field(default_factory=lambda: np.zeros(384))
    terms: Counter[str] = field(default_factory=Counter)
    title: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None
    exemplars: list[Member] = field(default_factory=list)

    @classmethod
    def of(cls, members: Iterable[Member]) -> Profile:
        profile = cls()
        for member in members:
            profile.add(member)
        return profile

    def add(self, member: Member) -> None:
        self.count += 1
        self.vector += member.vector
        for term, weight in member.traits.terms.items():
            self.terms[term] += weight  # type: ignore[assignment]
        self.title.update(member.traits.title)
        self.names.update(member.traits.names)
        self.numbers.update(member.traits.numbers)
        self.first = member.published if self.first is None else min(self.first, member.published)
        self.last = member.published if self.last is None else max(self.last, member.published)
        self.exemplars.append(member)
        if len(self.exemplars) > EXEMPLARS:
            # The founders stay; of the others the latest do.
            del self.exemplars[EXEMPLARS // 2]
        if len(self.terms) > 2 * PROFILE_TERMS:
            self.terms = Counter(dict(self.terms.most_common(PROFILE_TERMS)))


class Affinity:
    """`weights` in the order of `MEASURES`."""

    def __init__(self, weights: Mapping[str, float], bias: float, rarity: Rarity) -> None:
        self._weights = np.array([weights[name] for name in MEASURES])
        self._bias = bias
        self.rarity = rarity

    def probability(self, member: Member, story: Profile) -> float:
        """That the article tells of the story's event, 0..1."""
        score = float(self.measures(member, story) @ self._weights) + self._bias
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, score))))

    def measures(self, member: Member, story: Profile) -> NDArray[np.float64]:
        """In the order of `MEASURES`. The story has at least one member."""
        rarity, own = self.rarity, member.traits
        middle = float(member.vector @ story.vector) / (float(np.linalg.norm(story.vector)) or 1.0)
        closest = max(float(member.vector @ exemplar.vector) for exemplar in story.exemplars)
        length = math.sqrt(sum(weight * weight for weight in story.terms.values())) or 1.0
        terms = sum(weight * story.terms[term] for term, weight in own.terms.items() if term in story.terms) / length
        closest_terms = max(_dot(own.terms, exemplar.traits.terms) for exemplar in story.exemplars)
        weighed = {term: rarity(term) for term in own.title}
        title = sum(weighed[term] for term in own.title if term in story.title) / (sum(weighed.values()) or 1.0)
        shared = sum(rarity(name) for name in own.names if name in story.names)
        strange = sum(rarity(name) for name in own.names if name not in story.names and name not in story.terms)
        numbers = any(number in story.numbers for number in own.numbers)
        gap = timedelta(0)
        if story.first is not None and story.last is not None:
            gap = min(max(story.first - member.published, member.published - story.last, gap), LONG_GAP)
        return np.array(
            [
                middle,
                closest,
                terms,
                closest_terms,
                title,
                math.log1p(shared),
                math.log1p(strange) if story.names else 0.0,
                float(numbers),
                float(not numbers and bool(own.numbers) and bool(story.numbers)),
                math.log1p(gap / timedelta(days=1)),
                math.log(story.count),
            ]
        )


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other[term] for term, weight in one.items() if term in other)
