"""Stage 4, analyse: once per story version, engine and set of visible sources, whoever asks first.

A digest, a command and an alert all come through `Analyses.of`, so two who ask at once get the same analysis: the
database keeps the first. An analysis with a private article among its sources belongs to that community alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from bot.app.ports import AnalysisKey, Analyst, Clock, Database, Task
from bot.core.analysis import Analysis
from bot.core.community import COMMON, Viewer
from bot.core.errors import InputError
from bot.core.story import Coverage, StoryId

DEFAULT_ENGINE = "extractive"


def analysis_key(coverage: Coverage, engine: str) -> AnalysisKey:
    """What an analysis depends on: the story's version, and which articles, in which revision, the viewer sees."""
    articles = sorted((m.article.id, m.article.revision, m.article.body_source) for m in coverage.members)
    digest = hashlib.sha256(repr(articles).encode()).hexdigest()[:32]
    return AnalysisKey(story=coverage.story.id, version=coverage.story.version, engine=engine, sources=digest)


class Analyses:
    """Finds or makes analyses. `engines` by name; the names are what a channel may choose."""

    def __init__(self, database: Database, engines: Mapping[str, Analyst], clock: Clock) -> None:
        self._database = database
        self._engines = engines
        self._clock = clock

    def has(self, engine: str) -> bool:
        """Whether there is an engine of that name in this process."""
        return engine in self._engines

    async def of(self, viewer: Viewer, coverage: Coverage, engine: str = DEFAULT_ENGINE) -> Analysis:
        """The analysis of a story as `viewer` sees it. Raises InputError where there is no such engine."""
        analyst = self._engines.get(engine)
        if analyst is None:
            raise InputError(f"there is no engine {engine!r}; there is {', '.join(sorted(self._engines))}")
        key = analysis_key(coverage, engine)
        owner = viewer if any(m.article.owner is not COMMON for m in coverage.members) else COMMON
        async with self._database.read() as tx:
            found = await tx.analyses.find(owner, key)
            if found is not None:
                return found
            vectors = await tx.articles.vectors(viewer, [m.article.id for m in coverage.members])
        made = await analyst.analyse(coverage, vectors, self._clock.now())
        async with self._database.begin() as tx:
            await tx.analyses.put(owner, key, made)
            return await tx.analyses.find(owner, key) or made

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage: have a changed story's analysis ready before anybody asks."""
        for task in tasks:
            async with self._database.read() as tx:
                coverage = await tx.stories.get(task.owner, StoryId(task.key))
            if coverage is not None and coverage.story.relevant:
                await self.of(task.owner, coverage)
            async with self._database.begin() as tx:
                await tx.tasks.done(task)
