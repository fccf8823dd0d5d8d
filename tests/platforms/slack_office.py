"""Slugline in Slack, whole: the real app over a newsroom, joined to the protocol server in either mode."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Literal

import aiohttp
from cryptography.fernet import Fernet

from adapters.clock import SystemClock
from adapters.slack.service import App, Slack, many_workspaces, one_workspace
from adapters.slack.tokens import Tokens
from adapters.storage import SqlDatabase
from adapters.web.server import serving
from bot.app.commands.desk import CommandDesk
from bot.cli.roles.beside import beside as running_beside
from tests.app.conversation import converse
from tests.app.newsroom import Newsroom
from tests.platforms.slack_driver import HttpSide, Member, Side, SocketSide
from tests.platforms.slack_server import (
    ALL_SCOPES,
    APP_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    SIGNING_SECRET,
    SlackServer,
)

Mode = Literal["socket", "http"]
KEY = Fernet.generate_key().decode()
OPTIONAL = ("channels:history", "groups:history", "im:history")


@dataclass
class Office:
    server: SlackServer
    slack: Slack
    side: Side
    newsroom: Newsroom
    desk: CommandDesk
    took: list[float]
    address: str = ""
    """The app's own, in HTTP mode."""
    session: aiohttp.ClientSession | None = None

    @property
    def database(self) -> SqlDatabase:
        database = self.newsroom.database
        assert isinstance(database, SqlDatabase)
        return database

    def member(self, user: str = "UADMIN", *, team: str = "T1", channel: str = "") -> Member:
        return Member(self.server, self.side, team, user, channel)

    async def done(self) -> None:
        """All that was heard is done."""
        await self.slack.afterwards.idle()

    async def install(self, place: str, user: str = "UADMIN") -> tuple[int, str]:
        """As somebody does in a browser; the last page's status and text."""
        assert self.session is not None
        jar = {}
        async with self.session.get(f"{self.address}/slack/install", allow_redirects=False) as begun:
            assert begun.status == 302
            jar = {name: morsel.value for name, morsel in begun.cookies.items()}
            page = begun.headers["Location"]
        back = f"{self.address}/slack/oauth_redirect"
        more = {"team": place, "as": user, "back": back}
        async with self.session.get(page, params=more, allow_redirects=False) as agreed:
            location = agreed.headers["Location"]
        cookie = "; ".join(f"{name}={value}" for name, value in jar.items())
        async with self.session.get(location, headers={"Cookie": cookie}) as ended:
            return ended.status, await ended.text()


@asynccontextmanager
async def socket_office(newsroom: Newsroom, *, beside: Office | None = None) -> AsyncIterator[Office]:
    """One workspace, T1, whose token is known; `beside` is another process of the same app and database."""
    desk, took = (await converse(newsroom)).desk, list[float]()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(SlackServer()) if beside is None else beside.server
        server.workspace("T1", name="Guild office")
        tokens = Tokens(bot=server.grant("T1", ALL_SCOPES), app=APP_TOKEN)
        slack = await stack.enter_async_context(
            one_workspace(
                tokens,
                desk,
                newsroom.database,
                SystemClock(),
                base_url=server.base_url,
                ping=0.3,
                acknowledged=took.append,
            )
        )
        await stack.enter_async_context(running_beside(slack.run(), asyncio.Event()))
        await slack.ready.wait()
        yield Office(server, slack, SocketSide(server), newsroom, desk, took)


@asynccontextmanager
async def http_office(
    newsroom: Newsroom,
    *,
    installed: tuple[str, ...] = ("T1",),
    key: str = KEY,
    holder: str = "one",
) -> AsyncIterator[Office]:
    """Any workspaces; those that installed it by UADMIN's hand."""
    desk, took = (await converse(newsroom)).desk, list[float]()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(SlackServer())
        app = App(
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            signing_secret=SIGNING_SECRET,
            keys=(key,),
            scopes=OPTIONAL,
        )
        slack = await stack.enter_async_context(
            many_workspaces(
                app,
                desk,
                newsroom.database,
                SystemClock(),
                holder=holder,
                base_url=server.base_url,
                authorize_url=server.authorize_url,
                acknowledged=took.append,
            )
        )
        assert slack.door is not None
        port = await stack.enter_async_context(serving(slack.door, "127.0.0.1", 0))  # type: ignore[arg-type]
        session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))
        address = f"http://127.0.0.1:{port}"
        office = Office(server, slack, HttpSide(address, session), newsroom, desk, took, address, session)
        for place in installed:
            if not place.startswith("E"):
                server.workspace(place)
            status, text = await office.install(place)
            assert status == 200, text
        yield office
