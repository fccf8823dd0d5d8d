"""Communities that come to a platform's app: neutral, for whatever hears of it.

Whoever comes has a community, and nothing else happens: nobody is written to uninvited. An outage at the platform, or a
permission that was taken away, changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.app.ports import Clock, Database
from bot.core.community import Community, CommunityId


class Membership:
    """Of one platform: a community's id is `PLATFORM:NATIVE_ID`."""

    def __init__(self, database: Database, clock: Clock, platform: str) -> None:
        self._database = database
        self._clock = clock
        self._platform = platform

    async def joined(self, native: str, name: str) -> None:
        await self.found({native: name})

    async def found(self, present: Mapping[str, str]) -> None:
        """All that are there now, with their names ("" where the platform cannot say)."""
        now = self._clock.now()
        async with self._database.begin() as tx:
            for native, name in present.items():
                new = Community(
                    id=CommunityId(f"{self._platform}:{native}"),
                    platform=self._platform,
                    name=name or native,
                    created_at=now,
                )
                await tx.communities.ensure(new)
