"""The outbox over Discord: one bad place or message among many takes nothing from the others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.storage import SqlDatabase
from bot.app.recovery import take_over
from bot.core.delivery import DeliveryId, DeliveryState, Manner, Post
from tests.factories import GUILD, new_community, new_schedule
from tests.fakes import FakeClock
from tests.platforms.discord_far_side import DiscordLine
from tests.platforms.discord_posts import document, said_in
from tests.platforms.discord_server import DiscordServer, discord_server
from tests.platforms.discord_wire import Fault
from tests.platforms.discord_world import FORUM, SEND, TEXT, Channel
from tests.senders import Step, What, killed_at, quiet, send_all, time_passes_here

INVALID_FORM = 50035
"""Discord's code for a message that it will not take for what it says."""
WHATS: tuple[What, What] = ("call", "transaction")


@pytest.fixture(autouse=True)
def no_log() -> None:
    quiet()


async def queue(
    database: SqlDatabase,
    channel: Channel,
    *says: str,
    manner: Manner = Manner(),  # noqa: B008 (frozen)
) -> DeliveryId:
    """For a schedule that posts there; each of `says` is a message of its own."""
    async with database.begin() as tx:
        await tx.communities.ensure(new_community())
        place = await tx.schedules.destination(GUILD, "discord", str(channel.id))
        if all(each.destination != place.id for each in await tx.schedules.of(GUILD)):
            await tx.schedules.add(new_schedule(GUILD, place.id), due=FakeClock().now() + timedelta(days=9999))
        return await tx.deliveries.queue(GUILD, place.id, document(*says), digest=None, manner=manner)


async def send(database: SqlDatabase, server: DiscordServer) -> None:
    for _ in range(3):
        await send_all(database, DiscordLine(server.address, timedelta(minutes=2)))
        await time_passes_here(database, timedelta(minutes=5))


async def stands(database: SqlDatabase, delivery: DeliveryId) -> tuple[DeliveryState, str | None, str | None]:
    """Its state, why, and why its place is paused."""
    async with database.read() as tx:
        found = await tx.outbox.get(delivery)
    assert found is not None
    return found.state, found.reason, found.destination.paused


async def test_a_message_that_discord_refuses_is_kept_with_its_reason_and_the_rest_go(sqlite: SqlDatabase) -> None:
    async with discord_server(DiscordServer) as server:
        channel = server.world.channel(server.world.guild())
        first = await queue(sqlite, channel, "first")
        bad = await queue(sqlite, channel, "x" * 4001)
        last = await queue(sqlite, channel, "last")
        await send(sqlite, server)
        assert said_in(channel) == ["first", "last"]
        assert (await stands(sqlite, first))[0] is (await stands(sqlite, last))[0] is DeliveryState.SENT
        state, reason, paused = await stands(sqlite, bad)
        assert (state, paused) == (DeliveryState.REJECTED, None)
        assert "The total length of text is above 4000." in str(reason)


@pytest.mark.parametrize("at", [None, *((what, number) for what in WHATS for number in (2, 3))])
async def test_a_part_that_discord_refuses_is_kept_with_its_reason_and_the_others_are_there_whoever_died(
    sqlite: SqlDatabase, sqlite_url: str, at: tuple[What, int] | None
) -> None:
    """Killed after the answer to the part before, to this one, or after it was written down."""
    async with discord_server(DiscordServer) as server:
        channel = server.world.channel(server.world.guild())
        delivery = await queue(sqlite, channel, "one", "x" * 4001, "three")
        if at is not None:
            line = DiscordLine(server.address, timedelta(minutes=2))
            await killed_at(sqlite_url, line, Step(at[0], at[1], "after"))
            await take_over(sqlite, lambda holder: holder == "dead")
            await time_passes_here(sqlite, timedelta(minutes=5))
        await send(sqlite, server)
        assert said_in(channel) == ["one", "three"]
        state, reason, paused = await stands(sqlite, delivery)
        assert (state, paused) == (DeliveryState.SENT, None)
        assert str(reason).startswith("1 of 3 parts refused: ")
        assert "The total length of text is above 4000." in str(reason)


async def test_where_the_first_part_is_refused_the_next_opens_the_thread(sqlite: SqlDatabase) -> None:
    async with discord_server(DiscordServer) as server:
        channel = server.world.channel(server.world.guild())
        manner = Manner(post=Post.THREAD, title="One", mention="77")
        await queue(sqlite, channel, "x" * 4001, "two", "three", manner=manner)
        await send(sqlite, server)
        (opening,) = said_in(channel)
        (thread,) = [each for each in server.world.channels.values() if each.parent == channel.id]
        assert (opening, said_in(thread)) == ("<@&77>\ntwo", ["three"])


@pytest.mark.parametrize("post", list(Post))
async def test_a_refused_first_part_that_is_tried_again_calls_nobody_a_second_time(
    sqlite: SqlDatabase, post: Post
) -> None:
    """Its mention is where people were called: in the first message that was posted of it."""
    async with discord_server(DiscordServer) as server:
        channel = server.world.channel(server.world.guild(), FORUM if post is Post.FORUM else TEXT)
        manner = Manner(post=post, title="One", mention="77")
        refused = r"POST /channels/\d+/(messages|threads)"
        server.faults.append(Fault(refused, status=400, code=INVALID_FORM))
        delivery = await queue(sqlite, channel, "one", "two", manner=manner)
        await send(sqlite, server)
        assert [each for place in server.world.channels.values() for each in said_in(place)] == ["<@&77>\ntwo"]
        async with sqlite.begin() as tx:
            assert await tx.deliveries.retry(GUILD, delivery)
        await send(sqlite, server)
        assert (await stands(sqlite, delivery))[0] is DeliveryState.SENT
        said = [each for place in server.world.channels.values() for each in said_in(place)]
        assert sorted(said) == ["<@&77>\ntwo", "one"]


async def test_where_nothing_was_posted_the_first_part_that_is_tried_again_calls_whom_it_should(
    sqlite: SqlDatabase,
) -> None:
    async with discord_server(DiscordServer) as server:
        channel = server.world.channel(server.world.guild())
        server.faults.append(Fault(r"POST .*/messages", status=400, code=INVALID_FORM))
        delivery = await queue(sqlite, channel, "one", manner=Manner(mention="77"))
        await send(sqlite, server)
        assert said_in(channel) == []
        async with sqlite.begin() as tx:
            assert await tx.deliveries.retry(GUILD, delivery)
        await send(sqlite, server)
        assert said_in(channel) == ["<@&77>\none"]


async def test_a_missing_permission_in_one_channel_of_many_stops_that_one_and_is_told_once(
    sqlite: SqlDatabase,
) -> None:
    async with discord_server(DiscordServer) as server:
        guild = server.world.guild()
        channels = [server.world.channel(guild) for _ in range(6)]
        channels[3].denied = SEND
        queued = [await queue(sqlite, channel, f"{number}") for channel in channels for number in range(2)]
        await send(sqlite, server)
        for number, channel in enumerate(channels[:3] + channels[4:]):
            told = [each for each in said_in(channel) if each not in ("0", "1")]
            assert len(told) == (1 if number == 0 else 0), "the first schedule's place is where a community is told"
            assert all("Send Messages" in each for each in told)
        assert said_in(channels[3]) == []
        state, _, paused = await stands(sqlite, queued[6])
        assert state is DeliveryState.QUEUED
        assert "lacks Send Messages there" in str(paused)
        channels[3].denied = 0
        async with sqlite.begin() as tx:
            found = await tx.outbox.get(queued[6])
            assert found is not None
            assert await tx.deliveries.resume(GUILD, found.destination.id)
        await send(sqlite, server)
        assert said_in(channels[3]) == ["0", "1"]


async def test_a_deleted_thread_stops_nothing_but_itself(sqlite: SqlDatabase) -> None:
    """What was posted before in a forum is edited, and its thread is gone; the next post is a thread of its own."""
    async with discord_server(DiscordServer) as server:
        forum = server.world.channel(server.world.guild(), FORUM)
        manner = Manner(post=Post.FORUM, title="One")
        first = await queue(sqlite, forum, "one", "two", manner=manner)
        await send(sqlite, server)
        (thread,) = [each for each in server.world.channels.values() if each.parent == forum.id]
        assert said_in(thread) == ["one", "two"]
        server.world.delete(thread.id)
        async with sqlite.begin() as tx:
            await tx.deliveries.revise(GUILD, first, document("eins", "zwei"))
        second = await queue(sqlite, forum, "three", manner=Manner(post=Post.FORUM, title="Two"))
        await send(sqlite, server)
        assert (await stands(sqlite, second))[0] is DeliveryState.SENT
        assert (await stands(sqlite, first))[2] is None, "the forum is there"
