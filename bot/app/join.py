"""Stage 3, join: which story an article belongs to, decided by one process at a time.

Joining in parallel would found the same story twice, so whoever holds the lease "join" does it, with the stories of
the window in memory (`bot.core.desk.story_index`). The database stays the truth: the index is built from it when the
lease is won, follows each commit, and is thrown away when a commit fails or the lease was not held all the time since:
somebody else may have joined meanwhile, and even have given the lease back.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.app.ports import Clock, Database, Stage, Task, Transaction, Vector
from bot.app.saga import predecessor
from bot.app.score import PAGE_WORTH, may_read_page
from bot.core.article import Article, ArticleId
from bot.core.community import COMMON, Viewer
from bot.core.desk.relevance import Judged, RelevanceModel
from bot.core.desk.story_index import Found, Join, JoinFacts, StoryIndex
from bot.core.errors import LeaseLost
from bot.core.story import Coverage, StoryId

WINDOW = timedelta(days=10)
"""A story without a new article for this long is over; what follows is a new story in the same saga."""
LEASE = timedelta(minutes=2)
NAME = "join"
TIDY = timedelta(days=1)
"""How often stories that are over are dropped from memory."""
SLICE = 200
"""Articles put into a new index before the lease is looked after again."""

log = structlog.get_logger(__name__)


class Joining:
    """Holds the lease and the index. `new_index` makes an empty one; `loaded` is called after each time it was filled
    from the database: what is in it then stays for long."""

    def __init__(
        self,
        database: Database,
        model: RelevanceModel,
        new_index: Callable[[], StoryIndex],
        clock: Clock,
        *,
        holder: str,
        lease: timedelta = LEASE,
        loaded: Callable[[], None] | None = None,
    ) -> None:
        self._database = database
        self._model = model
        self._new_index = new_index
        self._clock = clock
        self._holder = holder
        self._lease = lease
        self._loaded = loaded
        self._ours_until: datetime | None = None
        """By the database's clock, and rather too early: until then nobody else can have had the lease."""
        self._memory: _Memory | None = None
        self._lapses = 0

    async def permit(self) -> bool:
        """Win or keep the lease; whoever gets False leaves joining to another process."""
        if self._ours_until is not None:
            async with self._database.read() as tx:
                if await tx.now() < self._ours_until - self._lease / 2:
                    return True  # no need to write once a second
        async with self._database.begin() as tx:
            held = await self._hold(tx)
        return held

    async def release(self) -> None:
        """Let another process join at once."""
        self._let_go()
        async with self._database.begin() as tx:
            await tx.leases.release(NAME, self._holder)

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage, one article after the other: each may belong to the story that the one before it founded.

        Raises LeaseLost where another process joins, or may have joined meanwhile.
        """
        for task in tasks:
            try:
                await self._join(task)
            except BaseException:
                self._let_go()  # memory and belief may have run ahead of the database
                raise

    async def _join(self, task: Task) -> None:
        id_ = ArticleId(task.key)
        async with self._database.read() as tx:
            article = next(iter(await tx.articles.get(task.owner, [id_])), None)
            vectors = await tx.articles.vectors(task.owner, [id_])
            present = await tx.stories.of_article(task.owner, id_)
        index = await self._reaching(self._clock.now() if article is None else article.published)
        stands = article is not None and article.withdrawn is None and article.set_aside is None
        if article is None or not stands or id_ not in vectors:
            await self._leave(index, task, present)
        else:
            await self._place(index, task, article, facts(article, vectors[id_]), present)

    async def _place(
        self, index: StoryIndex, task: Task, article: Article, own: JoinFacts, present: StoryId | None
    ) -> None:
        placement = await asyncio.to_thread(index.place, own, within=WINDOW)
        now = self._clock.now()
        async with self._writing(index) as tx:
            absorbed = set()
            match placement:
                case Join(story=story, copy_of=copy_of, merges=merges, loose=loose):
                    for merge in merges:
                        await tx.stories.merge(merge.kept, merge.absorbed, now)
                        for copy in index.merge(merge.kept, merge.absorbed):
                            await tx.stories.attach(copy.owner, merge.kept, copy.article, copy_of=copy.copy_of, at=now)
                        absorbed.add(merge.absorbed)
                    await tx.stories.attach(task.owner, story, article.id, copy_of=copy_of, at=now)
                    await tx.tasks.put(Stage.JOIN, loose, task.owner)
                case Found(follows=before) if present is None or (present in index and not index.fits(own, present)):
                    if before is None or before == present:
                        before = await predecessor(tx, task.owner, article, own.vector)
                    story = await tx.stories.found(
                        task.owner, article.id, relevance=0.0, relevant=False, at=now, follows=before
                    )
                case Found():
                    # Its words changed; a story once told stays together unless the article is a loose end in it, or
                    # fits another better.
                    story = present
                    await self._recall(tx, index, story)
            index.add(story, task.owner, own)
            relevant = await self._decide(tx, index, story, task.owner)
            if present is not None and present != story and present not in absorbed:
                await self._recall(tx, index, present)
                await self._decide(tx, index, present, task.owner)
            if relevant and _page_wanted_now(article):
                await tx.tasks.put(Stage.PAGE, [article.id], task.owner)
            await tx.tasks.done(task)
        log.info("joined", article=article.id, story=story, relevant=relevant, founded=isinstance(placement, Found))

    async def _leave(self, index: StoryIndex, task: Task, present: StoryId | None) -> None:
        """The article was withdrawn, set aside or never scored: it speaks for no story any more."""
        async with self._writing(index) as tx:
            index.remove(ArticleId(task.key))
            if present is not None:
                await self._recall(tx, index, present)
                await self._decide(tx, index, present, task.owner)
            await tx.tasks.done(task)

    async def _decide(self, tx: Transaction, index: StoryIndex, story: StoryId, owner: Viewer) -> bool:
        """Decide the story anew from its articles, and have what follows done: its analysis, its articles' pages, and
        alerts; those also for a story that is not about AI and work, since a watch may ask for everything."""
        judged = index.judged(story) if story in index else ()
        decision = self._model.decide(judged)
        turned = await tx.stories.decide(story, relevance=decision.relevance, relevant=decision.relevant)
        if decision.relevant:
            await tx.tasks.put(Stage.ANALYSE, [story], owner)
        if await tx.watches.pipeline_any():
            await tx.tasks.put(Stage.ALERT, [story], COMMON)
        if decision.relevant and turned:
            coverage = await tx.stories.whole(story)
            members = coverage.members if coverage is not None else ()
            pages = [m.article.id for m in members if m.article.owner == owner and _page_wanted_now(m.article)]
            await tx.tasks.put(Stage.PAGE, pages, owner)
        return decision.relevant

    # --- the lease ---------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _writing(self, index: StoryIndex) -> AsyncIterator[Transaction]:
        """A transaction that commits only while the lease is ours, and was ever since `index` was built."""
        async with self._database.begin() as tx:
            if not await self._hold(tx) or self._memory is None or self._memory.index is not index:
                raise LeaseLost("another process joins articles into stories")
            yield tx

    async def _hold(self, tx: Transaction) -> bool:
        """Take or extend the lease. Unless it has been ours without a gap, what is in memory is forgotten."""
        before = await tx.now()
        held = await tx.leases.acquire(NAME, self._holder, self._lease)
        if not held or self._ours_until is None or await tx.now() >= self._ours_until:
            self._let_go()
        if held:
            self._ours_until = before + self._lease
        return held

    def _let_go(self) -> None:
        self._lapses += 1
        self._memory = None
        self._ours_until = None

    # --- the memory --------------------------------------------------------------------------------------

    async def _reaching(self, published: datetime) -> StoryIndex:
        """The index, with every story an article of that date could belong to.

        Built anew where it does not reach back so far (an old feed was taken in), then at least twice as far as
        before, so that a whole archive costs a few builds and not one an article.
        """
        now, needed = self._clock.now(), published - WINDOW
        memory = self._memory
        if memory is None:
            memory = await self._load(min(needed, now - WINDOW))
        elif needed < memory.since:
            memory = await self._load(min(needed, now - 2 * (now - memory.since)))
        elif now - memory.tidied > TIDY:
            memory.since = max(memory.since, min(needed, now - 2 * WINDOW))
            memory.tidied = now
            await asyncio.to_thread(memory.index.forget_before, memory.since)
        return memory.index

    async def _load(self, since: datetime) -> _Memory:
        if not await self.permit():
            raise LeaseLost("another process joins articles into stories")
        lapses = self._lapses
        async with self._database.read() as tx:
            known = await _known(tx, await tx.stories.window(since))
        index = self._new_index()
        for start in range(0, len(known), SLICE):
            await asyncio.to_thread(_learn, index, known[start : start + SLICE])
            if not await self.permit():
                raise LeaseLost("another process joins articles into stories")
        if self._lapses != lapses:
            raise LeaseLost("the lease ran out while the stories were loaded")
        self._memory = _Memory(index=index, since=since, tidied=self._clock.now())
        if self._loaded is not None:
            self._loaded()
        log.info("stories loaded", stories=len(index), since=since.isoformat())
        return self._memory

    async def _recall(self, tx: Transaction, index: StoryIndex, story: StoryId) -> None:
        """Have a story in the index that was not: none of its articles stood when the index was built."""
        if story not in index:
            coverage = await tx.stories.whole(story)
            _learn(index, await _known(tx, [] if coverage is None else [coverage]))


@dataclass(slots=True)
class _Memory:
    """`index` knows every story with an article published since then; `tidied` is when it was last made smaller."""

    index: StoryIndex
    since: datetime
    tidied: datetime


_Known = tuple[StoryId, Viewer, JoinFacts]
"""A story, whose it is, and one of its articles."""


async def _known(tx: Transaction, coverages: Iterable[Coverage]) -> list[_Known]:
    """The scored articles of these stories, with a query an owner and not one an article."""
    coverages = list(coverages)
    owners: defaultdict[Viewer, list[ArticleId]] = defaultdict(list)
    for coverage in coverages:
        for member in coverage.members:
            owners[member.article.owner].append(member.article.id)
    vectors: dict[ArticleId, Vector] = {}
    for owner, articles in owners.items():
        vectors |= await tx.articles.vectors(owner, articles)
    return await asyncio.to_thread(_with_vectors, coverages, vectors)


def _with_vectors(coverages: Iterable[Coverage], vectors: Mapping[ArticleId, Vector]) -> list[_Known]:
    return [
        (coverage.story.id, coverage.story.owner, facts(member.article, vectors[member.article.id]))
        for coverage in coverages
        for member in coverage.members
        if member.article.id in vectors
    ]


def _learn(index: StoryIndex, known: Iterable[_Known]) -> None:
    for story, owner, own in known:
        index.add(story, owner, own)


def _page_wanted_now(article: Article) -> bool:
    """Whether being in a story about AI and work makes its page worth reading; for what was worth it before, scoring
    has asked already, and a page that could not be had is not asked for twice."""
    return may_read_page(article) and (article.relevance or 0.0) < PAGE_WORTH


def facts(article: Article, vector: Vector) -> JoinFacts:
    """What joining needs of a scored article; the reasons are for people and stay in the database."""
    return JoinFacts(
        id=article.id,
        owner=article.owner,
        outlet=article.outlet.name,
        title=article.title,
        text=article.text,
        published=article.published,
        vector=vector,
        judged=Judged(relevance=article.relevance or 0.0, ai=article.mentions_ai, reasons=()),
    )
