"""With which token a workspace is spoken to.

One workspace has one token, from the environment (`OwnKey`). Where many installed the app, each has its own, sealed in
the database (`InstalledKeys`), and it may end after twelve hours: then there is a refresh token with it that can be
used once (https://docs.slack.dev/authentication/using-token-rotation/). Bolt renews tokens when it authorizes a
request, and nobody else's; what is posted by a schedule comes with no request. So renewing is done here, for both: by
one process at a time for each workspace, who holds a lease in the database for it, well before the token ends. Until
then the old token is good, so nobody waits for the new one unless the old one has ended.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.sealing import Sealer
from bot.app.ports import Clock, Database, Installation
from bot.core import strings
from bot.core.community import MemberId
from bot.core.errors import StoreError

PLATFORM = "slack"
KEPT = timedelta(minutes=1)
"""How long a token is used before it is looked up again: another process may have been told that it is gone."""
AHEAD = timedelta(hours=2)
"""How long before its end a token is renewed, as Bolt does."""
LEASE = timedelta(seconds=60)
"""How long one process has for renewing."""
POLL = 0.2
"""Seconds between looks at whether another process has renewed a token that has ended."""
PAUSES = (0.2, 1.0, 5.0, 15.0)
"""Seconds between tries to write down a renewed token."""
SOON = timedelta(seconds=30)
"""A token this near to its end is not used any more."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """`place` is whose it is: the workspace's own, or its organisation's."""

    token: str
    place: str
    name: str = ""
    scopes: frozenset[str] | None = None
    installer: MemberId | None = None

    def __repr__(self) -> str:
        return f"Key(place={self.place!r})"


class NoKey(Exception):
    """This workspace cannot be spoken to; the message says why, for people."""


class NoKeyYet(Exception):
    """Slack was not reached since this process began."""


class Keys(Protocol):
    async def of(self, team: str) -> Key:
        """Raises NoKey; StoreError where the store refuses."""

    async def renewed(self, team: str, old: Key) -> Key:
        """For a token that Slack says has ended. Raises NoKey likewise."""

    def drop(self, team: str) -> None:
        """Look it up again the next time."""


class OwnKey:
    """The one workspace whose token is in the environment. Whose it is Slack says once it is reached (`know`)."""

    def __init__(self) -> None:
        self._key: Key | None = None

    def know(self, key: Key) -> None:
        self._key = key

    async def of(self, team: str) -> Key:
        """Raises NoKeyYet too."""
        key = self._key
        if key is None:
            raise NoKeyYet
        if team != key.place:
            raise NoKey(strings.slack.token_of_another(key.name, key.place, team))
        return key

    async def renewed(self, team: str, old: Key) -> Key:
        raise NoKey(strings.slack.TOKEN_EXPIRED)

    def drop(self, team: str) -> None:
        return None


@dataclass(frozen=True, slots=True)
class _Known:
    key: Key
    ends: datetime | None
    until: datetime


class InstalledKeys:
    """`client` is for Slack's oauth.v2.access; `holder` names this process in leases."""

    def __init__(
        self,
        database: Database,
        sealer: Sealer,
        clock: Clock,
        client: AsyncWebClient,
        *,
        client_id: str,
        client_secret: str,
        holder: str,
    ) -> None:
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._client = client
        self._client_id = client_id
        self._client_secret = client_secret
        self._holder = holder
        self._known: dict[str, _Known] = {}
        self._asking: dict[str, asyncio.Lock] = {}
        self._turns: dict[str, asyncio.Lock] = {}

    async def of(self, team: str) -> Key:
        if (key := self._in_use(team)) is not None:
            return key
        async with self._asking.setdefault(team, asyncio.Lock()):
            if (key := self._in_use(team)) is not None:  # somebody asked meanwhile
                return key
            installation = await self._find(team)
            if _due(installation.expires_at, self._clock.now()):
                installation = await self._renew(team, installation)
            return self._know(team, installation)

    def _in_use(self, team: str) -> Key | None:
        now = self._clock.now()
        known = self._known.get(team)
        return known.key if known is not None and now < known.until and not _due(known.ends, now) else None

    async def renewed(self, team: str, old: Key) -> Key:
        self.drop(team)
        installation = await self._find(team)
        if self._sealer.open(installation.sealed)["token"] == old.token:
            installation = await self._renew(team, replace(installation, expires_at=self._clock.now()))
        return self._know(team, installation)

    def drop(self, team: str) -> None:
        """Of an organisation, all that are reached with its keys."""
        self._known = {each: known for each, known in self._known.items() if team not in (each, known.key.place)}

    async def _find(self, team: str) -> Installation:
        async with self._database.read() as tx:
            installation = await tx.installations.find(PLATFORM, team)
        if installation is None:
            raise NoKey(strings.slack.NOT_INSTALLED_ANY_MORE)
        return installation

    def _know(self, team: str, installation: Installation) -> Key:
        values = self._sealer.open(installation.sealed)
        key = Key(
            token=values["token"],
            place=installation.place,
            name=installation.name,
            scopes=frozenset(installation.scopes),
            installer=installation.installer,
        )
        self._known[team] = _Known(key, installation.expires_at, self._clock.now() + KEPT)
        return key

    async def _renew(self, team: str, installation: Installation) -> Installation:
        """The installation with a token that lasts: renewed by us, or by whoever holds the lease. Raises NoKey where
        the token has ended and cannot be renewed."""
        ended = _ended(installation, self._clock.now())
        name = f"slack token {installation.place}"
        holder = f"{self._holder}:{secrets.token_hex(4)}"
        async with self._turns.setdefault(installation.place, asyncio.Lock()):
            deadline = asyncio.get_running_loop().time() + LEASE.total_seconds()
            while True:
                async with self._database.begin() as tx:
                    ours = await tx.leases.acquire(name, holder, LEASE)
                    current = await tx.installations.find(PLATFORM, team)
                if current is None:
                    raise NoKey(strings.slack.NOT_INSTALLED_ANY_MORE)
                if current.sealed != installation.sealed:  # somebody renewed it meanwhile
                    if ours:
                        await self._let_go(name, holder)
                    return current
                if ours:
                    try:
                        return await self._refresh(current, ended=ended)
                    finally:
                        await self._let_go(name, holder)
                if not ended:
                    return current
                if asyncio.get_running_loop().time() > deadline:
                    raise NoKey(strings.slack.NOT_RENEWED_YET)
                await asyncio.sleep(POLL)

    async def _let_go(self, name: str, holder: str) -> None:
        async with self._database.begin() as tx:
            await tx.leases.release(name, holder)

    async def _refresh(self, installation: Installation, *, ended: bool) -> Installation:
        refresh = self._sealer.open(installation.sealed).get("refresh")
        if not refresh:
            raise NoKey(strings.slack.NOT_RENEWABLE)
        try:
            answer = await self._client.oauth_v2_access(
                client_id=self._client_id,
                client_secret=self._client_secret,
                grant_type="refresh_token",
                refresh_token=refresh,
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            reason = error.response.get("error") if isinstance(error, SlackApiError) else type(error).__name__
            log.warning("a workspace's token could not be renewed", place=installation.place, reason=reason)
            if not ended:
                return installation
            raise NoKey(strings.slack.not_renewed(reason)) from None
        fresh = replace(
            installation,
            sealed=self._sealer.seal({"token": answer["access_token"], "refresh": answer["refresh_token"]}),
            expires_at=self._clock.now() + timedelta(seconds=int(answer["expires_in"])),
        )
        await self._keep(fresh)
        return fresh

    async def _keep(self, fresh: Installation) -> None:
        """The old refresh token is used up: what we hold now is the only key there is."""
        for pause in PAUSES:
            try:
                async with self._database.begin() as tx:
                    return await tx.installations.save(fresh)
            except StoreError as error:
                log.warning("could not write down a renewed token", place=fresh.place, error=str(error))
                await asyncio.sleep(pause)
        async with self._database.begin() as tx:
            await tx.installations.save(fresh)


def _due(ends: datetime | None, now: datetime) -> bool:
    return ends is not None and now > ends - AHEAD


def _ended(installation: Installation, now: datetime) -> bool:
    return installation.expires_at is not None and now > installation.expires_at - SOON
