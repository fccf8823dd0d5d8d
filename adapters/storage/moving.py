"""A whole store from one database into another: from SQLite, where one begins, to PostgreSQL, for many processes.

Every row of every table is read in one snapshot and written in one transaction, so that the other database has all of
it or none. Values go through the tables' own types, which are the same in both (`types.py`); search indexes follow by
themselves. Then every row is counted again on both sides before anything is committed. Leases and held work are left
behind: whoever held them is not there.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Table, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.database import SqlDatabase
from adapters.storage.schema import budgets, leases, metadata, processes, tasks
from bot.core.errors import InputError, StoreError

ROWS = 1_000
"""Rows that are read and written at a time; articles have up to a few hundred kB each."""
LEFT = {leases.name, processes.name, budgets.name}

Progress = Callable[[str, int], None]
"""Called with a table and how many of its rows are moved."""


async def move(source: SqlDatabase, target: SqlDatabase, progress: Progress) -> int:
    """Copy everything; how many rows. Raises InputError where the target has anything already, StoreError where the
    counts differ, and then nothing was written."""
    moved = 0
    async with source.read() as reading, target.begin() as writing:
        there, here = reading.sql.connection, writing.sql.connection
        for table in metadata.sorted_tables:
            if await _count(here, table):
                raise InputError(f"the other database is not empty: it has rows in {table.name}")
        for table in metadata.sorted_tables:
            if table.name in LEFT:
                continue
            count = await _copy(there, here, table, progress)
            if count != await _count(there, table) or count != await _count(here, table):
                raise StoreError(f"{table.name} did not arrive whole; nothing was written")
            moved += count
        await here.execute(
            update(tasks).where(tasks.c.holder.is_not(None)).values(holder=None, claimable_at=tasks.c.due)
        )
        await _number_on(here)
    return moved


async def _copy(there: AsyncConnection, here: AsyncConnection, table: Table, progress: Progress) -> int:
    """A table that refers to itself is copied by its key, so that what is referred to came before, save where a story
    follows a later one: its references are written at the end."""
    own = [column for column in table.columns for key in column.foreign_keys if key.column.table is table]
    count = 0
    result = await there.stream(select(table).order_by(*table.primary_key.columns))
    async for chunk in result.mappings().partitions(ROWS):
        rows = [{name: None if name in {column.name for column in own} else row[name] for name in row} for row in chunk]
        await here.execute(insert(table), rows)
        count += len(rows)
        progress(table.name, count)
    for column in own:
        (key,) = table.primary_key.columns
        linked = await there.execute(select(key, column).where(column.is_not(None)))
        for row in linked:
            await here.execute(update(table).where(key == row[0]).values({column: row[1]}))
    return count


async def _count(connection: AsyncConnection, table: Table) -> int:
    return await connection.scalar(select(func.count()).select_from(table)) or 0


async def _number_on(connection: AsyncConnection) -> None:
    """New rows are numbered after the highest there is, as ids are never given out twice."""
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None or column.name != "id" or connection.dialect.name != "postgresql":
            continue
        await connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'),"
                f" greatest((SELECT coalesce(max(id), 0) FROM {table.name}), 1),"
                f" (SELECT count(*) FROM {table.name}) > 0)"
            )
        )
