"""Where Discord tells over HTTP who added Slugline to a server: its webhook events.

No permission is needed for that, and no connection to the gateway: any process that serves the web hears it. What is
told has to be signed with the application's own key, the signed PINGs included, with which Discord tries an address;
it also sends wrong signatures on purpose, and takes the address back where one is not refused. An event that is not
acknowledged within three seconds comes again for ten minutes.
https://docs.discord.com/developers/events/webhook-events
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router

from adapters.discord.addresses import private_address
from adapters.discord.marks import OURS, VERIFY_KEY
from adapters.request_body import read_body
from bot.app.greeting import Greeting
from bot.app.ports import Clock, Database
from bot.core.errors import StoreError

EVENTS_PATH = "/discord/events"
LARGEST = 2 * 1024 * 1024
"""Bytes: an event tells of a whole server, with its roles and emoji."""
PATIENCE = 2.0
"""Seconds for what an event leads to; else Discord is to say it again."""
FRESH = 10.0
"""Seconds that the key is believed where a signature does not fit it: the application may be another since."""
OLD = timedelta(hours=1)
"""Events of longer ago are repeated by nobody but who kept one: Discord gives up after ten minutes."""
PING, EVENT = 0, 1
AUTHORIZED = "APPLICATION_AUTHORIZED"
ON_A_SERVER = 0
"""The installation type; 1 is somebody's own account."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Authorized:
    """Somebody added the application to a server."""

    server: int
    name: str
    by: int
    at: datetime


def events_door(database: Database, clock: Clock, greeting: Greeting) -> Router:
    """An ASGI application. Without a key in the store (nobody ever logged in) there is nothing at that address."""
    keys = _Keys(database)

    async def events(request: Request) -> Response:
        body = await read_body(request, LARGEST)
        if body is None:
            return PlainTextResponse("too large\n", status_code=413)
        try:
            async with asyncio.timeout(PATIENCE):
                verified = await keys.verify(request.headers, body)
                if verified is None:
                    return PlainTextResponse("not found\n", status_code=404)
                if not verified:
                    return PlainTextResponse("not signed\n", status_code=401)
                told = _told(body)
                if (event := authorized(told)) is not None and await keys.is_ours(told):
                    await _greet(event)
        except ValueError:  # signed, and yet nothing that Discord sends
            return PlainTextResponse("not understood\n", status_code=400)
        except (StoreError, TimeoutError):
            return PlainTextResponse("say it again\n", status_code=503)
        return Response(status_code=204, media_type="application/json")

    async def _greet(event: Authorized) -> None:
        if clock.now() - event.at > OLD:
            return
        if await greeting.write(str(event.server), event.name, private_address(event.by), came=event.at):
            log.info("whoever added Slugline to a server is greeted", server=event.server)

    return Router([Route(EVENTS_PATH, events, methods=["POST"])])


def authorized(told: Mapping[str, Any]) -> Authorized | None:
    """None where it tells of something else. Raises ValueError where it cannot be read."""
    try:
        event = told.get("event") or {}
        data = event.get("data") or {}
        if told.get("type") != EVENT or event.get("type") != AUTHORIZED or data.get("integration_type") != ON_A_SERVER:
            return None
        guild = data["guild"]
        at = datetime.fromisoformat(event["timestamp"])
        name = str(guild.get("name") or guild["id"])
        return Authorized(int(guild["id"]), name, int(data["user"]["id"]), at if at.tzinfo else at.replace(tzinfo=UTC))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"an event without {error}") from error


class _Keys:
    """The application's public key, as some process heard it from Discord; read again now and then."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._key: str | None = None
        self._read = float("-inf")

    async def verify(self, headers: Mapping[str, str], body: bytes) -> bool | None:
        """Whether Discord signed it; None where there is no key to tell by."""
        stamp, signature = headers.get("x-signature-timestamp", ""), headers.get("x-signature-ed25519", "")
        if self._key is not None and _fits(self._key, stamp, body, signature):
            return True
        if not await self._anew():
            return None if self._key is None else False
        return None if self._key is None else _fits(self._key, stamp, body, signature)

    async def is_ours(self, told: Mapping[str, Any]) -> bool:
        async with self._database.read() as tx:
            return await tx.marks.get(OURS) == told.get("application_id")

    async def _anew(self) -> bool:
        """Whether it was read: whoever sends what does not fit makes the database work no harder."""
        now = asyncio.get_running_loop().time()
        if now - self._read < FRESH:
            return False
        async with self._database.read() as tx:
            self._key = await tx.marks.get(VERIFY_KEY)
        self._read = now
        return True


def _fits(key: str, stamp: str, body: bytes, signature: str) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signature), stamp.encode("latin-1") + body)
    except (ValueError, InvalidSignature):
        return False
    return True


def _told(body: bytes) -> Mapping[str, Any]:
    told = json.loads(body)
    if not isinstance(told, dict):
        raise ValueError("not an object")
    return told
