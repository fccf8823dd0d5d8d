"""The role work: every stage but delivery."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.app.work import Worker
    from bot.cli.house import House


@asynccontextmanager
async def work(house: House, stopping: asyncio.Event) -> AsyncIterator[Sequence[Worker]]:
    yield house.stages
