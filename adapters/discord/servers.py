"""Servers as communities."""

from __future__ import annotations

from collections.abc import Mapping

from bot.app.membership import Membership
from bot.core.shards import Shards


class Servers:
    """`adapters.discord.gateway.Servers`: what Discord tells of servers, told to `Membership`."""

    def __init__(self, membership: Membership) -> None:
        self._membership = membership

    async def joined(self, server: int, name: str) -> None:
        await self._membership.joined(str(server), name)

    async def left(self, server: int) -> None:
        await self._membership.left(str(server))

    async def found(self, servers: Mapping[int, str], shards: Shards) -> None:
        """A member's own community, of their private messages, is on no server and never left so."""
        present = {str(server): name for server, name in servers.items()}
        await self._membership.found(present, lambda native: native.isdecimal() and shards.has(int(native)))
