"""The role web: health, readiness and metrics, on SLUGLINE_WEB; and where Discord tells who added it to a server.

That is heard by whatever process has the address, and said by one that is on Discord: the store is between them.
"""

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
    from adapters.discord.addresses import PLATFORM
    from adapters.discord.door import EVENTS_PATH, events_door
    from adapters.web.app import web_app
    from adapters.web.server import serving
    from bot.app.greeting import Greeting

    assert house.settings.web is not None
    host, port = house.settings.web
    events = events_door(house.database, house.clock, Greeting(house.database, house.clock, PLATFORM))
    with house.doors.opened(EVENTS_PATH, events):
        async with serving(web_app(house.database, stopping.is_set, house.doors), host, port):
            yield ()
