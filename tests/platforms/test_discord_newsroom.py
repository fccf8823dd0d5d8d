"""The whole newsroom over Discord's wire: schedules, the editor's desk, corrections and alerts.

From members' commands to messages in channels, through the gateway, the store, the outbox and REST.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.discord.addresses import server_community
from adapters.discord.gateway import Hearing
from adapters.discord.interactions import Interactions
from adapters.storage import SqlDatabase
from bot.app.ports import Stage
from bot.core.community import COMMON, CommunityId
from bot.core.feed import FeedId
from tests.app.conversation import converse
from tests.app.newsroom import STRIKE, STRIKE_TOO, SUIT, Newsroom, entry
from tests.app.test_corrections import CORRECTED
from tests.app.test_digests import DAY, NINE
from tests.factories import new_outlet
from tests.platforms.discord_posts import said, said_in
from tests.platforms.discord_server import DiscordServer, discord_server
from tests.platforms.discord_wire import Interaction
from tests.platforms.discord_world import DM, MANAGE, OWNER, Channel, walk
from tests.platforms.test_discord_gateway import QUICK, Heard, service, until

EDITOR = OWNER + 5


@dataclass
class Paper:
    """A server with a channel for the news and one for its editors."""

    server: DiscordServer
    newsroom: Newsroom
    database: SqlDatabase
    news: Channel
    desk: Channel

    @property
    def community(self) -> CommunityId:
        return server_community(self.news.guild or 0)

    async def say(self, command: str, channel: Channel, *, who: int = OWNER, **options: Any) -> str:
        permissions = MANAGE if who == OWNER else 0
        asked = await self.server.slash(command, options, channel, who=who, permissions=permissions)
        return await words_of(asked)

    async def press(self, message: Mapping[str, Any], label: str, channel: Channel, *, who: int = OWNER) -> Interaction:
        data = {"custom_id": pressable(message)[label], "component_type": 2}
        permissions = MANAGE if who == OWNER else 0
        return await self.server.press(3, data, channel, who=who, permissions=permissions, message=dict(message))

    async def slot(self, at: Any = NINE) -> None:
        """The schedule's time has come."""
        self.newsroom.clock.time = at
        async with self.database.begin() as tx:
            for schedule in await tx.schedules.of(self.community):
                await tx.tasks.put(Stage.COMPOSE, [schedule.id], self.community)
        await self.newsroom.work()

    async def publish(self, *told: tuple[str, str]) -> list[FeedId]:
        feeds = []
        for number, one in enumerate(told, 1):
            outlet = new_outlet(f"Outlet {number}")
            url = f"https://outlet{number}.example/feed"
            feeds.append(await self.newsroom.subscribe(entry(one, number), outlet=outlet, url=url))
        await self.newsroom.work()
        return feeds


def pressable(message: Mapping[str, Any]) -> dict[str, str]:
    return {one["label"]: one["custom_id"] for one in walk(message["components"]) if one.get("custom_id")}


async def words_of(asked: Interaction) -> str:
    return json.dumps(await asked.said(), ensure_ascii=False)


@pytest.fixture
async def paper(sqlite: SqlDatabase) -> AsyncIterator[Paper]:
    async with discord_server(DiscordServer) as server, service(server, sqlite) as running:
        newsroom = Newsroom(sqlite, platforms=[running.platform])  # type: ignore[list-item]
        desk = (await converse(newsroom, CommunityId("discord:1"))).desk
        guild = server.world.guild("Ours")
        news, editors = server.world.channel(guild, name="news"), server.world.channel(guild, name="desk")
        heard = Heard()
        hearing = Hearing(servers=heard, heard=Interactions(desk, sqlite, newsroom.clock).handle)
        task = asyncio.create_task(running.listen(hearing, patience=QUICK))
        await until(lambda: bool(heard.there))
        yield Paper(server, newsroom, sqlite, news, editors)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def filled(form: Mapping[str, Any], change: tuple[str, str]) -> list[dict[str, Any]]:
    """The form as it stands, with these words in place of those."""
    fields = []
    for each in (label["component"] for label in form["components"]):
        if each["type"] == 3:
            chosen = [option["value"] for option in each["options"] if option.get("default")]
            fields.append({"type": 3, "custom_id": each["custom_id"], "values": chosen})
        else:
            value = each.get("value", "").replace(*change)
            fields.append({"type": 4, "custom_id": each["custom_id"], "value": value})
    return [{"type": 18, "component": each} for each in fields]


async def test_a_digest_comes_on_time_once_where_a_manager_said(paper: Paper) -> None:
    await paper.say("schedule add", paper.desk, when="every day at 9", zone="UTC", place=str(paper.news.id))
    await paper.publish(STRIKE, SUIT)
    await paper.slot()
    await paper.slot()
    (digest,) = said_in(paper.news)
    assert STRIKE[0] in digest
    assert SUIT[0] in digest
    assert said_in(paper.desk) == []
    await paper.slot(NINE + DAY)
    assert len(said_in(paper.news)) == 1, "nothing is new"


async def test_an_editor_changes_a_sentence_in_a_form_approves_and_it_is_posted_so(paper: Paper) -> None:
    await paper.say("settings set", paper.desk, setting="review", value="here")
    await paper.say("settings role", paper.desk, member=str(EDITOR), role="editor")
    await paper.say("schedule add", paper.news, when="every day at 9", zone="UTC", review=True)
    await paper.publish(STRIKE)
    await paper.slot()
    (card,) = paper.desk.messages.values()
    assert "For review" in said(card)
    assert said_in(paper.news) == []

    by_a_member = await paper.press(card, "Approve", paper.desk, who=OWNER + 6)
    assert "is for an editor" in await words_of(by_a_member)
    asked = await paper.press(card, "Edit", paper.desk, who=EDITOR)
    parts = {**card, "components": (await asked.said())["components"], "flags": 1 << 6 | 1 << 15}
    opened = await paper.press(parts, "Story", paper.desk, who=EDITOR)
    shown = await opened.acknowledged()
    assert shown["type"] == 9
    form = shown["data"]
    assert "400 screenwriters" in json.dumps(form)
    done = await paper.server.press(
        5,
        {"custom_id": form["custom_id"], "components": filled(form, ("screenwriters joined", "writers have joined"))},
        paper.desk,
        who=EDITOR,
        permissions=0,
        message=dict(card),
    )
    assert "Draft 1" in await words_of(done)
    await paper.newsroom.work()

    (card,) = paper.desk.messages.values()
    assert card["edited_timestamp"] is not None, "it shows where its draft stands"
    approved = await paper.press(card, "Approve", paper.desk, who=EDITOR)
    assert "is approved" in await words_of(approved)
    await paper.newsroom.work()
    (digest,) = said_in(paper.news)
    assert "400 writers have joined the strike." in digest
    assert "reviewed by A Member" in digest
    (card,) = paper.desk.messages.values()
    assert pressable(card) == {}, "nothing is left to decide"


async def test_a_correction_changes_the_message_in_its_place_and_is_told_beneath_it(paper: Paper) -> None:
    await paper.say("schedule add", paper.news, when="every day at 9", zone="UTC")
    (feed,) = await paper.publish(STRIKE)
    await paper.slot()
    (digest,) = paper.news.messages.values()
    assert "400 screenwriters" in said(digest)
    await paper.newsroom.publish(feed, entry(CORRECTED, 1))
    await paper.newsroom.work()
    async with paper.database.begin() as tx:
        await tx.tasks.put(Stage.CORRECT, (1,), COMMON)
    await paper.newsroom.work()
    first, second = (paper.news.messages[each] for each in sorted(paper.news.messages))
    assert first["id"] == digest["id"]
    assert "The guild said 40 screenwriters joined the strike." in said(first)
    assert "400 screenwriters joined" not in said(first)
    assert "“400” is now “40”" in said(second)
    (reply,) = [each.body for each in paper.server.asked if (each.body or {}).get("message_reference")]
    assert reply["message_reference"]["message_id"] == digest["id"]
    assert reply["allowed_mentions"] == {"parse": []}


async def test_a_correction_of_what_was_posted_as_a_thread_is_told_in_it(paper: Paper) -> None:
    await paper.say("schedule add", paper.news, when="every day at 9", zone="UTC", post="thread")
    (feed,) = await paper.publish(STRIKE)
    await paper.slot()
    await paper.newsroom.publish(feed, entry(CORRECTED, 1))
    await paper.newsroom.work()
    async with paper.database.begin() as tx:
        await tx.tasks.put(Stage.CORRECT, (1,), COMMON)
    await paper.newsroom.work()
    (digest,) = said_in(paper.news)
    (thread,) = [each for each in paper.server.world.channels.values() if each.parent == paper.news.id]
    assert "40 screenwriters" in digest
    assert "“400” is now “40”" in said_in(thread)[-1]


async def test_a_watch_tells_its_channel_or_its_owner_and_what_is_pressed_there_counts(paper: Paper) -> None:
    await paper.say("watch add", paper.news, query="screenwriters", to="here")
    await paper.say("watch add", paper.news, who=EDITOR, query="novelists", to="private")
    await paper.publish(STRIKE, SUIT)
    (alert,) = said_in(paper.news)
    assert STRIKE[0] in alert
    (direct,) = [each for each in paper.server.world.channels.values() if each.type == DM]
    assert direct.name == str(EDITOR)
    (private,) = direct.messages.values()
    assert SUIT[0] in said(private)
    muted = await paper.press(private, "Pause this watch for a day", direct, who=EDITOR)
    assert "aused" in await words_of(muted)
    async with paper.database.read() as tx:
        watches = await tx.watches.pipeline_get(await tx.watches.pipeline_ids())
    assert [(one.community, one.muted_until is not None) for one in watches] == [
        (paper.community, False),
        (paper.community, True),
    ]
    await paper.newsroom.publish((await paper.publish(STRIKE_TOO))[0], entry(STRIKE_TOO, 9))
    await paper.newsroom.work()
    assert len(said_in(paper.news)) == 1, "the same story is told once, and shown to have more outlets"


async def test_an_alert_of_what_its_outlet_changed_says_so_in_its_place(paper: Paper) -> None:
    await paper.say("watch add", paper.news, query="400 OR 40", to="here")
    (feed,) = await paper.publish(STRIKE)
    await paper.newsroom.publish(feed, entry(CORRECTED, 1))
    await paper.newsroom.work()
    async with paper.database.begin() as tx:
        await tx.tasks.put(Stage.CORRECT, (1,), COMMON)
    await paper.newsroom.work()
    alert = paper.news.messages[min(paper.news.messages)]
    assert "The guild said 40 screenwriters" in said(alert)
    assert "The guild said 400" not in said(alert)
    assert alert["edited_timestamp"] is not None
    assert "“400” is now “40”" in said_in(paper.news)[-1]
