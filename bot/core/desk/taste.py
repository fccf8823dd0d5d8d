"""A community's own taste: what its feedback changes about which stories it is told, and nobody else is.

The shared model stays as it is. A community that calls stories "not relevant" moves two things of its own: how
probable a story must be to be told here, and terms that count against a story (terms of the titles of at least two
stories it did not want, and did want in no other). Stories that it named itself follow its word.

Three promises, held by property tests. *Bounded*: however much is said, the line moves by at most `FARTHEST` and terms
count for at most `MOST_AGAINST`, so a community cannot silence its digest by accident. *Monotone*: one more "not
relevant" never lets a story in, one more "relevant" never keeps one out. *Reversible*: what is taken back is as if it
had never been said, because the taste is worked out anew from all that stands.

Probabilities are moved as logits, where a step means the same near the line and far from it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from bot.core import strings
from bot.core.desk.lexicon import words
from bot.core.desk.traits import terms_of
from bot.core.story import Coverage, StoryId

STEP = 0.2
"""Logits that one opinion moves the line by, if the story stood on the line; less for one far from it."""
FARTHEST = 1.0
"""Logits; from 0.5 to 0.73 or to 0.27."""
FAR = 4.0
"""Logits from the line at which a story says nothing about where the line should be: its subject was unwelcome."""
TERM = 0.6
"""Logits that a term counts for, once for each story beyond the first that was not wanted because of it, it seems."""
MOST_A_TERM = 3
MOST_AGAINST = 2.4
"""Logits of all terms of a story together."""
TELLING = 3.0
"""Rarity from which a term may count against a story: what nearly every story here speaks of (AI, work, strike,
writers) is no reason to leave one out."""
IN_TITLES = 3
"""A term is the story's where at least every so many-th title has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a community says of a story: wanted (`relevant`) or not. `relevance` (0..1) and `terms` are the story's when
    it was said, so that what the story becomes later does not change what was meant."""

    story: StoryId
    relevant: bool
    relevance: float
    terms: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a story is told to a community. `reasons` say what its feedback changed, empty where nothing was."""

    admitted: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taste:
    """`threshold` is the shared one (a probability), `shift` what the community adds to it, in logits; `against` has
    the logits that each term counts against a story; `said` the stories it named itself."""

    threshold: float
    shift: float = 0.0
    against: Mapping[str, float] = field(default_factory=dict)
    said: Mapping[StoryId, bool] = field(default_factory=dict)

    @property
    def least(self) -> float:
        """Probability under which no story is admitted that was not named."""
        return self.threshold if self.shift >= 0 else _probability(_logit(self.threshold) + self.shift)

    @property
    def wanted(self) -> tuple[StoryId, ...]:
        """The stories it named as relevant."""
        return tuple(sorted(story for story, relevant in self.said.items() if relevant))

    def admits(self, coverage: Coverage) -> bool:
        return self.judge(coverage).admitted

    def judge(self, coverage: Coverage) -> Admission:
        """Follows the shared decision where this community said nothing that bears on the story."""
        story = coverage.story
        if story.id in self.said:
            wanted = self.said[story.id]
            return Admission(wanted, (strings.judging.called(relevant=wanted),))
        terms = story_terms(coverage) if self.against else ()
        found = {term: weight for term in terms if (weight := self.against.get(term, 0.0))}
        counts = min(MOST_AGAINST, math.fsum(found.values()))
        needed = _logit(self.threshold) + self.shift + counts
        reasons = []
        if self.shift:
            asked = _probability(needed - counts)
            reasons.append(strings.judging.bar_moved(asked, self.threshold, up=self.shift > 0))
        if found:
            reasons.append(strings.judging.counted_against(sorted(found), _probability(needed)))
        if not reasons:
            return Admission(story.relevant)
        if not story.relevant and not self._nearly(coverage):
            return Admission(False, tuple(reasons))
        return Admission(_logit(story.relevance) >= needed, tuple(reasons))

    def _nearly(self, coverage: Coverage) -> bool:
        """Whether it would be about AI and work by the community's own, lower line: an article must say AI itself."""
        return self.shift < 0 and any(
            member.article.mentions_ai and (member.article.relevance or 0.0) >= self.least
            for member in coverage.members
        )


def taste_of(opinions: Iterable[Opinion], *, threshold: float, rarity: Callable[[str], float]) -> Taste:
    """The taste that follows from all that a community says now, in any order; of a story the last word counts."""
    last: dict[StoryId, Opinion] = {}
    for opinion in sorted(opinions, key=lambda one: (one.at, not one.relevant)):
        last[opinion.story] = opinion
    line = _logit(threshold)
    moves: list[float] = []
    unwanted: Counter[str] = Counter()
    for opinion in last.values():
        away = min(FAR, abs(_logit(opinion.relevance) - line))
        moves.append((-1 if opinion.relevant else 1) * STEP * (1 - away / FAR))
        for term in set(opinion.terms):
            unwanted[term] += -1 if opinion.relevant else 1
    against = {
        term: TERM * min(count - 1, MOST_A_TERM)
        for term, count in unwanted.items()
        if count >= 2 and _telling(term, rarity)
    }
    return Taste(
        threshold=threshold,
        shift=max(-FARTHEST, min(FARTHEST, math.fsum(moves))),
        against=against,
        said={story: opinion.relevant for story, opinion in last.items()},
    )


def story_terms(coverage: Coverage) -> tuple[str, ...]:
    """Words of a story's titles that say what it is about, lower case and singular, in alphabetical order."""
    titles = [_title_terms(member.article.title) for member in coverage.members if member.copy_of is None]
    counted = Counter(term for title in titles for term in title)
    return tuple(sorted(term for term, count in counted.items() if count * IN_TITLES >= len(titles)))


@lru_cache(maxsize=20_000)
def _title_terms(title: str) -> frozenset[str]:
    return frozenset(_singular(word) for word in words(title[:500]) if terms_of(word))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _telling(term: str, rarity: Callable[[str], float]) -> bool:
    stems: Sequence[str] = terms_of(term)
    return bool(stems) and rarity(stems[0]) >= TELLING


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))
