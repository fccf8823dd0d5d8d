"""Joining: which story an article belongs to, in memory, held by the one process that joins.

Work an article is bounded: an inverted index from an article's weightiest terms to the latest stories that hold them
gives candidates, the most promising are compared in full, and the best above a threshold wins. Nothing here reads a
clock or stores a row: `place` answers, the caller makes it so in the database and tells `add` and `merge`.

Joining in the order of arrival makes mistakes that later articles bring to light, so a placement may carry repairs.
*Merges*: the stories a big event breaks into on its first day, and lone reports that came before the story had a face.
*Loose ends*: whenever a story has doubled, the members that no longer fit what it became; placed anew, they find or
found another story.

A private article may join a common story or one of its owner's; it never shapes a common story, whose profile is made
of common articles only, and a common article never sees private ones.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heapify, heappop
from typing import cast

import numpy as np
from numpy.typing import NDArray

from bot.core.article import ArticleId
from bot.core.community import Viewer, may_see
from bot.core.desk.affinity import Affinity, Member, Profile, resemblance
from bot.core.desk.packed import pack, print_of, unpack
from bot.core.desk.relevance import Judged
from bot.core.desk.traits import Term, Traits, traits
from bot.core.story import StoryId

LOOKUPS = 24
"""Of an article's terms, the weightiest that are looked up."""
POSTINGS = 64
"""Stories remembered a term, the latest: a term in more stories than that tells nothing."""
COMPARED = 24
"""Candidates compared in full."""
SAME_TEXT = 0.6
"""Share of equal MinHash slots from which on two texts count as one (a wire copy with its own first line)."""
MADE = 256
"""Profiles of small stories that are kept in case they are asked for again, by the same article's next question."""
FEW = 2
"""Up to so many members a story is compared like an article; above, story with story."""
SAGA = 0.5
"""Least probability, but for the time between, that a new story follows an old one."""


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
class Thresholds:
    """`join` and `absorb` (a story of few into a bigger one) are probabilities; `merge` is a `resemblance`; members
    under `loose` leave. `reach` is the longest time between two stories that may still be one."""

    join: float
    absorb: float
    merge: float
    loose: float
    reach: timedelta = timedelta(days=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two stories turned out to be one; the older identity is kept."""

    kept: StoryId
    absorbed: StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """`article`, of `owner`, repeats the text of `copy_of`, as a merge of their stories brought to light."""

    article: ArticleId
    owner: Viewer
    copy_of: ArticleId


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """The article belongs to `story`, as `score` in 0..1 says. `copy_of` is the article whose text it repeats.

    `merges` are to be made first, in this order; `story` is the identity after them. Then `loose` members of the
    story, if any, are to be placed anew.
    """

    story: StoryId
    score: float
    copy_of: ArticleId | None = None
    merges: tuple[Merge, ...] = ()
    loose: tuple[ArticleId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Nothing known tells of the same event: a story of its own.

    `follows` is the story before it in the same saga; `nearest` is for `slugline why`.
    """

    follows: StoryId | None = None
    nearest: tuple[tuple[StoryId, float], ...] = ()


Placement = Join | Found


@dataclass(frozen=True, slots=True)
class _Held:
    """An article in the index."""

    owner: Viewer
    packed: bytes
    published: datetime
    judged: Judged

    def member(self) -> Member:
        return unpack(self.packed, self.published)


@dataclass(slots=True)
class _Story:
    """`profile` is kept of a story of more than `FEW`; of fewer it is made when it is asked for."""

    owner: Viewer
    members: dict[ArticleId, _Held] = field(default_factory=dict)
    profile: Profile | None = None

    def shaping(self) -> list[tuple[ArticleId, _Held]]:
        """The members the profile is made of."""
        return [(article, held) for article, held in self.members.items() if held.owner == self.owner]


class StoryIndex:
    def __init__(self, affinity: Affinity, thresholds: Thresholds) -> None:
        self._affinity = affinity
        self._least = thresholds
        self._stories: dict[StoryId, _Story] = {}
        self._story_of: dict[ArticleId, StoryId] = {}
        # Of each term the latest stories, oldest first; the identities of merged stories are passed over when met.
        self._postings: dict[Term, array[int]] = {}
        self._made: dict[StoryId, Profile] = {}

    def __len__(self) -> int:
        """Stories held."""
        return len(self._stories)

    def __contains__(self, story: StoryId) -> bool:
        return story in self._stories

    def story_of(self, article: ArticleId) -> StoryId | None:
        return self._story_of.get(article)

    def judged(self, story: StoryId) -> tuple[Judged, ...]:
        """What a story's decision rests on: its common articles, or all of a private story's."""
        held = self._stories[story]
        return tuple(one.judged for _, one in held.shaping())

    def place(self, facts: JoinFacts, *, within: timedelta | None = None) -> Placement:
        """Where the article belongs. Changes nothing, and looks past the article itself if it is in the index.

        `within` passes over stories whose articles all are further away in time: so what else the index happens to
        hold, which depends on when it was built, does not matter.
        """
        member = self._member(facts)
        sharing = self._sharing(member)
        candidates = dict(self._candidates(facts, sharing, within))
        scored = sorted(
            ((self._affinity.probability(member, profile), story) for story, profile in candidates.items()),
            key=lambda found: (-found[0], found[1]),
        )
        if not scored or scored[0][0] < self._least.join:
            nearest = tuple((story, score) for score, story in scored[:3])
            return Found(follows=self._followed(facts, member, sharing), nearest=nearest)
        score, best = scored[0]
        profile = candidates[best]
        copy_of: ArticleId | None = None
        merges: tuple[Merge, ...] = ()
        loose: tuple[ArticleId, ...] = ()
        if facts.owner == self._stories[best].owner:
            grown = profile.with_(member)
            others = [story for _, story in scored[1:]]
            merges = tuple(self._merges(best, grown, others))
            loose = tuple(self._loose(best, grown))
        if member.traits.print is not None:
            own = _Text(facts.id, facts.owner, facts.published, member.traits.print)
            copy_of = _original(own, self._texts([best, *_others(best, merges)]))
        return Join(
            story=merges[-1].kept if merges else best,
            score=score,
            copy_of=copy_of,
            merges=merges,
            loose=loose,
        )

    def fits(self, facts: JoinFacts, story: StoryId) -> bool:
        """Whether an article may stay in the story it is in: it is alone there, or not a loose end."""
        member = self._member(facts)
        others = [one.member() for article, one in self._stories[story].shaping() if article != facts.id]
        return not others or self._affinity.probability(member, Profile.of(others)) >= self._least.loose

    def add(self, story: StoryId, owner: Viewer, facts: JoinFacts) -> None:
        """Put the article into the story (new if unknown, then `owner` is whose it is), out of any other."""
        self.remove(facts.id)
        if story not in self._stories:
            self._stories[story] = _Story(owner=owner)
        member = self._member(facts)
        self._put(story, facts.id, _Held(facts.owner, pack(member), facts.published, facts.judged), member)

    def _put(self, story: StoryId, article: ArticleId, one: _Held, member: Member) -> None:
        held = self._stories[story]
        held.members[article] = one
        self._story_of[article] = story
        if one.owner == held.owner:
            self._made.pop(story, None)
            if held.profile is not None:
                held.profile.add(member)
            elif len(shaping := held.shaping()) > FEW:
                held.profile = Profile.of(other.member() for _, other in shaping)
            self._post(story, member.traits)

    def remove(self, article: ArticleId) -> None:
        """Forget an article (withdrawn, or about to be placed anew). Unknown ones are no error."""
        story = self._story_of.pop(article, None)
        if story is None:
            return
        held = self._stories[story]
        del held.members[article]
        self._made.pop(story, None)
        if not held.members:
            del self._stories[story]
        elif held.profile is not None:
            shaping = held.shaping()
            held.profile = Profile.of(one.member() for _, one in shaping) if len(shaping) > FEW else None

    def merge(self, kept: StoryId, absorbed: StoryId) -> tuple[Copied, ...]:
        """Move all of `absorbed` into `kept`. Returns the members that turn out to repeat a text of the other story."""
        came_to_light = tuple(self._copied_across(kept, absorbed))
        gone = self._stories.pop(absorbed)
        self._made.pop(absorbed, None)
        for article, one in gone.members.items():
            self._put(kept, article, one, one.member())
        return came_to_light

    def forget_before(self, moment: datetime) -> None:
        """Drop stories whose last article is older: they are out of the window."""
        for story, held in list(self._stories.items()):
            if all(one.published < moment for one in held.members.values()):
                del self._stories[story]
                self._made.pop(story, None)
                for article in held.members:
                    del self._story_of[article]
        for term in list(self._postings):
            left = array("q", (story for story in self._postings[term] if story in self._stories))
            if left:
                self._postings[term] = left
            else:
                del self._postings[term]

    @property
    def least_to_join(self) -> float:
        """The score from which an article joins a story."""
        return self._least.join

    def neighbours(
        self, facts: JoinFacts, *, within: timedelta | None = None
    ) -> list[tuple[StoryId, float, NDArray[np.float64]]]:
        """What `place` compares: the candidate stories with their scores and measures, the likeliest first."""
        member = self._member(facts)
        compared = [
            (story, self._affinity.probability(member, profile), self._affinity.measures(member, profile))
            for story, profile in self._candidates(facts, self._sharing(member), within)
        ]
        return sorted(compared, key=lambda found: (-found[1], found[0]))

    def measured(self, facts: JoinFacts) -> Iterator[tuple[StoryId, NDArray[np.float64]]]:
        """The candidate stories with the article's measures against each (`affinity.MEASURES`), likeliest first."""
        member = self._member(facts)
        for story, profile in self._candidates(facts, self._sharing(member)):
            yield story, self._affinity.measures(member, profile)

    # --- the parts ---------------------------------------------------------------------------------------

    def _member(self, facts: JoinFacts) -> Member:
        return Member(
            traits=traits(facts.title, facts.text, self._affinity.rarity),
            vector=facts.vector,
            published=facts.published,
        )

    def _post(self, story: StoryId, own: Traits) -> None:
        for term in _lookups(own):
            posted = self._postings.setdefault(term, array("q"))
            if story in posted:
                posted.remove(story)
            posted.append(story)
            if len(posted) > POSTINGS:
                del posted[0]

    def _sharing(self, member: Member) -> list[tuple[float, StoryId]]:
        """A heap of stories that share weighty terms, with the weight they share, negative: the heaviest first. Of a
        thousand and more only a few dozen are taken, so they are not sorted."""
        weight: dict[int, float] = {}
        for term in _lookups(member.traits):
            own = member.traits.terms[term]
            for story in self._postings.get(term, ()):
                weight[story] = weight.get(story, 0.0) + own
        heap = [(-shared, cast(StoryId, story)) for story, shared in weight.items()]
        heapify(heap)
        return heap

    def _candidates(
        self, facts: JoinFacts, sharing: Iterable[tuple[float, StoryId]], within: timedelta | None = None
    ) -> Iterator[tuple[StoryId, Profile]]:
        """Of the heap of `_sharing` stories the visible ones, as they are without the article."""
        promising = list(sharing)
        count = 0
        while promising:
            story = heappop(promising)[1]
            held = self._stories.get(story)
            if held is None or not may_see(facts.owner, held.owner):
                continue
            if within is not None and not _near(held, facts.published, within):
                continue
            profile = self._profile(story)
            if facts.id in held.members and held.members[facts.id].owner == held.owner:
                profile = Profile.of(one.member() for article, one in held.shaping() if article != facts.id)
            if not profile.count or (within is not None and not _within(profile, facts.published, within)):
                continue
            yield story, profile
            count += 1
            if count >= COMPARED:
                return

    def _profile(self, story: StoryId) -> Profile:
        held = self._stories[story]
        if held.profile is not None:
            return held.profile
        if story not in self._made:
            if len(self._made) >= MADE:
                self._made.clear()
            self._made[story] = Profile.of(one.member() for _, one in held.shaping())
        return self._made[story]

    def _followed(self, facts: JoinFacts, member: Member, sharing: Iterable[tuple[float, StoryId]]) -> StoryId | None:
        """Of all stories held, however long ago, the one that it would have joined but for the time."""
        alike = [
            (score, story)
            for story, profile in self._candidates(facts, sharing)
            if profile.last < member.published
            and (score := self._affinity.probability_but_for_time(member, profile)) >= SAGA
        ]
        return max(alike)[1] if alike else None

    def _merges(self, best: StoryId, grown: Profile, others: list[StoryId]) -> Iterator[Merge]:
        """Other candidates that are the same event as `best`, which is now as `grown` says."""
        kept = best
        for other in others:
            held = self._stories[other]
            if held.owner == self._stories[best].owner and self._one_event(grown, self._profile(other)):
                kept, absorbed = min(kept, other), max(kept, other)
                yield Merge(kept=kept, absorbed=absorbed)

    def _one_event(self, one: Profile, other: Profile) -> bool:
        small, large = (one, other) if one.count < other.count else (other, one)
        if large.count <= FEW or max(one.first - other.last, other.first - one.last) > self._least.reach:
            return False
        if small.count <= FEW:
            return self._affinity.probability(small.as_member(), large) >= self._least.absorb
        return resemblance(one, other) >= self._least.merge

    def _loose(self, story: StoryId, grown: Profile) -> Iterator[ArticleId]:
        """Members that no longer fit, looked for when the story reaches 4, 8, 16 … members: constant work a join."""
        if grown.count < 4 or grown.count & (grown.count - 1):
            return
        for article, one in self._stories[story].shaping():
            member = one.member()
            if self._affinity.probability(member, grown.without(member)) < self._least.loose:
                yield article

    def _texts(self, stories: Iterable[StoryId]) -> list[_Text]:
        held = [found for story in stories for found in self._stories[story].members.items()]
        return [
            _Text(article, one.owner, one.published, print_)
            for article, one in held
            if (print_ := print_of(one.packed)) is not None
        ]

    def _copied_across(self, one: StoryId, other: StoryId) -> Iterator[Copied]:
        both = self._texts([one, other])
        for own in (self._texts([one]), self._texts([other])):
            for text in own:
                original = _original(text, both)
                if original is not None and original != _original(text, own):
                    yield Copied(article=text.article, owner=text.owner, copy_of=original)


@dataclass(frozen=True, slots=True)
class _Text:
    article: ArticleId
    owner: Viewer
    published: datetime
    print: NDArray[np.uint8]


def _original(text: _Text, among: Iterable[_Text]) -> ArticleId | None:
    """The earliest visible one whose text this one repeats, of those that were here before it: so no two articles are
    each other's copies."""
    copies = [
        (other.published, other.article)
        for other in among
        if other.article < text.article
        and may_see(text.owner, other.owner)
        and float(np.mean(other.print == text.print)) >= SAME_TEXT
    ]
    return min(copies)[1] if copies else None


def _others(best: StoryId, merges: Iterable[Merge]) -> list[StoryId]:
    return sorted({story for merge in merges for story in (merge.kept, merge.absorbed)} - {best})


def _near(story: _Story, published: datetime, within: timedelta) -> bool:
    """Whether any of its articles may be within that time: what costs nothing is asked first."""
    if story.profile is not None:
        return _within(story.profile, published, within)
    known = [one.published for one in story.members.values()]
    return max(min(known) - published, published - max(known)) <= within


def _within(story: Profile, published: datetime, within: timedelta) -> bool:
    return max(story.first - published, published - story.last) <= within


def _lookups(own: Traits) -> list[Term]:
    return sorted(own.terms, key=lambda term: (-own.terms[term], term))[:LOOKUPS]
