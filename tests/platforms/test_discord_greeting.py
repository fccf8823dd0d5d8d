"""Whoever brings Slugline to a server is greeted: once, privately, by whichever way it is known who that is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import discord
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.discord.addresses import server_community
from adapters.discord.door import EVENTS_PATH, LARGEST, events_door
from adapters.discord.gateway import Hearing
from adapters.discord.interactions import Interactions
from adapters.discord.marks import VERIFY_KEY
from adapters.discord.servers import Servers
from adapters.storage import SqlDatabase
from adapters.web.app import Doors, web_app
from adapters.web.server import serving
from bot.app.greeting import Greeting
from bot.app.leaving import leave
from bot.app.membership import Membership
from bot.app.ports import Database
from bot.core.community import CommunityId
from bot.core.errors import StoreBusy
from tests.app.conversation import converse
from tests.app.newsroom import Newsroom
from tests.factories import new_community, new_schedule
from tests.fakes import FakeClock, Interrupted
from tests.platforms.discord_far_side import DiscordLine
from tests.platforms.discord_house import House, discord_house
from tests.platforms.discord_posts import said_in
from tests.platforms.discord_server import DiscordServer, discord_server, signed
from tests.platforms.discord_world import AUDIT, DM, FORUM, MANAGE, OWNER, Channel, Guild, walk
from tests.platforms.test_discord_gateway import QUICK, listening, service, until
from tests.platforms.test_discord_gateway import Heard as _Heard
from tests.platforms.test_discord_interactions import words
from tests.senders import quiet, send_all

NOW = datetime.now(UTC)
SOMEBODY_ELSE = OWNER + 9
ADMIN = discord.Permissions(administrator=True)


@pytest.fixture(autouse=True)
def no_log() -> None:
    quiet()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


def greeting_of(database: Database, clock: FakeClock) -> Greeting:
    return Greeting(database, clock, "discord")


@asynccontextmanager
async def door(database: SqlDatabase, clock: FakeClock) -> AsyncIterator[aiohttp.ClientSession]:
    """The web server of a process that is not on Discord."""
    doors = Doors()
    with doors.opened(EVENTS_PATH, events_door(database, clock, greeting_of(database, clock))):
        async with (
            serving(web_app(database, lambda: False, doors), "127.0.0.1", 0) as port,
            aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
        ):
            yield session


async def told(session: aiohttp.ClientSession, event: Mapping[str, Any] | bytes, **headers: str) -> int:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    async with session.post(EVENTS_PATH, data=body, headers={**signed(body), **headers}) as answer:
        return answer.status


async def logged_in(server: DiscordServer, database: SqlDatabase) -> None:
    """Some process was, so that the key is known."""
    async with service(server, database) as running:
        await running.log_in()


async def greetings(database: SqlDatabase, server: DiscordServer) -> dict[str, list[str]]:
    """What was posted, by whom it was posted to."""
    await send_all(database, DiscordLine(server.address, timedelta(minutes=2)))
    return {each.name: said_in(each) for each in server.world.channels.values() if each.messages}


# --- told over HTTP ---------------------------------------------------------------------------------------------


async def test_whoever_added_it_is_greeted_once_however_often_that_is_told(
    database: SqlDatabase, clock: FakeClock
) -> None:
    async with discord_server(DiscordServer) as server:
        guild = server.world.guild("Guild of @everyone")
        await logged_in(server, database)
        event = server.authorized(guild, OWNER)
        async with door(database, clock) as one, door(database, clock) as another:
            assert await asyncio.gather(*(told(each, event) for each in (one, another) * 3)) == [204] * 6
        async with door(database, clock) as restarted:
            assert await told(restarted, event) == 204
            assert await told(restarted, server.authorized(guild, SOMEBODY_ELSE)) == 204
        said = await greetings(database, server)
    assert list(said) == [str(OWNER)], "nobody else hears of it, and nothing is posted on the server"
    (whole,) = said[str(OWNER)]
    assert "on Guild of @\u2060everyone" in whole
    for step in ("1. **Where**", "2. **When**", "3. **Which desks**", "`/setup`"):
        assert step in whole


async def test_a_ping_is_acknowledged_and_only_what_discord_signed(sqlite: SqlDatabase, clock: FakeClock) -> None:
    """Discord itself sends wrong signatures, and takes back the address of whoever takes them."""
    async with discord_server(DiscordServer) as server, door(sqlite, clock) as session:
        ping = {"version": 1, "application_id": str(server.application), "type": 0}
        assert await told(session, ping) == 404, "nobody knows the key yet"
        await logged_in(server, sqlite)
        async with door(sqlite, clock) as session:
            assert await told(session, ping) == 204
            event = server.authorized(server.world.guild(), OWNER)
            body = json.dumps(event).encode()
            forged = signed(body, key=Ed25519PrivateKey.generate())
            assert await told(session, event, **forged) == 401
            for name, value in (("Ed25519", "00" * 64), ("Ed25519", "none"), ("Timestamp", "1700000001")):
                assert await told(session, event, **{f"X-Signature-{name}": value}) == 401
            async with session.post(EVENTS_PATH, data=body) as answer:
                assert answer.status == 401
            async with session.get(EVENTS_PATH) as answer:
                assert answer.status == 405
            assert await told(session, b"{") == 400
            assert await told(session, b"[]") == 400
            assert await told(session, {"type": 1, "event": ["APPLICATION_AUTHORIZED"]}) == 400
            assert await told(session, server.event("APPLICATION_AUTHORIZED", ["none"])) == 400
            assert await told(session, server.event("APPLICATION_AUTHORIZED", {"integration_type": 0})) == 400
            assert await told(session, b"x" * (LARGEST + 1)) == 413
        assert await greetings(sqlite, server) == {}


async def test_a_key_that_is_another_since_is_read_again(sqlite: SqlDatabase, clock: FakeClock) -> None:
    async with discord_server(DiscordServer) as server:
        await logged_in(server, sqlite)
        ping = {"version": 1, "application_id": str(server.application), "type": 0}
        other = Ed25519PrivateKey.generate()
        body = json.dumps(ping).encode()
        async with door(sqlite, clock) as session:
            assert await told(session, ping) == 204
            async with sqlite.begin() as tx:
                await tx.marks.put(VERIFY_KEY, other.public_key().public_bytes_raw().hex())
            assert await told(session, ping, **signed(body, key=other)) == 401, "not asked for at every request"
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr("adapters.discord.door.FRESH", 0.0)
                assert await told(session, ping, **signed(body, key=other)) == 204


async def test_what_is_no_news_of_a_server_greets_nobody(sqlite: SqlDatabase, clock: FakeClock) -> None:
    async with discord_server(DiscordServer) as server, door(sqlite, clock) as session:
        await logged_in(server, sqlite)
        guild = server.world.guild()
        data = server.authorized(guild, OWNER)["event"]["data"]
        long_ago = (NOW - timedelta(hours=2)).isoformat()
        for event in (
            server.event("APPLICATION_AUTHORIZED", {**data, "integration_type": 1}),
            server.event("APPLICATION_DEAUTHORIZED", {"user": data["user"]}),
            server.event("ENTITLEMENT_CREATE", {}),
            server.authorized(guild, OWNER, at=long_ago),
            {**server.authorized(guild, OWNER), "application_id": "4711"},
        ):
            assert await told(session, event) == 204
        assert await greetings(sqlite, server) == {}


def busy() -> None:
    raise StoreBusy("busy")


async def test_where_the_store_does_not_answer_it_is_to_be_said_again(sqlite: SqlDatabase, clock: FakeClock) -> None:
    async with discord_server(DiscordServer) as server:
        guild = server.world.guild()
        await logged_in(server, sqlite)
        event = server.authorized(guild, OWNER)
        failing: Any = Interrupted(sqlite, at=1, when="before", happens=busy)
        async with door(failing, clock) as session:
            assert await told(session, event) == 503
        async with door(sqlite, clock) as session:
            assert await told(session, event) == 204
        assert list(await greetings(sqlite, server)) == [str(OWNER)]


async def test_who_comes_back_is_greeted_again_and_what_was_said_before_leaving_is_over(
    database: SqlDatabase, clock: FakeClock
) -> None:
    """Discord may tell over HTTP before the gateway does, and again after the server was left."""
    async with discord_server(DiscordServer) as server:
        guild = server.world.guild()
        community = server_community(guild.id)
        await logged_in(server, database)
        first = server.authorized(guild, OWNER, at=(NOW - timedelta(minutes=5)).isoformat())
        async with door(database, clock) as session:
            await told(session, first)
            await leave(database, community, clock)
            await told(session, first)
            assert len((await greetings(database, server)).get(str(OWNER), ())) <= 1
            async with database.read() as tx:
                assert await tx.communities.has_left(community)
            clock.advance(timedelta(minutes=1))
            again = server.authorized(guild, SOMEBODY_ELSE, at=clock.now().isoformat())
            await told(session, again)
            await told(session, first)
            async with database.read() as tx:
                assert not await tx.communities.has_left(community)
        assert len((await greetings(database, server))[str(SOMEBODY_ELSE)]) == 1


# --- seen on the gateway ----------------------------------------------------------------------------------------


@asynccontextmanager
async def on_discord(server: DiscordServer, newsroom: Newsroom, database: SqlDatabase) -> AsyncIterator[None]:
    """Slugline's whole hearing, until the block ends."""
    clock = newsroom.clock
    greeting = greeting_of(database, clock)
    desk = (await converse(newsroom, CommunityId("discord:1"))).desk
    interactions = Interactions(desk, database, clock, greeting=greeting)
    async with service(server, database) as running:
        servers = Servers(Membership(database, clock, "discord"), greeting, running.rest)
        hearing = Hearing(servers=servers, heard=interactions.handle)
        before = len(server.identified)
        task = asyncio.create_task(running.listen(hearing, patience=QUICK))
        await until(lambda: len(server.identified) > before)
        await asyncio.sleep(0.3)  # all servers are gathered
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def looked(server: DiscordServer, times: int) -> None:
    await until(lambda: len([each for each in server.asked if "audit-logs" in each.path and each.status]) == times)


async def greeted(database: SqlDatabase, guild: Guild) -> bool:
    async with database.read() as tx:
        return await tx.communities.greeted(server_community(guild.id)) is not None


async def test_where_the_audit_log_may_be_read_it_says_who_that_was(newsroom: Newsroom, sqlite: SqlDatabase) -> None:
    async with discord_server(DiscordServer) as server, on_discord(server, newsroom, sqlite):
        server.world.permissions |= AUDIT
        guild = server.world.guild("New")
        guild.added(OWNER)
        await server.join(guild)
        async with asyncio.timeout(5):
            while not await greeted(sqlite, guild):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await server.fail(guild)
        await server.recover(guild)
        await server.reconnect()
        await until(lambda: server.resumed == 1)
        await looked(server, 1)
        assert {name: len(all_) for name, all_ in (await greetings(sqlite, server)).items()} == {str(OWNER): 1}
        await server.leave(guild)
        server.world.guilds[guild.id] = guild
        await asyncio.sleep(0.2)
        await server.join(guild)
        await looked(server, 2)
        async with asyncio.timeout(5):
            while not await greeted(sqlite, guild):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert len((await greetings(sqlite, server))[str(OWNER)]) == 2


async def test_without_that_permission_nobody_is_written_to(newsroom: Newsroom, sqlite: SqlDatabase) -> None:
    async with discord_server(DiscordServer) as server, on_discord(server, newsroom, sqlite):
        guild = server.world.guild("New")
        guild.added(OWNER)
        await server.join(guild)
        await looked(server, 1)
        assert await greetings(sqlite, server) == {}
        assert not await greeted(sqlite, guild)


async def test_servers_that_are_there_when_it_starts_are_not_news(sqlite: SqlDatabase, clock: FakeClock) -> None:
    heard = _Heard()
    async with discord_server(DiscordServer) as server:
        server.world.guild()
        async with listening(server, sqlite, heard):
            guild = server.world.guild("New")
            await server.join(guild)
            await until(lambda: heard.new == [guild.id])
            await server.fail(guild)
            await server.recover(guild)
            await until(lambda: len(heard.joins) == 2)
        assert heard.new == [guild.id]


def custom_ids(message: Mapping[str, Any]) -> dict[str, str]:
    return {one["label"]: one["custom_id"] for one in walk(message["components"]) if one.get("custom_id")}


@pytest.mark.parametrize("told", [True, False])
async def test_from_the_greeting_a_digest_is_set_up_in_a_channel_of_that_server(
    newsroom: Newsroom, sqlite: SqlDatabase, *, told: bool
) -> None:
    """In the private message no channel can be chosen by Discord's own means: those of the server are named. Private
    messages reach the first shard, whose process is not told of every server."""
    async with discord_server(DiscordServer) as server:
        server.world.permissions |= AUDIT | MANAGE
        async with on_discord(server, newsroom, sqlite):
            guild = server.world.guild("New")
            news, old = server.world.channel(guild, name="news"), server.world.channel(guild, FORUM, name="old")
            guild.added(OWNER)
            if told:
                await server.join(guild)
            else:
                await greeting_of(sqlite, newsroom.clock).write(str(guild.id), "New", f"dm:{OWNER}")
            async with asyncio.timeout(5):
                while not await greeted(sqlite, guild):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            await greetings(sqlite, server)
            (direct,) = [each for each in server.world.channels.values() if each.type == DM]
            form = await set_up_pressed(server, direct)
            place = form["components"][0]["component"]
            assert {each["label"]: each["value"] for each in place["options"]} == {
                "#news": str(news.id),
                "#old": str(old.id),
            }
            filled = [{"type": 18, "component": _filled(each["component"])} for each in form["components"]]
            (greeting,) = direct.messages.values()
            data = {"custom_id": form["custom_id"], "components": filled}
            sent = await server.press(5, data, direct, message=greeting)
            assert "Ready" in json.dumps(await sent.said(), ensure_ascii=False)
        async with sqlite.read() as tx:
            (schedule,) = await tx.schedules.of(server_community(guild.id))
            place = await tx.schedules.get_destination(schedule.community, schedule.destination)
            assert place is not None
            assert place.address == str(news.id)


async def set_up_pressed(server: DiscordServer, direct: Channel) -> dict[str, Any]:
    (message,) = direct.messages.values()
    data = {"custom_id": custom_ids(message)["Set up"], "component_type": 2}
    pressed = await server.press(3, data, direct, message=message)
    callback = await pressed.acknowledged()
    assert callback["type"] == 9, callback
    return dict(callback["data"])


def _filled(field: Mapping[str, Any]) -> dict[str, Any]:
    if field["type"] == 3:
        return {"type": 3, "custom_id": field["custom_id"], "values": [field["options"][0]["value"]]}
    return {"type": 4, "custom_id": field["custom_id"], "value": field.get("value", "")}


# --- known by neither -------------------------------------------------------------------------------------------


@pytest.fixture
async def house(newsroom: Newsroom, sqlite: SqlDatabase) -> AsyncIterator[House]:
    async with discord_house(newsroom, greeting=greeting_of(sqlite, newsroom.clock)) as opened:
        yield opened


async def test_else_the_first_who_manages_the_server_and_asks_for_anything_is_greeted(house: House) -> None:
    assert (await house.ann.slash(house.channel, "settings show")).followups == []
    asked = await house.manager.slash(house.channel, "settings show")
    (said,) = asked.followups
    assert said.ephemeral
    assert "is on Writers' room" in words(said)
    await house.restart(greeting=greeting_of(house.newsroom.database, house.newsroom.clock))
    assert (await house.manager.slash(house.channel, "settings show")).followups == []
    other = house.guild.add_member(
        house.env.create_user("zoe"), roles=[house.guild.create_role("m", permissions=ADMIN)]
    )
    assert (await other.slash(house.channel, "settings show")).followups == []


async def test_in_private_messages_nobody_is_told_how_to_set_a_server_up(house: House) -> None:
    assert (await house.manager.user.slash("settings show")).followups == []


async def test_who_sets_it_up_by_themselves_needs_no_greeting(house: House) -> None:
    shown = await house.manager.slash(house.channel, "setup", when="weekdays at 9")
    assert shown.followups == []
    assert (await house.manager.slash(house.channel, "settings show")).followups == []


async def test_a_server_that_is_set_up_is_not_greeted(house: House) -> None:
    async with house.newsroom.database.begin() as tx:
        await tx.communities.ensure(new_community(house.community, platform="discord"))
        place = await tx.schedules.destination(house.community, "discord", str(house.channel.id))
        await tx.schedules.add(new_schedule(house.community, place.id), due=await tx.now())
    assert (await house.manager.slash(house.channel, "settings show")).followups == []


async def test_who_takes_no_private_messages_is_greeted_with_their_first_answer(
    newsroom: Newsroom, sqlite: SqlDatabase
) -> None:
    database, clock = sqlite, newsroom.clock
    async with discord_server(DiscordServer) as server:
        greeting = greeting_of(database, clock)
        server.world.direct_closed.add(OWNER)
        assert await greeting.write("77", "Shut", f"dm:{OWNER}")
        community = server_community(77)
        assert await greeting.say(community) is None, "while it is on its way"
        assert await greetings(database, server) == {}
        said = await greeting_of(database, clock).say(community)
        assert said is not None
        assert "is on Shut" in said.summary
        assert await greeting.say(community) is None
        server.world.direct_closed.clear()
        async with database.begin() as tx:
            place = await tx.schedules.destination(community, "discord", f"dm:{OWNER}")
            assert await tx.deliveries.resume(community, place.id)
        assert await greetings(database, server) == {}, "it was said, and does not come after all"


async def test_only_one_of_many_is_told(database: SqlDatabase, clock: FakeClock) -> None:
    community = server_community(77)
    async with database.begin() as tx:
        await tx.communities.ensure(new_community(community, platform="discord"))
    said = await asyncio.gather(*(greeting_of(database, clock).say(community) for _ in range(8)))
    assert len([each for each in said if each is not None]) == 1


async def test_a_server_that_comes_back_with_its_digests_is_told_that_they_stand(
    sqlite: SqlDatabase, clock: FakeClock
) -> None:
    greeting, community = greeting_of(sqlite, clock), server_community(77)
    async with discord_server(DiscordServer) as server:
        assert await greeting.write("77", "Old", f"dm:{OWNER}")
        async with sqlite.begin() as tx:
            place = await tx.schedules.destination(community, "discord", "5")
            await tx.schedules.add(new_schedule(community, place.id), due=NOW + timedelta(days=9))
        await leave(sqlite, community, clock)
        clock.advance(timedelta(days=2))
        assert await greeting.write("77", "Old", f"dm:{OWNER}")
        said = (await greetings(sqlite, server))[str(OWNER)]
    assert "is back on Old" in said[-1]
    assert "Everything is as it was" in said[-1]
