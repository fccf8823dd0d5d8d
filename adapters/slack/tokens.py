"""The tokens of one workspace: whose they are, as Slack says once it is reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import InputError


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
