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
        """What it has is kept."""

    async def found(self, servers: Mapping[int, str], shards: Shards) -> None:
        await self._membership.found({str(server): name for server, name in servers.items()})
