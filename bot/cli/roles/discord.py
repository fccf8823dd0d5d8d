"""The role discord: Discord's client, and delivery to what is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.core.errors import SettingsError

if TYPE_CHECKING:
    from adapters.discord.service import Discord
    from bot.app.work import Worker
    from bot.cli.house import House

AT_THE_START = 5.0
"""Seconds that Discord may take to say that a token is wrong, while somebody still looks at this terminal."""
LAST_WORDS = 5.0
"""Seconds for members who wait for an answer when the process is stopped."""


@asynccontextmanager
async def discord(house: House, stopping: asyncio.Event) -> AsyncIterator[Sequence[Worker]]:
    """Discord may be out of reach at the start, and for as long as it likes. What it refuses ends the process where
    this is all it does, and at the start; else the role alone, and what is to be posted waits."""
    from adapters.discord.commands import payload
    from adapters.discord.gateway import Hearing
    from adapters.discord.interactions import Interactions
    from adapters.discord.pace import OwnPace, SharedPace
    from adapters.discord.servers import Servers
    from adapters.discord.service import open_discord
    from bot.app.greeting import Greeting
    from bot.app.membership import Membership
    from bot.app.once import Once
    from bot.app.tallies import ACKNOWLEDGED

    token = house.settings.discord_token
    assert token is not None
    async with open_discord(
        token.get_secret_value(),
        database=house.database,
        clock=house.clock,
        # A SQLite file has one process that posts, and drawing from a budget would wait for its one writer.
        pace=SharedPace(house.budget) if house.settings.sqlite_file is None else OwnPace(),
        application=house.settings.discord_app_id,
    ) as service:
        await _try(service)
        greeting = Greeting(house.database, house.clock, service.platform.name)
        # A SQLite file has one process that answers.
        once = Once(house.database, service.platform.name) if house.settings.sqlite_file is None else None
        interactions = Interactions(
            house.commands,
            house.database,
            house.clock,
            acknowledged=lambda seconds: house.tallies.observe(ACKNOWLEDGED, seconds, service.platform.name),
            once=once,
            greeting=greeting,
        )
        membership = Membership(house.database, house.clock, service.platform.name)
        hearing = Hearing(
            servers=Servers(membership, greeting, service.rest),
            heard=interactions.handle,
            commands=payload(house.commands.commands),
        )
        alone = house.settings.roles == frozenset({"discord"})
        listening = asyncio.create_task(service.listen(hearing, shards=house.settings.discord_shards))
        listening.add_done_callback(lambda task: _ended(task, stopping if alone else None))
        tidying = asyncio.create_task(once.keep_tidy()) if once is not None else None
        try:
            yield [house.sender(service.platform)]
        finally:
            by_itself = listening.done()
            await interactions.drain(LAST_WORDS)
            ending = [task for task in (listening, tidying) if task is not None]
            for task in ending:
                task.cancel()
            await asyncio.wait(ending)
        if by_itself and alone:
            listening.result()


async def _try(service: Discord) -> None:
    """Raises SettingsError for a token that is wrong; whatever else keeps Discord from answering is the role's own
    business."""
    import aiohttp
    import discord
    import structlog

    try:
        async with asyncio.timeout(AT_THE_START):
            await service.log_in()
    except (aiohttp.ClientError, OSError, TimeoutError, discord.DiscordException) as error:
        structlog.get_logger(__name__).warning("Discord cannot be reached yet", error=type(error).__name__)


def _ended(task: asyncio.Task[None], stopping: asyncio.Event | None) -> None:
    import structlog

    if task.cancelled():
        return
    error = task.exception()
    log = structlog.get_logger(__name__)
    if isinstance(error, SettingsError):
        log.error("Slugline is not on Discord any more", reason=str(error))
    else:
        log.error("a bug ended the connection to Discord", exc_info=error)
    if stopping is not None:
        stopping.set()
