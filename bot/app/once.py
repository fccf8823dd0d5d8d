"""Each thing that a platform says is done once, though it may be said several times, and to several processes.

What it is known by is the platform's own business. Keys are kept in the database for a day.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from bot.app.ports import Database
from bot.app.together import Together
from bot.core.errors import StoreError

KEPT = timedelta(days=1)
RECENT = 20_000
"""Keys that this process remembers by itself, so that most of what comes twice asks nobody."""
TOGETHER = 256
TIDY = timedelta(hours=1)


class Once:
    """Of one platform."""

    def __init__(self, database: Database, platform: str) -> None:
        self._database = database
        self._platform = platform
        self._recent: OrderedDict[str, None] = OrderedDict()
        self._together = Together(self._ask, TOGETHER)

    def here(self, key: str) -> bool:
        """Whether this process hears it for the first time."""
        if key in self._recent:
            return False
        self._recent[key] = None
        if len(self._recent) > RECENT:
            self._recent.popitem(last=False)
        return True

    async def first(self, key: str) -> bool:
        """Whether any process does. Raises StoreError where nobody can tell; then it can be asked again."""
        if not self.here(key):
            return False
        try:
            return await self._together.do(key)
        except BaseException:
            self._recent.pop(key, None)
            raise

    async def forget(self) -> None:
        """What nobody will say again."""
        async with self._database.begin() as tx:
            await tx.heard.forget(self._platform, KEPT)

    async def keep_tidy(self, every: timedelta = TIDY) -> None:
        """`forget` now and then, until it is cancelled."""
        while True:
            with suppress(StoreError):
                await self.forget()
            await asyncio.sleep(every.total_seconds())

    async def _ask(self, keys: Sequence[str]) -> Sequence[bool]:
        async with self._database.begin() as tx:
            first = await tx.heard.first(self._platform, keys)
        return [key in first for key in keys]
