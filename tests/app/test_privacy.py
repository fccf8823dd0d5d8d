"""What comes through a community's private feed is seen by that community, and felt by no other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.storage import SqlDatabase
from bot.app.ports import PageText, Stage
from bot.core.community import COMMON, CommunityId, Viewer
from bot.core.story import Coverage
from tests.app.newsroom import HARVEST, STRIKE, STRIKE_TOO, SUIT, TODAY, Newsroom, entry
from tests.factories import GUILD, STUDIO

DAY = timedelta(days=1)
SECRET = "Orbit Pictures executives privately called the artificial intelligence scripts of the screenwriters weak."
PRIVATE = (STRIKE_TOO[0], f"{STRIKE_TOO[1]} {SECRET}")
PLAIN = (
    "Screenwriters walk out at Orbit Pictures",
    "About 400 screenwriters at Orbit Pictures walked out on Monday, their guild said. Orbit Pictures said it would"
    " keep negotiating.",
)


async def told(newsroom: Newsroom, community: CommunityId) -> str:
    """All of a digest, as one string."""
    digest = await newsroom.telling.digest(community, TODAY - DAY, TODAY + DAY, most=9)
    return repr(digest)


async def seen(newsroom: Newsroom, viewer: Viewer) -> list[Coverage]:
    return await newsroom.stories(viewer)


async def test_a_private_article_is_told_to_its_community_only(newsroom: Newsroom) -> None:
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    before = await seen(newsroom, STUDIO)
    await newsroom.subscribe(entry(PRIVATE, 2), owner=GUILD)
    await newsroom.work()
    assert SECRET in await told(newsroom, GUILD)
    for stranger in (STUDIO, COMMON):
        assert await seen(newsroom, stranger) == before, "not a version, not a time, not a number moved"
    assert SECRET not in await told(newsroom, STUDIO)


async def test_whoever_asks_first_the_private_analysis_stays_private(newsroom: Newsroom) -> None:
    """The stage makes the analysis ready as the owner sees it: it must not be found by others."""
    await newsroom.subscribe(entry(PRIVATE, 2), owner=GUILD)
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    assert SECRET in await told(newsroom, GUILD)
    assert SECRET not in await told(newsroom, STUDIO)
    assert SECRET in await told(newsroom, GUILD)


async def test_a_private_story_is_not_there_for_others_and_common_reports_do_not_join_it(newsroom: Newsroom) -> None:
    await newsroom.subscribe(entry(PRIVATE, 1), owner=GUILD)
    await newsroom.work()
    assert len(await seen(newsroom, GUILD)) == 1
    assert await seen(newsroom, STUDIO) == []
    await newsroom.subscribe(entry(STRIKE, 2))
    await newsroom.work()
    (common,) = await seen(newsroom, STUDIO)
    assert [member.article.owner for member in common.members] == [COMMON]


@pytest.mark.parametrize("private_first", [True, False])
async def test_a_private_article_does_not_make_a_common_story_one_about_ai(
    newsroom: Newsroom, private_first: bool
) -> None:
    feeds = [(entry(PRIVATE, 1), GUILD), (entry(PLAIN, 2), COMMON)]
    for one, owner in feeds if private_first else feeds[::-1]:
        await newsroom.subscribe(one, owner=owner)
        await newsroom.work()
    assert await seen(newsroom, STUDIO) == []


async def test_two_communities_with_the_same_private_article_do_not_meet(newsroom: Newsroom) -> None:
    for owner in (GUILD, STUDIO):
        await newsroom.subscribe(entry(PRIVATE, 1), owner=owner)
    await newsroom.work()
    for viewer in (GUILD, STUDIO):
        (story,) = await seen(newsroom, viewer)
        assert [member.article.owner for member in story.members] == [viewer]


@pytest.mark.parametrize("change", ["edited", "retracted", "off the subject"])
async def test_whatever_becomes_of_a_private_article_others_notice_nothing(sqlite: SqlDatabase, change: str) -> None:
    newsroom = Newsroom(sqlite)
    await newsroom.subscribe(entry(STRIKE, 1))
    feed = await newsroom.subscribe(entry(PRIVATE, 2), owner=GUILD)
    await newsroom.work()
    before = await seen(newsroom, STUDIO)
    own = await seen(newsroom, GUILD)
    newsroom.clock.advance(timedelta(hours=3))
    if change == "retracted":
        await newsroom.publish(feed, owner=GUILD, deleted=("entry-2",))
    else:
        words = SUIT if change == "edited" else HARVEST
        await newsroom.publish(feed, entry((PRIVATE[0] if change == "edited" else words[0], words[1]), 2), owner=GUILD)
    await newsroom.work()
    assert await seen(newsroom, STUDIO) == before
    assert await seen(newsroom, GUILD) != own


async def test_a_private_copy_is_not_named_as_what_a_common_article_copies(newsroom: Newsroom) -> None:
    long = STRIKE[1] + " " + SUIT[1] + " " + " ".join(f"The guild made demand number {n} again." for n in range(40))
    await newsroom.subscribe(entry(PLAIN, 1))
    await newsroom.subscribe(entry((STRIKE[0], long), 2), owner=GUILD)
    await newsroom.subscribe(entry((STRIKE[0], long), 3))
    await newsroom.work()
    for viewer in (STUDIO, COMMON):
        assert all(member.copy_of is None for story in await seen(newsroom, viewer) for member in story.members)


async def test_a_private_page_is_read_for_its_owner_and_kept_from_others(newsroom: Newsroom) -> None:
    url = "https://outlet2.example/news/2"
    newsroom.pages.answers[url] = [PageText(text=f"{STRIKE_TOO[1]} {SECRET}", title="", language="en")]
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.subscribe(entry(STRIKE_TOO, 2), owner=GUILD)
    await newsroom.work()
    assert newsroom.pages.asked.count(url) == 1
    assert SECRET in await told(newsroom, GUILD)
    assert SECRET not in await told(newsroom, STUDIO)
    assert await newsroom.waiting(Stage.PAGE) == 0
