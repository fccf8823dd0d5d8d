"""Socket Mode: connections that end, envelopes that come twice, tokens that are wrong."""

from __future__ import annotations

import asyncio
import time
from typing import Literal

import pytest

from adapters.clock import SystemClock
from adapters.slack.checkup import check_one_workspace
from adapters.slack.service import one_workspace
from adapters.slack.socket import FULL
from adapters.slack.tokens import Tokens
from bot.core.community import CommunityId, MemberId
from bot.core.errors import InputError
from tests.app.conversation import converse
from tests.app.newsroom import Newsroom
from tests.platforms.slack_driver import SocketSide
from tests.platforms.slack_office import Office, socket_office
from tests.platforms.slack_server import APP_TOKEN, Fault, SlackServer


@pytest.mark.parametrize("how", ["refresh", "close", "drop"])
async def test_a_connection_that_ends_is_opened_anew(
    by_socket: Office, how: Literal["refresh", "close", "drop"]
) -> None:
    before = list(by_socket.server.sockets)
    await by_socket.server.hang_up(how)
    deadline = time.monotonic() + 10
    while not [socket for socket in by_socket.server.sockets if socket not in before]:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)
    await by_socket.member().say("watch list")
    assert len(await by_socket.member().sees()) == 1


async def test_an_envelope_that_comes_twice_is_acknowledged_twice_and_heard_once(by_socket: Office) -> None:
    assert isinstance(by_socket.side, SocketSide)
    payload = by_socket.member().command_payload("watch add strike")
    for _ in range(2):
        ack = await by_socket.side.tell("command", payload, envelope="same")
        assert ack.status == 200
    await by_socket.done()
    assert len(by_socket.member().shown()) == 1


async def test_two_processes_hear_each_thing_once_between_them(by_socket: Office, newsroom: Newsroom) -> None:
    async with socket_office(newsroom, beside=by_socket) as other:
        assert len(by_socket.server.sockets) == 2
        member, side = by_socket.member(), by_socket.side
        assert isinstance(side, SocketSide)
        for number in range(10):
            await member.say(f"watch add strike{number}")
        await asyncio.gather(by_socket.done(), other.done())
        assert len(member.shown()) == 10
        assert min(len(by_socket.took), len(other.took)) == 5, "each heard its share"
        async with by_socket.database.read() as tx:
            assert len(await tx.watches.of(CommunityId("slack:T1"), MemberId("UADMIN"))) == 10
        home = member.event_payload({"type": "app_home_opened", "user": "UADMIN", "tab": "home"})
        again = member.command_payload("watch add lockout")
        for through in (0, 1, 0, 1):  # Slack did not hear the acknowledgement, and tells another connection
            await side.tell("event", home, through=through)
            await side.tell("command", again, through=through)
        await asyncio.gather(by_socket.done(), other.done())
        assert len(by_socket.server.called("views.publish")) == 1
        assert len(member.shown()) == 11


async def test_an_event_whose_connection_breaks_is_told_to_another_and_done_once(
    by_socket: Office, newsroom: Newsroom
) -> None:
    """Whether the first process heard it or not."""
    async with socket_office(newsroom, beside=by_socket) as other:
        side, member, server = by_socket.side, by_socket.member(), by_socket.server
        assert isinstance(side, SocketSide)
        for number in range(5):
            home = member.event_payload({"type": "app_home_opened", "user": "UADMIN", "tab": "home"})
            told = asyncio.create_task(side.tell("event", home, through=1))
            await asyncio.sleep(0.001 * number)
            await server.hang_up("drop", only=1)
            told.cancel()
            await side.tell("event", home, retry=1, through=0)
            while len(server.sockets) < 2:  # noqa: ASYNC110 (a server rings no bell)
                await asyncio.sleep(0.01)
        await asyncio.gather(by_socket.done(), other.done())
        assert len(server.called("views.publish")) == 5


async def test_one_connection_too_many_waits_until_there_is_room(
    by_socket: Office, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()
    room = asyncio.Event()
    sleep = asyncio.sleep

    async def waits(seconds: float) -> None:
        if seconds != FULL:
            return await sleep(seconds)
        asked.set()
        await room.wait()

    monkeypatch.setattr("adapters.slack.socket.asyncio.sleep", waits)
    server = by_socket.server
    server.most_sockets = 1
    async with socket_office(newsroom, beside=by_socket):
        await asyncio.wait_for(asked.wait(), 10)
        assert (server.refused_sockets, len(server.sockets)) == (1, 1)
        server.most_sockets = 2
        room.set()
        deadline = time.monotonic() + 10
        while len(server.sockets) < 2:
            assert time.monotonic() < deadline
            await sleep(0.01)
        assert server.refused_sockets == 1


async def test_a_token_that_slack_does_not_take_ends_it_with_which_and_why(newsroom: Newsroom) -> None:
    desk = (await converse(newsroom)).desk
    async with SlackServer() as server:
        server.workspace("T1")
        good = server.grant("T1")
        for tokens, says in (
            (Tokens(bot="xoxb-wrong", app=APP_TOKEN), "SLUGLINE_SLACK_BOT_TOKEN.*invalid_auth"),
            (Tokens(bot=good, app="xapp-wrong"), "SLUGLINE_SLACK_APP_TOKEN.*connections:write"),
            (
                Tokens(bot=server.grant("T1", app="A2"), app=APP_TOKEN),
                "SLUGLINE_SLACK_BOT_TOKEN is of the app A2, SLUGLINE_SLACK_APP_TOKEN of A1",
            ),
        ):
            opening = one_workspace(tokens, desk, newsroom.database, SystemClock(), base_url=server.base_url)
            async with opening as slack:
                with pytest.raises(InputError, match=says):
                    await slack.run()
                assert "xoxb" not in repr(tokens)


async def test_where_slack_may_not_say_which_app_a_token_is_of_it_is_taken(newsroom: Newsroom) -> None:
    desk = (await converse(newsroom)).desk
    async with SlackServer() as server:
        server.workspace("T1")
        tokens = Tokens(bot=server.grant("T1", ("chat:write",), app="A2"), app=APP_TOKEN)
        opening = one_workspace(tokens, desk, newsroom.database, SystemClock(), base_url=server.base_url)
        async with opening as slack:
            running = asyncio.create_task(slack.run())
            await asyncio.wait_for(slack.ready.wait(), 10)
            running.cancel()
            await asyncio.wait({running})


async def test_slack_that_cannot_be_reached_at_first_is_tried_again(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.service.FIRST", 0 * SystemClock().now().resolution)
    desk = (await converse(newsroom)).desk
    async with SlackServer() as server:
        server.workspace("T1")
        tokens = Tokens(bot=server.grant("T1"), app=APP_TOKEN)
        server.fault("auth.test", Fault(status=503, text="<html>"), Fault(drop=True))
        opening = one_workspace(tokens, desk, newsroom.database, SystemClock(), base_url=server.base_url)
        async with opening as slack:
            running = asyncio.create_task(slack.run())
            await asyncio.wait_for(slack.ready.wait(), 10)
            running.cancel()
            await asyncio.wait({running})
    assert len(server.refused_calls) == 2


async def test_doctor_names_the_workspace_and_the_scopes_that_are_lacking(by_socket: Office) -> None:
    server = by_socket.server
    tokens = Tokens(bot=server.grant("T1", ("commands", "chat:write", "users:read")), app=APP_TOKEN)
    findings = await check_one_workspace(tokens, by_socket.database, base_url=server.base_url)
    assert [finding.level for finding in findings] == ["ok", "problem", "note"]
    assert "Guild office (T1)" in findings[0].text
    assert "`- files:write`" in findings[1].text
    assert "channels:history" in findings[2].text


async def test_doctor_sees_a_token_of_another_workspace(by_socket: Office) -> None:
    await by_socket.member().say("schedule add weekdays at 9")
    await by_socket.done()
    server = by_socket.server
    server.workspace("T5", name="Another office")
    tokens = Tokens(bot=server.grant("T5"), app=APP_TOKEN)
    findings = await check_one_workspace(tokens, by_socket.database, base_url=server.base_url)
    problem = next(finding for finding in findings if finding.level == "problem")
    assert "Another office (T5)" in problem.text
    assert "T1" in problem.text
    wrong = await check_one_workspace(Tokens(bot="xoxb-wrong", app=APP_TOKEN), None, base_url=server.base_url)
    assert [(finding.level, "invalid_auth" in finding.text) for finding in wrong] == [("problem", True)]


@pytest.mark.parametrize(
    ("app", "token", "says"), [("A1", "xapp-1-A1-other", "connections:write"), ("A2", APP_TOKEN, "of the app A2")]
)
async def test_doctor_tries_the_app_token_too(by_socket: Office, app: str, token: str, says: str) -> None:
    server = by_socket.server
    tokens = Tokens(bot=server.grant("T1", app=app), app=token)
    took, problem = (await check_one_workspace(tokens, None, base_url=server.base_url))[:2]
    assert (took.level, problem.level) == ("ok", "problem")
    assert says in problem.text
    server.fault("apps.connections.open", Fault(retry_after=60))
    good = Tokens(bot=server.grant("T1"), app=APP_TOKEN)
    findings = await check_one_workspace(good, None, base_url=server.base_url)
    assert "could not be tried" in findings[1].text
