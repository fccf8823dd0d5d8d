"""The whole pipeline over a real database, with the outside played: for tests that walk through stages.

The relevance model is a plain one of the same kind as the trained one: what speaks of AI and of work is relevant,
with a probability of 0.95, and anything else is not, with 0.05. The story index is the shipped one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

import numpy as np
from sqlalchemy import Row, text

from adapters.models.shipped import load_gate, load_rarity, load_sides, new_story_index
from adapters.storage import SqlDatabase
from bot.app.alert import Alerting
from bot.app.analyses import Analyses
from bot.app.compose import Compose
from bot.app.correct import Correcting
from bot.app.deliver import Deliver
from bot.app.drafting import Drafting
from bot.app.explaining import Explaining
from bot.app.extractive import ExtractiveAnalyst
from bot.app.join import Joining
from bot.app.look import Look
from bot.app.loops import Loops
from bot.app.page import Page
from bot.app.poll import Poll
from bot.app.ports import Database, Stage
from bot.app.purge import Purge
from bot.app.remind import Reminding
from bot.app.review import Review
from bot.app.rules import Rules
from bot.app.score import Score
from bot.app.take_in import Terms
from bot.app.telling import Telling
from bot.app.work import Worker
from bot.cli.packs import packs
from bot.core.catalogue import Catalogue
from bot.core.community import COMMON, Viewer
from bot.core.desk.gate import Gate, Gated
from bot.core.desk.ranking import story_weight
from bot.core.desk.relevance import BUCKETS, Judged, RelevanceModel, Vector, features
from bot.core.desk.taste import taste_of
from bot.core.feed import Entry, FeedId
from bot.core.message.digest import digest_document
from bot.core.retention import Retention
from bot.core.story import Coverage
from bot.core.topic import Topics
from bot.core.watch.pack_names import PackNames
from tests.factories import add_feed
from tests.fakes import BagOfWords, FakeClock, FakeFeeds, FakePages, FakePlatform

TODAY = datetime(2100, 3, 10, 12, tzinfo=UTC)
"""The newsroom's day. It lies ahead of the databases' clocks, so nothing is due again before a test says so."""

GATE = load_gate()
NOWHERE = np.zeros(384, dtype=np.float32)
TERMS = Terms(
    catalogue=Catalogue(feeds=(), outlets=(), by_host={}),
    max_age=timedelta(days=30),
)


known_packs = cache(packs)
known_names = cache(lambda: PackNames(known_packs()))


class PlainModel(RelevanceModel):
    """AI, and work or people who do it: 0.95. Else: 0.05, or 0 where the gate turned it away."""

    def __init__(self, gate: Gate = GATE) -> None:
        blank = gate("", "")
        width = len(features(blank, NOWHERE, NOWHERE))
        super().__init__(
            examples=np.zeros((0, width), dtype=np.int8),
            pulls=np.zeros(0, dtype=np.float32),
            words=np.zeros(BUCKETS, dtype=np.float32),
            bias=0.0,
            threshold=0.5,
        )

    def judge(self, title: str, text: str, gated: Gated, vector: Vector, title_vector: Vector) -> Judged:
        judged = super().judge(title, text, gated, vector, title_vector)
        likely = 0.95 if gated.ai and (gated.work or gated.people) else 0.05
        return replace(judged, relevance=likely if gated.passed else 0.0)


class Newsroom:
    """One process's worth of stages. Several may share a database; `own` gives some stages a database of their own,
    such as one that fails."""

    def __init__(
        self,
        database: Database,
        *,
        holder: str = "one",
        platforms: Iterable[FakePlatform] = (),
        own: Mapping[Stage, Database] | None = None,
        terms: Terms = TERMS,
    ) -> None:
        def of(stage: Stage) -> Database:
            return (own or {}).get(stage, database)

        self.database = database
        self.holder = holder
        self.clock = FakeClock(TODAY)
        self.feeds = FakeFeeds()
        self.pages = FakePages()
        self.embedder = BagOfWords()
        self.platform = FakePlatform()
        self.model = PlainModel()
        self.tastes = partial(taste_of, threshold=self.model.threshold, rarity=load_rarity())
        self.engine = ExtractiveAnalyst(self.embedder, load_sides())
        self.analyses = Analyses(of(Stage.ANALYSE), {self.engine.engine: self.engine}, self.clock)
        self.explaining = Explaining(
            database,
            GATE,
            self.model,
            new_story_index,
            self.embedder,
            load_sides(),
            self.analyses,
            self.tastes,
            self.clock,
        )
        self.telling = Telling(database, self.analyses, story_weight, self.tastes)
        self.poll = Poll(of(Stage.POLL), self.feeds, self.clock, terms)
        self.score = Score(of(Stage.SCORE), GATE, self.model, self.embedder)
        self.page = Page(of(Stage.PAGE), self.pages, self.clock)
        self.look = Look(of(Stage.LOOK), self.pages, self.clock)
        self.joining = Joining(of(Stage.JOIN), self.model, new_story_index, self.clock, holder=holder)
        self.topics = Topics(known_packs)
        self.drafting = Drafting(of(Stage.COMPOSE), self.analyses, story_weight, self.tastes, self.topics)
        self.compose = Compose(of(Stage.COMPOSE), self.drafting, self.clock)
        self.review = Review(of(Stage.REVIEW), digest_document, self.clock)
        served = {platform.name: platform for platform in (self.platform, *platforms)}
        self.deliver = Deliver(of(Stage.DELIVER), served, self.clock)
        rules = Rules(known_names)
        self.alerting = Alerting(of(Stage.ALERT), known_packs, rules, self.clock)
        self.bundling = Alerting(of(Stage.BUNDLE), known_packs, rules, self.clock)
        self.correcting = Correcting(of(Stage.CORRECT), digest_document, self.alerting, self.clock)
        self.telling_errata = Correcting(of(Stage.ERRATUM), digest_document, self.alerting, self.clock)
        self.cards = Review(of(Stage.CARD), digest_document, self.clock)
        self.reminding = Reminding(of(Stage.REMIND), self.clock, "Europe/London")
        self.purge = Purge(of(Stage.PURGE), Retention(), self.clock)

    def workers(self) -> tuple[Worker, ...]:
        def worker(stage: Stage, handler: Any, **options: Any) -> Worker:
            return Worker(self.database, stage, handler, holder=self.holder, **options)

        return (
            worker(Stage.POLL, self.poll.handle, aside=self.poll.set_aside),
            worker(Stage.SCORE, self.score.handle, batch=32),
            worker(Stage.PAGE, self.page.handle),
            worker(Stage.JOIN, self.joining.handle, claim=32, permit=self.joining.permit),
            worker(Stage.ANALYSE, self.analyses.handle),
            worker(Stage.COMPOSE, self.compose.handle),
            worker(Stage.REVIEW, self.review.handle),
            worker(Stage.DELIVER, self.deliver.handle, lost=None),
            worker(Stage.ALERT, self.alerting.handle),
            worker(Stage.BUNDLE, self.bundling.bundle),
            worker(Stage.REMIND, self.reminding.handle),
            worker(Stage.CORRECT, self.correcting.handle),
            worker(Stage.ERRATUM, self.telling_errata.tell),
            worker(Stage.LOOK, self.look.handle),
            worker(Stage.CARD, self.cards.redraw),
            worker(Stage.PURGE, self.purge.handle),
        )

    def loops(self, *stages: Stage, **options: Any) -> Loops:
        workers = [worker for worker in self.workers() if not stages or worker.stage in stages]
        return Loops(self.database, workers, holder=self.holder, **options)

    async def work(self, *stages: Stage) -> None:
        """These stages, or all of them, until nothing is due."""
        await self.loops(*stages).once()

    async def subscribe(self, *entries: Entry, owner: Viewer = COMMON, **fields: Any) -> FeedId:
        """A new feed that publishes these, due at once."""
        async with self.database.begin() as tx:
            feed = await add_feed(tx, owner=owner, **fields)
        self.feeds.publish(feed, *entries)
        return feed

    async def publish(self, feed: FeedId, *entries: Entry, owner: Viewer = COMMON, **more: Any) -> None:
        """The feed says something new and is due."""
        self.feeds.publish(feed, *entries, **more)
        async with self.database.begin() as tx:
            await tx.tasks.put(Stage.POLL, [feed], owner)

    async def stories(self, viewer: Viewer = COMMON) -> list[Coverage]:
        """What is told of this day and the days around it, as a viewer sees it."""
        async with self.database.read() as tx:
            around = timedelta(days=40)
            return list(await tx.stories.published(viewer, TODAY - around, TODAY + around))

    async def waiting(self, stage: Stage, *, within: timedelta = timedelta(days=3650)) -> int:
        """Tasks that fall due within that, by the database's clock."""
        async with self.database.read() as tx:
            return await tx.tasks.waiting(stage, until=await tx.now() + within)

    async def parked(self) -> list[tuple[Stage, int, str]]:
        async with self.database.read() as tx:
            return list(await tx.tasks.parked())


async def rows(database: SqlDatabase, *tables: str) -> dict[str, list[tuple[Any, ...]]]:
    """Whole tables, to compare two runs by: without what the database's clock wrote into the outbox, and how often it
    tried."""
    async with database.read() as tx:
        found = {table: (await tx.sql.connection.execute(text(f"SELECT * FROM {table}"))).all() for table in tables}
    return {table: sorted((_lasting(table, row) for row in read), key=repr) for table, read in found.items()}


def _lasting(table: str, row: Row[Any]) -> tuple[Any, ...]:
    return tuple(value for name, value in row._mapping.items() if table not in _OUTBOX or name not in _OF_A_RUN)


_OUTBOX = {"deliveries", "delivery_parts"}
_OF_A_RUN = {"queued_at", "finished_at", "not_before", "attempts", "since"}


STRIKE = (
    "Screenwriters strike over AI scripts at Orbit Pictures",
    "Screenwriters at Orbit Pictures walked out on Monday over the studio's use of artificial intelligence to draft"
    " scripts. The guild said 400 screenwriters joined the strike. Orbit Pictures said it would keep negotiating.",
)
STRIKE_TOO = (
    "Orbit Pictures screenwriters walk out over AI scripts",
    "About 400 screenwriters at Orbit Pictures went on strike on Monday over artificial intelligence that drafts"
    " scripts, their guild said. The studio said it would keep negotiating.",
)
SUIT = (
    "Novelists sue Quillmark over AI training on their books",
    "Eleven novelists sued Quillmark in a federal court on Tuesday, saying the company trained its artificial"
    " intelligence on their books without pay. The authors ask for damages. Quillmark declined to comment.",
)
HARVEST = (
    "Walnut harvest breaks a record",
    "Growers in the valley brought in more walnuts than ever before.",
)
WAGES = (
    "Dockworkers ratify a contract with higher wages",
    "Dockworkers voted on Friday to ratify a contract that raises wages by nine percent over three years.",
)


def entry(told: tuple[str, str] = STRIKE, number: int = 1, **fields: Any) -> Entry:
    """An entry that tells one of the stories above; `number` tells outlets' entries apart."""
    title, summary = told
    return Entry(
        **{
            "guid": f"entry-{number}",
            "url": f"https://outlet{number}.example/news/{number}",
            "title": title,
            "summary": summary,
            "published": TODAY - timedelta(hours=1),
            **fields,
        }
    )
