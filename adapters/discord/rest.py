"""Asking Discord over HTTP, once, and hearing what it answered.

discord.py's HTTP client keeps the token, the routes' own limits and their buckets. What it does with an answer is for
people at a keyboard, though: it tries a post again after a server error, which posts twice where no nonce is kept, and
having spent a bucket it sleeps before it tells that the message was posted. The outbox knows better when to ask again.
So each answer is taken where it arrives (aiohttp's tracing, which discord.py hands on), and only a good one goes on to
discord.py, for the headers.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
from discord.http import Route

from adapters.discord.pace import Pace, paced
from adapters.discord.trouble import TokenRefused

WAITED = 5.0
"""Seconds that a rate limit is waited for here; one that takes longer is the outbox's business."""
TRIES = 4
"""Of a request that Discord put off for so short a time."""
DAY = 24 * 60 * 60.0
LONGEST = 30.0
"""Seconds that discord.py waits for a route's bucket before it raises: its own least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`body` is JSON read, or text where it is none."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> int:
        """Discord's own code of an error; 0 where it gave none."""
        code = self.body.get("code", 0) if isinstance(self.body, dict) else 0
        return code if isinstance(code, int) else 0

    @property
    def message(self) -> str:
        """What Discord says of an error, its details behind it, in one line."""
        if not isinstance(self.body, dict):
            return f"HTTP {self.status}"
        said = [str(self.body.get("message", f"HTTP {self.status}")), *_details(self.body.get("errors"))]
        return "; ".join(said)[:400]

    @property
    def retry_after(self) -> float:
        """Seconds, of a 429: from the body, else the header; no more than a day, whatever stands between us and
        Discord says."""
        said = self.body.get("retry_after") if isinstance(self.body, dict) else None
        try:
            return min(max(0.0, float(said if said is not None else self.headers.get("Retry-After", 60))), DAY)
        except (TypeError, ValueError):
            return 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file to go with a message; `alt` says in words what it shows."""

    name: str
    content: bytes
    alt: str = ""


# Slugline has no voice, and nobody should be told so at every start.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class Rest:
    """Logs in when it is first asked for something, so that Discord may be out of reach meanwhile."""

    def __init__(self, token: str, pace: Pace) -> None:
        self._token = token
        self._pace = pace
        self._client: discord.Client | None = None
        self._logging_in = asyncio.Lock()
        self._left: set[asyncio.Task[Any]] = set()

    @property
    def me(self) -> int:
        """The bot's own user id, once logged in."""
        assert self._client is not None
        assert self._client.user is not None
        return self._client.user.id

    @property
    def application(self) -> int:
        """Likewise, that of its application."""
        assert self._client is not None
        assert self._client.application_id is not None
        return self._client.application_id

    @property
    def verify_key(self) -> str:
        """Likewise, the public key of what Discord sends it over HTTP."""
        assert self._client is not None
        assert self._client.application is not None
        return self._client.application.verify_key

    @property
    def name(self) -> str:
        assert self._client is not None
        assert self._client.user is not None
        return self._client.user.name

    async def log_in(self) -> discord.Client:
        """Raises `TokenRefused` for a token that Discord does not take, and what aiohttp and discord.py do where it
        cannot be reached."""
        async with self._logging_in:
            if self._client is None:
                self._client = await self._logged_in()
        return self._client

    async def _logged_in(self) -> discord.Client:
        trace = paced(self._pace)
        trace.on_request_end.append(_taken)
        client = discord.Client(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            http_trace=trace,
            max_ratelimit_timeout=LONGEST,
        )
        try:
            await client.login(self._token)
        except discord.LoginFailure:
            await client.close()
            raise TokenRefused from None
        except BaseException:
            await client.close()
            raise
        return client

    async def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | Sequence[Any] | None = None,
        *,
        files: Sequence[Upload] = (),
        query: Mapping[str, str | int] | None = None,
        **parameters: str | int,
    ) -> Answer:
        """One request; `parameters` are those of `path`. A limit that is over soon is waited for. Raises what aiohttp
        does where there was no answer, and `discord.RateLimited` where a route's bucket stays empty for long."""
        for attempt in range(TRIES):
            answer = await self._once(_route(method, path, parameters), body, files, query)
            if answer.status != 429:
                break
            if _is_global(answer):
                self._pace.rest(answer.retry_after)
            if attempt == TRIES - 1 or answer.retry_after > WAITED or "Via" not in answer.headers:
                break
            await asyncio.sleep(answer.retry_after)
        return answer

    async def _once(
        self, route: Route, body: Any, files: Sequence[Upload], query: Mapping[str, str | int] | None
    ) -> Answer:
        call = _Call()
        options: dict[str, Any] = {"trace_request_ctx": call}
        if query:
            options["params"] = {name: str(value) for name, value in query.items()}
        if files:
            opened = [discord.File(io.BytesIO(each.content), each.name) for each in files]
            options |= {"files": opened, "form": _form(body, files, opened)}
        elif body is not None:
            options["json"] = body
        client = await self.log_in()
        asking = asyncio.ensure_future(client.http.request(route, **options))
        try:
            await asyncio.wait({asking, call.answered}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            asking.cancel()
            raise
        if not call.answered.done():
            await asking  # raises what kept it from being answered
            raise RuntimeError("discord.py answered without having asked")
        # discord.py may still wait for the bucket to fill: that is between it and the next request.
        self._left.add(asking)
        asking.add_done_callback(self._settled)
        return call.answered.result()

    def _settled(self, asking: asyncio.Task[Any]) -> None:
        self._left.discard(asking)
        if not asking.cancelled():
            asking.exception()  # it was taken where it arrived

    async def close(self) -> None:
        for asking in list(self._left):
            asking.cancel()
        await asyncio.gather(*self._left, return_exceptions=True)
        if self._client is not None:
            await self._client.close()


@asynccontextmanager
async def open_rest(token: str, pace: Pace) -> AsyncIterator[Rest]:
    """Without the gateway."""
    rest = Rest(token, pace)
    try:
        yield rest
    finally:
        await rest.close()


class _NotGood(Exception):
    """An answer that discord.py is not to act upon: ours has it."""


class _Call:
    def __init__(self) -> None:
        self.answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()


async def _taken(_session: aiohttp.ClientSession, context: SimpleNamespace, end: aiohttp.TraceRequestEndParams) -> None:
    call = context.trace_request_ctx
    if not isinstance(call, _Call):  # of discord.py's own
        return
    response = end.response
    text = await response.text("utf-8", "replace")
    body: Any = text
    if response.headers.get("Content-Type", "").startswith("application/json"):
        try:
            body = json.loads(text)
        except ValueError:
            body = text
    answer = Answer(status=response.status, body=body, headers=response.headers)
    if not call.answered.done():
        call.answered.set_result(answer)
    if not answer.ok:
        response.release()
        raise _NotGood


def _route(method: str, path: str, parameters: Mapping[str, Any]) -> Route:
    return Route(method, path, **parameters)


def _is_global(answer: Answer) -> bool:
    return isinstance(answer.body, dict) and answer.body.get("global") is True


def _form(body: Any, files: Sequence[Upload], opened: Sequence[discord.File]) -> list[dict[str, Any]]:
    """`payload_json` and the files, each by its number: "multipart/form-data" as Discord has it."""
    parts = [
        {"name": f"files[{number}]", "value": file.fp, "filename": file.filename} for number, file in enumerate(opened)
    ]
    for part in parts:
        part["content_type"] = "application/octet-stream"
    return [{"name": "payload_json", "value": json.dumps(body), "content_type": "application/json"}, *parts]


def _details(errors: Any, place: str = "") -> list[str]:
    """Of Discord's tree of errors, each leaf as "components.0.content: …"."""
    if not isinstance(errors, dict):
        return []
    found = [f"{place}: {error.get('message', '')}" for error in errors.get("_errors", ()) if isinstance(error, dict)]
    for name, inner in errors.items():
        if name != "_errors":
            found += _details(inner, f"{place}.{name}" if place else str(name))
    return found
