"""What a community reads, said in its chat."""

from __future__ import annotations

import pytest

from bot.app.ports import FoundFeed, Stage, Subscription
from bot.core.community import COMMON
from tests.app.conversation import ANN, MANAGER, Conversation, converse
from tests.app.newsroom import Newsroom, entry
from tests.factories import GUILD, STUDIO, new_outlet

TOKEN = "https://private.example/feed?token=hunter2"


@pytest.fixture
async def talk(newsroom: Newsroom) -> Conversation:
    return await converse(newsroom)


def found(url: str = TOKEN, title: str = "Members' letter", entries: int = 3) -> list[FoundFeed]:
    return [FoundFeed(subscription=Subscription(url=url, title=title), entries=entries)]


async def test_a_feed_that_is_added_is_this_communitys_alone_and_its_address_is_not_shown(talk: Conversation) -> None:
    talk.finder.feeds["https://private.example/"] = found()
    said = await talk.say("feeds add https://private.example/")
    assert "Members' letter is feed 1 now, with 3 entries to read" in said
    assert "hunter2" not in said + await talk.say("feeds list") + await talk.say("settings history")
    async with talk.newsroom.database.read() as tx:
        assert [feed.owner for feed in await tx.feeds.visible(GUILD)] == [GUILD]
        assert await tx.feeds.visible(STUDIO) == []


async def test_a_feed_is_added_once(talk: Conversation) -> None:
    talk.finder.feeds["https://private.example/"] = found()
    await talk.say("feeds add https://private.example/")
    assert "That is feed 1 already" in await talk.say("feeds add https://private.example/")


async def test_where_there_is_no_feed_the_host_alone_is_named(talk: Conversation) -> None:
    assert "nowhere.example: no feed was found there" in await talk.say("feeds add https://nowhere.example/x?token=1")


@pytest.mark.parametrize(
    "line",
    [
        "feeds add https://x.example/",
        "feeds remove 1",
        "feeds off 1",
        "feeds export",
        "feeds import https://x.example/",
        "outlets hide X",
        "pause",
    ],
)
async def test_what_changes_or_shows_what_is_read_is_for_managers(talk: Conversation, line: str) -> None:
    assert "is for a manager of this community" in await talk.say(line, ANN)


async def test_feeds_are_switched_by_number_title_or_desk(talk: Conversation) -> None:
    await talk.newsroom.subscribe(title="Stage News", desk="games")
    await talk.newsroom.subscribe(title="Court Daily", desk="courts")
    assert "left out here" in await talk.say("feeds off Court Daily")
    assert "1 of 2 feeds are read here" in await talk.say("feeds list")
    assert "read here again" in await talk.say("feeds on 2")
    await talk.say("feeds off desk:courts")
    assert "Court Daily (left out here)" in await talk.say("feeds list desk:courts")
    assert "one of them" in await talk.say("feeds off")


async def test_of_two_feeds_with_one_name_the_number_is_asked_for(talk: Conversation) -> None:
    for number in (1, 2):
        await talk.newsroom.subscribe(title="News", outlet=new_outlet(f"Outlet {number}"))
    assert "is the name of 2 feeds; say the number: 1 (Outlet 1 · News), 2 (Outlet 2 · News)" in await talk.say(
        "feeds off news"
    )


async def test_a_slip_in_a_name_is_understood(talk: Conversation) -> None:
    await talk.newsroom.subscribe(title="Stage News", outlet=new_outlet("Stage"))
    assert "did you mean 'Stage News'" in await talk.say("feeds off Stage Nwes")


async def test_a_common_feed_is_not_removed_by_a_community(talk: Conversation) -> None:
    feed = await talk.newsroom.subscribe(owner=COMMON)
    assert f"`feeds off {feed}` leaves it out" in await talk.say(f"feeds remove {feed}")


async def test_an_own_feed_is_removed_and_the_history_tells_who_did_it(talk: Conversation) -> None:
    talk.finder.feeds["https://private.example/"] = found()
    await talk.say("feeds add https://private.example/")
    assert "is not read any more" in await talk.say("feeds remove 1")
    history = await talk.say("settings history")
    assert "Mo · feed 1: Members' letter → removed" in history.replace("private.example · ", "")


async def test_lists_come_in_and_go_out(talk: Conversation) -> None:
    talk.finder.lists["https://x.example/list.opml"] = [
        Subscription(url="https://a.example/feed", title="A"),
        Subscription(url="https://b.example/feed", title="B"),
    ]
    assert "2 feeds added; 0 were there already" in await talk.say("feeds import https://x.example/list.opml")
    reply = await talk.reply("feeds export")
    assert reply.private
    (file,) = reply.document.files
    assert file.content.decode().splitlines() == ["https://a.example/feed", "https://b.example/feed"]


async def test_names_are_completed(talk: Conversation) -> None:
    await talk.newsroom.subscribe(title="Stage News", desk="games", outlet=new_outlet("Stage"))
    assert [one.label for one in await talk.complete("feeds off", "feed", "stage")] == ["Stage News"]
    assert [one.value for one in await talk.complete("feeds off", "desk", "ga")] == ["games"]
    assert [one.value for one in await talk.complete("settings set", "setting", "zo")] == ["zone"]


async def test_an_outlet_is_hidden_and_shown_again(talk: Conversation) -> None:
    feed = await talk.newsroom.subscribe(entry(), outlet=new_outlet("Stage"))
    assert feed
    await talk.newsroom.work(Stage.POLL)
    assert "Nothing of Stage is shown here any more" in await talk.say("outlets hide stage", MANAGER)
    assert "Hidden outlets: Stage." in await talk.say("feeds list")
    assert "Stage is shown again" in await talk.say("outlets show Stage")
