"""Stage 4, analyse: once per story version, engine and set of visible sources, whoever asks first.

A digest, a command and an alert all come through `Analyses.of`, so two who ask at once get the same analysis: the
database keeps the first. An analysis with a private article among its sources belongs to that community alone.

What an analysis tells readers to watch is tracked from the same transaction on (`bot.core.desk.tracking`). A story
whose items the date will change is looked at again on that day: its task is put for then, so that dates need no clock
of their own.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.app.ports import AnalysisKey, Analyst, Clock, Database, Stage, Task, Transaction
from bot.app.saga import chain
from bot.core import strings
from bot.core.analysis import Analysis, Earlier
from bot.core.community import COMMON, Viewer
from bot.core.desk.headline import clean_title, fit
from bot.core.desk.tracking import Report, as_of, next_change, plan, reports_of
from bot.core.errors import InputError
from bot.core.story import Coverage, StoryId

DEFAULT_ENGINE = "extractive"


def analysis_key(coverage: Coverage, engine: str) -> AnalysisKey:
    """What an analysis depends on: the story's version, which articles, in which revision, the viewer sees, and which
    of them may be quoted: the operator's opt-out list changes that without a new version."""
    articles = sorted(
        (m.article.id, m.article.revision, m.article.body_source, m.article.reserved is None) for m in coverage.members
    )
    digest = hashlib.sha256(repr(articles).encode()).hexdigest()[:32]
    return AnalysisKey(story=coverage.story.id, version=coverage.story.version, engine=engine, sources=digest)


class Analyses:
    """Finds or makes analyses. `engines` by name; the names are what a channel may choose."""

    def __init__(self, database: Database, engines: Mapping[str, Analyst], clock: Clock) -> None:
        self._database = database
        self._engines = engines
        self._clock = clock

    @property
    def engines(self) -> Sequence[str]:
        """The names of those in this process, in order."""
        return sorted(self._engines)

    def has(self, engine: str) -> bool:
        """Whether there is an engine of that name in this process."""
        return engine in self._engines

    async def of(self, viewer: Viewer, coverage: Coverage, engine: str = DEFAULT_ENGINE) -> Analysis:
        """The analysis of a story as `viewer` sees it. Raises InputError where there is no such engine."""
        analyst = self._engines.get(engine)
        if analyst is None:
            raise InputError(strings.reading.no_engine(engine, sorted(self._engines)))
        key = analysis_key(coverage, engine)
        owner = _owner(viewer, coverage)
        async with self._database.read() as tx:
            found = await self._stored(tx, owner, coverage, engine)
            if found is not None:
                return found
            before = await chain(tx, owner, coverage)
            vectors = await tx.articles.vectors(viewer, [m.article.id for m in coverage.members])
        now = self._clock.now()
        made = await analyst.analyse(coverage, vectors, now)
        made = replace(made, earlier=tuple(_earlier(one) for one in before))
        reports = await asyncio.to_thread(reports_of, coverage)
        async with self._database.begin() as tx:
            await tx.analyses.put(owner, key, made)
            await _track(tx, owner, coverage, before, made, reports, now)
            return await self._stored(tx, owner, coverage, engine) or made

    async def of_all(
        self, viewer: Viewer, coverages: Sequence[Coverage], engine: str = DEFAULT_ENGINE
    ) -> list[Analysis]:
        """As `of`, for several: those that are there already are read together."""
        async with self._database.read() as tx:
            stored = [await self._stored(tx, _owner(viewer, coverage), coverage, engine) for coverage in coverages]
        return [
            found or await self.of(viewer, coverage, engine) for found, coverage in zip(stored, coverages, strict=True)
        ]

    async def _stored(self, tx: Transaction, owner: Viewer, coverage: Coverage, engine: str) -> Analysis | None:
        """It is kept for as long as its own story stays as it is; the stories before that one change by themselves."""
        found = await tx.analyses.find(owner, analysis_key(coverage, engine))
        if found is None:
            return None
        earlier = tuple(_earlier(one) for one in await chain(tx, owner, coverage))
        return found if found.earlier == earlier else replace(found, earlier=earlier)

    async def afresh(
        self, viewer: Viewer, coverage: Coverage, earlier: tuple[Earlier, ...], engine: str = DEFAULT_ENGINE
    ) -> Analysis:
        """Of a coverage that somebody put together: made, and neither kept nor tracked. Raises InputError likewise."""
        analyst = self._engines.get(engine)
        if analyst is None:
            raise InputError(strings.reading.no_engine(engine, sorted(self._engines)))
        async with self._database.read() as tx:
            vectors = await tx.articles.vectors(viewer, [m.article.id for m in coverage.members])
        made = await analyst.analyse(coverage, vectors, self._clock.now())
        return replace(made, earlier=earlier)

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage: have a changed story's analysis ready before anybody asks, and see what the date has changed."""
        for task in tasks:
            now = max(self._clock.now(), task.due)  # it fell due by the database's clock
            async with self._database.read() as tx:
                coverage = await tx.stories.get(task.owner, StoryId(task.key))
            if coverage is not None and coverage.story.relevant:
                await self.of(task.owner, coverage)
            async with self._database.begin() as tx:
                again = await _turn_with_date(tx, task.owner, StoryId(task.key), now)
                await tx.tasks.done(task, again=again)


def _owner(viewer: Viewer, coverage: Coverage) -> Viewer:
    """Whose an analysis of this is: with a private article among its sources it is theirs alone who see that."""
    return viewer if any(member.article.owner is not COMMON for member in coverage.members) else COMMON


async def _track(
    tx: Transaction,
    owner: Viewer,
    coverage: Coverage,
    before: Sequence[Coverage],
    analysis: Analysis,
    reports: Sequence[Report],
    now: datetime,
) -> None:
    """Keep what the analysis tells readers to watch, and settle what its articles report as done or put off."""
    story = coverage.story
    known = [item for one in (coverage, *before) for item in await tx.tracked.of(owner, one.story.id)]
    change = plan(known, analysis, coverage, reports, owner=owner, now=now)
    await tx.tracked.remove(owner, change.gone)
    await tx.tracked.add(owner, change.new)
    for item in change.changed:
        await tx.tracked.change(owner, item)
    items = await tx.tracked.of(owner, story.id)
    if any(item.due is not None and not item.settled for item in items) and await tx.watches.pipeline_any():
        await tx.tasks.put(Stage.REMIND, [story.id], COMMON)
    wake = next_change(items, now)
    if wake is not None and owner == story.owner:  # else the task might become a community's for a story of all
        await tx.tasks.put(Stage.ANALYSE, [story.id], owner, due=wake)


async def _turn_with_date(tx: Transaction, owner: Viewer, story: StoryId, now: datetime) -> datetime | None:
    """Write down what the date has made of the owner's items; returns when it next changes one."""
    own = [item for item in await tx.tracked.of(owner, story) if item.owner == owner]
    for item in own:
        state = as_of(item, now)
        if state != item.state:
            await tx.tracked.change(owner, replace(item, state=state))
    return next_change(own, now)


def _earlier(before: Coverage) -> Earlier:
    first = before.members[0].article
    return Earlier(
        story=before.story.id,
        headline=fit(clean_title(first.title, first.outlet.name)) or first.outlet.name,
        outlet=first.outlet.name,
        url=first.url,
        published=first.published,
        article=first.id,
        revision=first.revision,
    )
