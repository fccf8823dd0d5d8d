"""Discord's whole life in a process of Slugline: what is posted, what is heard, and what becomes of servers.

async with open_discord(token, database=…, clock=…, pace=…) as discord:
    discord.platform                 # for `Deliver`: posts over HTTP, whether anything is heard or not
    await discord.listen(hearing)    # the gateway, until it is cancelled
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from adapters.discord.gateway import Gateway, Hearing, Patience
from adapters.discord.pace import Pace
from adapters.discord.platform import DiscordPlatform
from adapters.discord.render import parts
from adapters.discord.rest import Rest, open_rest
from adapters.discord.sync import check_application
from bot.app.ports import Clock, Database
from bot.core.shards import Shards


@dataclass(frozen=True, slots=True, kw_only=True)
class Discord:
    """Made by `open_discord`."""

    token: str
    rest: Rest
    platform: DiscordPlatform
    database: Database
    pace: Pace
    application: int | None

    async def log_in(self) -> None:
        """So that a token that is wrong is known at once. Raises `Misconfigured`, and what aiohttp and discord.py do
        where Discord cannot be reached."""
        await self.rest.log_in()
        await check_application(self.rest, self.database, self.application)

    async def listen(
        self,
        hearing: Hearing,
        *,
        shards: Shards | None = None,
        patience: Patience = Patience(),  # noqa: B008 (frozen)
    ) -> None:
        """Be connected, until this is cancelled. Raises `Misconfigured` where Discord does not let us in any more."""
        gateway = Gateway(
            self.token,
            rest=self.rest,
            log_in=self.log_in,
            database=self.database,
            pace=self.pace,
            hearing=hearing,
            shards=shards,
            patience=patience,
        )
        await gateway.run()


@asynccontextmanager
async def open_discord(
    token: str, *, database: Database, clock: Clock, pace: Pace, application: int | None = None
) -> AsyncIterator[Discord]:
    """Asks nothing of Discord yet. `application` is the id of the application that the token is to be of."""
    async with open_rest(token, pace) as rest:
        yield Discord(
            token=token,
            rest=rest,
            platform=DiscordPlatform(rest, parts, clock),
            database=database,
            pace=pace,
            application=application,
        )
