"""Backups of both databases: taken while somebody writes, and every row comes back."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from adapters.storage import SqlDatabase, open_database
from adapters.storage.backup import (
    Command,
    back_up_sqlite,
    dump_command,
    others_at_work,
    restore_command,
    restore_sqlite,
    run,
)
from adapters.storage.schema import metadata
from bot.core.errors import InputError, StoreBusy, StoreError
from tests.adapters.test_store_isolation import furnish
from tests.conftest import sqlite_address
from tests.factories import add_article
from tests.postgres import Postgres


async def everything(database: SqlDatabase) -> dict[str, list[str]]:
    async with database.read() as tx:
        return {
            table.name: sorted(repr(_told(tuple(row))) for row in await tx.sql.rows(select(table)))
            for table in metadata.sorted_tables
        }


def _told(row: tuple[Any, ...]) -> list[Any]:
    """A vector's repr leaves out its middle."""
    return [value.tolist() if isinstance(value, np.ndarray) else value for value in row]


async def filled(url: str) -> dict[str, list[str]]:
    """Rows of every kind, and what they are."""
    async with open_database(url) as database:
        async with database.begin() as tx:
            await furnish(tx)
        return await everything(database)


async def rows_of(url: str) -> dict[str, list[str]]:
    async with open_database(url) as database:
        return await everything(database)


async def test_every_row_of_a_sqlite_database_comes_back(sqlite_url: str, tmp_path: Path) -> None:
    before = await filled(sqlite_url)
    assert await back_up_sqlite(sqlite_url, tmp_path / "copy") > 0
    elsewhere = sqlite_address(tmp_path / "new" / "slugline.sqlite3")
    assert await restore_sqlite(elsewhere, tmp_path / "copy") is None
    assert await rows_of(elsewhere) == before
    assert not await asyncio.to_thread(lambda: [*tmp_path.rglob("*.part")])


async def test_what_is_made_is_for_the_eyes_of_whoever_made_it(tmp_path: Path) -> None:
    """A database holds addresses of private feeds, and what members watch."""
    url = sqlite_address(tmp_path / "data" / "slugline.sqlite3")
    await filled(url)
    await back_up_sqlite(url, tmp_path / "copy")
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "data", tmp_path / "copy")] == [0o700, 0o600]
    file = tmp_path / "data" / "slugline.sqlite3"
    file.chmod(0o640)
    await restore_sqlite(url, tmp_path / "copy")
    assert file.stat().st_mode & 0o777 == 0o640, "as it was"


async def test_a_backup_under_load_is_one_moment_and_holds_up_no_writer(sqlite_url: str, tmp_path: Path) -> None:
    """Each transaction adds two articles: a copy with an odd number would be half of one."""
    async with open_database(sqlite_url) as database:
        stop, written = asyncio.Event(), 0

        async def write() -> None:
            nonlocal written
            while not stop.is_set():
                async with database.begin() as tx:
                    await add_article(tx)
                    await add_article(tx)
                written += 1

        writing = asyncio.create_task(write())
        counts = []
        for number in range(100):
            if number >= 5 and written > 5:
                break
            copy = tmp_path / f"copy-{number}"
            await back_up_sqlite(sqlite_url, copy)
            with closing(sqlite3.connect(copy)) as connection:
                counts.append(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
        stop.set()
        await writing
    assert len(set(counts)) > 1
    assert all(count % 2 == 0 for count in counts)
    assert counts == sorted(counts)


async def test_what_a_restore_replaces_is_kept(
    sqlite_url: str, sqlite_copies: Callable[[], str], tmp_path: Path
) -> None:
    other = sqlite_copies()
    wanted = await filled(other)
    await back_up_sqlite(other, tmp_path / "copy")
    async with open_database(sqlite_url) as database, database.begin() as tx:
        await add_article(tx)
    replaced = await rows_of(sqlite_url)
    kept = await restore_sqlite(sqlite_url, tmp_path / "copy")
    assert kept is not None
    assert await rows_of(sqlite_url) == wanted
    assert await rows_of(sqlite_address(kept)) == replaced


async def test_nothing_is_restored_under_somebodys_feet(sqlite_url: str, tmp_path: Path) -> None:
    before = await filled(sqlite_url)
    await back_up_sqlite(sqlite_url, tmp_path / "copy")
    async with open_database(sqlite_url) as database:
        async with database.begin() as tx:
            await add_article(tx)
        with pytest.raises(StoreBusy, match="stop it before restoring"):
            await restore_sqlite(sqlite_url, tmp_path / "copy")
    assert len((await rows_of(sqlite_url))["articles"]) == len(before["articles"]) + 1


async def test_a_backup_takes_no_other_files_place(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(InputError, match="is there already"):
        await back_up_sqlite(sqlite_url, tmp_path / "letter.txt")
    assert (tmp_path / "letter.txt").read_text() == "dear"


async def test_what_is_no_backup_is_refused_and_touches_nothing(sqlite_url: str, tmp_path: Path) -> None:
    before = await filled(sqlite_url)
    (tmp_path / "letter").write_bytes(b"dear" * 1000)
    await back_up_sqlite(sqlite_url, tmp_path / "copy")
    whole = (tmp_path / "copy").read_bytes()
    (tmp_path / "half").write_bytes(whole[: len(whole) // 2])
    with closing(sqlite3.connect(tmp_path / "foreign")) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    with closing(sqlite3.connect(tmp_path / "copy")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    for name, why in (
        ("letter", "no SQLite database"),
        ("half", "damaged|no SQLite database"),
        ("foreign", "another program"),
        ("copy", "newer Slugline"),
        ("absent", "there is no file"),
    ):
        with pytest.raises(InputError, match=why):
            await restore_sqlite(sqlite_url, tmp_path / name)
    assert await rows_of(sqlite_url) == before


async def test_every_row_of_a_postgresql_database_comes_back(
    postgres: Postgres, new_postgresql_url: str, postgresql_url: str, tmp_path: Path
) -> None:
    before = await filled(postgresql_url)
    dump = of(postgres, dump_command(postgresql_url, tmp_path / "dump"))
    assert await run(dump, dict(os.environ))
    async with open_database(new_postgresql_url):
        assert await others_at_work(new_postgresql_url) > 0
    assert await others_at_work(new_postgresql_url) == 0
    back = of(postgres, restore_command(new_postgresql_url, tmp_path / "dump"))
    assert await run(back, dict(os.environ))
    assert await rows_of(new_postgresql_url) == before


def of(postgres: Postgres, command: Command) -> Command:
    """With the program of the server's own version."""
    if postgres.tools is None:
        return command
    return replace(command, words=(str(postgres.tools / command.words[0]), *command.words[1:]))


async def test_a_tool_that_fails_says_why_and_a_missing_one_is_said_to_be_missing(
    postgres: Postgres, tmp_path: Path
) -> None:
    url = "postgresql+asyncpg://ann:hunter2@127.0.0.1:1/nothing"
    command = dump_command(url, tmp_path / "dump")
    assert "hunter2" not in command.shown
    assert command.environment == {"PGPASSWORD": "hunter2"}
    with pytest.raises(StoreError, match="failed"):
        await run(of(postgres, command), dict(os.environ))
    assert not await run(Command(words=("pg_dump_that_is_not_there",), environment={}), {})
