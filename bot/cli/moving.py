"""`slugline migrate-store`: from SQLite to PostgreSQL, with everything."""

from __future__ import annotations

import click

from bot.cli.errors import command
from bot.core.errors import InputError


@click.command(name="migrate-store")
@click.argument("url", metavar="DATABASE_URL", envvar="SLUGLINE_MIGRATE_TO")
@command
async def migrate_store(url: str) -> None:
    """Copy the whole SQLite database into an empty PostgreSQL one. Refused while `slugline run` is at work.

    DATABASE_URL is postgresql+asyncpg://USER:PASSWORD@HOST/NAME; other people of this machine may see what a command is
    started with, so a password is better set as SLUGLINE_MIGRATE_TO. Afterwards set it as SLUGLINE_DATABASE_URL. The
    SQLite file stays as it is.
    """
    from adapters.storage import open_database
    from adapters.storage.moving import move
    from bot.cli.house import log_to, only_one
    from bot.settings import load_settings

    settings = load_settings()
    log_to(settings, quiet=True)
    file = settings.sqlite_file
    if file is None:
        raise InputError("SLUGLINE_DATABASE_URL names a PostgreSQL database already; this moves out of SQLite")
    if not url.startswith("postgresql+asyncpg://"):
        raise InputError("the other database is named as postgresql+asyncpg://USER:PASSWORD@HOST/NAME")
    if not file.exists():
        raise InputError(f"there is no database yet at {file}: nothing to move")
    with only_one(settings):
        async with open_database(settings.database) as source, open_database(url) as target:
            moved = await move(source, target, lambda table, count: None)
    click.echo(f"{moved:,} rows moved. Set SLUGLINE_DATABASE_URL to the new database; {file} stays as it is.")
