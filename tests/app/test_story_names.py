"""Completing the name of a story while it is typed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.community import COMMON, Viewer
from tests.app.conversation import Conversation, converse
from tests.app.newsroom import TODAY, Newsroom
from tests.factories import STUDIO, add_article, add_feed, new_outlet

DAY = timedelta(days=1)


@pytest.fixture
async def talk(newsroom: Newsroom) -> Conversation:
    return await converse(newsroom)


async def told(talk: Conversation, *titles: str, at: timedelta = -DAY, owner: Viewer = COMMON) -> str:
    """The number of a new story of articles with these titles."""
    async with talk.newsroom.database.begin() as tx:
        feed = await add_feed(tx, owner=owner)
        articles = [
            await add_article(
                tx, owner=owner, feed=feed, title=title, published=TODAY + at, outlet=new_outlet(f"Outlet of {title}")
            )
            for title in titles
        ]
        first, *others = articles
        story = await tx.stories.found(owner, first, relevance=0.9, relevant=True, at=TODAY + at)
        for article in others:
            await tx.stories.attach(owner, story, article, copy_of=None, at=TODAY + at)
    return str(story)


async def named(talk: Conversation, typed: str) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in await talk.complete("story", "story", typed)]


async def test_a_word_that_is_not_finished_names_the_stories_that_hold_it_those_that_begin_with_it_first(
    talk: Conversation,
) -> None:
    begins = await told(talk, "Writers strike over scripts", at=-3 * DAY)
    holds = await told(talk, "Studios meet the writers", "A deal is near")
    assert await named(talk, "wri") == [(begins, "Writers strike over scripts"), (holds, "Studios meet the writers")]
    assert await named(talk, "Writers str") == [(begins, "Writers strike over scripts")]
    assert await named(talk, "deal nea") == [(holds, "A deal is near")]
    assert await named(talk, "scri wri") == []


async def test_before_anything_is_typed_the_stories_that_changed_last_are_named_by_their_first_title(
    talk: Conversation,
) -> None:
    older = await told(talk, "Writers strike", at=-3 * DAY)
    newer = await told(talk, "Studios meet the writers", "A deal is near")
    assert await named(talk, "") == [(newer, "Studios meet the writers"), (older, "Writers strike")]
    assert await named(talk, "?!") == await named(talk, "")


async def test_an_old_story_is_named_by_whole_words(talk: Conversation) -> None:
    old = await told(talk, "Writers strike over scripts", at=-400 * DAY)
    assert await named(talk, "strike scripts") == [(old, "Writers strike over scripts")]
    assert await named(talk, "scri") == []


async def test_neither_anothers_story_nor_one_of_hidden_outlets_alone_is_named(talk: Conversation) -> None:
    await told(talk, "Writers strike over scripts", owner=STUDIO)
    await told(talk, "Writers meet")
    await talk.say("outlets hide Outlet of Writers meet")
    assert await named(talk, "writers") == []
    assert await named(talk, "wri") == []
