"""What a schedule's next digest holds, and where any other story stands: decided alike for a slot and for a preview."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.app.analyses import DEFAULT_ENGINE, Analyses
from bot.app.calendar import coming
from bot.app.ports import Database, Transaction, Vector
from bot.core import strings
from bot.core.analysis import Analysis
from bot.core.article import ArticleId
from bot.core.coming import AHEAD, Coming, for_digest
from bot.core.community import COMMON, CommunityId
from bot.core.delivery import Digest, Schedule
from bot.core.desk.taste import Opinion, Taste
from bot.core.errors import SluglineError
from bot.core.feed import FeedId
from bot.core.movement import Told, Update, movers, update_of
from bot.core.selection import (
    Absence,
    AlreadyTold,
    Failed,
    Hidden,
    Included,
    LineUp,
    NoSuchStory,
    NotRelevant,
    OffDesk,
    OffTopic,
    OverLength,
    OverMaximum,
    Standing,
    Unchanged,
    Unwanted,
    line_up,
)
from bot.core.story import Coverage, StoryId
from bot.core.topic import Topics

FIRST_WINDOW = timedelta(days=7)
"""How far a schedule's first digest looks back, by when Slugline saw a story change."""
KEPT = timedelta(days=7)
"""How long after its last change a story that did not fit is still news."""
MOST_KEPT = 50
SPARE = 5
"""Stories that are tried beyond those that fit, for a shorter one: each may cost an analysis."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A digest as it would be, and where each story stands that changed since the last one. `enough`: it has the
    stories that its schedule asks for."""

    digest: Digest
    standings: Mapping[StoryId, Standing]
    enough: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Material:
    """All that a draft is made of, as it stood in one moment."""

    since: datetime
    taste: Taste
    coverages: Sequence[Coverage]
    waiting: Sequence[StoryId]
    told: Mapping[StoryId, Sequence[Told]]
    vectors: Mapping[ArticleId, Vector]
    desks: Mapping[FeedId, str | None]
    coming: tuple[Coming, ...]


class Drafting:
    """`weight` orders stories: the heaviest leads. `taste_of` makes a taste of feedback, `topics` reads queries."""

    def __init__(
        self,
        database: Database,
        analyses: Analyses,
        weight: Callable[[Coverage], float],
        taste_of: Callable[[Sequence[Opinion]], Taste],
        topics: Topics,
    ) -> None:
        self._database = database
        self._analyses = analyses
        self._weight = weight
        self._taste_of = taste_of
        self._topics = topics

    async def draft(self, schedule: Schedule, now: datetime, *, with_kept: bool = True) -> Draft:
        """Stories that changed since the last digest, or did not fit into it, and were not told in this place or have
        moved since: whole ones, as many as the schedule takes. Nothing is written but analyses. Not `with_kept`, what
        did not fit waits on for the next slot."""
        async with self._database.read() as tx:
            material = await self._gather(tx, schedule, now, with_kept=with_kept)
        # A query is held against every article of the time that the digest covers.
        lined_up = await asyncio.to_thread(self._line_up, schedule, material)
        return await self._fill(schedule, material, lined_up, now)

    async def standing(self, schedule: Schedule, draft: Draft, story: StoryId) -> Standing:
        """Where a story stands that somebody would expect in that draft."""
        async with self._database.read() as tx:
            coverage = await tx.stories.get(schedule.community, story)
            if coverage is None:
                whole = await tx.stories.whole(story)
                seen = whole is not None and any(
                    member.article.owner in (COMMON, schedule.community) for member in whole.members
                )
                return Hidden() if seen else NoSuchStory()
            taste = self._taste_of(await tx.feedback.of(schedule.community))
            desks = await _desks_of(tx, schedule.community, [coverage])
            told = await tx.digests.told(schedule.community, schedule.destination, [coverage.story.id])
        if (known := draft.standings.get(coverage.story.id)) is not None:
            return known
        if (reason := self._against(schedule, taste, desks)(coverage)) is not None:
            return reason
        if before := told.get(coverage.story.id):
            return AlreadyTold(max(one.at for one in before))
        return Unchanged(draft.digest.since)

    async def _gather(self, tx: Transaction, schedule: Schedule, now: datetime, *, with_kept: bool) -> _Material:
        community = schedule.community
        since = await tx.digests.last_slot(community, schedule.id) or now - FIRST_WINDOW
        taste = self._taste_of(await tx.feedback.of(community))
        changed = await tx.stories.updated(community, since, least=taste.least, also=taste.wanted)
        coverages = {coverage.story.id: coverage for coverage in changed}
        waiting: list[StoryId] = []
        for story in await tx.digests.carried(community, schedule.id):
            kept = None if story in coverages else await tx.stories.get(community, story)
            if kept is None or kept.story.last_updated <= now - KEPT:
                continue
            if with_kept:
                coverages[kept.story.id] = kept
            else:
                waiting.append(kept.story.id)
        posted = await tx.digests.posted(community, schedule.destination)
        today = now.astimezone(ZoneInfo(schedule.zone)).date()
        awaited = await coming(tx, community, today - AHEAD, today + AHEAD, now)
        again = coverages.keys() & posted.keys()
        compared = [member.article.id for story in again for member in coverages[story].members]
        return _Material(
            since=since,
            taste=taste,
            coverages=tuple(coverages.values()),
            waiting=tuple(waiting),
            told=await tx.digests.told(community, schedule.destination, again),
            vectors=await tx.articles.vectors(community, compared),
            desks=await _desks_of(tx, community, coverages.values()),
            coming=for_digest(awaited, told=posted, today=today, since=since),
        )

    def _against(
        self, schedule: Schedule, taste: Taste, desks: Mapping[FeedId, str | None]
    ) -> Callable[[Coverage], Absence | None]:
        """What speaks against a story in itself, whatever else there is to tell."""
        topic = None if schedule.topic is None else self._topics.read(schedule.topic)

        def against(coverage: Coverage) -> Absence | None:
            admission = taste.judge(coverage)
            if not admission.admitted:
                if admission.reasons:
                    return Unwanted(admission.reasons)
                return NotRelevant(relevance=coverage.story.relevance, least=taste.threshold)
            if schedule.desks and not any(desks.get(m.article.feed) in schedule.desks for m in coverage.members):
                return OffDesk(schedule.desks)
            if topic is not None and not self._topics.matches(topic, coverage, desks):
                return OffTopic(schedule.topic or "")
            return None

        return against

    def _line_up(self, schedule: Schedule, material: _Material) -> LineUp:
        return line_up(
            material.coverages,
            weight=self._weight,
            stands=self._against(schedule, material.taste, material.desks),
            told={story: max(one.at for one in told) for story, told in material.told.items()},
            movers=lambda coverage: movers(material.told[coverage.story.id], coverage, material.vectors),
        )

    async def _fill(self, schedule: Schedule, material: _Material, lined_up: LineUp, now: datetime) -> Draft:
        standings: dict[StoryId, Standing] = dict(lined_up.absent)
        analyses: list[Analysis] = []
        updates: list[Update] = []
        words = tried = 0
        for place, coverage in enumerate(lined_up.ranked, start=1):
            story = coverage.story.id
            full = len(analyses) >= schedule.max_stories or tried >= schedule.max_stories + SPARE
            if full:
                of, most = len(lined_up.ranked), schedule.max_stories
                standings[story] = OverMaximum(place=place, of=of, most=most)
                continue
            tried += 1
            analysis = await self._analysis(schedule, coverage)
            if analysis is None:
                standings[story] = Failed()
                continue
            moved = lined_up.movers.get(story)
            update = None if moved is None else update_of(material.told[story], moved, analysis)
            size = analysis.words if update is None else update.words
            most_words = schedule.max_words
            # The first is told even if it is too long: else it never would be.
            if most_words is not None and analyses and words + size > most_words:
                standings[story] = OverLength(words=size, left=max(0, most_words - words), most=most_words)
                continue
            words += size
            analyses.append(analysis)
            updates += [update] if update is not None else []
            standings[story] = Included(place=len(analyses), update=update is not None)
        left = (coverage.story.id for coverage in lined_up.ranked)
        carried = [story for story in left if not isinstance(standings[story], Included)] + [*material.waiting]
        digest = Digest(
            community=schedule.community,
            title=schedule.name or strings.digest.DIGEST_TITLE,
            since=material.since,
            until=now,
            analyses=tuple(analyses),
            updates=tuple(updates),
            # What the digest's own stories await stands under them.
            coming=tuple(one for one in material.coming if one.story not in {each.story for each in analyses}),
            carried=tuple(carried[:MOST_KEPT]),
        )
        return Draft(digest=digest, standings=standings, enough=len(analyses) >= max(1, schedule.min_stories))

    async def _analysis(self, schedule: Schedule, coverage: Coverage) -> Analysis | None:
        """None where the engine fails on this story: it is left out, and the next digest tries again."""
        engine = schedule.engine if self._analyses.has(schedule.engine) else DEFAULT_ENGINE
        try:
            return await self._analyses.of(schedule.community, coverage, engine)
        except SluglineError:
            raise
        except Exception:
            log.exception("story left out", story=coverage.story.id, schedule=schedule.id, engine=engine)
            return None


async def _desks_of(
    tx: Transaction, community: CommunityId, coverages: Iterable[Coverage]
) -> Mapping[FeedId, str | None]:
    """Of the feeds that their articles came by."""
    feeds = {member.article.feed for coverage in coverages for member in coverage.members}
    return {feed.id: feed.desk for feed in await tx.feeds.several(community, feeds)}
