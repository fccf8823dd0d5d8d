"""All that leaves us for Discord is as Discord's own description of its interface has it."""

from __future__ import annotations

import asyncio

from adapters.discord.commands import payload
from adapters.discord.gateway import Hearing
from adapters.discord.interactions import Interactions
from adapters.discord.platform import DiscordPlatform
from adapters.discord.render import parts
from adapters.storage import SqlDatabase
from bot.core.command.set import COMMANDS
from bot.core.delivery import Manner, Post, Posted
from bot.core.message.document import Document, File, Heading, Picture, Prose, Text
from bot.core.outbox import PartId
from tests.app.conversation import converse
from tests.app.newsroom import Newsroom
from tests.fakes import FakeClock
from tests.platforms.discord_posts import place
from tests.platforms.discord_schema import check
from tests.platforms.discord_server import DiscordServer, discord_server
from tests.platforms.discord_world import FORUM, OWNER
from tests.platforms.test_discord_gateway import QUICK, Heard, service, until
from tests.shared import shared

CHART = File("chart.png", "image/png", b"\x89PNG")
LONG = Document(
    summary="The week",
    blocks=(
        Heading("The week", anchor="top"),
        Picture("chart.png", "a chart"),
        *(Prose((Text(f"{number}. " + "word " * 150),)) for number in range(12)),
    ),
    files=(CHART,),
)


async def test_what_is_posted_is_as_discord_describes_it(sqlite: SqlDatabase) -> None:
    description = shared("data/discord/discord-openapi.json")
    async with discord_server(DiscordServer) as server, service(server, sqlite) as running:
        platform = DiscordPlatform(running.rest, parts, FakeClock())
        guild = server.world.guild()
        channel = server.world.channel(guild)
        tags = [{"id": "5", "name": "Labour", "moderated": False}]
        forum = server.world.channel(guild, FORUM, tags=tags)
        manners = [
            (channel, Manner(mention="77")),
            (channel, Manner(post=Post.THREAD, title="The week")),
            (forum, Manner(post=Post.FORUM, title="The week", tags=("labour",))),
        ]
        count = platform.parts(LONG)
        assert count > 1
        for number, (where, manner) in enumerate(manners):
            opening = None
            for part in range(count):
                part_id = PartId(f"{number}-{part}")
                sent = await platform.send(place(where), LONG, part, manner, part_id=part_id, opening=opening)
                assert isinstance(sent, Posted)
                assert await platform.edit(place(where), sent.message, LONG, part) == sent
                opening = opening or sent.message
        direct = place(0)
        object.__setattr__(direct, "address", f"dm:{OWNER}")
        assert isinstance(await platform.send(direct, LONG, 0, part_id=PartId("9-0")), Posted)
        assert check(server.asked, description) == {
            "POST /channels/{channel_id}/messages",
            "PATCH /channels/{channel_id}/messages/{message_id}",
            "POST /channels/{channel_id}/messages/{message_id}/threads",
            "POST /channels/{channel_id}/threads",
            "POST /users/@me/channels",
        }


async def test_commands_and_answers_are_as_discord_describes_them(newsroom: Newsroom) -> None:
    """The whole command set, and answers over the wire: at once, to a form, while typing, and what is pressed."""
    description = shared("data/discord/discord-openapi.json")
    desk = (await converse(newsroom)).desk
    interactions = Interactions(desk, newsroom.database, newsroom.clock)
    heard = Heard()
    hearing = Hearing(servers=heard, heard=interactions.handle, commands=payload(COMMANDS))
    async with discord_server(DiscordServer) as server, service(server, newsroom.database) as running:  # type: ignore[arg-type]
        channel = server.world.channel(server.world.guild())
        task = asyncio.create_task(running.listen(hearing, patience=QUICK))
        await until(lambda: bool(heard.there))
        manages = 1 << 5
        pressed = [
            await server.slash("help", {}, channel),
            await server.slash("digest", {}, channel),
            await server.slash("schedule add", {"when": "weekdays at 9"}, channel, permissions=manages),
            await server.slash("watch add", {"query": "strike AND ("}, channel),
            await server.slash("settings set", {"setting": "zone", "value": "Lon"}, channel, typing="setting"),
        ]
        for each in pressed:
            await each.said()
        form = await server.slash("schedule edit", {"schedule": "1"}, channel, permissions=manages)
        assert (await form.acknowledged())["type"] == 9
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        checked = check(server.asked, description)
        assert "PUT /applications/{application_id}/commands" in checked
        assert "POST /interactions/{interaction_id}/{interaction_token}/callback" in checked
