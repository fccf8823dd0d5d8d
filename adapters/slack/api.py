"""One call to Slack's Web API, and what became of it.

Everything Slack is asked goes through here: the workspace's key, the pace, and above all what a failure means. A call
that surely did nothing may be made again; one that may have done something may not, where it posts. So no call is ever
repeated here (slack_sdk's own retry handler is off: it repeats a message after a connection that broke once it was
sent), save with a fresh token, since a call that was not allowed in did nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.keys import Key, Keys, NoKey, NoKeyYet
from adapters.slack.pace import Pace
from bot.core.errors import InputError, StoreError
from bot.core.message.document import File

PATIENCE = timedelta(seconds=5)
"""How long a call waits for its turn."""
ANSWER = timedelta(seconds=20)
"""How long Slack may take over an answer; less than the outbox waits for us."""
NOT_YET = timedelta(seconds=15)
"""When to come again where Slack was not reached since this process began."""
RETRY_AFTER = timedelta(seconds=30)
"""Where Slack says 429 and not for how long."""
MAY_HAVE_DONE_IT = frozenset({"fatal_error", "internal_error"})
"""https://docs.slack.dev/reference/methods/chat.postMessage#errors: "some aspect of the operation may have
succeeded"."""
NOT_NOW = frozenset({"service_unavailable", "team_added_to_org", "request_timeout"})
ENDED = frozenset({"token_expired"})
NOT_LET_IN = frozenset({"invalid_auth", "not_authed", "token_revoked", "account_inactive", "org_login_required"})
AS_JSON = ("chat.", "views.", "conversations.open")
"""Methods that take JSON; those that only read take forms alone."""

log = structlog.get_logger(__name__)


class CallError(Exception):
    """A call that did not succeed; the message is for people, and holds nothing secret."""


class NotDone(CallError):
    """It surely did nothing, and may succeed another time."""


class Unknown(CallError):
    """It may have been done."""


class Wait(CallError):
    """It did nothing: too many calls. Again after `wait`."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"Slack's limit is reached for {wait.total_seconds():.0f} s")
        self.wait = wait


class No(CallError):
    """Slack refuses: `code` is its word for why, `needed` the scope that is missing, `details` what it says of single
    blocks."""

    def __init__(self, code: str, *, needed: str = "", details: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.needed = needed
        self.details = tuple(details)


class Api:
    """`client` carries the address and the session, never a token."""

    def __init__(self, client: AsyncWebClient, keys: Keys, pace: Pace) -> None:
        self._client = client
        self.keys = keys
        self.pace = pace

    async def call(
        self, team: str, method: str, values: Mapping[str, Any], *, patience: timedelta = PATIENCE
    ) -> dict[str, Any]:
        """Slack's answer. Raises CallError and NoKey."""
        channel = values.get("channel")
        await self._turn(team, method, channel, patience)
        key = await self._key(self.keys.of(team))
        try:
            return await self._once(key, team, method, values)
        except No as no:
            if no.code in ENDED:
                return await self._once(await self._key(self.keys.renewed(team, key)), team, method, values)
            if no.code in NOT_LET_IN:
                self.keys.drop(team)
            raise

    async def upload(
        self,
        team: str,
        files: Sequence[File],
        *,
        alts: Mapping[str, str] | None = None,
        channel: str | None = None,
        thread: str | None = None,
    ) -> dict[str, str]:
        """Hand over files, into that thread where one is given; their ids by name. Raises as `call` does."""
        await self._turn(team, "files.getUploadURLExternal", None, PATIENCE)
        key = await self._key(self.keys.of(team))
        client = self._client
        try:
            answer = await client.files_upload_v2(
                file_uploads=[
                    {
                        "filename": file.name,
                        "content": file.content,
                        "title": file.name,
                        "alt_txt": (alts or {}).get(file.name),
                    }
                    for file in files
                ],
                channel=channel,
                thread_ts=thread,
                token=key.token,
            )
        except Exception as error:  # noqa: BLE001 (turned into what it means)
            raise await self._meant(error, team, "files.completeUploadExternal", channel) from None
        return {file.name: str(found["id"]) for file, found in zip(files, answer["files"], strict=True)}

    async def _key(self, looked_up: Awaitable[Key]) -> Key:
        """Without it nothing is sent."""
        try:
            return await looked_up
        except NoKeyYet:
            raise Wait(NOT_YET) from None
        except (StoreError, InputError) as error:  # nobody can read it, or none of our keys opens it
            raise NotDone(f"the workspace's token cannot be had ({error})") from None

    async def _turn(self, team: str, method: str, channel: str | None, patience: timedelta) -> None:
        try:
            later = await self.pace.turn(team, method, channel, patience)
        except StoreError as error:
            raise NotDone(f"the limits that are kept together cannot be asked for ({error})") from None
        if later is not None:
            raise Wait(later.wait)

    async def _once(self, key: Key, team: str, method: str, values: Mapping[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in values.items() if value is not None}
        headers = {"Authorization": f"Bearer {key.token}"}
        as_json = method.startswith(AS_JSON)
        try:
            answer = await self._client.api_call(
                method, json=given if as_json else None, data=None if as_json else given, headers=headers
            )
        except Exception as error:  # noqa: BLE001 (turned into what it means)
            raise await self._meant(error, team, method, values.get("channel")) from None
        data = answer.data
        assert isinstance(data, dict)
        return data

    async def _meant(self, error: Exception, team: str, method: str, channel: str | None) -> Exception:
        match error:
            case SlackApiError():
                return await self._answered(error, team, method, channel)
            case aiohttp.ClientConnectorError():
                return NotDone(f"no connection to Slack ({error.strerror or type(error).__name__})")
            case aiohttp.ClientError() | TimeoutError() | asyncio.TimeoutError() | ConnectionError():
                return Unknown(f"the connection to Slack broke ({type(error).__name__})")
            case SlackRequestError():
                return NotDone("a file could not be handed over")
            case _:
                return error

    async def _answered(self, error: SlackApiError, team: str, method: str, channel: str | None) -> Exception:
        response: Any = error.response
        status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
        data = getattr(response, "data", None)
        body: Mapping[str, Any] = data if isinstance(data, dict) else {}
        code = str(body.get("error") or "")
        if status == 429 or code in {"ratelimited", "rate_limited"}:
            wait = _retry_after(getattr(response, "headers", {}))
            with suppress(StoreError):
                await self.pace.refused(team, method, channel, wait)
            return Wait(wait)
        if status >= 500 or code in MAY_HAVE_DONE_IT or not code:
            return Unknown(f"Slack answered {code or status}")
        if code in NOT_NOW:
            return NotDone(f"Slack answered {code}")
        details = (body.get("response_metadata") or {}).get("messages") or body.get("errors") or ()
        return No(code, needed=str(body.get("needed") or ""), details=[str(each) for each in details])


def _retry_after(headers: Mapping[str, Any]) -> timedelta:
    """Bolt's responses have lists as values in places."""
    value = next((headers[name] for name in headers if name.lower() == "retry-after"), None)
    if isinstance(value, list | tuple):
        value = value[0] if value else None
    try:
        return max(timedelta(0), timedelta(seconds=float(value)))  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return RETRY_AFTER


__all__ = ["Api", "CallError", "Key", "No", "NoKey", "NotDone", "Unknown", "Wait"]
