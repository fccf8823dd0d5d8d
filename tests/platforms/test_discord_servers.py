"""Servers that come, go, fail and come back: what becomes of their communities."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord

from adapters.discord.addresses import own_community, server_community
from adapters.discord.gateway import Hearing
from adapters.discord.servers import Servers
from adapters.storage import SqlDatabase
from bot.app.membership import Membership
from bot.core.community import CommunityId
from bot.core.shards import Shards, read_shards
from tests.factories import new_community, new_schedule
from tests.fakes import FakeClock
from tests.platforms.discord_server import DiscordServer, discord_server
from tests.platforms.discord_world import OWNER
from tests.platforms.test_discord_gateway import QUICK, service, until


@asynccontextmanager
async def on_discord(server: DiscordServer, database: SqlDatabase, shards: Shards | None = None) -> AsyncIterator[None]:
    """Slugline's own hearing of servers, until the block ends; interactions are nobody's."""

    async def heard(_interaction: discord.Interaction) -> None:
        return None

    hearing = Hearing(servers=Servers(Membership(database, FakeClock(), "discord")), heard=heard)
    before = len(server.identified)
    async with service(server, database) as running:
        task = asyncio.create_task(running.listen(hearing, shards=shards, patience=QUICK))
        await until(lambda: len(server.identified) > before)
        await asyncio.sleep(0.3)  # all servers are gathered
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def standing(database: SqlDatabase) -> dict[CommunityId, bool]:
    """Which communities there are, and whether they left."""
    async with database.read() as tx:
        return {each.id: await tx.communities.has_left(each.id) for each in await tx.communities.all()}


async def becomes(database: SqlDatabase, expected: dict[CommunityId, bool]) -> None:
    async with asyncio.timeout(5):
        while await standing(database) != expected:  # noqa: ASYNC110 (what happens is on the other side of a socket)
            await asyncio.sleep(0.02)


async def test_a_server_that_is_joined_has_a_community_and_hears_nothing(sqlite: SqlDatabase) -> None:
    async with discord_server(DiscordServer) as server, on_discord(server, sqlite):
        guild = server.world.guild("New")
        channel = server.world.channel(guild)
        await server.join(guild)
        await becomes(sqlite, {server_community(guild.id): False})
        assert channel.messages == {}
        async with sqlite.read() as tx:
            found = await tx.communities.get(server_community(guild.id))
            assert found is not None
            assert found.name == "New"


async def test_leaving_stops_work_and_coming_back_finds_everything(sqlite: SqlDatabase) -> None:
    async with discord_server(DiscordServer) as server:
        guild = server.world.guild("Old")
        channel = server.world.channel(guild)
        community = server_community(guild.id)
        async with on_discord(server, sqlite):
            await becomes(sqlite, {community: False})
            async with sqlite.begin() as tx:
                place = await tx.schedules.destination(community, "discord", str(channel.id))
                await tx.schedules.add(new_schedule(community, place.id), due=await tx.now())
            await server.leave(guild)
            await becomes(sqlite, {community: True})
            server.world.guilds[guild.id] = guild
            await server.join(guild)
            await becomes(sqlite, {community: False})
        async with sqlite.read() as tx:
            assert len(await tx.schedules.of(community)) == 1


async def test_an_outage_takes_nothing_away(sqlite: SqlDatabase) -> None:
    async with discord_server(DiscordServer) as server:
        guild, out = server.world.guild("Old"), server.world.guild("Out")
        out.unavailable = True
        both = {server_community(guild.id): False, server_community(out.id): False}
        async with on_discord(server, sqlite):
            await becomes(sqlite, both)
            await server.fail(guild)
            await asyncio.sleep(0.1)
            assert await standing(sqlite) == both


async def test_who_left_while_nobody_listened_is_noticed_on_this_processs_shards_alone(sqlite: SqlDatabase) -> None:
    near, far = CommunityId(f"discord:{4 << 22}"), CommunityId(f"discord:{5 << 22}")
    others = [own_community(OWNER), CommunityId("slack:T1"), CommunityId("local")]
    async with sqlite.begin() as tx:
        for community in (near, far, *others):
            await tx.communities.ensure(new_community(community, platform=community.partition(":")[0]))
    async with discord_server(DiscordServer) as server:
        server.world.guild("There", guild=2 << 22)
        async with on_discord(server, sqlite, read_shards("0/2")):
            there = {server_community(2 << 22): False, far: False, **dict.fromkeys(others, False)}
            await becomes(sqlite, {near: True, **there})
