"""Bringing a database's schema up to date, or refusing it.

A SQLite file is looked at through a read-only connection first, so that one written by a newer Slugline, or by another
program, stays as it is to the byte. Migrations run in one transaction that holds a lock (SQLite: BEGIN IMMEDIATE,
PostgreSQL: an advisory lock): of several processes that start together one migrates and the others find it done.

Alembic is imported where a migration is due, which is seldom: it takes longer to import than most commands run. Which
revisions there are, and which is the last, is told by the names of their files: `0001_first_schema.py` is "0001".
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.storage.errors import is_busy, named
from bot.core.errors import SchemaTooNew, StoreError

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"
# Any number will do, as long as no other program on that server locks the same one.
_LOCK = 0x51_06_11_4E


async def bring_up_to_date(engine: AsyncEngine, migrator: AsyncEngine | None, patience: timedelta) -> None:
    """By `migrator`, where it is not; without one it may not be changed. Raises `SchemaTooNew`, or `StoreError` where
    the schema is old and may not be changed or is not ours."""
    where = named(engine.url)
    known = known_revisions()
    if engine.dialect.name == "sqlite":
        present, foreign = await asyncio.to_thread(_look_into, Path(engine.url.database or ""))
    else:
        async with engine.connect() as connection:
            present, foreign = await connection.run_sync(_look)
    if present is not None and present not in known:
        raise SchemaTooNew(f"{where} was written by a newer Slugline (schema {present}); it was not touched")
    if foreign:
        raise StoreError(f"{where} holds another program's tables; it was not touched")
    if present == known[-1]:
        return
    if migrator is None:
        raise StoreError(f"{where} is of an older Slugline (schema {present}); start `slugline run` once to update it")
    if engine.dialect.name == "sqlite":
        await _write_ahead(Path(engine.url.database or ""), patience)
    async with migrator.begin() as connection:
        await connection.run_sync(_upgrade)


def known_revisions() -> Sequence[str]:
    """The schemas that this version can bring up to date, its own the last."""
    return sorted(path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def epoch(revision: str) -> str:
    """The letter of a revision, "" before the first: it changes with each migration that contracts (`migrations`)."""
    return revision.lstrip("0123456789")


def _look_into(path: Path) -> tuple[str | None, bool]:
    if not path.exists():
        return None, False
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "alembic_version" not in tables:
            return None, bool(tables)
        (revision,) = connection.execute("SELECT max(version_num) FROM alembic_version").fetchone()
        return revision, False


async def _write_ahead(path: Path, patience: timedelta) -> None:
    """Switch the file to WAL, which it then stays in. Raises sqlite3's error where others keep it locked.

    Changing the mode does not wait for a lock as other statements do (https://www.sqlite.org/pragma.html#pragma_busy_timeout
    applies to none of the locks it takes), so this waits itself.
    """

    def switch() -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")

    give_up = asyncio.get_running_loop().time() + patience.total_seconds()
    while True:
        try:
            return await asyncio.to_thread(switch)
        except sqlite3.OperationalError as problem:
            if not is_busy(problem) or asyncio.get_running_loop().time() > give_up:
                raise
            await asyncio.sleep(0.05)


def _look(connection: Connection) -> tuple[str | None, bool]:
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        return None, bool(tables)
    return connection.scalar(text("SELECT max(version_num) FROM alembic_version")), False


def _upgrade(connection: Connection) -> None:
    from alembic import command

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
