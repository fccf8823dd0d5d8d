"""Slugline in somebody's own account, used inside of servers, and whose channels may be named; on the wire."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.discord.addresses import own_community, private_address, server_community
from adapters.discord.gateway import Hearing
from adapters.discord.interactions import Interactions
from adapters.storage import SqlDatabase
from bot.app.greeting import Greeting
from bot.core.community import CommunityId
from tests.app.conversation import converse
from tests.app.newsroom import Newsroom
from tests.platforms.discord_server import DiscordServer, discord_server
from tests.platforms.discord_wire import Interaction
from tests.platforms.discord_world import DM, MANAGE, OWNER, Channel, Guild
from tests.platforms.test_discord_gateway import QUICK, Heard, service, until

BROUGHT_ALONG = {"1": str(OWNER)}


@dataclass
class Town:
    """A server that Slugline was added to, and one that it was not."""

    server: DiscordServer
    database: SqlDatabase
    ours: Guild
    channel: Channel
    foreign: Channel

    async def say(self, command: str, channel: Channel, permissions: int = 0, **options: Any) -> str:
        owners = options.pop("owners", {"0": str(channel.guild or 0)})
        asked = await self.server.slash(
            command, options, channel, permissions=permissions, authorizing_integration_owners=owners
        )
        return await self.heard(asked)

    async def heard(self, asked: Interaction) -> str:
        said = await asked.said()
        assert asked.callback is not None
        return json.dumps(said, ensure_ascii=False)

    async def places(self, community: CommunityId) -> list[str]:
        """Where its schedules post."""
        async with self.database.read() as tx:
            found = []
            for schedule in await tx.schedules.of(community):
                place = await tx.schedules.get_destination(community, schedule.destination)
                assert place is not None
                found.append(place.address)
            return found


@pytest.fixture
async def town(newsroom: Newsroom, sqlite: SqlDatabase) -> AsyncIterator[Town]:
    desk = (await converse(newsroom)).desk
    greeting = Greeting(sqlite, newsroom.clock, "discord")
    interactions = Interactions(desk, sqlite, newsroom.clock, greeting=greeting)
    async with discord_server(DiscordServer) as server, service(server, sqlite) as running:
        ours, far = server.world.guild("Ours"), server.world.guild("Far")
        here, foreign = server.world.channel(ours), server.world.channel(far)
        del server.world.guilds[far.id]  # Slugline is not on it
        heard = Heard()
        hearing = Hearing(servers=heard, heard=interactions.handle)
        task = asyncio.create_task(running.listen(hearing, patience=QUICK))
        await until(lambda: bool(heard.there))
        yield Town(server, sqlite, ours, here, foreign)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_brought_along_it_is_asked_for_ones_own_community_whatever_one_may_on_that_server(town: Town) -> None:
    said = await town.say("schedule add", town.foreign, owners=BROUGHT_ALONG, when="weekdays at 9")
    assert "Schedule 1" in said
    assert await town.places(own_community(OWNER)) == [private_address(OWNER)]
    async with town.database.read() as tx:
        assert await tx.communities.get(server_community(town.foreign.guild or 0)) is None


async def test_brought_along_nobody_is_greeted_and_nothing_is_shown_to_the_server(town: Town) -> None:
    asked = await town.server.slash(
        "help", {}, town.foreign, permissions=MANAGE, authorizing_integration_owners=BROUGHT_ALONG
    )
    await asked.said()
    assert asked.callback is not None
    assert asked.callback["data"]["flags"] & 64, "for whoever asked alone"
    assert "Slugline is on" not in json.dumps([asked.callback, *asked.messages.values()])


async def test_where_it_was_added_too_it_is_the_servers(town: Town) -> None:
    both = {"0": str(town.ours.id), **BROUGHT_ALONG}
    assert "is for a manager" in await town.say("schedule add", town.channel, owners=both, when="weekdays at 9")
    await town.say("schedule add", town.channel, MANAGE, owners=both, when="weekdays at 9")
    assert await town.places(server_community(town.ours.id)) == [str(town.channel.id)]
    assert await town.places(own_community(OWNER)) == []


async def test_a_form_from_a_private_message_posts_into_no_server(town: Town) -> None:
    """What is written there is only text: the id of any channel that Slugline sees."""
    direct = town.server.world.channel(None, DM, str(OWNER))
    asked = await town.server.slash("setup", {}, direct)
    form = (await asked.acknowledged())["data"]
    values = {each["component"]["custom_id"]: each["component"].get("value", "") for each in form["components"]}
    for place in (str(town.channel.id), str(town.foreign.id), "general", "dm:1"):
        filled = [
            {"type": 18, "component": {"type": 4, "custom_id": name, "value": place if name == "place" else value}}
            for name, value in values.items()
        ]
        sent = await town.server.press(5, {"custom_id": form["custom_id"], "components": filled}, direct)
        assert "no channel here" in await town.heard(sent)
    assert await town.places(own_community(OWNER)) == []


async def test_a_channel_of_another_server_is_none(town: Town) -> None:
    other = town.server.world.channel(town.server.world.guild("Other"))
    said = await town.say("schedule add", town.channel, MANAGE, when="weekdays at 9", place=str(other.id))
    assert "no channel here" in said
    later = town.server.world.channel(town.ours, name="later")  # not known from the gateway
    await town.say("schedule add", town.channel, MANAGE, when="weekdays at 9", place=str(later.id))
    assert await town.places(server_community(town.ours.id)) == [str(later.id)]
