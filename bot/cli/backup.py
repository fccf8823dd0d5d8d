"""`slugline backup` and `restore`: the whole database in one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.errors import command
from bot.core.errors import InputError, StoreBusy


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@command
async def backup(file: Path) -> None:
    """Copy the whole database to a new FILE; `slugline run` may go on meanwhile.

    SQLite is copied by Slugline, PostgreSQL by pg_dump; where that is not installed, the command is printed.
    """
    from adapters.storage.backup import back_up_sqlite, dump_command, may_be_made, run
    from bot.cli.house import log_to
    from bot.settings import inherited, load_settings

    settings = load_settings()
    log_to(settings, quiet=True)
    if settings.sqlite_file is not None:
        size = await back_up_sqlite(settings.database, file)
        click.echo(f"{file}: {size:,} bytes. `slugline restore {file}` puts it back.")
        return
    may_be_made(file)
    dump = dump_command(settings.database, file)
    if not await run(dump, inherited()):
        raise InputError(f"pg_dump is not installed here; run this where it is: {dump.shown}")
    click.echo(f"{file}: written by pg_dump. `slugline restore {file}` puts it back.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@command
async def restore(file: Path, yes: bool) -> None:
    """Put a backup in the place of the database. Refused while Slugline runs.

    What was in a SQLite database is kept beside it, under another name. On PostgreSQL pg_restore replaces the tables in
    one transaction, all or none. What waited to be posted when the backup was taken is looked for before it is posted.
    """
    from adapters.storage.backup import others_at_work, restore_command, restore_sqlite, run
    from adapters.storage.restored import mark_restored
    from bot.cli.house import log_to, only_one
    from bot.settings import inherited, load_settings

    settings = load_settings()
    log_to(settings, quiet=True)
    if not yes:
        click.confirm(f"Put {file} in the place of the present database?", abort=True, err=True)
    if settings.sqlite_file is not None:
        with only_one(settings):
            kept = await restore_sqlite(settings.database, file)
            await mark_restored(settings.database)
        click.echo(f"Restored.{f' What was there is {kept}.' if kept else ''}")
        return
    if connections := await others_at_work(settings.database):
        raise StoreBusy(f"Slugline is at work on that database ({connections} connections); stop it before restoring")
    back = restore_command(settings.database, file)
    if not await run(back, inherited()):
        raise InputError(f"pg_restore is not installed here; run this where it is: {back.shown}")
    await mark_restored(settings.database)
    click.echo("Restored.")
