"""Slack from a shell: the program is connected, answers and posts; killed and started again, it loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import aiohttp
import pytest
from cryptography.fernet import Fernet

from adapters.storage import open_database
from bot.core.community import CommunityId
from tests.e2e.program import PATIENCE, Program
from tests.e2e.test_stopping import EMPTY_FEED, stop
from tests.factories import new_community, new_document
from tests.platforms.slack_driver import HttpSide, Member, SocketSide
from tests.platforms.slack_server import (
    APP_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    SIGNING_SECRET,
    Channel,
    SlackServer,
    in_a_thread,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Hosted:
    server: SlackServer
    loop: asyncio.AbstractEventLoop

    def call(self, what: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(PATIENCE)

    @property
    def channel(self) -> Channel:
        return self.server.workspaces["T1"].channels["CT11"]

    def until(self, happened: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
        since = time.monotonic()
        while not happened():
            assert process.poll() is None, process.communicate()[1].decode()
            assert time.monotonic() - since < PATIENCE
            time.sleep(0.05)


@pytest.fixture
def hosted() -> Iterator[Hosted]:
    server = SlackServer()
    server.workspace("T1", name="Guild office")
    with in_a_thread(server) as loop:
        yield Hosted(server, loop)


@pytest.fixture
def program(slugline: Program, hosted: Hosted) -> Program:
    (slugline.folder / "quiet.xml").write_text(EMPTY_FEED)
    tokens = {"SLACK_BOT_TOKEN": hosted.server.grant("T1"), "SLACK_APP_TOKEN": APP_TOKEN}
    return replace(slugline, slack=hosted.server.base_url).having(**tokens)


def queue(program: Program, said: str) -> None:
    async def queued() -> None:
        async with open_database(f"sqlite+aiosqlite:///{program.database}") as database, database.begin() as tx:
            community = CommunityId("slack:T1")
            await tx.communities.ensure(new_community(community, platform="slack"))
            place = await tx.schedules.destination(community, "slack", "CT11")
            await tx.deliveries.queue(community, place.id, replace(new_document(), summary=said), digest=None)

    asyncio.run(queued())


@pytest.mark.slow
def test_run_connects_answers_and_posts_and_goes_on_after_it_was_killed(program: Program, hosted: Hosted) -> None:
    queue(program, "first")
    process = program.start("run", "--roles", "slack")
    try:
        hosted.until(hosted.server.connected.is_set, process)
        hosted.until(lambda: hosted.channel.said == ["first"], process)
        member = Member(hosted.server, SocketSide(hosted.server), "T1")
        assert hosted.call(member.say("watch add strike")).took < 3
        hosted.until(lambda: len(member.shown()) == 2, process)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    queue(program, "second")
    process = program.start("run", "--roles", "slack")
    hosted.until(lambda: hosted.channel.said == ["first", "second"], process)
    err = stop(process, signal.SIGTERM)
    assert process.returncode == 0, err
    assert "xoxb" not in err
    assert "xapp" not in err


def test_run_ends_where_slack_does_not_take_the_token_and_doctor_says_why(program: Program) -> None:
    wrong = program.having(SLACK_BOT_TOKEN="xoxb-wrong")
    process = wrong.start("run", "--roles", "slack")
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert b"SLUGLINE_SLACK_BOT_TOKEN: Slack does not take it (invalid_auth)" in err
    result = wrong("doctor")
    assert result.code == 1
    assert "PROBLEM  Slack: SLUGLINE_SLACK_BOT_TOKEN: Slack does not take it (invalid_auth)" in result.out
    assert "Slack: the workspace Guild office (T1) takes the bot token" in program("doctor").out


@pytest.mark.slow
def test_two_tokens_of_different_apps_are_refused_with_both_settings(program: Program, hosted: Hosted) -> None:
    mixed = program.having(SLACK_BOT_TOKEN=hosted.server.grant("T1", app="A2"))
    process = mixed.start("run", "--roles", "slack")
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    said = "SLUGLINE_SLACK_BOT_TOKEN is of the app A2, SLUGLINE_SLACK_APP_TOKEN of A1"
    assert said in err.decode()
    assert f"PROBLEM  Slack: {said}" in mixed("doctor").out


def test_doctor_names_the_one_token_that_is_lacking(slugline: Program) -> None:
    half = slugline.having(SLACK_BOT_TOKEN="xoxb-1")
    assert half("doctor").out.count("PROBLEM  Slack: SLUGLINE_SLACK_APP_TOKEN is missing") == 1


@pytest.mark.slow
def test_run_by_http_answers_what_slack_signed_and_nothing_else(slugline: Program, hosted: Hosted) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        **{"SLACK_CLIENT_ID": CLIENT_ID, "SLACK_CLIENT_SECRET": CLIENT_SECRET},
        **{"SLACK_SIGNING_SECRET": SIGNING_SECRET, "SLACK_TOKEN_KEY": Fernet.generate_key().decode()},
        "WEB": f"127.0.0.1:{port}",
    }
    process = replace(slugline, slack=hosted.server.base_url).having(**settings).start("run", "--roles", "slack,web")
    address = f"http://127.0.0.1:{port}"

    async def said() -> tuple[int, int, list[str]]:
        async with aiohttp.ClientSession() as session:
            side = HttpSide(address, session)
            while True:
                with contextlib.suppress(aiohttp.ClientConnectionError):
                    async with session.get(f"{address}/slack/install", allow_redirects=False) as page:
                        break
                assert process.poll() is None
                await asyncio.sleep(0.05)
            assert "client_id" in page.headers["Location"]
            member = Member(hosted.server, side, "T1")
            forged = side.signed("command", member.command_payload("help"), secret="another")
            refused = (await side.post(*forged)).status
            taken = (await member.say("watch list")).status
            return refused, taken, [json.dumps(message.blocks) for message in await member.sees()]

    refused, taken, (answer,) = hosted.call(said())
    assert (refused, taken) == (401, 200)
    assert "install" in answer, "nobody did in that workspace"
    err = stop(process, signal.SIGTERM)
    assert process.returncode == 0, err


def test_an_app_for_many_workspaces_says_what_it_lacks(slugline: Program) -> None:
    settings = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "SLACK_SIGNING_SECRET": "t", "WEB": "127.0.0.1:1"}
    result = slugline.having(**settings)("run", "--roles", "slack,web")
    assert result.code == 2
    assert "SLUGLINE_SLACK_TOKEN_KEY" in result.error
    short = slugline.having(**settings, SLACK_TOKEN_KEY="c2hvcnQ=")("run", "--roles", "slack,web")
    assert short.code == 2
    assert "32 bytes" in short.error
    assert "c2hvcnQ" not in short.err
