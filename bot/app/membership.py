"""Communities that come to a platform's app and go: neutral, for whatever hears of it.

Whoever comes has a community, and nothing else happens: nobody is written to uninvited. Whoever goes is worked for no
more, and finds everything again on coming back in time (`bot.app.leaving`). An outage at the platform, or a permission
that was taken away, is neither.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.app.leaving import come_back, leave
from bot.app.ports import Clock, Database
from bot.core.community import Community, CommunityId

AHEAD = timedelta(days=1)
"""By how much a clock that wrote when somebody left may have been ahead of ours."""


class Membership:
    """Of one platform: a community's id is `PLATFORM:NATIVE_ID`."""

    def __init__(self, database: Database, clock: Clock, platform: str) -> None:
        self._database = database
        self._clock = clock
        self._platform = platform

    async def joined(self, native: str, name: str) -> None:
        """Also where it was there already. A reconnection tells of every server so: those that are known cost a
        reading."""
        community = self._id(native)
        async with self._database.read() as tx:
            known = await tx.communities.get(community) is not None
            gone = await tx.communities.has_left(community)
        if not known:
            async with self._database.begin() as tx:
                await tx.communities.ensure(self._community(community, name, self._clock.now()))
        if gone:
            await come_back(self._database, community)

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
        async with self._database.read() as tx:
            known = {each.id for each in await tx.communities.all() if each.platform == self._platform}
            gone = set(await tx.communities.left_before(now + AHEAD))
        here = {self._id(native): name for native, name in present.items()}
        if new := here.keys() - known:
            async with self._database.begin() as tx:
                for community in new:
                    await tx.communities.ensure(self._community(community, here[community], now))
        for community in gone & here.keys():
            await come_back(self._database, community)
        for community in known - here.keys() - gone:
            if ours(community.removeprefix(self._id(""))):
                await leave(self._database, community, self._clock)

    def _community(self, community: CommunityId, name: str, now: datetime) -> Community:
        name = name or community.removeprefix(self._id(""))
        return Community(id=community, platform=self._platform, name=name, created_at=now)

    def _id(self, native: str) -> CommunityId:
        return CommunityId(f"{self._platform}:{native}")
