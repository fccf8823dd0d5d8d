"""Communities that come to a platform's app and go: neutral, for whatever hears of it.

Whoever comes has a community, and nothing else happens: nobody is written to uninvited. Whoever goes is worked for no
more, and finds everything again on coming back in time (`bot.app.leaving`). An outage at the platform, or a permission
that was taken away, is neither.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.app.leaving import come_back, leave
from bot.app.ports import Clock, Database
from bot.core.community import Community, CommunityId


class Membership:
    """Of one platform: a community's id is `PLATFORM:NATIVE_ID`."""

    def __init__(self, database: Database, clock: Clock, platform: str) -> None:
        self._database = database
        self._clock = clock
        self._platform = platform

    async def joined(self, native: str, name: str) -> None:
        await self.found({native: name}, lambda _: False)

    async def left(self, native: str) -> None:
        community = self._id(native)
        async with self._database.read() as tx:
            known = await tx.communities.get(community) is not None
        if known:
            await leave(self._database, community, self._clock)

    async def found(self, present: Mapping[str, str], ours: Callable[[str], bool]) -> None:
        """All that are there now, with their names ("" where the platform cannot say). Who is not, though `ours` says
        that they would be among them, left while nobody listened."""
        now = self._clock.now()
        async with self._database.begin() as tx:
            known = {each.id for each in await tx.communities.all() if each.platform == self._platform}
            for native, name in present.items():
                new = Community(id=self._id(native), platform=self._platform, name=name or native, created_at=now)
                if new.id not in known:
                    await tx.communities.ensure(new)
            back = [self._id(native) for native in present if await tx.communities.has_left(self._id(native))]
        for community in back:
            await come_back(self._database, community)
        for community in known:
            native = community.removeprefix(self._id(""))
            if native not in present and ours(native):
                await leave(self._database, community, self._clock)

    def _id(self, native: str) -> CommunityId:
        return CommunityId(f"{self._platform}:{native}")
