"""Slack, running: what the composition root opens, in either mode.

async with one_workspace(tokens, desk, database, clock) as slack:     Socket Mode, a token from the environment
async with many_workspaces(app, desk, database, clock, …) as slack:   HTTP, installed by whoever likes
    slack.platform                                                    posts (`bot.app.ports.Platform`)
    slack.door                                                        an ASGI application, in HTTP mode
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import Router

from adapters.slack.afterwards import Afterwards
from adapters.slack.api import ANSWER, Api
from adapters.slack.app import SlackApp
from adapters.slack.door import door
from adapters.slack.installing import StoredInstallations, StoredStates, leave, oauth_flow, seal_anew
from adapters.slack.keys import InstalledKeys, Key, OwnKey
from adapters.slack.logs import quiet_logger
from adapters.slack.pace import OwnBudget, Pace, SharedBudget
from adapters.slack.platform import SlackPlatform
from adapters.slack.sealing import Sealer
from adapters.slack.socket import PING, connected
from adapters.slack.tokens import Tokens, Unreachable, check_one_app, connection, who_is
from bot.app.budget import Budget
from bot.app.commands.desk import CommandDesk
from bot.app.ports import Clock, Database
from bot.core.errors import StoreError

SLACK = "https://slack.com/api/"
CONNECTIONS = 200
IDLE = 10
"""Seconds that an idle connection is kept: one that Slack has closed meanwhile breaks as a message is sent, and then
nobody knows whether it was taken."""
TIDY = timedelta(hours=1)
FIRST, LONGEST = timedelta(seconds=1), timedelta(minutes=5)
"""Between tries to reach Slack as we begin; half of that at least."""

T = TypeVar("T")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """An app that many workspaces install. `keys` seal their tokens, the newest first; `scopes` are asked for beside
    those that everything needs."""

    client_id: str
    client_secret: str = field(repr=False)
    signing_secret: str = field(repr=False)
    keys: tuple[str, ...] = field(repr=False)
    scopes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """`ready` is set while members are heard."""

    platform: SlackPlatform
    app: SlackApp
    api: Api
    afterwards: Afterwards
    run: Callable[[], Coroutine[object, object, None]]
    ready: asyncio.Event
    door: Router | None = None


@asynccontextmanager
async def one_workspace(
    tokens: Tokens,
    desk: CommandDesk,
    database: Database,
    clock: Clock,
    *,
    budget: Budget | None = None,
    alone: bool = False,
    base_url: str | None = None,
    ping: float = PING,
    acknowledged: Callable[[float], None] = lambda seconds: None,
) -> AsyncIterator[Slack]:
    """`run` raises InputError for tokens that Slack does not take, or of two apps, with which and why. `budget` is
    shared with the other processes, save for messages where this one posts `alone`. For `acknowledged` see
    `SlackApp`."""
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(new_client(base_url))
        keys, ready = OwnKey(), asyncio.Event()
        api = Api(client, keys, _pace(budget, clock, alone=alone, distributed=False))
        afterwards = await stack.enter_async_context(Afterwards())
        app = SlackApp(desk, database, api, client, clock, afterwards, leave, acknowledged=acknowledged)

        async def run() -> None:
            who = await _reached(lambda: who_is(client, tokens.bot))
            await _reached(lambda: check_one_app(client, tokens, who))
            keys.know(Key(token=tokens.bot, place=who.team, name=who.name, scopes=who.scopes))
            address = await _reached(lambda: connection(client, tokens.app))
            async with connected(app.bolt, tokens.app, client, address, ping=ping):
                log.info("connected to Slack", workspace=who.team)
                ready.set()
                await _tidy(app)

        yield Slack(platform=SlackPlatform(api, clock), app=app, api=api, afterwards=afterwards, run=run, ready=ready)


@asynccontextmanager
async def many_workspaces(
    app: App,
    desk: CommandDesk,
    database: Database,
    clock: Clock,
    *,
    holder: str,
    budget: Budget | None = None,
    alone: bool = False,
    base_url: str | None = None,
    authorize_url: str | None = None,
    acknowledged: Callable[[float], None] = lambda seconds: None,
) -> AsyncIterator[Slack]:
    """`holder` names this process; `budget` and `alone` as above, and for `acknowledged` see `SlackApp`. Raises
    InputError for keys that are none."""
    sealer = Sealer(app.keys)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(new_client(base_url))
        keys = InstalledKeys(
            database,
            sealer,
            clock,
            client,
            client_id=app.client_id,
            client_secret=app.client_secret,
            holder=holder,
        )
        api = Api(client, keys, _pace(budget, clock, alone=alone, distributed=True))
        afterwards = await stack.enter_async_context(Afterwards())
        flow = oauth_flow(
            StoredInstallations(database, sealer, clock, keys.drop),
            StoredStates(database),
            client,
            client_id=app.client_id,
            client_secret=app.client_secret,
            scopes=app.scopes,
            authorize_url=authorize_url,
        )
        heard = SlackApp(desk, database, api, client, clock, afterwards, leave, oauth=flow, acknowledged=acknowledged)
        ready = asyncio.Event()
        ready.set()

        async def run() -> None:
            with suppress(StoreError):
                if count := await seal_anew(database, sealer):
                    log.info("sealed tokens with the newest key", count=count)
            await _tidy(heard)

        yield Slack(
            platform=SlackPlatform(api, clock),
            app=heard,
            api=api,
            afterwards=afterwards,
            run=run,
            ready=ready,
            door=door(heard.bolt, app.signing_secret),
        )


@asynccontextmanager
async def new_client(base_url: str | None = None) -> AsyncIterator[AsyncWebClient]:
    """Slack's client without a token and without retries of its own."""
    connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=IDLE)
    limit = aiohttp.ClientTimeout(total=ANSWER.total_seconds())
    async with aiohttp.ClientSession(connector=connector, timeout=limit) as session:
        yield AsyncWebClient(base_url=base_url or SLACK, session=session, retry_handlers=[], logger=quiet_logger())


def _pace(budget: Budget | None, clock: Clock, *, alone: bool, distributed: bool) -> Pace:
    own = OwnBudget(time.monotonic)
    shared = own if budget is None else SharedBudget(budget, clock)
    return Pace(shared, own if alone else shared, distributed=distributed)


async def _tidy(app: SlackApp) -> None:
    while True:
        with suppress(StoreError):
            await app.forget()
        await asyncio.sleep(TIDY.total_seconds())


async def _reached(ask: Callable[[], Awaitable[T]]) -> T:
    """What Slack answers, however long that takes."""
    failures = 0
    while True:
        try:
            return await ask()
        except Unreachable as error:
            failures += 1
            pause = min(FIRST * 2**failures, LONGEST).total_seconds() * (1 - random.random() / 2)
            log.warning("not connected to Slack", reason=str(error), again_in=f"{pause:.0f} s")
            await asyncio.sleep(pause)
