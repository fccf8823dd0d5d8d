"""Slugline on a Discord that is played (simcord), over a newsroom and the real command desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import discord
import simcord

from adapters.discord.addresses import server_community
from adapters.discord.commands import payload
from adapters.discord.interactions import Interactions
from bot.app.commands.desk import CommandDesk
from bot.core.community import CommunityId
from tests.app.conversation import Conversation, converse
from tests.app.newsroom import Newsroom

SETTLES = 9.0
"""Seconds that an answer may take beside other tests; what tests let wait on purpose waits longer."""


class Bot(discord.Client):
    """A client with the least intents, which knows nothing but how to hand interactions over. `took` are the seconds
    until each had its first word."""

    def __init__(self, interactions: Interactions, desk: CommandDesk, took: list[float]) -> None:
        super().__init__(intents=discord.Intents(guilds=True), allowed_mentions=discord.AllowedMentions.none())
        self._interactions = interactions
        self._desk = desk
        self.took = took

    async def setup_hook(self) -> None:
        assert self.application_id is not None
        found: Any = payload(self._desk.commands)
        await self.http.bulk_upsert_global_commands(self.application_id, payload=found)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await self._interactions.handle(interaction)


@dataclass(slots=True)
class House:
    env: simcord.Env
    newsroom: Newsroom
    talk: Conversation
    bot: Bot
    guild: Any
    channel: Any
    ann: Any
    manager: Any

    @property
    def community(self) -> CommunityId:
        return server_community(self.guild.id)

    async def restart(self, **options: Any) -> None:
        """Another process: nothing of what the first one remembered."""
        self.bot = new_bot(self.newsroom, self.talk.desk, **options)
        await self.env.restart_bot(self.bot)


def new_bot(newsroom: Newsroom, desk: CommandDesk, **options: Any) -> Bot:
    took: list[float] = []
    heard = Interactions(desk, newsroom.database, newsroom.clock, acknowledged=took.append, **options)
    return Bot(heard, desk, took)


@asynccontextmanager
async def discord_house(newsroom: Newsroom, desk: CommandDesk | None = None, **options: Any) -> AsyncIterator[House]:
    """A server with a channel, a member and one who manages it. `desk` in place of the newsroom's."""
    talk = await converse(newsroom)
    if desk is not None:
        talk.desk = desk
    bot = new_bot(newsroom, talk.desk, **options)
    env = simcord.Env(
        bot, settle_timeout=SETTLES
    )  # `simcord.run` would bind its clock to the fixture's context, which is not the test's
    await env.start()
    try:
        guild = env.create_guild(name="Writers' room")
        channel = guild.create_text_channel("news")
        manages = guild.create_role("managers", permissions=discord.Permissions(manage_guild=True))
        ann = guild.add_member(env.create_user("ann"))
        manager = guild.add_member(env.create_user("mo"), roles=[manages])
        yield House(env, newsroom, talk, bot, guild, channel, ann, manager)
    finally:
        await env.shutdown()
    env.raise_errors()
