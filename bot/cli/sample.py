"""A house with the sample week in it: invented outlets served on this machine, a database that is thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.house import House, log_to, open_house

if TYPE_CHECKING:
    from bot.core.delivery import Schedule
    from bot.settings import Settings


@asynccontextmanager
async def sample_house(chosen: Settings) -> AsyncIterator[tuple[House, Schedule] | None]:
    """With both editions of the week read and joined, and a schedule for this terminal that has told nothing yet; only
    time zone and logging are taken from `chosen`. None where a signal stopped the reading."""
    from adapters.clock import SystemClock
    from adapters.sample import sample_week, serve_sample
    from bot.app.ports import Stage
    from bot.app.setup import settle_in
    from bot.cli.progress import showing_progress
    from bot.cli.run import stopping_on_signals
    from bot.settings import Settings

    with tempfile.TemporaryDirectory(prefix="slugline-sample-") as folder:
        async with serve_sample(sample_week(), SystemClock().now()) as server:
            host, _, port = server.address.partition(":")
            settings = Settings(
                data_dir=Path(folder),
                allow_hosts=frozenset({(host, int(port))}),
                timezone=chosen.timezone,
                log_level=chosen.log_level,
                log_format=chosen.log_format,
            )
            log_to(settings, quiet=True)
            async with open_house(settings) as house:
                schedule = await settle_in(house.database, server.feeds(), house.clock, settings.timezone)
                loops = house.loops()
                with stopping_on_signals(loops.stop):
                    async with showing_progress(loops):
                        await loops.once()
                        server.publish_second_edition()
                        async with house.database.begin() as tx:
                            feeds = await tx.feeds.visible(schedule.community)
                            await tx.tasks.put(Stage.POLL, [feed.id for feed in feeds], None)
                        await loops.once()
                yield None if loops.stopping else (house, schedule)
