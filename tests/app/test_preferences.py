"""What a community switched off is in none of its digests, and in everybody else's as before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.storage import SqlDatabase
from bot.app.preferences import show_outlet, switch_desk, switch_feed
from bot.core.analysis import Analysis
from bot.core.choices import MOST
from bot.core.community import COMMON, CommunityId
from bot.core.errors import InputError
from bot.core.feed import FeedId
from tests.app.newsroom import STRIKE, STRIKE_TOO, SUIT, TODAY, Newsroom, entry
from tests.factories import GUILD, STUDIO, new_community, new_outlet


async def week(database: SqlDatabase) -> tuple[Newsroom, FeedId, FeedId]:
    """Two outlets tell of a strike, and the second of a suit as well."""
    newsroom = Newsroom(database)
    async with database.begin() as tx:
        for community in (GUILD, STUDIO):
            await tx.communities.ensure(new_community(community))
    one = await newsroom.subscribe(entry(STRIKE, 1), outlet=new_outlet("The Daily Shout"), desk="trades")
    two = await newsroom.subscribe(
        entry(STRIKE_TOO, 2), entry(SUIT, 3), outlet=new_outlet("The Quiet Post"), desk="tech"
    )
    await newsroom.work()
    return newsroom, one, two


async def digest(newsroom: Newsroom, community: CommunityId = GUILD) -> list[Analysis]:
    since, until = TODAY - timedelta(days=30), TODAY + timedelta(days=30)
    made = await newsroom.telling.digest(community, since, until, most=10)
    return list(made.analyses)


def outlets(analyses: list[Analysis]) -> list[list[str]]:
    return [[source.outlet for source in analysis.sources] for analysis in analyses]


async def test_a_hidden_outlet_is_neither_quoted_nor_listed_and_its_story_stays(database: SqlDatabase) -> None:
    newsroom, *_ = await week(database)
    before = await digest(newsroom)
    assert sorted(map(len, outlets(before))) == [1, 2]
    assert await show_outlet(database, GUILD, "the daily shout", TODAY, shown=False) == "The Daily Shout"
    after = await digest(newsroom)
    assert outlets(after) == [["The Quiet Post"], ["The Quiet Post"]]
    for analysis in after:
        listed = {source.article for source in analysis.sources}
        assert {evidence.article for evidence in analysis.evidence} <= listed
    assert await digest(newsroom, STUDIO) == before
    assert await show_outlet(database, GUILD, "The Daily Shout", TODAY, shown=True) == "The Daily Shout"
    assert await digest(newsroom) == before


async def test_a_story_of_nothing_but_hidden_outlets_is_not_told(database: SqlDatabase) -> None:
    newsroom, *_ = await week(database)
    await show_outlet(database, GUILD, "The Quiet Post", TODAY, shown=False)
    assert outlets(await digest(newsroom)) == [["The Daily Shout"]]


async def test_a_desk_and_a_feed_are_switched_off_and_on(database: SqlDatabase) -> None:
    newsroom, one, two = await week(database)
    before = await digest(newsroom)
    assert await switch_desk(database, GUILD, "TECH", on=False) == "tech"
    assert outlets(await digest(newsroom)) == [["The Daily Shout"]]
    assert (await switch_feed(database, GUILD, two, on=True)).id == two
    assert await digest(newsroom) == before
    await switch_feed(database, GUILD, one, on=False)
    assert outlets(await digest(newsroom)) == [["The Quiet Post"], ["The Quiet Post"]]
    await switch_desk(database, GUILD, "tech", on=True)
    await switch_feed(database, GUILD, one, on=True)
    assert await digest(newsroom) == before


async def test_a_private_feed_that_is_off_is_joined_all_the_same(database: SqlDatabase) -> None:
    """And is there at once when it is switched on again, with what it published meanwhile."""
    newsroom, *_ = await week(database)
    feed = await newsroom.subscribe(owner=GUILD, outlet=new_outlet("The Letter"))
    await switch_feed(database, GUILD, feed, on=False)
    await newsroom.publish(feed, entry(STRIKE_TOO, 9), owner=GUILD)
    await newsroom.work()
    assert all("The Letter" not in names for names in outlets(await digest(newsroom)))
    await switch_feed(database, GUILD, feed, on=True)
    assert {"The Daily Shout", "The Quiet Post", "The Letter"} in map(set, outlets(await digest(newsroom)))
    assert await newsroom.parked() == []


@pytest.mark.parametrize("community", [GUILD, STUDIO])
async def test_what_is_not_there_is_refused(sqlite: SqlDatabase, community: CommunityId) -> None:
    newsroom, *_ = await week(sqlite)
    letter = await newsroom.subscribe(owner=GUILD, outlet=new_outlet("The Letter"), desk="zine")
    with pytest.raises(InputError, match="no feed 99"):
        await switch_feed(sqlite, community, FeedId(99), on=False)
    with pytest.raises(InputError, match="no desk 'trade'; did you mean 'trades'"):
        await switch_desk(sqlite, community, "trade", on=False)
    with pytest.raises(InputError, match="no outlet 'The Quiet Host'; did you mean 'The Quiet Post'"):
        await show_outlet(sqlite, community, "The Quiet Host", TODAY, shown=False)
    with pytest.raises(InputError, match="no outlet"):
        await show_outlet(sqlite, community, "The Daily Shout", TODAY, shown=True)
    if community == STUDIO:  # what is the guild's alone is not even named
        with pytest.raises(InputError, match="no feed"):
            await switch_feed(sqlite, STUDIO, letter, on=False)
        with pytest.raises(InputError, match=r"^there is no desk 'zines'$"):
            await switch_desk(sqlite, STUDIO, "zines", on=False)
        with pytest.raises(InputError, match=r"^there is no outlet 'The Letters'$"):
            await show_outlet(sqlite, STUDIO, "The Letters", TODAY, shown=False)


async def test_there_is_an_end_to_choices(sqlite: SqlDatabase) -> None:
    """They travel with each query, and a statement holds only so many values."""
    newsroom, one, _ = await week(sqlite)
    async with sqlite.begin() as tx:
        for number in range(MOST):
            await tx.preferences.show_outlet(GUILD, f"Outlet {number}", shown=False)
    assert len(await digest(newsroom)) == 2
    with pytest.raises(InputError, match="already"):
        await switch_feed(sqlite, GUILD, one, on=False)
    await show_outlet(sqlite, GUILD, "Outlet 1", TODAY, shown=True)
    await switch_feed(sqlite, GUILD, one, on=False)
    assert await newsroom.stories(COMMON) != []
