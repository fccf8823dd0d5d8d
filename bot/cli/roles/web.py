"""The role web: health, readiness and metrics, on SLUGLINE_WEB."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.app.work import Worker
    from bot.cli.house import House


@asynccontextmanager
async def web(house: House, stopping: asyncio.Event) -> AsyncIterator[Sequence[Worker]]:
    from adapters.web.app import web_app
    from adapters.web.server import serving

    assert house.settings.web is not None
    host, port = house.settings.web
    async with serving(web_app(house.database, stopping.is_set, house.doors), host, port):
        yield ()
