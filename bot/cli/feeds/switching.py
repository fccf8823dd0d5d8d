"""`slugline feeds off` and `on`: what this terminal's community does not want to read."""

from __future__ import annotations

import click

from bot.cli.errors import command

FEED = click.argument("number", metavar="[FEED]", type=int, required=False)
DESK = click.option("--desk", metavar="NAME", help="All feeds of a desk: trades, tech, labour, guilds, law …")


@click.command()
@FEED
@DESK
@command
async def off(number: int | None, desk: str | None) -> None:
    """Read a feed, or a whole desk, no more here. What another feed carries too stays.

    Nothing is deleted and nobody else notices: what a feed brings meanwhile is there when it is switched on again.
    """
    await switch(number, desk, on=False)


@click.command()
@FEED
@DESK
@command
async def on(number: int | None, desk: str | None) -> None:
    """Read a feed, or a desk, again. A feed may be on although its desk is off."""
    await switch(number, desk, on=True)


async def switch(number: int | None, desk: str | None, *, on: bool) -> None:
    from adapters.clock import SystemClock
    from adapters.storage import open_database
    from bot.app.preferences import switch_desk, switch_feed
    from bot.app.setup import terminal
    from bot.cli.house import log_to
    from bot.core.community import LOCAL
    from bot.core.feed import FeedId
    from bot.core.message.notice import feed_name
    from bot.core.message.plain import inert
    from bot.settings import load_settings

    if (number is None) == (desk is None):
        raise click.UsageError("name one: a FEED by its number, or --desk NAME")
    settings = load_settings()
    log_to(settings, quiet=True)
    state = "on" if on else "off"
    async with open_database(settings.database) as database:
        async with database.begin() as tx:
            await tx.communities.ensure(terminal(SystemClock().now()))
        if desk is not None:
            found = await switch_desk(database, LOCAL, desk, on=on)
            click.echo(f"Desk {inert(found)}: {state}.")
        elif number is not None:
            feed = await switch_feed(database, LOCAL, FeedId(number), on=on)
            click.echo(f"{feed.id}  {inert(feed_name(feed))}: {state}.")
