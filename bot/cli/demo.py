"""`slugline demo`: a whole week of invented news, offline, the way `slugline run` does it with real feeds."""

from __future__ import annotations

import click

from bot.cli.errors import command


@click.command()
@command
async def demo() -> None:
    """Show what Slugline does on a sample week: invented outlets, served on this machine, nothing kept.

    The second edition brings a correction and a retraction, as real weeks do.
    """
    from bot.cli.sample import sample_house
    from bot.settings import load_settings

    async with sample_house(load_settings()) as sample:
        if sample is None:
            return
        house, schedule = sample
        await house.compose.now(schedule)
        await house.loops().once()
        click.echo("All of this is invented. `slugline run` reads real feeds.")
