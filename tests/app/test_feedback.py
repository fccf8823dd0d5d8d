"""Feedback changes what its community is told, and what nobody else is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.storage import SqlDatabase
from bot.app.feedback import Hearing
from bot.app.subject import NamedArticle, NamedStory, find_story, find_subject
from bot.core.community import COMMON, CommunityId
from bot.core.errors import InputError
from bot.core.story import StoryId
from tests.app.newsroom import STRIKE, SUIT, TODAY, WAGES, Newsroom, entry, rows
from tests.factories import GUILD, STUDIO, add_schedule, add_story, new_community, new_opinion

DAY = timedelta(days=1)


async def told(newsroom: Newsroom, community: CommunityId = GUILD) -> list[StoryId]:
    digest = await newsroom.telling.digest(community, TODAY - DAY, TODAY + DAY, most=9)
    return sorted(analysis.story for analysis in digest.analyses)


async def newsroom_with(newsroom: Newsroom, *told: tuple[str, str]) -> Hearing:
    """Each told by an outlet; both communities are there."""
    for number, one in enumerate(told, 1):
        await newsroom.subscribe(entry(one, number))
    await newsroom.work()
    async with newsroom.database.begin() as tx:
        for community in (GUILD, STUDIO):
            await tx.communities.ensure(new_community(community))
    return Hearing(newsroom.database, newsroom.clock)


async def story_of(newsroom: Newsroom, words: str) -> StoryId:
    async with newsroom.database.read() as tx:
        return await find_story(tx, COMMON, words)


async def test_a_story_called_not_relevant_is_not_told_there_and_told_elsewhere(
    newsroom: Newsroom, sqlite: SqlDatabase
) -> None:
    hearing = await newsroom_with(newsroom, STRIKE, SUIT)
    strike, suit = await story_of(newsroom, "screenwriters strike"), await story_of(newsroom, "novelists")
    before = await rows(sqlite, "stories", "articles")
    await hearing.say(GUILD, strike, relevant=False)
    assert (await told(newsroom), await told(newsroom, STUDIO)) == ([suit], sorted([strike, suit]))
    assert await rows(sqlite, "stories", "articles") == before, "the shared decision stands"
    await hearing.say(GUILD, strike, relevant=None)
    assert await told(newsroom) == sorted([strike, suit])


async def test_a_story_called_relevant_after_all_is_told_though_the_model_would_not(newsroom: Newsroom) -> None:
    hearing = await newsroom_with(newsroom, STRIKE, WAGES)
    strike, wages = await story_of(newsroom, "screenwriters strike"), await story_of(newsroom, "dockworkers")
    assert await told(newsroom) == [strike]
    await hearing.say(GUILD, wages, relevant=True)
    assert (await told(newsroom), await told(newsroom, STUDIO)) == (sorted([strike, wages]), [strike])


async def test_a_scheduled_digest_follows_the_feedback_too(newsroom: Newsroom) -> None:
    hearing = await newsroom_with(newsroom, STRIKE, SUIT, WAGES)
    strike, suit = await story_of(newsroom, "screenwriters strike"), await story_of(newsroom, "novelists")
    wages = await story_of(newsroom, "dockworkers")
    await hearing.say(GUILD, strike, relevant=False)
    await hearing.say(GUILD, wages, relevant=True)
    async with newsroom.database.begin() as tx:
        schedule = await add_schedule(tx, GUILD)
    digest = (await newsroom.drafting.draft(schedule, newsroom.clock.now())).digest
    assert sorted(analysis.story for analysis in digest.analyses) == sorted([suit, wages])


async def test_a_merged_story_keeps_the_last_word(newsroom: Newsroom) -> None:
    async with newsroom.database.begin() as tx:
        for community in (GUILD, STUDIO):
            await tx.communities.ensure(new_community(community))
        kept, absorbed = await add_story(tx), await add_story(tx)
        await tx.feedback.say(GUILD, new_opinion(kept, relevant=True, at=TODAY))
        await tx.feedback.say(GUILD, new_opinion(absorbed, at=TODAY + DAY))
        await tx.stories.merge(kept, absorbed, TODAY)
        (one,) = await tx.feedback.of(GUILD)
        assert (one.story, one.relevant) == (kept, False)
        await tx.feedback.say(GUILD, new_opinion(absorbed, relevant=True, at=TODAY + 2 * DAY))
        (one,) = await tx.feedback.of(GUILD)
        assert (one.story, one.relevant) == (kept, True)
        assert await tx.feedback.take_back(GUILD, absorbed)
        assert await tx.feedback.of(GUILD) == []
        assert not await tx.feedback.take_back(GUILD, kept)


async def test_what_a_person_names_is_found(newsroom: Newsroom) -> None:
    await newsroom_with(newsroom, STRIKE, SUIT)
    async with newsroom.database.read() as tx:
        for said in ("3", " #3 ", "story:3", "Story: 3"):
            assert await find_subject(tx, GUILD, said) == NamedStory(StoryId(3))
        assert await find_subject(tx, GUILD, "article:12") == NamedArticle(12)  # type: ignore[arg-type]
        strike = await find_story(tx, GUILD, "orbit Screenwriters' STRIKE")
        assert await find_story(tx, GUILD, "article:1") in (strike, await find_story(tx, GUILD, "novelists"))
        for said in ("", "?!", "walnuts", "negotiating", "story:", "article:999"):
            with pytest.raises(InputError):
                await find_story(tx, GUILD, said)


async def test_nothing_is_said_of_a_story_that_is_not_there(newsroom: Newsroom) -> None:
    hearing = await newsroom_with(newsroom)
    async with newsroom.database.begin() as tx:
        private = await add_story(tx, owner=STUDIO)
    for story in (StoryId(999), private):
        with pytest.raises(InputError, match="no story"):
            await hearing.say(GUILD, story, relevant=False)
