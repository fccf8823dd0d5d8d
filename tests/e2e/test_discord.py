"""Discord from a shell: the invitation, and what `doctor` finds there."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from adapters.storage import open_database
from bot.core.community import CommunityId
from tests.e2e.program import Program
from tests.factories import new_community, new_schedule
from tests.platforms.discord_server import DiscordServer, discord_server
from tests.platforms.discord_world import APPLICATION, SEND, TOKEN, Channel


@pytest.fixture
def server() -> Iterator[DiscordServer]:
    """In a thread of its own: the program is a process that is waited for."""
    started, loop, running = threading.Event(), asyncio.new_event_loop(), list[DiscordServer]()
    done = asyncio.Event()

    async def serve() -> None:
        async with discord_server() as server:
            running.append(server)
            started.set()
            await done.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert started.wait(10)
    yield running[0]
    loop.call_soon_threadsafe(done.set)
    thread.join(10)


@pytest.fixture
def program(slugline: Program, server: DiscordServer) -> Program:
    return replace(slugline, discord=server.address).having(DISCORD_TOKEN=TOKEN)


def test_the_invitation_asks_for_what_is_listed_and_nothing_else(slugline: Program) -> None:
    for settings in ({"DISCORD_APP_ID": "4711"}, {"DISCORD_APP_ID": "4711", "DISCORD_TOKEN": TOKEN}):
        result = slugline.having(**settings)("discord", "invite")
        assert result.code == 0
        address, *lines = result.out.splitlines()
        assert address.startswith(
            "https://discord.com/oauth2/authorize?client_id=4711&scope=bot%20applications.commands"
        )
        bits = int(address.rpartition("=")[2])
        # View, send, attach, history; threads: make and send in.
        assert bits == 1 << 10 | 1 << 11 | 1 << 15 | 1 << 16 | 1 << 35 | 1 << 38
        assert len([line for line in lines if line.startswith("  ")]) == bits.bit_count() + 1


def test_a_token_tells_which_application_is_invited(slugline: Program) -> None:
    result = slugline.having(DISCORD_TOKEN=TOKEN)("discord", "invite")
    assert f"client_id={APPLICATION}&" in result.out
    assert TOKEN not in result.out
    assert slugline.having(DISCORD_TOKEN="hunter2")("discord", "invite").code == 2
    assert "SLUGLINE_DISCORD_APP_ID" in slugline("discord", "invite").error


def test_doctor_says_that_the_token_is_good_and_how_to_be_invited(program: Program) -> None:
    result = program("doctor")
    assert result.code == 0
    assert f"ok       Discord: the token is good: slugline, application {APPLICATION}" in result.out
    assert "note     Discord servers: none yet" in result.out
    assert f"authorize?client_id={APPLICATION}" in result.out
    assert TOKEN not in result.out


def test_doctor_says_that_a_token_was_revoked_or_is_of_another_application(
    program: Program, server: DiscordServer
) -> None:
    result = program.having(DISCORD_APP_ID="4711")("doctor")
    assert result.code == 1
    assert (
        f"PROBLEM  Discord: it is of the application {APPLICATION}, but SLUGLINE_DISCORD_APP_ID is 4711" in result.out
    )
    server.token = "another"
    result = program("doctor")
    assert result.code == 1
    assert "PROBLEM  Discord: Discord does not take it" in result.out
    assert TOKEN not in result.out


def test_doctor_is_patient_with_a_discord_that_cannot_be_reached(slugline: Program) -> None:
    result = slugline.having(DISCORD_TOKEN=TOKEN)("doctor")
    assert result.code == 0
    assert "note     Discord: it cannot be reached" in result.out


def test_doctor_names_what_is_missing_where_a_schedule_posts(program: Program, server: DiscordServer) -> None:
    guild = server.world.guild("Guild of writers")
    well, ill = server.world.channel(guild, name="well"), server.world.channel(guild, name="ill", denied=SEND)
    asyncio.run(schedules(program, guild.id, well, ill))
    gone = server.world.channel(guild)
    asyncio.run(schedules(program, guild.id, gone))
    server.world.delete(gone.id)
    result = program("doctor")
    assert result.code == 1
    assert "ok       Discord servers: 1: Guild of writers" in result.out
    assert f"PROBLEM  Discord channel {ill.id}: ill lacks Send Messages" in result.out
    assert f"PROBLEM  Discord channel {gone.id}: it is not there any more" in result.out
    assert str(well.id) not in result.out


async def schedules(program: Program, guild: int, *channels: Channel) -> None:
    community = CommunityId(f"discord:{guild}")
    async with open_database(f"sqlite+aiosqlite:///{program.database}") as database, database.begin() as tx:
        await tx.communities.ensure(new_community(community, platform="discord"))
        for channel in channels:
            place = await tx.schedules.destination(community, "discord", str(channel.id))
            await tx.schedules.add(new_schedule(community, place.id), due=await tx.now())
