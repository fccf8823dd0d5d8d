"""Slack, running: what the composition root opens, in either mode.

async with one_workspace(tokens, desk, database, clock) as slack:     Socket Mode, a token from the environment
async with many_workspaces(app, desk, database, clock, …) as slack:   HTTP, installed by whoever likes
    slack.platform                                                    posts (`bot.app.ports.Platform`)
    slack.door                                                        an ASGI application, in HTTP mode
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import Router

from adapters.slack.afterwards import Afterwards
from adapters.slack.api import ANSWER, Api
from adapters.slack.app import SlackApp
from adapters.slack.door import door
from adapters.slack.installing import StoredInstallations, StoredStates, leave, oauth_flow
from adapters.slack.keys import InstalledKeys, Key, OwnKey
from adapters.slack.logs import quiet_logger
from adapters.slack.pace import Budget, OwnBudget, Pace
from adapters.slack.platform import SlackPlatform
from adapters.slack.sealing import Sealer
from adapters.slack.socket import connected
from bot.app.commands.desk import CommandDesk
from bot.app.ports import Clock, Database
from bot.core.errors import InputError, StoreError

SLACK = "https://slack.com/api/"
CONNECTIONS = 200
IDLE = 10
"""Seconds that an idle connection is kept: one that Slack has closed meanwhile breaks as a message is sent, and then
nobody knows whether it was taken."""
TIDY = timedelta(hours=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Of one workspace: `bot` (xoxb-…) and, for Socket Mode, `app` (xapp-…)."""

    bot: str = field(repr=False)
    app: str = field(repr=False)


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
    platform: SlackPlatform
    app: SlackApp
    api: Api
    afterwards: Afterwards
    door: Router | None = None


@asynccontextmanager
async def one_workspace(
    tokens: Tokens,
    desk: CommandDesk,
    database: Database,
    clock: Clock,
    *,
    budget: Budget | None = None,
    base_url: str = SLACK,
    ping: float = 5.0,
) -> AsyncIterator[Slack]:
    """Raises InputError for a token that Slack does not take, with which and why."""
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(_client(base_url))
        who = await who_is(client, tokens.bot)
        address = await _connection(client, tokens.app)
        key = Key(token=tokens.bot, place=who.team, name=who.name, scopes=who.scopes)
        api = Api(client, OwnKey(who.team, key), _pace(budget, distributed=False))
        afterwards = await stack.enter_async_context(Afterwards())
        app = SlackApp(desk, database, api, client, clock, afterwards, leave)
        await stack.enter_async_context(_tidying(app))
        await stack.enter_async_context(connected(app.bolt, tokens.app, client, address, ping=ping))
        log.info("connected to Slack", workspace=who.team)
        yield Slack(platform=SlackPlatform(api, clock), app=app, api=api, afterwards=afterwards)


@asynccontextmanager
async def many_workspaces(
    app: App,
    desk: CommandDesk,
    database: Database,
    clock: Clock,
    *,
    holder: str,
    budget: Budget | None = None,
    base_url: str = SLACK,
    authorize_url: str | None = None,
) -> AsyncIterator[Slack]:
    """`holder` names this process. Raises InputError for keys that are none."""
    sealer = Sealer(app.keys)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(_client(base_url))
        keys = InstalledKeys(
            database,
            sealer,
            clock,
            client,
            client_id=app.client_id,
            client_secret=app.client_secret,
            holder=holder,
        )
        api = Api(client, keys, _pace(budget, distributed=True))
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
        heard = SlackApp(
            desk, database, api, client, clock, afterwards, leave, signing_secret=app.signing_secret, oauth=flow
        )
        await stack.enter_async_context(_tidying(heard))
        yield Slack(
            platform=SlackPlatform(api, clock), app=heard, api=api, afterwards=afterwards, door=door(heard.bolt)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Whose a bot token is, and what it may."""

    team: str
    name: str
    bot: str
    scopes: frozenset[str]


async def who_is(client: AsyncWebClient, token: str) -> Who:
    """Raises InputError where Slack does not take the token, or does not answer."""
    try:
        answer = await client.api_call("auth.test", headers={"Authorization": f"Bearer {token}"})
    except SlackApiError as error:
        reason = _reason(error)
        raise InputError(
            f"SLUGLINE_SLACK_BOT_TOKEN: Slack does not take it ({reason}); copy it again from the app's page"
            " Install App"
        ) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise InputError(f"Slack cannot be reached ({type(error).__name__})") from None
    said: Any = answer.data
    scopes = next((value for name, value in answer.headers.items() if name.lower() == "x-oauth-scopes"), "")
    return Who(
        team=str(said["team_id"]),
        name=str(said.get("team") or said["team_id"]),
        bot=str(said.get("bot_id") or ""),
        scopes=frozenset(scope.strip() for scope in str(scopes).split(",") if scope.strip()),
    )


async def _connection(client: AsyncWebClient, app_token: str) -> str:
    try:
        answer = await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        raise InputError(
            f"SLUGLINE_SLACK_APP_TOKEN: Slack does not take it ({_reason(error)}); it is an app-level token with the"
            " scope connections:write, of an app with Socket Mode on"
        ) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise InputError(f"Slack cannot be reached ({type(error).__name__})") from None
    return str(answer["url"])


def _reason(error: SlackApiError) -> str:
    response: Any = error.response
    data = getattr(response, "data", None)
    return str(data.get("error")) if isinstance(data, dict) else "no answer that could be read"


@asynccontextmanager
async def _client(base_url: str) -> AsyncIterator[AsyncWebClient]:
    """Slack's client without a token and without retries of its own."""
    connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=IDLE)
    limit = aiohttp.ClientTimeout(total=ANSWER.total_seconds())
    async with aiohttp.ClientSession(connector=connector, timeout=limit) as session:
        yield AsyncWebClient(base_url=base_url, session=session, retry_handlers=[], logger=quiet_logger())


def _pace(budget: Budget | None, *, distributed: bool) -> Pace:
    return Pace(budget or OwnBudget(time.monotonic), time.monotonic, distributed=distributed)


@asynccontextmanager
async def _tidying(app: SlackApp) -> AsyncIterator[None]:
    async def tidy() -> None:
        while True:
            with suppress(StoreError):
                await app.forget()
            await asyncio.sleep(TIDY.total_seconds())

    task = asyncio.create_task(tidy())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
