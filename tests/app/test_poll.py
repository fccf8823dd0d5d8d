"""Visits to feeds: articles and validators together or not at all, nothing twice, edits and retractions as such."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage import SqlDatabase
from bot.app.ports import Stage
from bot.app.subscriptions import ingest, subscribe
from bot.app.take_in import Taken
from bot.app.work import ATTEMPTS, Worker
from bot.core import strings
from bot.core.article import Article, ArticleId
from bot.core.community import COMMON, Viewer
from bot.core.errors import StoreError
from bot.core.feed import Failed, Feed, FeedId, FeedState, Fetched, Unchanged, Validators, Visit
from tests.app.newsroom import HARVEST, STRIKE, STRIKE_TOO, SUIT, TERMS, TODAY, Newsroom, entry
from tests.factories import GUILD, STUDIO, add_feed, new_feed
from tests.fakes import FakeClock, Interrupted, fetched


async def articles(newsroom: Newsroom, viewer: Viewer = COMMON) -> Sequence[Article]:
    async with newsroom.database.read() as tx:
        found = await tx.articles.get(viewer, [ArticleId(number) for number in range(1, 50)])
    return sorted(found, key=lambda article: article.id)


async def feed_now(newsroom: Newsroom, feed: FeedId, viewer: Viewer = COMMON) -> Feed:
    async with newsroom.database.read() as tx:
        found = await tx.feeds.get(viewer, feed)
    assert found is not None
    return found


async def test_a_visit_stores_articles_and_validators_and_hands_the_articles_on(newsroom: Newsroom) -> None:
    feed = await newsroom.subscribe()
    newsroom.feeds.publish(feed, entry(STRIKE, 1), entry(SUIT, 2), etag='"one"')
    await newsroom.work(Stage.POLL)
    assert [article.title for article in await articles(newsroom)] == [STRIKE[0], SUIT[0]]
    assert (await feed_now(newsroom, feed)).validators == Validators(etag='"one"')
    assert await newsroom.waiting(Stage.SCORE) == 2
    assert await newsroom.waiting(Stage.POLL) == 1, "due again later"


async def test_articles_and_validators_commit_together_or_not_at_all(sqlite: SqlDatabase) -> None:
    def fail() -> None:
        raise StoreError("gone away")

    newsroom = Newsroom(sqlite, own={Stage.POLL: Interrupted(sqlite, 1, "before", fail)})
    feed = await newsroom.subscribe()
    newsroom.feeds.publish(feed, entry(STRIKE, 1), etag='"one"')
    await newsroom.work(Stage.POLL)
    assert await articles(newsroom) == []
    assert (await feed_now(newsroom, feed)).validators == Validators()
    await newsroom.publish(feed, entry(STRIKE, 1), etag='"one"')
    await newsroom.work(Stage.POLL)
    assert len(await articles(newsroom)) == 1
    assert (await feed_now(newsroom, feed)).validators == Validators(etag='"one"')
    assert await newsroom.waiting(Stage.SCORE) == 1


async def test_a_feed_that_publishes_everything_again_yields_nothing(newsroom: Newsroom) -> None:
    feed = await newsroom.subscribe(entry(STRIKE, 1), entry(SUIT, 2))
    await newsroom.work(Stage.POLL, Stage.SCORE)
    before = await articles(newsroom)
    again = [entry(SUIT, 2, published=TODAY), entry(STRIKE, 1, published=None, guid="new-guid")]
    await newsroom.publish(feed, *again)
    await newsroom.work(Stage.POLL)
    assert [(a.id, a.revision, a.title) for a in await articles(newsroom)] == [(a.id, 1, a.title) for a in before]
    assert await newsroom.waiting(Stage.SCORE) == 0


async def test_an_archive_that_was_too_old_and_is_re_dated_yields_nothing(database: SqlDatabase) -> None:
    newsroom = Newsroom(database)
    old = [entry(told, number, published=TODAY - timedelta(days=90)) for number, told in enumerate((SUIT, HARVEST), 2)]
    feed = await newsroom.subscribe(entry(STRIKE, 1), *old)
    await newsroom.work(Stage.POLL)
    for _ in range(2):
        redated = [replace(one, published=TODAY, guid=f"new {one.guid}") for one in old]
        await newsroom.publish(feed, entry(STRIKE, 1), *redated)
        await newsroom.work(Stage.POLL)
    assert [article.title for article in await articles(newsroom)] == [STRIKE[0]]
    async with database.begin() as tx:
        assert set(await tx.feeds.bygones(COMMON, [feed])) == {feed}
        await tx.feeds.remove(COMMON, feed)
        assert await tx.feeds.bygones(COMMON, [feed]) == {}


async def test_an_edit_is_a_revision_a_new_version_of_the_story_and_a_new_analysis(newsroom: Newsroom) -> None:
    feed = await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    (before,) = await newsroom.stories()
    first = await newsroom.analyses.of(COMMON, before)
    edited = STRIKE[1].replace("400 screenwriters", "450 screenwriters")
    await newsroom.publish(feed, entry((STRIKE[0], edited), 1))
    await newsroom.work()
    (after,) = await newsroom.stories()
    async with newsroom.database.read() as tx:
        (old,) = await tx.articles.revisions(COMMON, after.members[0].article.id)
    assert (old.summary, after.members[0].article.summary) == (STRIKE[1], edited)
    assert after.story.version == before.story.version + 1
    second = await newsroom.analyses.of(COMMON, after)
    assert (first.version, second.version) == (before.story.version, after.story.version)
    assert any("450" in claim.text for claim in second.claims())
    assert not any("400" in claim.text for claim in second.claims())


async def test_a_retracted_article_leaves_its_story(newsroom: Newsroom) -> None:
    feed = await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.subscribe(entry(STRIKE_TOO, 2))
    await newsroom.work()
    await newsroom.publish(feed, deleted=("entry-1",))
    await newsroom.work()
    (story,) = await newsroom.stories()
    assert [member.article.title for member in story.members] == [STRIKE_TOO[0]]


async def test_a_story_with_nothing_left_is_told_no_more(newsroom: Newsroom) -> None:
    feed = await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    (story,) = await newsroom.stories()
    await newsroom.publish(feed, entry((f"[Retracted] {STRIKE[0]}", STRIKE[1]), 1))
    await newsroom.work()
    assert await newsroom.stories() == []
    async with newsroom.database.read() as tx:
        assert await tx.stories.get(COMMON, story.story.id) is None
        (kept,) = await tx.stories.updated(COMMON, TODAY - timedelta(days=1)) or (None,)
    assert kept is None


async def test_a_feed_that_was_removed_is_visited_no_more_and_nothing_of_a_visit_on_its_way_is_kept(
    newsroom: Newsroom,
) -> None:
    feed = await newsroom.subscribe(entry(STRIKE, 1))
    answered = newsroom.feeds.visit

    async def visit_while_it_is_removed(one: Feed) -> object:
        async with newsroom.database.begin() as tx:
            assert await tx.feeds.remove(COMMON, one.id)
        return await answered(one)

    newsroom.poll._reader = type("Reader", (), {"visit": staticmethod(visit_while_it_is_removed)})()
    await newsroom.work(Stage.POLL)
    assert await articles(newsroom) == []
    assert await newsroom.waiting(Stage.POLL) == 0
    assert newsroom.feeds.visited == [feed]


async def test_a_feed_that_is_gone_is_not_visited_again(newsroom: Newsroom) -> None:
    feed = await newsroom.subscribe()
    newsroom.feeds.visits[feed] = Failed(reason="gone for good", gone=True)
    await newsroom.work(Stage.POLL)
    assert (await feed_now(newsroom, feed)).health.state is FeedState.GONE
    async with newsroom.database.read() as tx:
        assert await tx.tasks.waiting(Stage.POLL, until=TODAY + timedelta(days=3650)) == 0


async def test_an_unchanged_or_failing_feed_changes_no_article_and_keeps_its_etag(newsroom: Newsroom) -> None:
    feed = await newsroom.subscribe()
    newsroom.feeds.publish(feed, entry(STRIKE, 1), etag='"one"')
    await newsroom.work(Stage.POLL)
    for visit in (Unchanged(validators=Validators(etag='"one"')), Failed(reason="time-out")):
        newsroom.feeds.visits[feed] = visit
        async with newsroom.database.begin() as tx:
            await tx.tasks.put(Stage.POLL, [feed], COMMON)
        await newsroom.work(Stage.POLL)
        assert (await feed_now(newsroom, feed)).validators.etag == '"one"'
        assert len(await articles(newsroom)) == 1


async def test_one_feed_that_breaks_us_does_not_keep_the_others_from_being_read(newsroom: Newsroom) -> None:
    bad = await newsroom.subscribe()
    newsroom.feeds.visits[bad] = RuntimeError("a bug")
    await newsroom.subscribe(entry(SUIT, 2))
    for _ in range(5):
        await newsroom.work(Stage.POLL)
        async with newsroom.database.begin() as tx:
            await tx.tasks.put(Stage.POLL, [bad], COMMON)
    assert [article.title for article in await articles(newsroom)] == [SUIT[0]]
    await newsroom.work(Stage.POLL)
    assert newsroom.feeds.visited.count(bad) == 6, "five attempts, and one after it was put again"


async def test_one_article_in_two_feeds_is_one_article(newsroom: Newsroom) -> None:
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work(Stage.POLL)
    assert len(await articles(newsroom)) == 1


async def test_of_visits_that_end_together_one_to_a_removed_feed_undoes_no_other(newsroom: Newsroom) -> None:
    feeds = [await newsroom.subscribe(entry(STRIKE, 1)), await newsroom.subscribe(entry(SUIT, 2))]
    answered = newsroom.feeds.visit

    async def visit_while_one_is_removed(one: Feed) -> Visit:
        if one.id == feeds[0]:
            async with newsroom.database.begin() as tx:
                await tx.feeds.remove(COMMON, one.id)
        return await answered(one)

    newsroom.poll._reader = type("Reader", (), {"visit": staticmethod(visit_while_one_is_removed)})()
    worker = Worker(newsroom.database, Stage.POLL, newsroom.poll.handle, holder="one", concurrency=2)
    await worker.drain()
    assert [article.title for article in await articles(newsroom)] == [SUIT[0]]
    assert await newsroom.waiting(Stage.POLL) == 1


@pytest.mark.parametrize("again", [True, False])
async def test_a_feed_that_is_set_aside_says_so_and_comes_back_when_it_is_added_anew(
    newsroom: Newsroom, again: bool
) -> None:
    feed = await newsroom.subscribe(owner=GUILD, url="https://a.example/feed")
    newsroom.feeds.visits[feed] = RuntimeError("a bug of ours")
    for _ in range(ATTEMPTS):
        assert (await feed_now(newsroom, feed, GUILD)).health.state is FeedState.NEW
        async with newsroom.database.begin() as tx:
            await tx.tasks.put(Stage.POLL, [feed], GUILD)
        await newsroom.work(Stage.POLL)
    stopped = (await feed_now(newsroom, feed, GUILD)).health
    assert (stopped.state, stopped.error, stopped.since) == (
        FeedState.FAILING,
        strings.notices.READING_FAILED,
        newsroom.clock.time,
    )
    newsroom.feeds.publish(feed, entry(STRIKE, 1))
    if again:
        assert await subscribe(newsroom.database, [new_feed("https://a.example/feed", owner=GUILD)]) == (0, 1)
    await newsroom.work(Stage.POLL)
    assert (await feed_now(newsroom, feed, GUILD)).health.state is (FeedState.HEALTHY if again else FeedState.FAILING)


async def test_a_private_feeds_articles_are_its_communitys_even_where_they_are_common_too(newsroom: Newsroom) -> None:
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.subscribe(entry(STRIKE, 1), entry(HARVEST, 2), owner=GUILD)
    await newsroom.work(Stage.POLL)
    assert [article.owner for article in await articles(newsroom)] == [COMMON]
    assert [article.owner for article in await articles(newsroom, GUILD)] == [COMMON, GUILD, GUILD]
    assert [article.owner for article in await articles(newsroom, STUDIO)] == [COMMON]


async def test_a_feed_from_a_file_is_taken_in_and_never_visited(newsroom: Newsroom) -> None:
    visit = fetched(entry(STRIKE, 1))
    assert isinstance(visit, Fetched)
    for taken in (Taken(new=1), Taken()):
        assert await ingest(newsroom.database, FakeClock(TODAY), [("file:///a.xml", visit.parsed)], TERMS) == taken
    await newsroom.work(Stage.POLL)
    assert newsroom.feeds.visited == []


async def test_a_subscription_is_added_once(newsroom: Newsroom) -> None:
    one, two = new_feed("https://a.example/feed"), new_feed("https://b.example/feed")
    assert await subscribe(newsroom.database, [one, two]) == (2, 0)
    assert await subscribe(newsroom.database, [one, new_feed("https://c.example/feed")]) == (1, 1)


@pytest.mark.parametrize("both", [True, False])
async def test_two_processes_meet_one_article_and_keep_it_once(database: SqlDatabase, both: bool) -> None:
    """Two feeds that carry the same article, visited at the same moment by two processes."""
    import asyncio

    rooms = [Newsroom(database, holder=holder) for holder in ("one", "two")]
    async with database.begin() as tx:
        feeds = [await add_feed(tx, owner=GUILD if not both else COMMON) for _ in range(6)]
    for room in rooms:
        for feed in feeds:
            room.feeds.publish(feed, entry(STRIKE, 1), entry(SUIT, 2))
    await asyncio.gather(*(room.work(Stage.POLL) for room in rooms))
    assert len(await articles(rooms[0], GUILD)) == 2
    assert sorted(rooms[0].feeds.visited + rooms[1].feeds.visited) == sorted(feeds)
