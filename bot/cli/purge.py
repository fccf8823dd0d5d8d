"""`slugline purge`: let go now of what is older than it is kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import click

from bot.cli.errors import command
from bot.core.errors import InputError, StoreBusy

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--compact", is_flag=True, help="Then give the room back to the disk (SQLite, while nothing runs).")
@command
async def purge(dry_run: bool, compact: bool) -> None:
    """Let go of what is older than SLUGLINE_KEEP_ARTICLES, _POSTED, _AUDIT and _LEFT say.

    `slugline run` does this by itself, a little every six hours.
    """
    from adapters.clock import SystemClock
    from adapters.storage import open_database
    from bot.app.purge import Purge
    from bot.cli.house import log_to, only_one
    from bot.settings import load_settings

    settings = load_settings()
    log_to(settings, quiet=True)
    if compact and settings.sqlite_file is None:
        raise InputError("PostgreSQL reuses the room by itself; VACUUM FULL gives it back to the disk")
    async with open_database(settings.database) as database:
        purging = Purge(database, settings.retention, SystemClock())
        counts = await purging.preview() if dry_run else (await purging.sweep())[0]
    for what, count in counts.items():
        if count:
            click.echo(f"{count:>10,}  {what}")
    if not any(counts.values()):
        click.echo("Nothing is too old.")
    if compact and not dry_run and settings.sqlite_file is not None:
        with only_one(settings):
            before, after = _compact(settings.sqlite_file)
        click.echo(f"{settings.sqlite_file}: {before:,} bytes before, {after:,} now.")


def _compact(file: Path) -> tuple[int, int]:
    """SQLite writes the whole file anew, which needs as much room again for as long as it takes."""
    before = file.stat().st_size
    with closing(sqlite3.connect(file, timeout=10, isolation_level=None)) as connection:
        try:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.OperationalError as problem:
            raise StoreBusy(f"{file} could not be compacted ({problem}); end what has it open") from None
    return before, file.stat().st_size
