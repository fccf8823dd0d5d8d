"""How an answer that takes a while says so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.core.message.document import Document

SILENCE = timedelta(seconds=2)
"""How long whoever asked hears nothing before they hear that it takes a while."""


class Progress:
    """How it goes, said where an answer takes so long that somebody wonders, and once: it stays there."""

    def __init__(self, say: Callable[[Document], Awaitable[None]]) -> None:
        self._say = say
        self._latest: Document | None = None
        self._task: asyncio.Task[None] | None = None

    async def tell(self, document: Document) -> None:
        self._latest = document
        if self._task is None:
            self._task = asyncio.create_task(self._later())

    async def end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _later(self) -> None:
        await asyncio.sleep(SILENCE.total_seconds())
        assert self._latest is not None
        await self._say(self._latest)
