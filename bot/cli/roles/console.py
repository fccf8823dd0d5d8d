"""The role console: what is to be told at this terminal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.app.work import Worker
    from bot.cli.house import House


@asynccontextmanager
async def console(house: House, stopping: asyncio.Event) -> AsyncIterator[Sequence[Worker]]:
    yield [house.sender(house.terminal)]
