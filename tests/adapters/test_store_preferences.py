"""What a community chose not to read is in none of its coverages and searches, over both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.storage import SqlDatabase, SqlTransaction
from bot.core.article import ArticleId
from bot.core.choices import Choices
from bot.core.community import COMMON, Viewer
from bot.core.feed import FeedId
from bot.core.story import StoryId
from tests.factories import (
    GUILD,
    NOON,
    STUDIO,
    add_article,
    add_feed,
    add_story,
    new_article,
    new_community,
    new_outlet,
)

LATER = NOON + timedelta(days=1)


async def told(tx: SqlTransaction, viewer: Viewer = GUILD) -> list[ArticleId]:
    """The articles that the viewer's stories and searches show: by each way of asking, which must agree."""
    published = await tx.stories.published(viewer, NOON, LATER)
    assert await tx.stories.updated(viewer, NOON) == published
    assert [await tx.stories.get(viewer, coverage.story.id) for coverage in published] == published
    found = sorted(member.article.id for coverage in published for member in coverage.members)
    assert sorted(article.id for article in await tx.articles.search(viewer, "writers", limit=100)) == found
    return found


async def open_for_guild(tx: SqlTransaction) -> None:
    await tx.communities.ensure(new_community(GUILD))
    await tx.communities.ensure(new_community(STUDIO))


async def from_feeds(tx: SqlTransaction, *feeds: FeedId, owner: Viewer = COMMON, **fields: object) -> ArticleId:
    """An article that each of these feeds carries."""
    article = await add_article(tx, feed=feeds[0], owner=owner, **fields)
    for feed in feeds[1:]:
        await tx.articles.seen_in(owner, article, feed, [])
    return article


async def test_with_nothing_chosen_everything_is_read(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await open_for_guild(tx)
        article = await add_article(tx)
        await add_story(tx, article)
        assert await tx.preferences.of(GUILD) == Choices()
        assert await told(tx) == [article]


async def test_what_came_through_switched_off_feeds_alone_is_not_shown(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await open_for_guild(tx)
        off, on = await add_feed(tx), await add_feed(tx)
        gone, both, kept = await from_feeds(tx, off), await from_feeds(tx, off, on), await from_feeds(tx, on)
        await add_story(tx, gone, both, kept)
        await tx.preferences.switch_feed(GUILD, off, on=False)
        assert await told(tx) == [both, kept]
        assert await told(tx, STUDIO) == await told(tx, COMMON) == [gone, both, kept]
        await tx.preferences.switch_feed(GUILD, off, on=None)
        assert await told(tx) == [gone, both, kept]


async def test_a_desk_takes_its_feeds_along_save_one_that_is_wanted(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await open_for_guild(tx)
        trades, wanted, tech, none = [await add_feed(tx, desk=desk) for desk in ("trades", "trades", "tech", None)]
        articles = [await from_feeds(tx, feed) for feed in (trades, wanted, tech, none)]
        for article in articles:
            await add_story(tx, article)
        await tx.preferences.switch_desk(GUILD, "trades", on=False)
        assert await told(tx) == articles[2:]
        await tx.preferences.switch_feed(GUILD, wanted, on=True)
        assert await told(tx) == articles[1:]
        await tx.preferences.switch_feed(GUILD, tech, on=False)
        assert await told(tx) == [articles[1], articles[3]]
        await tx.preferences.switch_desk(GUILD, "trades", on=True)
        assert await told(tx) == [articles[0], articles[1], articles[3]]


async def test_a_hidden_outlet_goes_and_the_story_that_others_tell_stays(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await open_for_guild(tx)
        feed = await add_feed(tx)
        hidden = await from_feeds(tx, feed, outlet=new_outlet("The Daily Shout"))
        other = await from_feeds(tx, feed, outlet=new_outlet("The Quiet Post"))
        story = await add_story(tx, hidden, other)
        await tx.stories.attach(COMMON, story, other, copy_of=hidden, at=NOON)
        await add_story(tx, await from_feeds(tx, feed, outlet=new_outlet("The Daily Shout")))
        await tx.preferences.show_outlet(GUILD, "The Daily Shout", shown=False)
        assert await told(tx) == [other]
        coverage = await tx.stories.get(GUILD, story)
        assert coverage is not None
        assert [member.copy_of for member in coverage.members] == [None]
        assert len(await told(tx, STUDIO)) == 3
        await tx.preferences.show_outlet(GUILD, "The Daily Shout", shown=True)
        assert len(await told(tx)) == 3


async def test_a_story_of_nothing_else_is_not_told(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await open_for_guild(tx)
        feed = await add_feed(tx, owner=GUILD)
        common, private = await add_article(tx), await from_feeds(tx, feed, owner=GUILD)
        story = await add_story(tx, common)
        await tx.stories.attach(GUILD, story, private, copy_of=None, at=NOON)
        await tx.preferences.show_outlet(GUILD, "The Daily Slug", shown=False)
        assert await tx.stories.get(GUILD, story) is None
        assert await told(tx) == []
        assert await told(tx, STUDIO) == [common]


async def test_what_is_told_of_a_time_needs_a_shown_article_in_it(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await open_for_guild(tx)
        old = await add_article(tx, published=NOON - timedelta(days=3))
        new = await add_article(tx, outlet=new_outlet("The Daily Shout"))
        await add_story(tx, old, new)
        await tx.preferences.show_outlet(GUILD, "The Daily Shout", shown=False)
        assert await tx.stories.published(GUILD, NOON, LATER) == []
        assert len(await tx.stories.published(GUILD, NOON - timedelta(days=4), LATER)) == 1


async def test_joining_sees_everything_whosever_eyes_are_shut(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await open_for_guild(tx)
        feed = await add_feed(tx, owner=GUILD)
        common, private = await add_article(tx), await from_feeds(tx, feed, owner=GUILD)
        story = await add_story(tx, common)
        await tx.stories.attach(GUILD, story, private, copy_of=None, at=NOON)
        await tx.preferences.switch_feed(GUILD, feed, on=False)
        whole = await tx.stories.whole(story)
        assert whole is not None
        assert [member.article.id for member in whole.members] == [common, private]
        assert await tx.stories.window(NOON) == [whole]
        assert [article.id for article in await tx.articles.get(GUILD, [private])] == [private]
        assert await tx.stories.of_article(GUILD, private) == story
        assert await tx.stories.whole(StoryId(story + 1)) is None


async def test_choices_are_kept_as_they_were_made_last(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await open_for_guild(tx)
        one, two = await add_feed(tx), await add_feed(tx, owner=GUILD)
        await tx.preferences.switch_feed(GUILD, one, on=False)
        await tx.preferences.switch_feed(GUILD, one, on=True)
        await tx.preferences.switch_feed(GUILD, two, on=False)
        await tx.preferences.switch_desk(GUILD, "courts", on=False)
        await tx.preferences.switch_desk(GUILD, "tech", on=False)
        await tx.preferences.switch_desk(GUILD, "tech", on=True)
        await tx.preferences.show_outlet(GUILD, "Ünlaut \ud800", shown=False)
    async with database.read() as tx:
        assert await tx.preferences.of(GUILD) == Choices(
            desks_off=frozenset({"courts"}), feeds={one: True, two: False}, hidden=frozenset({"Ünlaut \ufffd"})
        )
        assert await tx.preferences.of(STUDIO) == Choices()


async def test_a_feed_that_is_not_seen_cannot_be_switched(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await open_for_guild(tx)
        foreign = await add_feed(tx, owner=STUDIO)
        with pytest.raises(LookupError):
            await tx.preferences.switch_feed(GUILD, foreign, on=False)


async def test_a_removed_feed_that_was_off_stays_off(database: SqlDatabase) -> None:
    """Its articles stay with us; that they were not wanted stays true."""
    async with database.begin() as tx:
        await open_for_guild(tx)
        feed = await add_feed(tx)
        await add_story(tx, await from_feeds(tx, feed))
        await tx.preferences.switch_feed(GUILD, feed, on=False)
        await tx.feeds.remove(COMMON, feed)
        assert await told(tx) == []


async def test_outlets_of_late_are_named_whether_hidden_or_not(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await open_for_guild(tx)
        feed = await add_feed(tx)
        for name, published in (("B", NOON), ("A", NOON), ("A", NOON), ("Old", NOON - timedelta(days=100))):
            await tx.articles.add(new_article(feed, outlet=new_outlet(name), published=published))
        await tx.preferences.show_outlet(GUILD, "A", shown=False)
        assert await tx.articles.outlets(GUILD, NOON) == ["A", "B"]
