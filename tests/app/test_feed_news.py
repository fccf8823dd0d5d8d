"""Whoever added a feed is told once that it is lost, and once that it is back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from adapters.storage import SqlDatabase
from bot.app.ports import Stage
from bot.app.work import ATTEMPTS
from bot.core.community import COMMON, LOCAL, CommunityId, Viewer
from bot.core.feed import Failed, FeedId, Visit
from bot.core.message.document import Document, Prose, Text
from tests.app.newsroom import Newsroom, entry
from tests.factories import GUILD, STUDIO, add_schedule, new_feed
from tests.fakes import fetched

TOKEN = "https://private.example/feed?token=hunter2"
LOST = Failed(reason="503: the server is not available now")
FOUND = fetched(entry())


def told(newsroom: Newsroom) -> list[str]:
    return [document.summary for document in newsroom.platform.documents["channel-1"]]


def words(document: Document) -> str:
    texts = [
        each.text
        for block in document.blocks
        if isinstance(block, Prose)
        for each in block.content
        if isinstance(each, Text)
    ]
    return "".join(texts)


async def visit(newsroom: Newsroom, feed: FeedId, visit: Visit, *, owner: Viewer, after: timedelta) -> None:
    """Move time on, have the feed due, and let it answer so."""
    newsroom.clock.advance(after)
    newsroom.feeds.visits[feed] = visit
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.POLL, [feed], owner)
    await newsroom.work(Stage.POLL, Stage.DELIVER)


async def visits(newsroom: Newsroom, feed: FeedId, answers: Sequence[Visit], *, owner: Viewer = GUILD) -> None:
    """Half a day apart."""
    for answer in answers:
        await visit(newsroom, feed, answer, owner=owner, after=timedelta(hours=12))


async def open_for(database: SqlDatabase, *communities: CommunityId) -> Newsroom:
    """A newsroom whose communities have a channel each."""
    async with database.begin() as tx:
        for community in communities:
            await add_schedule(tx, community)
    return Newsroom(database)


async def test_a_feed_that_failed_for_a_day_is_told_once_and_once_that_it_is_back(database: SqlDatabase) -> None:
    newsroom = await open_for(database, GUILD)
    feed = await newsroom.subscribe(owner=GUILD, title="The Guild Letter", url=TOKEN)
    await visits(newsroom, feed, [FOUND, LOST, LOST])
    assert told(newsroom) == []
    await visits(newsroom, feed, [LOST, LOST, LOST])
    (lost,) = newsroom.platform.documents["channel-1"]
    assert lost.summary.startswith("A feed cannot be read: ")
    assert "The Guild Letter" in lost.summary
    assert "503: the server is not available now" in words(lost)
    await visits(newsroom, feed, [FOUND, FOUND, LOST])
    assert [summary.partition(":")[0] for summary in told(newsroom)] == ["A feed cannot be read", "A feed is back"]


async def test_a_feed_that_was_set_aside_is_told_once_and_once_that_it_is_back(database: SqlDatabase) -> None:
    newsroom = await open_for(database, GUILD)
    feed = await newsroom.subscribe(owner=GUILD, url=TOKEN)
    newsroom.feeds.visits[feed] = RuntimeError(f"a bug of ours in {TOKEN}")
    for _ in range(ATTEMPTS):
        async with database.begin() as tx:
            await tx.tasks.put(Stage.POLL, [feed], GUILD)
        await newsroom.work(Stage.POLL, Stage.DELIVER)
    (document,) = newsroom.platform.documents["channel-1"]
    assert "It is not asked any more" in words(document)
    assert "hunter2" not in repr(document)
    newsroom.feeds.visits[feed] = FOUND
    async with database.begin() as tx:
        await tx.feeds.add(new_feed(TOKEN, owner=GUILD))
    await newsroom.work(Stage.POLL, Stage.DELIVER)
    assert [summary.partition(":")[0] for summary in told(newsroom)] == ["A feed cannot be read", "A feed is back"]


async def test_once_holds_for_a_process_that_starts_anew(database: SqlDatabase) -> None:
    first = await open_for(database, GUILD)
    feed = await first.subscribe(owner=GUILD)
    await visits(first, feed, [LOST, LOST, LOST])
    second = Newsroom(database, holder="two")
    second.clock.time = first.clock.time
    await visits(second, feed, [LOST, FOUND])
    assert len(told(first)) == 1
    assert [summary.partition(":")[0] for summary in told(second)] == ["A feed is back"]


async def test_a_visit_that_is_not_recorded_tells_nothing(database: SqlDatabase) -> None:
    """The notice and the visit commit together: whoever lost the task to another process has told nobody."""
    newsroom = await open_for(database, GUILD)
    feed = await newsroom.subscribe(owner=GUILD)
    await visits(newsroom, feed, [LOST, LOST])
    newsroom.clock.advance(timedelta(hours=12))
    async with database.begin() as tx:
        await tx.tasks.put(Stage.POLL, [feed], GUILD)
        stale = await tx.tasks.claim(Stage.POLL, "dead", 1, timedelta(0))
    await newsroom.work(Stage.POLL)
    with pytest.raises(Exception, match="another"):
        await Newsroom(database).poll.handle(stale)
    async with database.read() as tx:
        assert await tx.tasks.waiting(Stage.DELIVER) == 1


async def test_a_feed_that_is_gone_is_told_at_once(database: SqlDatabase) -> None:
    newsroom = await open_for(database, GUILD)
    feed = await newsroom.subscribe(owner=GUILD)
    await visits(newsroom, feed, [Failed(reason="410: gone for good", gone=True)])
    assert [summary.partition(":")[0] for summary in told(newsroom)] == ["A feed is gone"]


async def test_a_feed_that_was_gone_is_tried_again_when_somebody_adds_it_anew(database: SqlDatabase) -> None:
    newsroom = await open_for(database, GUILD)
    feed = await newsroom.subscribe(owner=GUILD, url=TOKEN)
    await visits(newsroom, feed, [Failed(reason="410: gone for good", gone=True)])
    newsroom.feeds.visits[feed] = FOUND
    async with database.begin() as tx:
        assert await tx.feeds.add(new_feed(TOKEN, owner=GUILD)) == (feed, False)
    await newsroom.work(Stage.POLL, Stage.DELIVER)
    assert [summary.partition(":")[0] for summary in told(newsroom)] == ["A feed is gone", "A feed is back"]


async def test_a_private_feed_is_its_communitys_news_and_a_common_one_the_terminals(database: SqlDatabase) -> None:
    newsroom = await open_for(database, GUILD, STUDIO, LOCAL)
    private, common = await newsroom.subscribe(owner=GUILD), await newsroom.subscribe()
    await visits(newsroom, private, [LOST, LOST, LOST])
    await visits(newsroom, common, [LOST, LOST, LOST], owner=COMMON)
    async with database.read() as tx:
        for community, delivery in ((GUILD, 1), (LOCAL, 2)):
            assert await tx.deliveries.get(community, delivery) is not None  # type: ignore[arg-type]
        assert await tx.tasks.waiting(Stage.DELIVER, until=await tx.now() + timedelta(days=1)) == 0
    assert len(told(newsroom)) == 2


@pytest.mark.parametrize("reason", [f"cannot read {TOKEN}", "no server of that name was found"])
async def test_the_address_of_a_private_feed_is_never_shown(database: SqlDatabase, reason: str) -> None:
    newsroom = await open_for(database, GUILD)
    feed = await newsroom.subscribe(owner=GUILD, url=TOKEN, title=TOKEN)
    await visits(newsroom, feed, [Failed(reason=reason)] * 3 + [FOUND])
    documents = newsroom.platform.documents["channel-1"]
    assert len(documents) == 2
    assert "hunter2" not in repr(documents)
    assert "private.example" not in repr(documents)


async def test_where_nobody_can_be_told_nobody_counts_as_told(database: SqlDatabase) -> None:
    newsroom = Newsroom(database)
    feed = await newsroom.subscribe(owner=GUILD)
    await visits(newsroom, feed, [LOST, LOST, LOST])
    assert told(newsroom) == []
    async with database.begin() as tx:
        await add_schedule(tx, GUILD)
    await visits(newsroom, feed, [LOST, LOST])
    assert len(told(newsroom)) == 1


async def test_a_machine_without_a_network_tells_of_no_feed(database: SqlDatabase) -> None:
    """A hundred feeds that all fail are one trouble, and it is ours; once others can be read again, what still fails
    is told."""
    newsroom = await open_for(database, LOCAL)
    feeds = [await newsroom.subscribe() for _ in range(7)]
    for _ in range(4):
        newsroom.clock.advance(timedelta(hours=12))
        for feed in feeds:
            await visit(newsroom, feed, LOST, owner=COMMON, after=timedelta(0))
    assert told(newsroom) == []
    await visit(newsroom, feeds[0], FOUND, owner=COMMON, after=timedelta(0))
    for feed in feeds[1:3]:
        await visit(newsroom, feed, LOST, owner=COMMON, after=timedelta(0))
    assert [summary.partition(":")[0] for summary in told(newsroom)] == ["A feed cannot be read"] * 2
