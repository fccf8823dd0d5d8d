"""Posting to Discord over real sockets: every form, every way it fails, and how it is found again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.discord.pace import OwnPace
from adapters.discord.platform import DiscordPlatform
from adapters.discord.rest import open_rest
from adapters.discord.trouble import TokenRefused
from bot.core.delivery import CannotTell, Deferred, Failed, Manner, Post, Posted, Refused, Unsure
from bot.core.message.document import File
from bot.core.outbox import PartId
from tests.fakes import FakeClock
from tests.platforms.discord_posts import document, place, posting, said, said_in
from tests.platforms.discord_server import DiscordServer, discord_server, pointed_at
from tests.platforms.discord_wire import Fault
from tests.platforms.discord_world import (
    ANNOUNCEMENT,
    ATTACH,
    BOT,
    FORUM,
    HISTORY,
    OWNER,
    SEND,
    THREADS_MAKE,
    VIEW,
    Channel,
)
from tests.platforms.test_discord_gateway import until

ONE, TWO = PartId("1-0"), PartId("1-1")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with discord_server(DiscordServer) as running:
        yield running


@pytest.fixture
def channel(server: DiscordServer) -> Channel:
    return server.world.channel(server.world.guild())


@pytest.fixture
async def discord(server: DiscordServer) -> AsyncIterator[DiscordPlatform]:
    async with posting(server) as platform:
        yield platform


def now() -> datetime:
    return datetime.now(UTC)


# --- forms --------------------------------------------------------------------------------------------------


async def test_a_document_is_posted_part_by_part(discord: DiscordPlatform, channel: Channel) -> None:
    told = document("one", "two")
    assert discord.parts(told) == 2
    first = await discord.send(place(channel), told, 0, part_id=ONE)
    assert isinstance(first, Posted)
    second = await discord.send(place(channel), told, 1, part_id=TWO, opening=first.message)
    assert isinstance(second, Posted)
    assert said_in(channel) == ["one", "two"]


async def test_nobody_is_mentioned_but_the_role_that_a_manager_chose(
    discord: DiscordPlatform, server: DiscordServer, channel: Channel
) -> None:
    told = document("@everyone <@&5> hello", "rest")
    await discord.send(place(channel), told, 0, part_id=ONE)
    await discord.send(place(channel), told, 0, Manner(mention="77"), part_id=PartId("2-0"))
    await discord.send(place(channel), told, 1, Manner(mention="77"), part_id=PartId("2-1"), opening="1")
    allowed = [asked.body["allowed_mentions"] for asked in server.asked if asked.method == "POST"]
    assert allowed == [{"parse": []}, {"parse": [], "roles": ["77"]}, {"parse": []}]
    assert said_in(channel)[1].startswith("<@&77>\n")


async def test_a_thread_is_opened_on_the_first_message_and_takes_the_others(
    discord: DiscordPlatform, server: DiscordServer, channel: Channel
) -> None:
    manner = Manner(post=Post.THREAD, title="The news, 3 May")
    told = document("one", "two")
    first = await discord.send(place(channel), told, 0, manner, part_id=ONE)
    assert isinstance(first, Posted)
    second = await discord.send(place(channel), told, 1, manner, part_id=TWO, opening=first.message)
    thread = server.world.channels[int(first.message)]
    assert (thread.name, thread.parent) == ("The news, 3 May", channel.id)
    assert said_in(channel) == ["one"]
    assert said_in(thread) == ["two"]
    assert second == Posted(message=f"{thread.id}/{thread.last_message}")


async def test_what_is_about_another_message_replies_to_it(
    discord: DiscordPlatform, server: DiscordServer, channel: Channel
) -> None:
    """Such as a correction: in the thread or the post of that message, where it has one."""
    about = await discord.send(place(channel), document("one"), 0, part_id=ONE)
    assert isinstance(about, Posted)
    await discord.send(place(channel), document("correction"), 0, part_id=TWO, opening=about.message)
    assert said_in(channel) == ["one", "correction"]
    reply = [asked.body for asked in server.asked if asked.method == "POST"][-1]
    assert reply["message_reference"] == {"message_id": about.message, "fail_if_not_exists": False}
    manner = Manner(post=Post.THREAD, title="The news, 3 May")
    first = await discord.send(place(channel), document("two"), 0, manner, part_id=PartId("3-0"))
    assert isinstance(first, Posted)
    await discord.send(place(channel), document("correction"), 0, manner, part_id=PartId("4-0"), opening=first.message)
    assert said_in(server.world.channels[int(first.message)]) == ["correction"]
    forum = server.world.channel(server.world.guild(), FORUM)
    manner = Manner(post=Post.FORUM, title="The news, 3 May")
    post = await discord.send(place(forum), document("three"), 0, manner, part_id=PartId("5-0"))
    assert isinstance(post, Posted)
    await discord.send(place(forum), document("correction"), 0, manner, part_id=PartId("6-0"), opening=post.message)
    assert said_in(server.world.channels[int(post.message.split("/")[0])]) == ["three", "correction"]


async def test_a_forum_post_has_a_title_and_the_tags_called_like_the_schedule(
    discord: DiscordPlatform, server: DiscordServer
) -> None:
    tags = [{"id": "5", "name": "Labour", "moderated": False}, {"id": "6", "name": "Other", "moderated": False}]
    forum = server.world.channel(server.world.guild(), FORUM, tags=tags)
    manner = Manner(post=Post.FORUM, title="The news, 3 May", tags=("labour",))
    told = document("one", "two")
    first = await discord.send(place(forum), told, 0, manner, part_id=ONE)
    assert isinstance(first, Posted)
    post = server.world.channels[int(first.message.split("/")[0])]
    assert (post.name, post.parent, post.tags) == ("The news, 3 May", forum.id, ["5"])
    await discord.send(place(forum), told, 1, manner, part_id=TWO, opening=first.message)
    assert said_in(post) == ["one", "two"]


async def test_a_forum_that_wants_a_tag_gets_its_first(discord: DiscordPlatform, server: DiscordServer) -> None:
    tags = [{"id": "4", "name": "Staff", "moderated": True}, {"id": "5", "name": "Misc", "moderated": False}]
    forum = server.world.channel(server.world.guild(), FORUM, tags=tags, flags=1 << 4)
    sent = await discord.send(place(forum), document("one"), 0, Manner(post=Post.FORUM, title="T"), part_id=ONE)
    assert isinstance(sent, Posted)
    bare = server.world.channel(server.world.guild(), FORUM, flags=1 << 4)
    refused = await discord.send(place(bare), document("one"), 0, Manner(post=Post.FORUM, title="T"), part_id=ONE)
    assert isinstance(refused, Refused)
    assert refused.gone
    assert "tag" in refused.reason


async def test_what_was_not_meant_for_a_forum_becomes_a_post_there_once(
    discord: DiscordPlatform, server: DiscordServer
) -> None:
    """An alert, whose sender believes in a nonce, which posts do not have."""
    forum = server.world.channel(server.world.guild(), FORUM)
    first = await discord.send(place(forum), document("one"), 0, part_id=ONE)
    again = await discord.send(place(forum), document("one"), 0, part_id=ONE)
    assert isinstance(first, Posted)
    assert again == first
    assert len([each for each in server.world.channels.values() if each.parent == forum.id]) == 1


async def test_an_announcement_is_published_and_stays_where_that_fails(
    discord: DiscordPlatform, server: DiscordServer
) -> None:
    announcements = server.world.channel(server.world.guild(), ANNOUNCEMENT)
    manner = Manner(post=Post.ANNOUNCEMENT)
    first = await discord.send(place(announcements), document("one"), 0, manner, part_id=ONE)
    assert isinstance(first, Posted)
    assert server.world.published == {int(first.message)}
    server.faults.append(Fault("crosspost", status=429, after=600))
    assert isinstance(await discord.send(place(announcements), document("two"), 0, manner, part_id=TWO), Posted)
    assert said_in(announcements) == ["one", "two"]
    assert len(server.world.published) == 1


async def test_a_file_goes_with_what_it_shows_in_words(
    discord: DiscordPlatform, server: DiscordServer, channel: Channel
) -> None:
    chart = File("chart.png", "image/png", b"\x89PNG")
    await discord.send(place(channel), document("one", files=(chart,)), 0, part_id=ONE)
    asked = server.asked[-1]
    assert asked.files == 1
    assert asked.body["attachments"] == [{"id": "0", "filename": "chart.png", "description": "a chart"}]
    assert asked.body["nonce"] == ONE


async def test_a_private_message_goes_to_the_member_alone(discord: DiscordPlatform, server: DiscordServer) -> None:
    to = place(0)
    object.__setattr__(to, "address", f"dm:{OWNER}")
    assert isinstance(await discord.send(to, document("one"), 0, part_id=ONE), Posted)
    assert [said_in(each) for each in server.world.channels.values()] == [["one"]]
    server.world.direct_closed.add(OWNER)
    refused = await discord.send(to, document("two"), 0, part_id=TWO)
    assert isinstance(refused, Refused)
    assert refused.gone
    assert "private messages" in refused.reason


# --- once ---------------------------------------------------------------------------------------------------


async def test_a_part_sent_again_within_minutes_is_the_message_it_was(
    discord: DiscordPlatform, channel: Channel
) -> None:
    first = await discord.send(place(channel), document("one"), 0, part_id=ONE)
    assert await discord.send(place(channel), document("one"), 0, part_id=ONE) == first
    assert said_in(channel) == ["one"]
    assert discord.abilities(Manner()).remembers > timedelta(0)
    assert discord.abilities(Manner(post=Post.FORUM)).remembers == timedelta(0)


async def test_a_post_is_found_by_its_mark_and_by_nothing_else(
    discord: DiscordPlatform, server: DiscordServer, channel: Channel
) -> None:
    sent = await discord.send(place(channel), document("one"), 0, part_id=ONE)
    forged = {"components": [{"type": 10, "content": "one", "id": server.asked[-1].body["components"][0]["id"]}]}
    server.world.post(channel, forged, OWNER)  # a member copies it
    assert await discord.find(place(channel), ONE, now() - timedelta(minutes=9)) == sent
    assert await discord.find(place(channel), TWO, now() - timedelta(minutes=9)) is None


async def test_what_was_posted_before_is_not_looked_through(
    discord: DiscordPlatform, server: DiscordServer, channel: Channel
) -> None:
    for _ in range(250):
        server.world.post(channel, {"content": "chatter"}, OWNER)
    assert await discord.find(place(channel), ONE, LONG_AGO) is None
    assert len([each for each in server.asked if each.method == "GET" and "messages" in each.path]) == 3
    server.asked.clear()
    assert await discord.find(place(channel), ONE, now() + timedelta(hours=1)) is None
    assert len([each for each in server.asked if "messages" in each.path]) == 1


async def test_parts_are_found_in_the_thread_of_the_first(
    discord: DiscordPlatform, server: DiscordServer, channel: Channel
) -> None:
    manner = Manner(post=Post.THREAD, title="T")
    told = document("one", "two")
    first = await discord.send(place(channel), told, 0, manner, part_id=ONE)
    assert isinstance(first, Posted)
    assert await discord.find(place(channel), TWO, LONG_AGO, opening=first.message) is None
    second = await discord.send(place(channel), told, 1, manner, part_id=TWO, opening=first.message)
    assert await discord.find(place(channel), TWO, LONG_AGO, opening=first.message) == second


async def test_parts_without_a_thread_are_found_in_the_channel(discord: DiscordPlatform, channel: Channel) -> None:
    told = document("one", "two")
    first = await discord.send(place(channel), told, 0, part_id=ONE)
    assert isinstance(first, Posted)
    second = await discord.send(place(channel), told, 1, part_id=TWO, opening=first.message)
    assert await discord.find(place(channel), TWO, LONG_AGO, opening=first.message) == second


@pytest.mark.parametrize("archived", [False, True])
async def test_a_forum_post_is_found_by_its_first_message(
    discord: DiscordPlatform, server: DiscordServer, *, archived: bool
) -> None:
    forum = server.world.channel(server.world.guild(), FORUM)
    manner = Manner(post=Post.FORUM, title="T")
    sent = await discord.send(place(forum), document("one", "two"), 0, manner, part_id=ONE)
    assert isinstance(sent, Posted)
    server.world.channels[int(sent.message.split("/")[0])].archived = archived
    assert await discord.find(place(forum), ONE, now() - timedelta(minutes=9)) == sent
    assert await discord.find(place(forum), TWO, now() - timedelta(minutes=9)) is None
    second = await discord.send(place(forum), document("one", "two"), 1, manner, part_id=TWO, opening=sent.message)
    assert await discord.find(place(forum), TWO, LONG_AGO, opening=sent.message) == second


async def test_where_history_is_closed_nobody_can_tell(discord: DiscordPlatform, channel: Channel) -> None:
    """Discord shows such a channel as empty, which must not be taken for "never posted"."""
    await discord.send(place(channel), document("one"), 0, part_id=ONE)
    channel.denied = HISTORY
    found = await discord.find(place(channel), ONE, LONG_AGO)
    assert isinstance(found, CannotTell)
    assert "Read Message History" in found.reason
    channel.denied = VIEW
    assert isinstance(await discord.find(place(channel), ONE, LONG_AGO), CannotTell)


async def test_in_a_channel_that_never_had_a_message_there_is_none(discord: DiscordPlatform, channel: Channel) -> None:
    assert await discord.find(place(channel), ONE, LONG_AGO) is None


async def test_looking_is_put_off_while_discord_is_down(
    discord: DiscordPlatform, server: DiscordServer, channel: Channel
) -> None:
    server.faults.append(Fault("GET /channels", status=502))
    found = await discord.find(place(channel), ONE, LONG_AGO)
    assert isinstance(found, CannotTell)
    assert found.until is not None


# --- what goes wrong ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 503, 504, 524])
async def test_after_a_server_error_nobody_knows_and_nothing_is_sent_again_behind_our_back(
    discord: DiscordPlatform, server: DiscordServer, channel: Channel, status: int
) -> None:
    server.faults.append(Fault("POST /channels", status=status, done=True))
    assert isinstance(await discord.send(place(channel), document("one"), 0, part_id=ONE), Unsure)
    assert len([each for each in server.asked if each.method == "POST"]) == 1
    assert isinstance(await discord.send(place(channel), document("one"), 0, part_id=ONE), Posted)
    assert said_in(channel) == ["one"]


@pytest.mark.parametrize("done", [False, True])
async def test_a_connection_that_breaks_leaves_it_open(
    discord: DiscordPlatform, server: DiscordServer, channel: Channel, *, done: bool
) -> None:
    server.faults.append(Fault("POST /channels", drop=True, done=done))
    assert isinstance(await discord.send(place(channel), document("one"), 0, part_id=ONE), Unsure)
    assert said_in(channel) == (["one"] if done else [])


async def test_a_slow_answer_that_nobody_waited_for_makes_no_second_message(
    discord: DiscordPlatform, server: DiscordServer, channel: Channel
) -> None:
    await discord.send(place(channel), document("before"), 0, part_id=TWO)  # and so it is logged in
    server.latency = 1.0
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await discord.send(place(channel), document("one"), 0, part_id=ONE)
    await until(lambda: said_in(channel) == ["before", "one"])
    assert isinstance(await discord.send(place(channel), document("one"), 0, part_id=ONE), Posted)
    assert said_in(channel) == ["before", "one"]


async def test_an_edit_that_is_not_answered_may_have_been_made(
    discord: DiscordPlatform, server: DiscordServer, channel: Channel
) -> None:
    first = await discord.send(place(channel), document("one"), 0, part_id=ONE)
    assert isinstance(first, Posted)
    server.faults.append(Fault("PATCH /channels", drop=True))
    assert isinstance(await discord.edit(place(channel), first.message, document("eins"), 0), Unsure)


async def test_where_discord_cannot_be_reached_nothing_was_posted(discord: DiscordPlatform, channel: Channel) -> None:
    with pointed_at("127.0.0.1:9"):
        failed = await discord.send(place(channel), document("one"), 0, part_id=ONE)
    assert isinstance(failed, Failed)


async def test_a_short_limit_is_waited_for_and_a_long_one_is_put_off(server: DiscordServer, channel: Channel) -> None:
    clock = FakeClock()
    async with posting(server, clock=clock) as discord:
        server.faults.append(Fault("POST /channels", status=429, after=0.02))
        assert isinstance(await discord.send(place(channel), document("one"), 0, part_id=ONE), Posted)
        server.faults.append(Fault("POST /channels", status=429, after=120))
        late = await discord.send(place(channel), document("two"), 0, part_id=TWO)
        assert late == Deferred(until=clock.now() + timedelta(seconds=120), reason=late.reason)  # type: ignore[union-attr]


async def test_a_limit_of_the_network_in_front_is_not_tried_again(
    discord: DiscordPlatform, server: DiscordServer, channel: Channel
) -> None:
    """Without Via it is no limit of Discord's: going on would make it a ban."""
    server.faults.append(Fault("POST /channels", status=429, after=0.02, via=False))
    assert isinstance(await discord.send(place(channel), document("one"), 0, part_id=ONE), Deferred)
    assert len([each for each in server.asked if each.method == "POST"]) == 1


async def test_a_global_limit_keeps_every_request_back(server: DiscordServer) -> None:
    guild = server.world.guild()
    channels = [server.world.channel(guild) for _ in range(4)]
    async with posting(server) as discord:
        server.faults.append(Fault("POST /channels", status=429, after=0.3, everywhere=True))
        await discord.send(place(channels[0]), document("one"), 0, part_id=ONE)
        began, *others = [each.at for each in server.asked if each.method == "POST"]
        await asyncio.gather(*(discord.send(place(each), document("one"), 0, part_id=ONE) for each in channels[1:]))
    assert min(others) - began >= 0.29
    assert [said_in(each) for each in channels] == [["one"]] * 4


async def test_a_spent_bucket_is_waited_for_without_a_429(discord: DiscordPlatform, channel: Channel) -> None:
    async with discord_server(DiscordServer, messages=(2, 0.3)) as server, posting(server) as platform:
        channel = server.world.channel(server.world.guild())
        parts = [PartId(f"9-{number}") for number in range(5)]
        sent = [await platform.send(place(channel), document(each), 0, part_id=each) for each in parts]
        assert all(isinstance(each, Posted) for each in sent)
        assert not server.refused
        assert said_in(channel) == list(parts)


async def test_that_a_message_was_posted_is_known_before_its_bucket_fills_again() -> None:
    async with discord_server(DiscordServer, messages=(1, 20.0)) as server, posting(server) as platform:
        channel = server.world.channel(server.world.guild())
        async with asyncio.timeout(2):
            assert isinstance(await platform.send(place(channel), document("one"), 0, part_id=ONE), Posted)


@pytest.mark.parametrize(
    ("denied", "manner", "named"),
    [
        (SEND, Manner(), "Send Messages"),
        (VIEW, Manner(), "View Channels"),
        (THREADS_MAKE, Manner(post=Post.THREAD, title="T"), "Create Public Threads"),
    ],
)
async def test_a_missing_permission_is_named(
    discord: DiscordPlatform, channel: Channel, denied: int, manner: Manner, named: str
) -> None:
    channel.denied = denied
    told = document("one", "two")
    sent = await discord.send(place(channel), told, 0, manner, part_id=ONE)
    if isinstance(sent, Posted):  # its thread could not be opened: that is for the next part to say
        sent = await discord.send(place(channel), told, 1, manner, part_id=TWO, opening=sent.message)
    assert isinstance(sent, Refused)
    assert sent.gone
    assert named in sent.reason
    assert sent.reason.count(" and ") == 0


async def test_a_missing_permission_for_files_is_named(discord: DiscordPlatform, channel: Channel) -> None:
    channel.denied = ATTACH
    told = document("one", files=(File("chart.png", "image/png", b"\x89PNG"),))
    refused = await discord.send(place(channel), told, 0, part_id=ONE)
    assert isinstance(refused, Refused)
    assert "lacks Attach Files there" in refused.reason


async def test_a_deleted_channel_is_gone(discord: DiscordPlatform, server: DiscordServer, channel: Channel) -> None:
    server.world.delete(channel.id)
    refused = await discord.send(place(channel), document("one"), 0, part_id=ONE)
    assert isinstance(refused, Refused)
    assert refused.gone


async def test_a_deleted_thread_is_gone(discord: DiscordPlatform, server: DiscordServer) -> None:
    forum = server.world.channel(server.world.guild(), FORUM)
    manner = Manner(post=Post.FORUM, title="T")
    first = await discord.send(place(forum), document("one", "two"), 0, manner, part_id=ONE)
    assert isinstance(first, Posted)
    server.world.delete(int(first.message.split("/")[0]))
    refused = await discord.send(place(forum), document("one", "two"), 1, manner, part_id=TWO, opening=first.message)
    assert isinstance(refused, Refused)
    assert not refused.gone, "the forum is there"


async def test_an_address_that_is_none_is_refused(discord: DiscordPlatform) -> None:
    to = place(0)
    for address in ("#news", "../../users/@me", "dm:", "１２", "9" * 30):
        object.__setattr__(to, "address", address)
        assert isinstance(await discord.send(to, document("one"), 0, part_id=ONE), Refused)


async def test_a_message_that_discord_refuses_is_kept_with_its_reason(
    discord: DiscordPlatform, channel: Channel
) -> None:
    refused = await discord.send(place(channel), document("x" * 4001), 0, part_id=ONE)
    assert isinstance(refused, Refused)
    assert not refused.gone
    assert "components: The total length of text is above 4000." in refused.reason
    assert isinstance(await discord.send(place(channel), document("two"), 0, part_id=TWO), Posted)


async def test_a_revoked_token_puts_everything_off(
    discord: DiscordPlatform, server: DiscordServer, channel: Channel
) -> None:
    server.token = "another"
    deferred = await discord.send(place(channel), document("one"), 0, part_id=ONE)
    assert isinstance(deferred, Deferred)
    assert "SLUGLINE_DISCORD_TOKEN" in deferred.reason


async def test_a_wrong_token_is_refused_without_being_said(server: DiscordServer) -> None:
    with pytest.raises(TokenRefused) as refused:
        async with open_rest("not-the-token", OwnPace()) as rest:
            await rest.log_in()
    assert "SLUGLINE_DISCORD_TOKEN" in str(refused.value)
    assert "not-the-token" not in str(refused.value)


# --- edits --------------------------------------------------------------------------------------------------


async def test_a_message_is_edited_wherever_it_is(
    discord: DiscordPlatform, server: DiscordServer, channel: Channel
) -> None:
    manner = Manner(post=Post.THREAD, title="T")
    told, mended = document("one", "two"), document("one", "zwei")
    first = await discord.send(place(channel), told, 0, manner, part_id=ONE)
    assert isinstance(first, Posted)
    second = await discord.send(place(channel), told, 1, manner, part_id=TWO, opening=first.message)
    assert isinstance(second, Posted)
    thread = server.world.channels[int(first.message)]
    thread.archived = True
    assert await discord.edit(place(channel), second.message, mended, 1) == second
    assert said_in(thread) == ["zwei"]
    assert await discord.edit(place(channel), first.message, document("eins"), 0) == first
    assert said_in(channel) == ["eins"]


async def test_a_message_that_was_deleted_cannot_be_edited(discord: DiscordPlatform, channel: Channel) -> None:
    first = await discord.send(place(channel), document("one"), 0, part_id=ONE)
    assert isinstance(first, Posted)
    channel.messages.clear()
    refused = await discord.edit(place(channel), first.message, document("eins"), 0)
    assert isinstance(refused, Refused)
    assert (refused.gone, refused.deleted) == (False, True)


async def test_an_edit_takes_away_files_that_are_not_shown_any_more(
    discord: DiscordPlatform, server: DiscordServer, channel: Channel
) -> None:
    chart = File("chart.png", "image/png", b"\x89PNG")
    first = await discord.send(place(channel), document("one", files=(chart,)), 0, part_id=ONE)
    assert isinstance(first, Posted)
    await discord.edit(place(channel), first.message, document("eins"), 0)
    assert server.asked[-1].body["attachments"] == []


async def test_our_messages_are_ours(discord: DiscordPlatform, channel: Channel) -> None:
    await discord.send(place(channel), document("one"), 0, part_id=ONE)
    (message,) = channel.messages.values()
    assert message["author"]["id"] == str(BOT)
    assert said(message) == "one"


async def test_where_history_is_closed_a_reply_is_posted_all_the_same(
    discord: DiscordPlatform, server: DiscordServer, channel: Channel
) -> None:
    first = await discord.send(place(channel), document("one"), 0, part_id=ONE)
    assert isinstance(first, Posted)
    channel.denied = HISTORY
    reply = await discord.send(place(channel), document("corrected"), 0, part_id=TWO, opening=first.message)
    assert isinstance(reply, Posted)
    assert said_in(channel) == ["one", "corrected"]
    assert "message_reference" in server.asked[-2].body
    assert "message_reference" not in server.asked[-1].body
