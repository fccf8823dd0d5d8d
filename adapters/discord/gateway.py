"""The connection on which Discord tells what happens, and who sees to it that there is one.

discord.py resumes sessions and identifies anew by itself, once it was connected. What it does not survive is a first
handshake that fails (Rapptz/discord.py#10520), and an exception where an event is read; and what it does not know is
that a process which is started again and again uses up the day's IDENTIFYs. So a client is made anew whenever one
ends, with a growing pause, until Discord says that this is useless.

Only the intent GUILDS is asked for: Slugline reads no messages.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

import discord
import structlog

from adapters.discord.identify import APART, Identifying
from adapters.discord.pace import Pace, paced
from adapters.discord.rest import Rest
from adapters.discord.standing import write_down
from adapters.discord.sync import sync
from adapters.discord.trouble import CLOSED, Misconfigured, TokenRefused, closed
from bot.app.ports import Database
from bot.core.errors import StoreError
from bot.core.shards import ALONE, Shards

FIRST, LONGEST = 1.0, 300.0
"""Seconds before a client is made anew; doubling."""
HEALTHY = 600.0
"""Seconds of connection after which what went wrong before does not count."""
CONNECTED_WITHIN = 180.0
"""Seconds that a client may take to connect, the pauses between IDENTIFYs not counted."""
LOOK = 5.0

log = structlog.get_logger(__name__)


class Servers(Protocol):
    """Hears of servers that come and go; `server` is a server's id."""

    async def joined(self, server: int, name: str, *, new: bool) -> None:
        """`new`: somebody added Slugline just now; else it is there again, or still."""

    async def left(self, server: int) -> None: ...

    async def found(self, servers: Mapping[int, str], shards: Shards) -> None:
        """All there are on these shards, with their names ("" while Discord cannot reach one)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What is made of what happens. `commands` is what Discord is to have registered, `heard` answers an interaction;
    neither may raise for what a member did."""

    servers: Servers
    heard: Callable[[discord.Interaction], Awaitable[None]]
    commands: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds; shorter in tests only. `silence` is how long Discord may say nothing at all."""

    first: float = FIRST
    longest: float = LONGEST
    connected_within: float = CONNECTED_WITHIN
    silence: float = 60.0
    gathering: float = 2.0
    look: float = LOOK
    apart: float = APART.total_seconds()


@dataclass(slots=True)
class _State:
    """Of one client."""

    shards: Shards
    since: float = 0.0
    connected: bool = False
    ready: bool = False
    waiting: int = 0
    known: dict[int, discord.Guild] = field(default_factory=dict)
    """Servers as they were last told of, of `_Several`."""
    gone: set[int] = field(default_factory=set)
    """Those of them that discord.py still lists."""
    down: set[int] = field(default_factory=set)
    """Shards that are not connected."""


class _Ours(discord.Client):
    """What both kinds of client have of ours."""

    hearing: Hearing
    identifying: Identifying
    state: _State
    database: Database

    async def _stands(self, shard: int, *, up: bool) -> None:
        """For `doctor`; where that cannot be written down, nothing else suffers."""
        before = set(self.state.down)
        (self.state.down.discard if up else self.state.down.add)(shard)
        if before == self.state.down and not up:
            return
        with suppress(StoreError):
            await write_down(self.database, self.state.shards, self.state.down)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        self.state.waiting += 1
        try:
            await self.identifying.turn(shard_id or 0)
        finally:
            self.state.waiting -= 1
            self.state.since = asyncio.get_running_loop().time()

    async def on_connect(self) -> None:
        self.state.connected = True

    async def on_ready(self) -> None:
        self.state.ready = True
        servers = {guild.id: guild.name for guild in self.guilds if guild.id not in self.state.gone}
        log.info("connected to Discord", servers=len(servers), shards=f"{self.state.shards}")
        await self.hearing.servers.found(servers, self.state.shards)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        log.info("joined a server", server=guild.id)
        self._there(guild)
        await self.hearing.servers.joined(guild.id, guild.name, new=True)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        self._there(guild)
        if self.state.ready:  # else it is among those that `found` tells of, all at once
            await self.hearing.servers.joined(guild.id, guild.name, new=False)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.state.known.pop(guild.id, None)
        await self._left(guild.id)

    async def _left(self, server: int) -> None:
        log.info("left a server", server=server)
        await self.hearing.servers.left(server)

    def _there(self, guild: discord.Guild) -> None:
        """It is a client's own object, of the session that it was told of in."""
        self.state.known[guild.id] = guild
        self.state.gone.discard(guild.id)

    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        log.warning("Discord cannot reach a server for now", server=guild.id)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await self.hearing.heard(interaction)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        log.exception("a bug, while hearing Discord", event=event_method)


class _Alone(_Ours):
    """One shard."""

    async def on_ready(self) -> None:
        await super().on_ready()
        await self._stands(0, up=True)

    async def on_resumed(self) -> None:
        await self._stands(0, up=True)

    async def on_disconnect(self) -> None:
        await self._stands(0, up=False)


class _Several(_Ours, discord.AutoShardedClient):
    """A range of shards.

    Where one of them begins a new session, discord.py makes new objects of the servers that READY names, and leaves the
    others of that shard listed as they were: a server whose object is still the one that was known before was left
    while that shard did not listen. (`on_ready` tells of all servers only where all shards began anew.)
    """

    async def on_shard_connect(self, shard_id: int) -> None:
        listed = [guild for guild in self.guilds if guild.shard_id == shard_id]
        gone = [guild.id for guild in listed if self.state.known.get(guild.id) is guild]
        self.state.gone.update(gone)
        for server in gone:
            del self.state.known[server]
        for server in gone:
            await self._left(server)

    async def on_shard_ready(self, shard_id: int) -> None:
        """Those in an outage too, which are not told of one by one."""
        for guild in self.guilds:
            if guild.shard_id == shard_id and guild.id not in self.state.gone:
                self._there(guild)
        await self._stands(shard_id, up=True)

    async def on_shard_resumed(self, shard_id: int) -> None:
        await self._stands(shard_id, up=True)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        await self._stands(shard_id, up=False)


class Gateway:
    """`run` is its whole life. `shards` None: as many as Discord recommends, all in this process."""

    def __init__(
        self,
        token: str,
        *,
        rest: Rest,
        log_in: Callable[[], Awaitable[None]],
        database: Database,
        pace: Pace,
        hearing: Hearing,
        shards: Shards | None = None,
        patience: Patience = Patience(),
    ) -> None:
        self._token = token
        self._rest = rest
        self._log_in = log_in
        self._database = database
        self._pace = pace
        self._hearing = hearing
        self._shards = shards
        self._asked_for: Shards | None = None
        self._patience = patience

    async def run(self) -> None:
        """Until it is cancelled. Raises `Misconfigured` where Discord will not let us in whatever we do."""
        failures = 0
        while True:
            began = asyncio.get_running_loop().time()
            ready = False
            try:
                await self._log_in()
                await sync(self._rest, self._database, self._hearing.commands)
                ready = await self._live(await self._client())
                log.warning("the connection to Discord ended")
            except Misconfigured:
                await self._is_down()
                raise
            except Exception as error:  # noqa: BLE001 (whatever it is that discord.py did not survive)
                log.warning("no connection to Discord", error=f"{type(error).__name__}: {error}"[:300])
            await self._is_down()
            lasted = asyncio.get_running_loop().time() - began
            failures = 1 if ready and lasted > HEALTHY else failures + 1
            await asyncio.sleep(pause(failures, random.random(), self._patience))

    async def _is_down(self) -> None:
        if self._asked_for is not None:
            with suppress(StoreError):
                await write_down(self._database, self._asked_for, self._asked_for.ids)

    async def _client(self) -> _Ours:
        """A new one; waits where Discord says that the day's session starts are used up."""
        answer = await self._rest.ask("GET", "/gateway/bot")
        if not answer.ok:
            raise ConnectionError(answer.message)
        shards = self._shards or Shards(0, int(answer.body["shards"]) - 1, int(answer.body["shards"]))
        self._asked_for = shards
        starts = answer.body.get("session_start_limit") or {}
        if int(starts.get("remaining", len(shards.ids))) < len(shards.ids):
            wait = int(starts.get("reset_after", 0)) / 1000
            log.error("the day's connections to Discord are used up", seconds=wait)
            await asyncio.sleep(wait)
        options: dict[str, Any] = {
            "intents": discord.Intents(guilds=True),
            "allowed_mentions": discord.AllowedMentions.none(),
            "member_cache_flags": discord.MemberCacheFlags.none(),
            "chunk_guilds_at_startup": False,
            "max_messages": None,
            "http_trace": paced(self._pace),
            "heartbeat_timeout": self._patience.silence,
            "guild_ready_timeout": self._patience.gathering,
        }
        client: _Ours
        if shards == ALONE:
            client = _Alone(**options)
        else:
            client = _Several(shard_ids=shards.ids, shard_count=shards.of, **options)
        client.hearing = self._hearing
        apart = timedelta(seconds=self._patience.apart)
        client.identifying = Identifying(self._database, self._rest.application, apart=apart)
        client.state = _State(shards, down=set(shards.ids))
        client.database = self._database
        return client

    async def _live(self, client: _Ours) -> bool:
        """Until it ends; whether it was ready meanwhile."""
        loop = asyncio.get_running_loop()
        client.state.since = loop.time()
        living = asyncio.create_task(client.start(self._token))
        try:
            while not living.done():
                await asyncio.wait({living}, timeout=self._patience.look)
                late = loop.time() - client.state.since > self._patience.connected_within
                if late and not client.state.connected and not client.state.waiting and not living.done():
                    raise ConnectionError("Discord's gateway could not be reached in time")
            await living
        except discord.LoginFailure:
            raise TokenRefused from None
        except discord.PrivilegedIntentsRequired:
            raise closed(4014) from None
        except discord.ConnectionClosed as error:
            if error.code in CLOSED:
                raise closed(error.code) from None
            raise
        finally:
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)
            if not client.is_closed():
                await client.close()
        return client.state.ready


def pause(failures: int, jitter: float, patience: Patience) -> float:
    """Seconds before the next client, after so many that failed; `jitter` in 0..1 takes off up to a half."""
    return float(min(patience.first * 2 ** min(failures - 1, 20), patience.longest) * (1 - jitter / 2))
