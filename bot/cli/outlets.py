"""`slugline outlets hide` and `show`: outlets that this terminal's community does not want to hear."""

from __future__ import annotations

import click

from bot.cli.errors import command


@click.group()
def outlets() -> None:
    """Hide an outlet and keep the stories that others tell too."""


@outlets.command()
@click.argument("name", nargs=-1, required=True)
@command
async def hide(name: tuple[str, ...]) -> None:
    """Neither quote nor list nor count an outlet here. A story that no other outlet tells goes with it."""
    await choose(" ".join(name), shown=False)


@outlets.command()
@click.argument("name", nargs=-1, required=True)
@command
async def show(name: tuple[str, ...]) -> None:
    """Show a hidden outlet again."""
    await choose(" ".join(name), shown=True)


async def choose(name: str, *, shown: bool) -> None:
    from adapters.clock import SystemClock
    from adapters.storage import open_database
    from bot.app.preferences import show_outlet
    from bot.app.setup import terminal
    from bot.cli.house import log_to
    from bot.core.community import LOCAL
    from bot.core.message.plain import inert
    from bot.settings import load_settings

    settings = load_settings()
    log_to(settings, quiet=True)
    now = SystemClock().now()
    async with open_database(settings.database) as database:
        async with database.begin() as tx:
            await tx.communities.ensure(terminal(now))
        found = await show_outlet(database, LOCAL, name, now, shown=shown)
    click.echo(f"{inert(found)}: {'shown' if shown else 'hidden'}.")
