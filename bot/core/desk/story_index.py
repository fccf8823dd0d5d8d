"""Joining: which story an article belongs to, in memory, held by the one process that joins.

Work an article is bounded: an inverted index from rare terms to the latest stories that hold them gives candidates,
the most promising are compared in full, and the best above a threshold wins. Nothing here reads a clock or stores a
row: `place` answers, the caller makes it so in the database and tells `add` and `merge`.

A private article may join a common story or one of its owner's; it never shapes a common story, whose profile is made
of common articles only, and a common article never sees private ones.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.core.article import ArticleId
from bot.core.community import COMMON, Viewer, may_see
from bot.core.desk.affinity import Affinity, Member, Profile
from bot.core.desk.relevance import Judged
from bot.core.desk.traits import Traits, traits
from bot.core.story import StoryId

LOOKUPS = 24
"""Of an article's terms, the heaviest that are looked up."""
POSTINGS = 128
"""Stories remembered a term, the latest: a term in more stories than that tells nothing."""
COMPARED = 24
"""Candidates compared in full."""
SAME_TEXT = 0.6
"""Share of equal MinHash slots from which on two texts count as one (a wire copy with its own first line)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinFacts:
    """What joining needs of an article. `text` is the longest text held; only its start is read."""

    id: ArticleId
    owner: Viewer
    outlet: str
    title: str
    text: str
    published: datetime
    vector: NDArray[np.float32]
    judged: Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two stories turned out to be one; the older identity is kept."""

    kept: StoryId
    absorbed: StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """The article belongs to `story`, as `score` in 0..1 says. `copy_of` is the article whose text it repeats.

    `merges` are to be made first; `story` is the identity after them.
    """

    story: StoryId
    score: float
    copy_of: ArticleId | None = None
    merges: tuple[Merge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Nothing known tells of the same event: a story of its own. `nearest` is for `slugline why`."""

    nearest: tuple[tuple[StoryId, float], ...] = ()


Placement = Join | Found


@dataclass(slots=True)
class _Story:
    owner: Viewer
    profile: Profile
    members: dict[ArticleId, tuple[Viewer, Member, Judged]] = field(default_factory=dict)


class StoryIndex:
    """`threshold` is the least probability to join, `merge_threshold` to make two stories one."""

    def __init__(self, affinity: Affinity, *, threshold: float = 0.5, merge_threshold: float = 0.7) -> None:
        self._affinity = affinity
        self._threshold = threshold
        self._merge_threshold = merge_threshold
        self._stories: dict[StoryId, _Story] = {}
        self._story_of: dict[ArticleId, StoryId] = {}
        self._postings: dict[str, dict[StoryId, None]] = defaultdict(dict)

    def __len__(self) -> int:
        return len(self._stories)

    def __contains__(self, story: StoryId) -> bool:
        return story in self._stories

    def story_of(self, article: ArticleId) -> StoryId | None:
        return self._story_of.get(article)

    def judged(self, story: StoryId) -> tuple[Judged, ...]:
        """What a story's decision rests on: its common articles, or all of a private story's."""
        held = self._stories[story]
        return tuple(judged for owner, _, judged in held.members.values() if owner == held.owner)

    def place(self, facts: JoinFacts, *, within: timedelta | None = None) -> Placement:
        """Where the article belongs. Changes nothing, and looks past the article itself if it is in the index.

        `within` passes over stories whose articles all are further away in time: so what else the index happens to
        hold, which depends on when it was built, does not matter.
        """
        member = self._member(facts)
        scored = sorted(
            (
                (self._affinity.probability(member, held.profile), story)
                for story, held in self._candidates(facts, member, within)
            ),
            key=lambda found: (-found[0], found[1]),
        )
        if not scored or scored[0][0] < self._threshold:
            return Found(nearest=tuple((story, score) for score, story in scored[:3]))
        score, best = scored[0]
        others = [story for other, story in scored[1:] if other >= self._merge_threshold]
        merges = tuple(self._merges(best, others)) if facts.owner is COMMON else ()
        story = merges[-1].kept if merges else best
        return Join(story=story, score=score, copy_of=self._copied(best, facts, member), merges=merges)

    def add(self, story: StoryId, owner: Viewer, facts: JoinFacts) -> None:
        """Put the article into the story (new if unknown, then `owner` is whose it is), out of any other."""
        self.remove(facts.id)
        held = self._stories.setdefault(story, _Story(owner=owner, profile=Profile()))
        member = self._member(facts)
        held.members[facts.id] = (facts.owner, member, facts.judged)
        self._story_of[facts.id] = story
        if facts.owner == held.owner:
            held.profile.add(member)
            self._post(story, member.traits)

    def remove(self, article: ArticleId) -> None:
        """Forget an article (withdrawn, or about to be placed anew). Unknown ones are no error."""
        story = self._story_of.pop(article, None)
        if story is None:
            return
        held = self._stories[story]
        del held.members[article]
        if held.members:
            self._reprofile(held)
        else:
            del self._stories[story]

    def merge(self, kept: StoryId, absorbed: StoryId) -> None:
        """Move all of `absorbed` into `kept`."""
        gone, held = self._stories.pop(absorbed), self._stories[kept]
        held.members |= gone.members
        for article, (_, member, _) in gone.members.items():
            self._story_of[article] = kept
            self._post(kept, member.traits)
        self._reprofile(held)

    def forget_before(self, moment: datetime) -> None:
        """Drop stories whose last article is older: they are out of the window."""
        for story, held in list(self._stories.items()):
            if all(member.published < moment for _, member, _ in held.members.values()):
                del self._stories[story]
                for article in held.members:
                    del self._story_of[article]
        for term in list(self._postings):
            stories = {story: None for story in self._postings[term] if story in self._stories}
            if stories:
                self._postings[term] = stories
            else:
                del self._postings[term]

    def measured(self, facts: JoinFacts) -> Iterator[tuple[StoryId, NDArray[np.float64]]]:
        """The candidate stories with the article's measures against each (`affinity.MEASURES`), likeliest first."""
        member = self._member(facts)
        for story, held in self._candidates(facts, member):
            yield story, self._affinity.measures(member, held.profile)

    # --- the parts ---------------------------------------------------------------------------------------

    def _member(self, facts: JoinFacts) -> Member:
        return Member(
            traits=traits(facts.title, facts.text, self._affinity.rarity),
            vector=facts.vector,
            published=facts.published,
        )

    def _post(self, story: StoryId, own: Traits) -> None:
        for term in _lookups(own):
            posted = self._postings[term]
            posted.pop(story, None)
            posted[story] = None
            if len(posted) > POSTINGS:
                del posted[next(iter(posted))]

    def _candidates(
        self, facts: JoinFacts, member: Member, within: timedelta | None = None
    ) -> Iterable[tuple[StoryId, _Story]]:
        weight: Counter[StoryId] = Counter()
        for term in _lookups(member.traits):
            for story in self._postings.get(term, ()):
                weight[story] += member.traits.terms[term]  # type: ignore[assignment]
        chosen = sorted(weight, key=lambda story: (-weight[story], story))
        count = 0
        for story in chosen:
            held = self._stories.get(story)
            if held is None or not may_see(facts.owner, held.owner) or not held.profile.count:
                continue
            if facts.id in held.members:
                rest = [
                    kept
                    for article, (owner, kept, _) in held.members.items()
                    if article != facts.id and owner == held.owner
                ]
                if not rest:
                    continue
                held = _Story(owner=held.owner, profile=Profile.of(rest), members=held.members)
            if within is not None and not _near(held.profile, facts.published, within):
                continue
            yield story, held
            count += 1
            if count >= COMPARED:
                return

    def _merges(self, best: StoryId, others: Sequence[StoryId]) -> Iterable[Merge]:
        """Of the stories this article fits, those that also fit each other; the lowest identity is the oldest."""
        kept = best
        for other in others:
            one, two = self._stories[kept], self._stories[other]
            if one.owner != two.owner or not self._alike(one, two):
                continue
            kept, absorbed = min(kept, other), max(kept, other)
            yield Merge(kept=kept, absorbed=absorbed)

    def _alike(self, one: _Story, two: _Story) -> bool:
        small, large = sorted((one, two), key=lambda held: held.profile.count)
        fits = [self._affinity.probability(member, large.profile) for member in small.profile.exemplars]
        return sum(fits) / len(fits) >= self._merge_threshold

    def _copied(self, story: StoryId, facts: JoinFacts, member: Member) -> ArticleId | None:
        """The earliest visible member whose text this one repeats, of those that were here before it: so no two
        articles are each other's copies."""
        if member.traits.print is None:
            return None
        members = self._stories[story].members.items()
        copies = [
            (other.published, article)
            for article, (owner, other, _) in members
            if article < facts.id
            and may_see(facts.owner, owner)
            and other.traits.print is not None
            and float(np.mean(other.traits.print == member.traits.print)) >= SAME_TEXT
        ]
        return min(copies)[1] if copies else None

    def _reprofile(self, held: _Story) -> None:
        ordered = sorted(held.members.values(), key=lambda entry: entry[1].published)
        held.profile = Profile.of(member for owner, member, _ in ordered if owner == held.owner)


def _near(story: Profile, published: datetime, within: timedelta) -> bool:
    return story.first is None or story.last is None or story.first - within <= published <= story.last + within


def _lookups(own: Traits) -> list[str]:
    return sorted(own.terms, key=lambda term: (-own.terms[term], term))[:LOOKUPS]
