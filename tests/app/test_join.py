"""Joining: one story an event, by one process at a time, whatever was forgotten, lost or taken back meanwhile."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from adapters.models.shipped import new_story_index
from adapters.storage import SqlDatabase
from bot.app.join import Joining, facts
from bot.app.ports import PageText, Stage, Vector
from bot.core.article import Article
from bot.core.community import COMMON, Viewer
from bot.core.desk.story_index import Found, Join, JoinFacts, Merge, Placement, StoryIndex
from bot.core.errors import LeaseLost, StoreError
from bot.core.story import StoryId
from tests.app.newsroom import HARVEST, STRIKE, STRIKE_TOO, SUIT, TERMS, TODAY, WAGES, Newsroom, entry
from tests.factories import add_feed, new_article, new_vector
from tests.fakes import Interrupted

DEMANDS = ("credit", "pay", "residuals", "names", "drafts", "rewrites", "training", "consent", "models", "appeals") * 4


class Reads:
    """A database that counts how often the stories of the window are loaded."""

    def __init__(self, database: SqlDatabase) -> None:
        self.database = database
        self.indexes = 0

    def new_index(self) -> StoryIndex:
        self.indexes += 1
        return new_story_index()


def joining(database: SqlDatabase, holder: str) -> Joining:
    return Newsroom(database, holder=holder).joining


async def scored(newsroom: Newsroom, *told: tuple[str, str]) -> None:
    """Articles that wait to be joined, in this order."""
    for number, one in enumerate(told, 1):
        await newsroom.subscribe(entry(one, number))
        await newsroom.work(Stage.POLL, Stage.SCORE)


async def join_next(database: SqlDatabase, one: Joining) -> None:
    """As its worker would do it: claim the next article and join it, or give it back."""
    async with database.begin() as tx:
        tasks = await tx.tasks.claim(Stage.JOIN, "worker", 1, timedelta(minutes=5))
    try:
        await one.handle(tasks)
    finally:
        async with database.begin() as tx:
            await tx.tasks.release("worker")


async def expire(database: SqlDatabase, holder: Joining) -> None:
    """Two minutes pass by the database's clock: the lease has run out, and who held it can tell by that clock."""
    async with database.begin() as tx:
        await tx.sql.execute(text("UPDATE leases SET until = 1"))
    holder._ours_until = datetime(1971, 1, 1, tzinfo=UTC)


async def sizes(newsroom: Newsroom) -> list[int]:
    """How many articles each story has, whether relevant or not."""
    async with newsroom.database.read() as tx:
        return sorted(len(coverage.members) for coverage in await tx.stories.window(TODAY - timedelta(days=30_000)))


async def test_reports_of_one_event_are_one_story_and_noise_is_none_that_is_told(newsroom: Newsroom) -> None:
    await scored(newsroom, STRIKE, HARVEST, STRIKE_TOO, SUIT, WAGES)
    await newsroom.work()
    told = [sorted(member.article.title for member in coverage.members) for coverage in await newsroom.stories()]
    assert told == [sorted([STRIKE[0], STRIKE_TOO[0]]), [SUIT[0]]]


async def test_only_one_process_joins_at_a_time(database: SqlDatabase) -> None:
    one, two = joining(database, "one"), joining(database, "two")
    assert await one.permit()
    assert not await two.permit()
    assert await one.permit()
    await one.release()
    assert await two.permit()
    assert not await one.permit()


async def test_two_processes_in_turn_never_found_one_story_twice(database: SqlDatabase) -> None:
    """Each has joined before, so each has stories in memory that lack what the other joined since."""
    newsroom = Newsroom(database)
    await scored(newsroom, STRIKE, SUIT, STRIKE_TOO, SUIT, STRIKE)
    one, two = joining(database, "one"), joining(database, "two")
    for turn in (one, two, one, two, one):
        assert await turn.permit()
        await join_next(database, turn)
        await turn.release()
    assert await sizes(newsroom) == [2, 3]


async def test_a_process_that_slept_while_another_joined_and_left_forgets_what_it_knew(database: SqlDatabase) -> None:
    """The lease is free again when it wakes, so taking it proves nothing."""
    newsroom = Newsroom(database)
    await scored(newsroom, WAGES, STRIKE, STRIKE_TOO)
    sleeper, other = joining(database, "sleeper"), joining(database, "other")
    assert await sleeper.permit()
    await join_next(database, sleeper)
    await expire(database, sleeper)
    assert await other.permit()
    await join_next(database, other)
    await other.release()
    while True:
        try:
            await join_next(database, sleeper)
            break
        except LeaseLost:
            assert await sleeper.permit()
    assert await sizes(newsroom) == [1, 2]


async def test_a_process_whose_lease_ran_out_writes_nothing(database: SqlDatabase) -> None:
    newsroom = Newsroom(database)
    await scored(newsroom, STRIKE)
    slow, other = joining(database, "slow"), joining(database, "other")
    assert await slow.permit()
    await expire(database, slow)
    assert await other.permit()
    with pytest.raises(LeaseLost):
        await join_next(database, slow)
    assert await sizes(newsroom) == []
    await join_next(database, other)
    assert await sizes(newsroom) == [1]


async def test_many_processes_at_once_found_each_story_once(database: SqlDatabase) -> None:
    rooms = [Newsroom(database, holder=f"room {number}") for number in range(3)]
    await scored(rooms[0], STRIKE, SUIT, STRIKE_TOO, SUIT, STRIKE, STRIKE_TOO)

    async def work(room: Newsroom) -> None:
        while await room.waiting(Stage.JOIN):
            await room.work(Stage.JOIN)
            await room.joining.release()

    await asyncio.wait_for(asyncio.gather(*map(work, rooms)), timeout=60)
    assert await sizes(rooms[0]) == [2, 4]
    assert await rooms[0].parked() == []


async def test_a_failed_commit_leaves_no_trace_in_memory(sqlite: SqlDatabase) -> None:
    def fail() -> None:
        raise StoreError("gone away")

    # One transaction for the lease, one for the article.
    newsroom = Newsroom(sqlite, own={Stage.JOIN: Interrupted(sqlite, 2, "before", fail)})
    await scored(newsroom, STRIKE, STRIKE_TOO)
    await newsroom.work(Stage.JOIN)
    async with sqlite.begin() as tx:
        await tx.tasks.put(Stage.JOIN, [1, 2], COMMON)
    await newsroom.work(Stage.JOIN)
    assert await sizes(newsroom) == [2]


async def test_an_archive_rebuilds_the_index_a_few_times_not_once_an_article(sqlite: SqlDatabase) -> None:
    newsroom = Newsroom(sqlite, terms=replace(TERMS, max_age=None))
    reads = Reads(sqlite)
    newsroom.joining = Joining(sqlite, newsroom.model, reads.new_index, newsroom.clock, holder="one")
    old = [
        entry(SUIT, number, published=TODAY - timedelta(days=40 * number), guid=f"old-{number}")
        for number in range(1, 61)
    ]
    await newsroom.subscribe(*old)
    await newsroom.work(Stage.POLL, Stage.SCORE, Stage.JOIN)
    assert len(await sizes(newsroom)) == 60, "forty days apart, the same words are another event"
    assert reads.indexes <= 9


async def test_errors_do_not_make_the_index_reach_further_and_further_back(sqlite: SqlDatabase) -> None:
    newsroom = Newsroom(sqlite)
    one = newsroom.joining
    await scored(newsroom, STRIKE)
    assert await one.permit()
    for _ in range(40):
        await one.release()
        await one._reaching(TODAY)
    assert one._memory is not None
    assert one._memory.since == TODAY - timedelta(days=10)


async def test_what_is_over_is_forgotten_and_joined_no_more(sqlite: SqlDatabase) -> None:
    """A process that has run for weeks decides as one that has just started."""
    newsroom = Newsroom(sqlite)
    await scored(newsroom, STRIKE)
    await newsroom.work(Stage.JOIN)
    assert newsroom.joining._memory is not None
    index = newsroom.joining._memory.index
    for days in (0, 11):
        newsroom.clock.advance(timedelta(days=days))
        await newsroom.subscribe(entry(STRIKE_TOO, 10 + days, published=newsroom.clock.now()))
        await newsroom.work(Stage.POLL, Stage.SCORE, Stage.JOIN)
        await asyncio.sleep(0)
    assert await sizes(newsroom) == [1, 2]
    newsroom.clock.advance(timedelta(days=25))
    await newsroom.subscribe(entry(SUIT, 30, published=newsroom.clock.now()))
    await newsroom.work(Stage.POLL, Stage.SCORE, Stage.JOIN)
    assert len(index) == 1, "only the new one is remembered"


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_story_is_decided_anew_when_the_article_it_rested_on_is_withdrawn(
    sqlite: SqlDatabase, restarted: bool
) -> None:
    """Also where the index was built after the withdrawal and never knew the article."""
    newsroom = Newsroom(sqlite)
    plain = (
        "Screenwriters strike at Orbit Pictures",
        STRIKE[1].replace(" over the studio's use of artificial intelligence to draft scripts", " at noon"),
    )
    feed = await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.subscribe(entry(plain, 2))
    await newsroom.work()
    assert len(await newsroom.stories()) == 1
    await newsroom.publish(feed, deleted=("entry-1",))
    await newsroom.work(Stage.POLL)
    if restarted:
        await newsroom.joining.release()
        newsroom = Newsroom(sqlite, holder="two")
    await newsroom.work()
    assert await sizes(newsroom) == [1], "it still tells of a strike"
    assert await newsroom.stories() == [], "but no longer of AI"


async def test_an_article_that_moves_to_another_story_leaves_the_first_decided_without_it(newsroom: Newsroom) -> None:
    plain = (
        "Orbit Pictures screenwriters walk out",
        "About 400 screenwriters at Orbit Pictures went on strike on"
        " Monday, their guild said. The studio said it would keep negotiating.",
    )
    feed = await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.subscribe(entry(plain, 2))
    await newsroom.subscribe(entry(SUIT, 3))
    await newsroom.work()
    assert await sizes(newsroom) == [1, 2]
    await newsroom.publish(feed, entry(SUIT, 1))
    await newsroom.work()
    (story,) = await newsroom.stories()
    assert [member.article.title for member in story.members] == [SUIT[0], SUIT[0]]
    assert await sizes(newsroom) == [1, 2]


async def test_an_article_back_on_its_subject_is_back_in_its_story(sqlite: SqlDatabase) -> None:
    """Edited off the subject, it was set aside and forgotten; the story it was in is still its story."""
    newsroom = Newsroom(sqlite)
    feed = await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    (before,) = await newsroom.stories()
    await newsroom.publish(feed, entry(HARVEST, 1))
    await newsroom.work()
    assert await newsroom.stories() == []
    await newsroom.joining.release()
    await newsroom.publish(feed, entry(STRIKE, 1))
    await newsroom.work()
    (after,) = await newsroom.stories()
    assert after.story.id == before.story.id


async def test_a_page_that_shows_a_wire_copy_makes_it_known_as_one(newsroom: Newsroom) -> None:
    """Both outlets' teasers differ; only the pages show that it is one text."""
    demands = [f"Demand {number} of the guild is about {what} in scripts." for number, what in enumerate(DEMANDS)]
    page = "\n\n".join([STRIKE[1], *demands])
    for number, told in ((1, STRIKE), (2, STRIKE_TOO)):
        await newsroom.subscribe(entry(told, number))
        url = f"https://outlet{number}.example/news/{number}"
        newsroom.pages.answers[url] = [PageText(text=page, title=told[0], language="en")]
    await newsroom.work(Stage.POLL, Stage.SCORE, Stage.JOIN)
    (teasers,) = await newsroom.stories()
    assert [member.copy_of for member in teasers.members] == [None, None]
    await newsroom.work()
    (pages,) = await newsroom.stories()
    assert [member.copy_of for member in pages.members] == [None, pages.members[0].article.id]
    assert pages.story.version > teasers.story.version


async def test_a_merge_keeps_the_older_id_and_the_other_leads_to_it(newsroom: Newsroom) -> None:
    await scored(newsroom, STRIKE, SUIT)
    await newsroom.work()
    async with newsroom.database.begin() as tx:
        await tx.stories.merge(StoryId(1), StoryId(2), TODAY)
    await newsroom.joining.release()
    await newsroom.subscribe(entry(SUIT, 5))
    await newsroom.work()
    async with newsroom.database.read() as tx:
        kept, led = await tx.stories.get(COMMON, StoryId(1)), await tx.stories.get(COMMON, StoryId(2))
    assert kept is not None
    assert kept == led
    assert len(kept.members) == 3


async def test_a_wire_copy_in_a_merged_story_is_known_as_one(sqlite: SqlDatabase) -> None:
    """Joined apart, neither could be seen to repeat the other; then it is one voice, not two."""
    newsroom = Newsroom(sqlite)
    for number, told in enumerate((STRIKE, STRIKE, STRIKE_TOO), 1):
        await newsroom.subscribe(entry(told, number))
    index = Apart(new_story_index())
    newsroom.joining = Joining(sqlite, newsroom.model, lambda: index, newsroom.clock, holder="one")
    await newsroom.work()
    (story,) = await newsroom.stories()
    copies = {member.article.id: member.copy_of for member in story.members}
    assert copies == {1: None, 2: 1, 3: None}


class Apart(StoryIndex):
    """Takes the first reports for stories of their own, and the last one for what makes them one."""

    def __init__(self, like: StoryIndex) -> None:
        super().__init__(like._affinity, like._least)

    def place(self, facts: JoinFacts, *, within: timedelta | None = None) -> Placement:
        if len(self) < 2:
            return Found()
        return Join(story=StoryId(1), score=1.0, merges=(Merge(kept=StoryId(1), absorbed=StoryId(2)),))


class Knocking(StoryIndex):
    """While it learns an article, knocks at the event loop and waits until the loop has answered."""

    def __init__(self, like: StoryIndex, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(like._affinity, like._least)
        self._loop = loop
        self.answers = 0

    def add(self, story: StoryId, owner: Viewer, facts: JoinFacts) -> None:
        asyncio.run_coroutine_threadsafe(self._answer(), self._loop).result(timeout=60)
        super().add(story, owner, facts)

    async def _answer(self) -> None:
        self.answers += 1


async def test_loading_many_stories_does_not_hold_the_event_loop(
    sqlite: SqlDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers in the midst of learning each story; were it held, the first knock would never be heard. What is
    learnt is not made in its thread either."""
    made_in = set()

    def watched(article: Article, vector: Vector) -> JoinFacts:
        made_in.add(threading.get_ident())
        return facts(article, vector)

    monkeypatch.setattr("bot.app.join.facts", watched)
    newsroom = Newsroom(sqlite)
    async with sqlite.begin() as tx:
        feed = await add_feed(tx)
        new = [new_article(feed, published=TODAY, title=f"{STRIKE[0]} {n}", content=STRIKE[1]) for n in range(200)]
        for article in await tx.articles.add_many(new):
            vector = new_vector(article)
            await tx.articles.set_score(COMMON, article, relevance=0.9, mentions_ai=True, reasons=(), vector=vector)
            await tx.stories.found(COMMON, article, relevance=0.9, relevant=True, at=TODAY)
    index = Knocking(new_story_index(), asyncio.get_running_loop())
    newsroom.joining = Joining(sqlite, newsroom.model, lambda: index, newsroom.clock, holder="one")
    assert len(await newsroom.joining._reaching(TODAY)) == 200
    assert index.answers == 200
    assert made_in
    assert threading.get_ident() not in made_in
