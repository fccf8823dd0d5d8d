"""Stage 3, join: which story an article belongs to, decided by one process at a time.

Joining in parallel would found the same story twice, so whoever holds the lease "join" does it, with the stories of
the window in memory (`bot.core.desk.story_index`). The database stays the truth: the index is built from it when the
lease is won, follows each commit, and is thrown away when a commit fails or the lease is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog

from bot.app.ports import Clock, Database, Stage, Task, Transaction, Vector
from bot.app.score import may_read_page
from bot.core.article import Article, ArticleId
from bot.core.community import Viewer
from bot.core.desk.relevance import Judged, RelevanceModel
from bot.core.desk.story_index import Found, Join, JoinFacts, StoryIndex
from bot.core.errors import LeaseLost
from bot.core.story import Coverage, StoryId

WINDOW = timedelta(days=10)
"""A story without a new article for this long is over; what follows is a new story in the same saga."""
LEASE = timedelta(minutes=2)
NAME = "join"

log = structlog.get_logger(__name__)


class Joining:
    """Holds the lease and the index. `new_index` makes an empty one."""

    def __init__(
        self,
        database: Database,
        model: RelevanceModel,
        new_index: Callable[[], StoryIndex],
        clock: Clock,
        *,
        holder: str,
    ) -> None:
        self._database = database
        self._model = model
        self._new_index = new_index
        self._clock = clock
        self._holder = holder
        self._index: StoryIndex | None = None
        self._since = clock.now()
        """The index knows every story with an article published since then."""

    async def permit(self) -> bool:
        """Win or keep the lease; whoever gets False leaves joining to another process."""
        async with self._database.begin() as tx:
            held = await tx.leases.acquire(NAME, self._holder, LEASE)
        if not held:
            self._index = None
        return held

    async def release(self) -> None:
        """Let another process join at once."""
        self._index = None
        async with self._database.begin() as tx:
            await tx.leases.release(NAME, self._holder)

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage, one article after the other: each may belong to the story that the one before it founded."""
        for task in tasks:
            try:
                await self._join(task)
            except BaseException:
                self._index = None  # it may have run ahead of the database
                raise

    async def _join(self, task: Task) -> None:
        id_ = ArticleId(task.key)
        async with self._database.read() as tx:
            article = next(iter(await tx.articles.get(task.owner, [id_])), None)
            vectors = await tx.articles.vectors(task.owner, [id_])
            reasons = await tx.articles.reasons(task.owner, id_) if article is not None else ()
        index = await self._reaching(self._clock.now() if article is None else article.published)
        stands = article is not None and article.withdrawn is None and article.set_aside is None
        if article is None or not stands or id_ not in vectors:
            await self._leave(index, task)
        else:
            await self._place(index, task, article, facts(article, reasons, vectors[id_]))

    async def _place(self, index: StoryIndex, task: Task, article: Article, own: JoinFacts) -> None:
        placement = await asyncio.to_thread(index.place, own)
        present = index.story_of(article.id)
        now = self._clock.now()
        async with self._writing() as tx:
            match placement:
                case Join(story=story, copy_of=copy_of, merges=merges):
                    for merge in merges:
                        await tx.stories.merge(merge.kept, merge.absorbed, now)
                        index.merge(merge.kept, merge.absorbed)
                    if story != present:
                        await tx.stories.attach(task.owner, story, article.id, copy_of=copy_of, at=now)
                case Found() if present is None:
                    story = await tx.stories.found(task.owner, article.id, relevance=0.0, relevant=False, at=now)
                case Found():
                    # Its words changed; a story once told stays together unless the article fits another better.
                    story = present
            index.add(story, task.owner, own)
            relevant = await self._decide(tx, index, story, task.owner)
            if relevant and may_read_page(article):
                await tx.tasks.put(Stage.PAGE, [article.id], task.owner)
            await tx.tasks.done(task)
        log.info("joined", article=article.id, story=story, relevant=relevant, founded=isinstance(placement, Found))

    async def _leave(self, index: StoryIndex, task: Task) -> None:
        """The article was withdrawn, set aside or never scored: it speaks for no story any more."""
        story = index.story_of(ArticleId(task.key))
        async with self._writing() as tx:
            if story is not None:
                index.remove(ArticleId(task.key))
                await self._decide(tx, index, story, task.owner)
            await tx.tasks.done(task)

    async def _decide(self, tx: Transaction, index: StoryIndex, story: StoryId, owner: Viewer) -> bool:
        """Decide the story anew from its articles, and have what follows done: its analysis, its articles' pages."""
        judged = index.judged(story) if story in index else ()
        decision = self._model.decide(judged)
        turned = await tx.stories.decide(story, relevance=decision.relevance, relevant=decision.relevant)
        if decision.relevant:
            await tx.tasks.put(Stage.ANALYSE, [story], owner)
        if decision.relevant and turned:
            coverage = await tx.stories.get(owner, story)
            members = coverage.members if coverage is not None else ()
            pages = [m.article.id for m in members if m.article.owner == owner and may_read_page(m.article)]
            await tx.tasks.put(Stage.PAGE, pages, owner)
        return decision.relevant

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[Transaction]:
        """A transaction that commits only while the lease is ours."""
        async with self._database.begin() as tx:
            if not await tx.leases.acquire(NAME, self._holder, LEASE):
                raise LeaseLost("another process joins articles into stories")
            yield tx

    async def _reaching(self, published: datetime) -> StoryIndex:
        """The index, with every story an article of that date could belong to.

        Built anew where it does not reach back so far (an old feed was taken in), then at least twice as far as
        before, so that a whole archive costs a few builds and not one an article.
        """
        needed = published - WINDOW
        if self._index is None or needed < self._since:
            now = self._clock.now()
            since = now - max(now - needed, 2 * (now - self._since), WINDOW)
            async with self._database.read() as tx:
                coverages = await tx.stories.window(since)
                index = self._new_index()
                for coverage in coverages:
                    await self._learn(tx, index, coverage)
            self._index, self._since = index, since
            log.info("stories loaded", stories=len(index), since=since.isoformat())
        return self._index

    async def _learn(self, tx: Transaction, index: StoryIndex, coverage: Coverage) -> None:
        for member in coverage.members:
            article = member.article
            vectors = await tx.articles.vectors(article.owner, [article.id])
            if article.id in vectors:
                reasons = await tx.articles.reasons(article.owner, article.id)
                index.add(coverage.story.id, coverage.story.owner, facts(article, reasons, vectors[article.id]))


def facts(article: Article, reasons: Sequence[str], vector: Vector) -> JoinFacts:
    """What joining needs of a scored article."""
    judged = Judged(relevance=article.relevance or 0.0, ai=article.mentions_ai, reasons=tuple(reasons))
    return JoinFacts(
        id=article.id,
        owner=article.owner,
        outlet=article.outlet.name,
        title=article.title,
        text=article.text,
        published=article.published,
        vector=vector,
        judged=judged,
    )
