"""Discord from a shell: the invitation, and what `doctor` finds there."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import pytest

from adapters.discord.door import EVENTS_PATH
from adapters.storage import open_database
from bot.core.community import CommunityId
from tests.e2e.program import PATIENCE, Program
from tests.e2e.test_stopping import EMPTY_FEED, stop, until
from tests.factories import new_community, new_document, new_schedule
from tests.platforms.discord_server import DiscordServer, discord_server, signed
from tests.platforms.discord_wire import Interaction
from tests.platforms.discord_world import APPLICATION, OWNER, SEND, TOKEN, Channel

T = TypeVar("T")


@dataclass(frozen=True)
class Hosted:
    """A Discord in a thread of its own: the program is a process that is waited for."""

    server: DiscordServer
    loop: asyncio.AbstractEventLoop

    def call(self, what: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(PATIENCE)

    def until(self, happened: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
        since = time.monotonic()
        while not happened():
            assert process.poll() is None, process.communicate()[1].decode()
            assert time.monotonic() - since < PATIENCE
            time.sleep(0.05)


@pytest.fixture
def hosted() -> Iterator[Hosted]:
    started, loop, running = threading.Event(), asyncio.new_event_loop(), list[DiscordServer]()
    done = asyncio.Event()

    async def serve() -> None:
        async with discord_server(DiscordServer) as server:
            running.append(server)
            started.set()
            await done.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert started.wait(10)
    yield Hosted(running[0], loop)
    loop.call_soon_threadsafe(done.set)
    thread.join(10)


@pytest.fixture
def server(hosted: Hosted) -> DiscordServer:
    return hosted.server


@pytest.fixture
def program(slugline: Program, server: DiscordServer) -> Program:
    """With one feed that never brings anything, so that nothing is fetched."""
    (slugline.folder / "quiet.xml").write_text(EMPTY_FEED)
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


def test_a_name_that_a_screen_would_obey_is_only_a_name(program: Program, server: DiscordServer) -> None:
    server.world.guild("\x1b[2JAll is well\u202e\nok       Discord: fine")
    result = program("doctor")
    assert "ok       Discord servers: 1: [2JAll is well ok Discord: fine" in result.out
    assert "\x1b" not in result.out


async def schedules(program: Program, guild: int, *channels: Channel) -> None:
    community = CommunityId(f"discord:{guild}")
    async with open_database(f"sqlite+aiosqlite:///{program.database}") as database, database.begin() as tx:
        await tx.communities.ensure(new_community(community, platform="discord"))
        for channel in channels:
            place = await tx.schedules.destination(community, "discord", str(channel.id))
            await tx.schedules.add(new_schedule(community, place.id), due=await tx.now())


# --- running ------------------------------------------------------------------------------------------------


def test_run_is_on_discord_answers_there_and_posts(program: Program, hosted: Hosted) -> None:
    server = hosted.server
    guild = server.world.guild("Guild of writers")
    channel = server.world.channel(guild)
    assert program("ingest", "quiet.xml").code == 0
    process = program.start("run", "--roles", "work,discord")
    try:
        hosted.until(lambda: bool(server.identified and server.world.commands), process)
        assert server.world.posts == {}, "nobody is written to uninvited"
        asked = hosted.call(server.slash("help", {}, channel))
        assert hosted.call(asked.said())["components"]
        for address in (f"http://{server.address}/", "http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/x"):
            inward = hosted.call(server.slash("summarize", {"address": address}, channel))
            hosted.until(partial(refuses, inward), process)
        hosted.call(say(program, guild.id, channel.id))
        hosted.until(lambda: bool(channel.messages), process)
        hosted.call(server.reconnect())
        hosted.until(lambda: server.resumed == 1, process)
    finally:
        err = stop(process, signal.SIGTERM)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert TOKEN not in err
    (posted,) = channel.messages.values()
    assert "Hello" in str(posted["components"])
    assert program("run", "--once", "--roles", "discord").code == 0


def refuses(inward: Interaction) -> bool:
    return "private network" in json.dumps([inward.original, *inward.messages.values()])


def test_run_hears_over_http_who_added_it_and_greets_them(program: Program, hosted: Hosted) -> None:
    """In a process for the web and one for Discord there is the store between them; here it is one."""
    server = hosted.server
    guild = server.world.guild("Guild of writers")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert program("ingest", "quiet.xml").code == 0
    process = program.having(WEB=f"127.0.0.1:{port}").start("run", "--roles", "work,discord,web")
    try:
        hosted.until(lambda: bool(server.identified), process)
        address = f"http://127.0.0.1:{port}{EVENTS_PATH}"
        ping = {"version": 1, "application_id": str(APPLICATION), "type": 0}
        event = server.authorized(guild, OWNER)
        assert [sent(address, each) for each in (ping, event, event)] == [204, 204, 204]
        assert sent(address, event, {"X-Signature-Timestamp": "1"}) == 401
        hosted.until(lambda: any(each.messages for each in server.world.channels.values()), process)
    finally:
        err = stop(process, signal.SIGTERM)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    ((direct, (greeting,)),) = [
        (each.name, each.messages.values()) for each in server.world.channels.values() if each.messages
    ]
    assert direct == str(OWNER)
    assert "Slugline is on Guild of writers" in str(greeting["components"])


def sent(address: str, event: dict[str, Any], headers: dict[str, str] | None = None) -> int:
    body = json.dumps(event).encode()
    request = urllib.request.Request(address, body, {**signed(body), **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_run_with_a_token_that_is_wrong_ends_at_once_with_what_to_do(program: Program, server: DiscordServer) -> None:
    server.token = "another"
    result = program("run")
    assert result.code == 2
    assert result.error.startswith("SLUGLINE_DISCORD_TOKEN: Discord does not take it")
    assert TOKEN not in result.err


def test_a_token_that_is_revoked_while_running_ends_the_role_and_not_the_news(program: Program, hosted: Hosted) -> None:
    server = hosted.server
    server.world.guild("Guild of writers")
    assert program("ingest", "quiet.xml").code == 0
    both, alone = program.start("run", "--roles", "work,discord"), None
    try:
        hosted.until(lambda: bool(server.identified), both)
        server.token = "another"
        hosted.call(server.hang_up(4004))
        heard = until(both, "Discord does not take it", on_error=True)
        assert both.poll() is None
    finally:
        err = stop(both, signal.SIGTERM)
    err = heard + err
    assert (both.returncode, err.count("Discord does not take it")) == (0, 1), err
    server.token = TOKEN
    alone = program.start("run", "--roles", "discord")
    hosted.until(lambda: len(server.identified) == 2, alone)
    server.token = "another"
    hosted.call(server.hang_up(4004))
    _, said = alone.communicate(timeout=PATIENCE)
    assert alone.returncode == 2
    assert said.decode().splitlines()[-1].startswith("slugline: SLUGLINE_DISCORD_TOKEN: Discord does not take it")


def test_run_does_not_wait_for_a_discord_that_is_down(slugline: Program) -> None:
    (slugline.folder / "quiet.xml").write_text(EMPTY_FEED)
    assert slugline("ingest", "quiet.xml").code == 0
    assert slugline.having(DISCORD_TOKEN=TOKEN)("run", "--once").code == 0


async def say(program: Program, guild: int, channel: int) -> None:
    community = CommunityId(f"discord:{guild}")
    async with open_database(f"sqlite+aiosqlite:///{program.database}") as database, database.begin() as tx:
        assert await tx.communities.get(community) is not None, "it joined, so it is there"
        place = await tx.schedules.destination(community, "discord", str(channel))
        await tx.deliveries.queue(community, place.id, new_document("Hello"), digest=None)
