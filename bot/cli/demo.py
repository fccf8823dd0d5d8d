"""`slugline demo`: a whole week of invented news, offline, the way `slugline run` does it with real feeds."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from bot.cli.errors import command


@click.command()
@command
async def demo() -> None:
    """Show what Slugline does on a sample week: invented outlets, served on this machine, nothing kept.

    The second edition brings a correction and a retraction, as real weeks do.
    """
    from adapters.clock import SystemClock
    from adapters.sample import sample_week, serve_sample
    from bot.app.ports import Stage
    from bot.app.setup import settle_in
    from bot.cli.house import log_to, open_house
    from bot.cli.progress import showing_progress
    from bot.cli.run import stopping_on_signals
    from bot.settings import Settings, load_settings

    chosen = load_settings()
    with tempfile.TemporaryDirectory(prefix="slugline-demo-") as folder:
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
                with stopping_on_signals(loops):
                    async with showing_progress(loops):
                        await loops.once()
                        server.publish_second_edition()
                        async with house.database.begin() as tx:
                            feeds = await tx.feeds.visible(schedule.community)
                            await tx.tasks.put(Stage.POLL, [feed.id for feed in feeds], None)
                        await loops.once()
                    if not loops.stopping:
                        await house.compose.now(schedule)
                        await loops.once()
                        click.echo("All of this is invented. `slugline run` reads real feeds.")
