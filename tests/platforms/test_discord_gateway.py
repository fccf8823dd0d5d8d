"""The gateway over real sockets, with an unmodified discord.py: it lives through all that Discord documents."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest

from adapters.discord.checkup import check_discord
from adapters.discord.gateway import Hearing, Patience, pause
from adapters.discord.identify import ALLOWED, DAY, Identifying
from adapters.discord.identify import pause as identify_pause
from adapters.discord.marks import OURS
from adapters.discord.pace import OwnPace
from adapters.discord.service import Discord, open_discord
from adapters.discord.trouble import Misconfigured, OtherApplication, TokenRefused
from adapters.storage import SqlDatabase
from bot.core.shards import Shards, read_shards
from tests.factories import new_process
from tests.fakes import FakeClock
from tests.platforms.discord_server import DiscordServer, discord_server
from tests.platforms.discord_wire import Fault, Interaction
from tests.platforms.discord_world import APPLICATION

QUICK = Patience(first=0.02, longest=0.05, connected_within=2.0, silence=0.6, gathering=0.1, look=0.02, apart=0.0)
NOW = datetime(2026, 5, 3, 9, tzinfo=UTC)


@dataclass
class Heard:
    """What our side heard, written down."""

    joins: list[tuple[int, str]] = field(default_factory=list)
    new: list[int] = field(default_factory=list)
    leaves: list[int] = field(default_factory=list)
    there: list[Mapping[int, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    answer: Callable[[discord.Interaction], Awaitable[None]] | None = None

    async def joined(self, server: int, name: str, *, new: bool) -> None:
        self.joins.append((server, name))
        self.new += [server] * new

    async def left(self, server: int) -> None:
        self.leaves.append(server)

    async def found(self, servers: Mapping[int, str], shards: Shards) -> None:
        self.there.append(servers)

    async def interaction(self, interaction: discord.Interaction) -> None:
        self.said.append(called(interaction))
        if self.answer is not None:
            await self.answer(interaction)
        elif interaction.type is not discord.InteractionType.autocomplete:
            await interaction.response.send_message("heard", ephemeral=True)


def called(interaction: discord.Interaction) -> str:
    data: Mapping[str, Any] = interaction.data or {}
    return str(data.get("name") or data.get("custom_id"))


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with discord_server(DiscordServer, heartbeat=0.2) as running:
        running.world.guild("Guild of writers")
        yield running


@pytest.fixture
def heard() -> Heard:
    return Heard()


@contextlib.asynccontextmanager
async def service(server: DiscordServer, database: SqlDatabase, **options: int) -> AsyncIterator[Discord]:
    token = server.token
    async with open_discord(token, database=database, clock=FakeClock(), pace=OwnPace(10_000), **options) as running:
        yield running


@contextlib.asynccontextmanager
async def listening(
    server: DiscordServer,
    database: SqlDatabase,
    heard: Heard,
    *,
    shards: Shards | None = None,
    commands: tuple[Mapping[str, object], ...] = (),
    sessions: int = 1,
) -> AsyncIterator[asyncio.Task[None]]:
    """Connected, until the block ends."""
    hearing = Hearing(servers=heard, heard=heard.interaction, commands=commands)
    async with service(server, database) as running:
        task = asyncio.create_task(running.listen(hearing, shards=shards, patience=QUICK))
        try:
            await until(lambda: len(heard.there) >= sessions or task.done())
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def until(happened: Callable[[], bool], within: float = 8.0) -> None:
    async with asyncio.timeout(within):
        while not happened():  # noqa: ASYNC110 (what happens is on the other side of a socket)
            await asyncio.sleep(0.01)


async def ends(task: asyncio.Task[None]) -> Exception:
    async with asyncio.timeout(8):
        with pytest.raises(Misconfigured) as raised:
            await task
    return raised.value


async def still_hears(server: DiscordServer, heard: Heard, said: str) -> Interaction:
    guild = next(iter(server.world.guilds.values()))
    pressed = await server.slash(said, {}, server.world.channel(guild))
    await pressed.acknowledged()
    assert heard.said[-1] == said
    return pressed


# --- connecting ---------------------------------------------------------------------------------------------


async def test_it_connects_with_the_intent_for_servers_alone(
    server: DiscordServer, sqlite: SqlDatabase, heard: Heard
) -> None:
    """The server closes the connection of whoever asks for more."""
    async with listening(server, sqlite, heard):
        assert [list(each.values()) for each in heard.there] == [["Guild of writers"]]
        await still_hears(server, heard, "digest")
        await until(lambda: server.heartbeats >= 3)


async def test_commands_are_registered_when_they_changed_and_only_then(
    server: DiscordServer, sqlite: SqlDatabase
) -> None:
    def registered() -> int:
        return len([each for each in server.asked if each.method == "PUT"])

    one: tuple[Mapping[str, object], ...] = ({"name": "digest", "type": 1, "description": "what is new"},)
    for commands, expected in ((one, 1), (one, 1), ((*one, *one), 2)):
        async with listening(server, sqlite, Heard(), commands=commands):
            assert registered() == expected
    assert [each["name"] for each in server.world.commands] == ["digest", "digest"]


async def test_commands_that_discord_refuses_keep_nobody_from_connecting(
    server: DiscordServer, sqlite: SqlDatabase, heard: Heard
) -> None:
    server.faults.append(Fault("PUT", status=400, times=99))
    async with listening(server, sqlite, heard, commands=({"name": "x"},)):
        await still_hears(server, heard, "digest")


async def test_a_first_handshake_that_fails_is_tried_again(
    server: DiscordServer, sqlite: SqlDatabase, heard: Heard
) -> None:
    """Rapptz/discord.py#10520: by itself, it would die."""
    server.refuse_handshakes = 2
    async with listening(server, sqlite, heard):
        await still_hears(server, heard, "digest")
    assert len(server.identified) == 1


async def test_discord_may_be_down_at_the_start(server: DiscordServer, sqlite: SqlDatabase, heard: Heard) -> None:
    server.faults.append(Fault("GET /users/@me$", status=503, times=1))
    server.faults.append(Fault("GET /gateway/bot", status=503, times=2))
    async with listening(server, sqlite, heard):
        await still_hears(server, heard, "digest")


@pytest.mark.parametrize("code", [4004, 4010, 4011, 4012, 4013, 4014])
async def test_what_trying_again_would_not_mend_ends_it(
    server: DiscordServer, sqlite: SqlDatabase, heard: Heard, code: int
) -> None:
    async with listening(server, sqlite, heard) as task:
        identified = len(server.identified)
        await server.hang_up(code)
        error = await ends(task)
    assert isinstance(error, TokenRefused) == (code == 4004)
    assert server.token not in str(error)
    assert len(server.identified) == identified


async def test_a_token_that_is_wrong_ends_it_at_once(server: DiscordServer, sqlite: SqlDatabase, heard: Heard) -> None:
    async with service(server, sqlite) as running:
        server.token = "another"
        with pytest.raises(TokenRefused):
            await running.listen(Hearing(servers=heard, heard=heard.interaction), patience=QUICK)
    assert not server.identified


async def test_a_token_of_another_application_is_refused(server: DiscordServer, sqlite: SqlDatabase) -> None:
    async with service(server, sqlite) as running:
        await running.log_in()
    async with service(server, sqlite, application=APPLICATION) as running:
        await running.log_in()
    async with service(server, sqlite, application=4711) as running:
        with pytest.raises(OtherApplication, match=r"^SLUGLINE_DISCORD_TOKEN: .* SLUGLINE_DISCORD_APP_ID is 4711"):
            await running.log_in()
    async with sqlite.begin() as tx:
        await tx.marks.put(OURS, "4712")
    async with service(server, sqlite) as running:
        with pytest.raises(OtherApplication, match="this installation's messages are of 4712"):
            await running.log_in()
    async with service(server, sqlite, application=APPLICATION) as running:  # the change is meant
        await running.log_in()
    async with service(server, sqlite) as running:
        await running.log_in()


# --- staying ------------------------------------------------------------------------------------------------


async def disconnected(server: DiscordServer, how: str) -> None:
    if how == "op 7":
        await server.reconnect()
    elif how == "op 9, resumable":
        await server.invalidate(resumable=True)
    elif how == "close 4000":
        await server.hang_up(4000)
    else:
        assert how == "lost acks"
        server.fall_silent()


@pytest.mark.parametrize("how", ["op 7", "op 9, resumable", "close 4000", "lost acks"])
async def test_a_session_is_resumed_with_what_was_missed(
    server: DiscordServer, sqlite: SqlDatabase, heard: Heard, how: str
) -> None:
    async with listening(server, sqlite, heard):
        channel = server.world.channel(next(iter(server.world.guilds.values())))
        await disconnected(server, how)
        missed = [await server.slash(f"missed{number}", {}, channel) for number in range(3)]
        for each in missed:
            await each.acknowledged()
        await until(lambda: server.resumed == 1)
    assert heard.said == ["missed0", "missed1", "missed2"]
    assert (len(server.identified), server.resumed) == (1, 1)


async def test_silence_is_noticed_and_the_session_resumed(
    server: DiscordServer, sqlite: SqlDatabase, heard: Heard
) -> None:
    """A connection that looks alive and on which nothing comes: thirty seconds of it, in a server whose beat is 200
    times as fast."""
    async with listening(server, sqlite, heard):
        server.fall_silent()
        await until(lambda: server.resumed == 1)
        await still_hears(server, heard, "digest")


async def test_a_session_that_is_gone_is_begun_anew(server: DiscordServer, sqlite: SqlDatabase, heard: Heard) -> None:
    """op 9, and a RESUME that is answered by it: discord.py waits, and identifies."""
    async with listening(server, sqlite, heard):
        await server.invalidate()
        await until(lambda: len(server.identified) == 2, within=15)
        await until(lambda: len(heard.there) == 2)
        await still_hears(server, heard, "digest")


async def test_an_event_that_cannot_be_read_ends_a_client_and_not_the_bot(
    server: DiscordServer, sqlite: SqlDatabase, heard: Heard
) -> None:
    async with listening(server, sqlite, heard):
        await server.dispatch("GUILD_ROLE_CREATE", {"nothing": "of what is documented"})
        await until(lambda: len(heard.there) == 2)
        await still_hears(server, heard, "digest")


async def test_a_bug_of_ours_ends_nothing(server: DiscordServer, sqlite: SqlDatabase, heard: Heard) -> None:
    async def fails(_interaction: discord.Interaction) -> None:
        raise ZeroDivisionError

    heard.answer = fails
    async with listening(server, sqlite, heard) as task:
        await server.slash("digest", {}, server.world.channel(next(iter(server.world.guilds.values()))))
        await until(lambda: heard.said == ["digest"])
        heard.answer = None
        await still_hears(server, heard, "help")
        assert not task.done()


# --- interactions on the wire -------------------------------------------------------------------------------


async def test_every_kind_of_interaction_is_answered_in_its_way(
    server: DiscordServer, sqlite: SqlDatabase, heard: Heard
) -> None:
    async def answer(interaction: discord.Interaction) -> None:
        match interaction.type, called(interaction):
            case discord.InteractionType.autocomplete, _:
                await interaction.response.autocomplete([discord.app_commands.Choice(name="One", value="1")])
            case discord.InteractionType.application_command, "slow":
                await interaction.response.defer(thinking=True, ephemeral=True)
                await interaction.followup.send("at last")
            case discord.InteractionType.application_command, _:
                await interaction.response.send_message("now")
                await interaction.edit_original_response(content="edited")
            case discord.InteractionType.component, "form":
                modal = discord.ui.Modal(title="A form", custom_id="m")
                modal.add_item(discord.ui.TextInput(label="Words", custom_id="words"))
                await interaction.response.send_modal(modal)
            case discord.InteractionType.component, _:
                await interaction.response.edit_message(content="turned")
            case discord.InteractionType.modal_submit, _:
                await interaction.response.defer()
                await interaction.followup.send("taken")

    heard.answer = answer
    async with listening(server, sqlite, heard):
        channel = server.world.channel(next(iter(server.world.guilds.values())))
        button = {"custom_id": "page", "component_type": 2}
        message = server.world.post(channel, {"content": "a page"}, APPLICATION)
        form = {
            "custom_id": "m",
            "components": [{"type": 1, "components": [{"type": 4, "custom_id": "words", "value": "x"}]}],
        }
        pressed = {
            "typing": await server.slash("story", {"story": "o"}, channel, typing="story"),
            "slow": await server.slash("slow", {}, channel),
            "now": await server.slash("watch add", {"query": "strike"}, channel),
            "button": await server.press(3, button, channel, message=message),
            "form": await server.press(3, {**button, "custom_id": "form"}, channel, message=message),
            "sent": await server.press(5, form, channel, message=message),
        }
        said = {name: await each.said() for name, each in pressed.items()}
        callbacks = {name: (await each.acknowledged())["type"] for name, each in pressed.items()}
    assert callbacks == {"typing": 8, "slow": 5, "now": 4, "button": 7, "form": 9, "sent": 6}
    assert said["typing"]["choices"] == [{"name": "One", "value": "1"}]
    assert [said[name].get("content") for name in ("slow", "now", "button", "sent")] == [
        "at last",
        "edited",
        "turned",
        "taken",
    ]
    assert pressed["slow"].original is not None  # the first follow-up took the place of what was awaited
    assert said["form"]["title"] == "A form"


async def test_interactions_are_answered_while_posting_waits_for_its_turn(
    server: DiscordServer, sqlite: SqlDatabase, heard: Heard
) -> None:
    """They do not count against the global limit, and are not made to wait for it."""
    pace = OwnPace(10_000)
    async with open_discord(server.token, database=sqlite, clock=FakeClock(), pace=pace) as running:
        hearing = Hearing(servers=heard, heard=heard.interaction)
        task = asyncio.create_task(running.listen(hearing, patience=QUICK))
        await until(lambda: bool(heard.there))
        pace.rest(60)
        pressed = await still_hears(server, heard, "digest")
        assert pressed.acknowledged_after is not None
        assert pressed.acknowledged_after < 1
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_where_discord_answers_slowly_members_are_still_answered_in_time(
    server: DiscordServer, sqlite: SqlDatabase, heard: Heard
) -> None:
    """Each call takes most of a second; Discord waits three for a first word, and there is one call until it."""
    async with listening(server, sqlite, heard):
        server.latency = 0.8
        pressed = await still_hears(server, heard, "digest")
        assert pressed.acknowledged_after is not None
        assert pressed.acknowledged_after < 3


# --- servers ------------------------------------------------------------------------------------------------


async def test_servers_that_come_and_go_are_heard_of_and_an_outage_is_neither(
    server: DiscordServer, sqlite: SqlDatabase, heard: Heard
) -> None:
    async with listening(server, sqlite, heard):
        new = server.world.guild("New")
        await server.join(new)
        await until(lambda: heard.joins[-1:] == [(new.id, "New")])
        await server.fail(new)
        await server.recover(new)
        await until(lambda: heard.joins.count((new.id, "New")) == 2)
        assert heard.leaves == []
        await server.leave(new)
        await until(lambda: heard.leaves == [new.id])
        assert not [each for each in server.asked if each.method == "POST"], "nobody is written to uninvited"


async def test_a_server_in_an_outage_is_still_there_when_we_come(
    server: DiscordServer, sqlite: SqlDatabase, heard: Heard
) -> None:
    out = server.world.guild("Out")
    out.unavailable = True
    async with listening(server, sqlite, heard):
        assert set(heard.there[0]) == set(server.world.guilds)


# --- shards -------------------------------------------------------------------------------------------------


async def test_a_process_runs_its_range_of_shards(server: DiscordServer, sqlite: SqlDatabase, heard: Heard) -> None:
    for number in range(8):
        server.world.guild(f"Guild {number}", guild=(number << 22) + 5)
    async with listening(server, sqlite, heard, shards=read_shards("2-3/4")):
        assert sorted(shard for _, shard in server.identified) == [(2, 4), (3, 4)]
        found = {each >> 22 for each in heard.there[0] if each < 1 << 40}
        assert found == {2, 3, 6, 7}
        channel = server.world.channel(server.world.guilds[(6 << 22) + 5])
        await (await server.slash("digest", {}, channel)).acknowledged()


async def test_a_server_that_was_left_while_one_shard_did_not_listen_is_noticed_when_it_does_again(
    server: DiscordServer, sqlite: SqlDatabase, heard: Heard
) -> None:
    """Of that shard's alone: the others have nothing to say, and nobody is told of a whole."""
    near, far, out, gone, young = ((number << 22) + 5 for number in (0, 1, 3, 5, 7))
    for guild in (near, far, out, gone):
        server.world.guild(f"Guild {guild >> 22}", guild=guild)
    server.world.guilds[out].unavailable = True
    async with listening(server, sqlite, heard, shards=read_shards("0-1/2")):
        new = server.world.guild("Young", guild=young)
        await server.join(new)
        await until(lambda: heard.joins[-1:] == [(young, "Young")])
        for left in (gone, young):
            del server.world.guilds[left]
        await server.invalidate(shard=1)
        await until(lambda: sorted(heard.leaves) == [gone, young], within=15)
        assert [shard for _, shard in server.identified].count((1, 2)) == 2
        server.world.guilds[young] = new
        await server.join(new)
        await until(lambda: heard.joins.count((young, "Young")) == 2)
        assert len(heard.there) == 1
        await server.invalidate()
        await until(lambda: len(heard.there) == 2, within=20)
    assert {each for each in heard.there[1] if each < 1 << 40} == {near, far, out, young}
    assert sorted(heard.leaves) == [gone, young]


async def test_as_many_shards_as_discord_recommends(server: DiscordServer, sqlite: SqlDatabase, heard: Heard) -> None:
    server.shards = 3
    async with listening(server, sqlite, heard):
        assert sorted(shard for _, shard in server.identified) == [(0, 3), (1, 3), (2, 3)]


async def test_a_used_up_day_is_waited_out(server: DiscordServer, sqlite: SqlDatabase, heard: Heard) -> None:
    server.starts_left, server.starts_reset = 0, 0.3
    began = asyncio.get_running_loop().time()
    async with listening(server, sqlite, heard):
        assert server.identified[0][0] - began >= 0.3


@pytest.mark.parametrize("said", ["", "1", "4/4", "3-2/4", "0-4/4", "0/0", "-1/4", "0-3/16/2", "0-3/99999", "１/4"])
def test_a_range_of_shards_that_is_none_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="shards"):
        read_shards(said)


def test_a_server_is_told_of_on_one_shard() -> None:
    ranges = [read_shards(said) for said in ("0-3/16", "4/16", "5-15/16")]
    for guild in range(0, 1 << 30, 9_999_991):
        assert sum(each.has(guild) for each in ranges) == 1


async def found_by_doctor(server: DiscordServer, database: SqlDatabase, level: str, expected: str) -> None:
    async with asyncio.timeout(15):
        while True:
            findings = await check_discord(server.token, None, database)
            said = [(one.level, one.text) for one in findings if one.subject == "Discord connection"]
            if len(said) == 1 and said[0][0] == level and expected in said[0][1]:
                return
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("shards", [None, "0-1/2"])
async def test_doctor_tells_how_the_connection_stands_and_what_is_left_of_the_days(
    server: DiscordServer, sqlite: SqlDatabase, heard: Heard, shards: str | None
) -> None:
    async with listening(server, sqlite, heard, shards=None if shards is None else read_shards(shards)) as task:
        quiet = await check_discord(server.token, None, sqlite)
        assert "Discord connection" not in [one.subject for one in quiet], "no process says that it is on Discord"
        async with sqlite.begin() as tx:
            await tx.processes.beat(new_process("discord"), timedelta(minutes=1))
        many = 1 if shards is None else 2
        await found_by_doctor(server, sqlite, "ok", f"{many} of the day's 1,000 session starts are used")
        server.refuse_handshakes = 10_000
        await server.hang_up(4000)
        await found_by_doctor(server, sqlite, "note", "not connected: shard 0 since")
        server.refuse_handshakes = 0
        await until(lambda: server.resumed >= many or len(server.identified) > many, within=15)
        await found_by_doctor(server, sqlite, "ok", "since ")
        await server.hang_up(4004)
        await ends(task)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("adapters.discord.checkup.PASSES", timedelta(0))
            await found_by_doctor(server, sqlite, "problem", "not connected: shard 0 since")


# --- IDENTIFYs ----------------------------------------------------------------------------------------------


def test_a_few_connections_a_day_wait_for_nothing() -> None:
    times = [NOW - timedelta(minutes=minute) for minute in range(400, 0, -1)]
    assert identify_pause(times, NOW) == timedelta(0)


def test_whatever_makes_us_connect_in_a_circle_leaves_the_day_some() -> None:
    """Connecting as fast as is allowed, for three days: never 1,000 within 24 hours."""
    now, times = NOW, list[datetime]()
    while now < NOW + timedelta(days=3):
        now += identify_pause(times, now) + timedelta(seconds=5)
        times = [time for time in times if now - time < DAY]
        times.append(now)
        assert len(times) < ALLOWED - 50
    assert identify_pause(times[-1:], now) == timedelta(0)


async def test_identifys_are_counted_across_restarts_and_processes(sqlite: SqlDatabase) -> None:
    for _ in range(3):
        await Identifying(sqlite, 1, apart=timedelta(0)).turn(0)
    async with sqlite.begin() as tx:
        assert str(await tx.marks.get("discord:1:identify")).count(",") == 2
        spent = ", ".join([str(int((await tx.now()).timestamp()))] * (ALLOWED - 100))
        await tx.marks.put("discord:1:identify", f"[{spent}]")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await Identifying(sqlite, 1, apart=timedelta(0)).turn(0)


async def test_two_processes_identify_one_after_the_other(database: SqlDatabase) -> None:
    apart = timedelta(milliseconds=300)
    began = asyncio.get_running_loop().time()
    await asyncio.gather(*(Identifying(database, 1, apart=apart).turn(shard) for shard in range(3)))
    assert asyncio.get_running_loop().time() - began >= 0.6


def test_clients_are_made_anew_ever_more_slowly() -> None:
    waits = [pause(failures, 0.0, Patience()) for failures in range(1, 12)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (1.0, 300.0)
    assert pause(5, 1.0, Patience()) == pause(5, 0.0, Patience()) / 2
