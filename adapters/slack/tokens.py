"""The tokens of one workspace: whose they are, as Slack says once it is reached.

The bot token posts and the app token listens, and each may be of another app: then what members say would be heard by
one and answered by the other. An app token has its app's id in it (`xapp-1-A0123456789-…`); of a bot token Slack says
it, to an app that may see who is a bot (`users:read`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import InputError

_APP = re.compile(r"xapp-\d+-(A[A-Z0-9]+)-")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Of one workspace: `bot` (xoxb-…) and, for Socket Mode, `app` (xapp-…)."""

    bot: str = field(repr=False)
    app: str = field(repr=False)


class Unreachable(InputError):
    """Slack gave no answer, or none that says anything of us."""


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
        raise InputError(
            f"SLUGLINE_SLACK_BOT_TOKEN: Slack does not take it ({_refusal(error)}); copy it again from the app's page"
            " Install App"
        ) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unreachable(f"Slack cannot be reached ({type(error).__name__})") from None
    said: Any = answer.data
    scopes = next((value for name, value in answer.headers.items() if name.lower() == "x-oauth-scopes"), "")
    return Who(
        team=str(said["team_id"]),
        name=str(said.get("team") or said["team_id"]),
        bot=str(said.get("bot_id") or ""),
        scopes=frozenset(scope.strip() for scope in str(scopes).split(",") if scope.strip()),
    )


async def check_one_app(client: AsyncWebClient, tokens: Tokens, who: Who) -> None:
    """Raises InputError where Slack says that the tokens are of two apps; nothing where it does not say."""
    listening = _APP.match(tokens.app)
    if listening is None or not who.bot:
        return
    try:
        answer = await client.api_call(
            "bots.info", data={"bot": who.bot}, headers={"Authorization": f"Bearer {tokens.bot}"}
        )
    except SlackApiError as error:
        log.info("Slack does not say which app the bot token is of", reason=_refusal(error))
        return
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unreachable(f"Slack cannot be reached ({type(error).__name__})") from None
    said: Any = answer.data
    posting = str((said.get("bot") or {}).get("app_id") or "")
    if posting and posting != listening[1]:
        raise InputError(
            f"SLUGLINE_SLACK_BOT_TOKEN is of the app {posting}, SLUGLINE_SLACK_APP_TOKEN of {listening[1]}: what is"
            " said to one would be answered by the other; copy both from the pages of one app"
        )


async def connection(client: AsyncWebClient, app_token: str) -> str:
    try:
        answer = await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        raise InputError(
            f"SLUGLINE_SLACK_APP_TOKEN: Slack does not take it ({_refusal(error)}); it is an app-level token with the"
            " scope connections:write, of an app with Socket Mode on"
        ) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unreachable(f"Slack cannot be reached ({type(error).__name__})") from None
    return str(answer["url"])


def _refusal(error: SlackApiError) -> str:
    """Slack's word for it. Raises Unreachable where it says nothing of the token."""
    response: Any = error.response
    data = getattr(response, "data", None)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    if not code or code in {"ratelimited", "internal_error", "fatal_error", "service_unavailable"}:
        raise Unreachable(f"Slack cannot be asked ({code or 'no answer that could be read'})")
    return code
