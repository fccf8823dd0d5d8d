"""Servers as communities, and whoever brought Slugline to one.

Discord tells who that was over HTTP (`door`); on the gateway it does not, but the server's audit log does, where
Slugline was given the permission to read it. It is not asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
import discord
import structlog

from adapters.discord.addresses import private_address
from adapters.discord.rest import Rest
from adapters.discord.trouble import TokenRefused
from bot.app.greeting import Greeting
from bot.app.membership import Membership
from bot.core.errors import StoreError
from bot.core.shards import Shards

LOOKS = (0.0, 2.0)
"""Seconds before each look into the audit log: an entry may be written a moment after the server is joined."""
ENTRIES = 10
_NOBODY_KNOWS = (aiohttp.ClientError, OSError, TimeoutError, discord.DiscordException, TokenRefused, StoreError)

log = structlog.get_logger(__name__)


class Servers:
    """`adapters.discord.gateway.Servers`: what Discord tells of servers, told to `Membership` and `Greeting`."""

    def __init__(self, membership: Membership, greeting: Greeting | None = None, rest: Rest | None = None) -> None:
        self._membership = membership
        self._greeting = greeting
        self._rest = rest

    async def joined(self, server: int, name: str, *, new: bool) -> None:
        await self._membership.joined(str(server), name)
        if new and self._greeting is not None and self._rest is not None:
            await self._greet(server, name, self._greeting, self._rest)

    async def left(self, server: int) -> None:
        await self._membership.left(str(server))

    async def found(self, servers: Mapping[int, str], shards: Shards) -> None:
        """A member's own community, of their private messages, is on no server and never left so."""
        present = {str(server): name for server, name in servers.items()}
        await self._membership.found(present, lambda native: native.isdecimal() and shards.has(int(native)))

    async def _greet(self, server: int, name: str, greeting: Greeting, rest: Rest) -> None:
        """Where that goes wrong, whoever manages the server is greeted with their first command."""
        try:
            for pause in LOOKS:
                await asyncio.sleep(pause)
                answer = await rest.ask(
                    "GET",
                    "/guilds/{guild_id}/audit-logs",
                    query={"action_type": discord.AuditLogAction.bot_add.value, "limit": ENTRIES},
                    guild_id=server,
                )
                if not answer.ok:
                    return
                if (by := added_by(answer.body, rest.me)) is not None:
                    await greeting.write(str(server), name, private_address(by))
                    return
        except _NOBODY_KNOWS as error:
            log.info("nobody knows who added Slugline to a server", server=server, error=type(error).__name__)


def added_by(audit_log: Mapping[str, Any], bot: int) -> int | None:
    """Who added that bot, of entries with the newest first."""
    for entry in audit_log.get("audit_log_entries") or ():
        if str(entry.get("target_id")) == str(bot) and entry.get("user_id"):
            return int(entry["user_id"])
    return None
