"""Stage 5, compose: a due slot of a schedule becomes one digest.

A slot's digest is unique in the database, so two processes at one slot make one digest. What was missed while nobody
ran is caught up once, with the latest slot, unless that is older than `GRACE`. A slot with too little to tell passes in
silence, and what little there was is still to be told. One story that cannot be analysed does not cost the others
their digest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.app.analyses import DEFAULT_ENGINE, Analyses
from bot.app.ports import Clock, Database, Stage, Task, Transaction
from bot.core.analysis import Analysis
from bot.core.delivery import Digest, DigestState, Schedule, ScheduleId
from bot.core.desk.taste import Opinion, Taste
from bot.core.errors import SluglineError
from bot.core.message import strings
from bot.core.schedule.slots import current_slot, next_slot
from bot.core.selection import pick
from bot.core.story import Coverage

GRACE = timedelta(hours=12)
FIRST_WINDOW = timedelta(days=7)
"""How far a schedule's first digest looks back, by when Slugline saw a story change."""

log = structlog.get_logger(__name__)


class Compose:
    """Makes digests. `weight` orders stories: the heaviest leads. `taste_of` makes a taste of feedback."""

    def __init__(
        self,
        database: Database,
        analyses: Analyses,
        weight: Callable[[Coverage], float],
        taste_of: Callable[[Sequence[Opinion]], Taste],
        clock: Clock,
    ) -> None:
        self._database = database
        self._analyses = analyses
        self._weight = weight
        self._taste_of = taste_of
        self._clock = clock

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage: each due schedule."""
        for task in tasks:
            now = max(self._clock.now(), task.due)  # it fell due by the database's clock
            async with self._database.read() as tx:
                schedule = None if task.owner is None else await tx.schedules.get(task.owner, ScheduleId(task.key))
            if schedule is None:  # removed meanwhile
                async with self._database.begin() as tx:
                    await tx.tasks.done(task)
                continue
            slot = current_slot(schedule.cron, schedule.zone, now, GRACE)
            digest = None if slot is None else await self.draft(schedule, now)
            async with self._database.begin() as tx:
                if slot is not None and digest is not None:
                    await keep(tx, schedule, slot, digest)
                await tx.tasks.done(task, again=next_slot(schedule.cron, schedule.zone, now))

    async def now(self, schedule: Schedule) -> Digest:
        """Compose outside the schedule's times (a first fill, `run --once`): the slot is this very moment."""
        now = self._clock.now()
        digest = await self.draft(schedule, now)
        async with self._database.begin() as tx:
            await keep(tx, schedule, now, digest)
        return digest

    async def draft(self, schedule: Schedule, now: datetime) -> Digest:
        """What would be in the digest: stories that changed since the last one and were not told here before."""
        async with self._database.read() as tx:
            since = await tx.digests.last_slot(schedule.community, schedule.id) or now - FIRST_WINDOW
            taste = self._taste_of(await tx.feedback.of(schedule.community))
            coverages = await tx.stories.updated(schedule.community, since, least=taste.least, also=taste.wanted)
            told = await tx.digests.posted(schedule.community, schedule.destination)
        chosen = pick(coverages, weight=self._weight, told=told, most=schedule.max_stories, admits=taste.admits)
        engine = schedule.engine if self._analyses.has(schedule.engine) else DEFAULT_ENGINE
        analyses = [made for coverage in chosen if (made := await self._analysis(schedule, coverage, engine))]
        return Digest(
            community=schedule.community, title=strings.DIGEST_TITLE, since=since, until=now, analyses=tuple(analyses)
        )

    async def _analysis(self, schedule: Schedule, coverage: Coverage, engine: str) -> Analysis | None:
        """None where the engine fails on this story: it is left out, and the next digest tries again."""
        try:
            return await self._analyses.of(schedule.community, coverage, engine)
        except SluglineError:
            raise
        except Exception:
            log.exception("story left out", story=coverage.story.id, schedule=schedule.id, engine=engine)
            return None


async def keep(tx: Transaction, schedule: Schedule, slot: datetime, digest: Digest) -> None:
    """Write a digest down for its slot and hand it to review; a slot that has one already is left as it is."""
    enough = len(digest.analyses) >= max(1, schedule.min_stories)
    if enough:
        kept = await tx.digests.put(schedule, slot, digest, DigestState.IN_REVIEW)
        if kept is not None:
            await tx.tasks.put(Stage.REVIEW, [kept], schedule.community)
    else:
        # Nothing was told, so it must not count as told.
        kept = await tx.digests.put(schedule, slot, replace(digest, analyses=()), DigestState.EMPTY)
    log.info("composed", digest=kept, schedule=schedule.id, stories=len(digest.analyses), silent=not enough)
