"""One connection within one transaction, and what the two databases disagree on: the clock and the upsert."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CursorResult,
    Dialect,
    Executable,
    Integer,
    Row,
    Table,
    case,
    column,
    insert,
    literal,
    literal_column,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.types import Instant, microseconds
from bot.app.ports import Stage
from bot.core.opt_out import NOBODY, OptOut

T = TypeVar("T")

# Both are constant within one statement, so that an index on a time can be used. SQLite knows milliseconds; on
# PostgreSQL the sub-select keeps a volatile function from being called once a row.
CLOCKS: Mapping[str, ColumnElement[datetime]] = {
    "sqlite": literal_column("(CAST((julianday('now') - 2440587.5) * 86400000 + 0.5 AS INTEGER) * 1000)", Instant),
    "postgresql": literal_column("(SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT))", Instant),
}

CHUNK = 1000
"""Values an IN list may hold; SQLite takes 32,766 variables a statement, PostgreSQL 32,767."""
VARIABLES = 32_000
"""Values of one INSERT of many rows (SQLite)."""

Upsert = sqlite.Insert | postgresql.Insert


@dataclass(frozen=True, slots=True)
class Sql:
    """`opt_out` is the operator's list, which every article that is read is held against."""

    connection: AsyncConnection
    opt_out: OptOut = NOBODY
    rung: set[Stage] = field(default_factory=set)
    """Stages for which this transaction has put work."""

    @property
    def clock(self) -> ColumnElement[datetime]:
        """The database's present time, as an expression."""
        return CLOCKS[self.connection.dialect.name]

    def after(self, span: timedelta) -> ColumnElement[datetime]:
        """The database's present time plus `span` (which may be negative)."""
        sum_ = type_coerce(self.clock, BigInteger) + literal(microseconds(span), BigInteger)
        return type_coerce(sum_, Instant)

    async def now(self) -> datetime:
        now: datetime | None = await self.connection.scalar(select(self.clock))
        assert now is not None
        return now

    def insert(self, table: Table) -> Upsert:
        """An INSERT that knows ON CONFLICT."""
        return insert_into(self.connection.dialect.name, table)

    async def execute(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | Mapping[str, Any] | None = None
    ) -> CursorResult[Any]:
        """Run it, once a row where rows are given, or with those values."""
        return await self.connection.execute(statement, rows)

    async def insert_numbered(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> Sequence[int]:
        """Insert rows into a table with an AUTOINCREMENT `id`; their ids, in the order of the rows. All rows have the
        same keys.

        On SQLite the ids are given out here, which its one writer may do.
        """
        if self.connection.dialect.name == "sqlite":
            last = column("seq", Integer)
            used = select(last).select_from(text("sqlite_sequence")).where(column("name") == table.name)
            first: int = (await self.connection.scalar(used) or 0) + 1
            await self._insert_together(table, [{"id": number, **row} for number, row in enumerate(rows, first)])
            return range(first, first + len(rows))
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return [row.id for row in await self.connection.execute(statement, rows)]

    async def insert_missing(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> int | None:
        """Insert those rows that no unique key speaks against; how many, or None where the driver does not count.
        All rows have the same keys."""
        if self.connection.dialect.name == "sqlite":
            return await self._insert_together(table, rows, " ON CONFLICT DO NOTHING")
        await self.connection.execute(postgresql.insert(table).on_conflict_do_nothing(), rows)
        return None

    async def _insert_together(self, table: Table, rows: Sequence[Mapping[str, Any]], end: str = "") -> int:
        """SQLite: many rows a statement. A full-text index writes what it gathered to its tables at the end of every
        statement, so a statement a row costs three times as much as the rows themselves."""
        if not rows:
            return 0
        names = tuple(rows[0])
        processors = _processors(table, names, self.connection.dialect)
        head = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES "
        places = f"({', '.join('?' * len(names))})"
        inserted = 0
        for chunk in chunks(rows, VARIABLES // len(names)):
            values = tuple(
                process(row[name]) if process else row[name] for row in chunk for name, process in processors
            )
            statement = head + ", ".join([places] * len(chunk)) + end
            inserted += (await self.connection.exec_driver_sql(statement, values)).rowcount
        return inserted

    async def change_each(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Run an UPDATE or DELETE that names one row, once for each of `rows`; whether each changed one."""
        if not rows:
            return True
        if self.connection.dialect.name == "sqlite":
            return (await self.connection.execute(statement, rows)).rowcount == len(rows)
        # asyncpg counts the rows of single statements only.
        return all([(await self.connection.execute(statement, row)).rowcount for row in rows])

    async def rows(self, statement: Executable) -> Sequence[Row[Any]]:
        return (await self.connection.execute(statement)).all()

    async def row(self, statement: Executable) -> Row[Any] | None:
        return (await self.connection.execute(statement)).one_or_none()


@lru_cache(maxsize=64)
def _processors(
    table: Table, names: tuple[str, ...], dialect: Dialect
) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    """What turns a value of each column into the driver's."""
    return tuple((name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names)


def insert_into(dialect: str, table: Table) -> Upsert:
    """An INSERT that knows ON CONFLICT."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def earlier(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    """The earlier of two times; the other one where one is NULL."""
    return case((other.is_(None), one), (one <= other, one), else_=other)


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    remaining = iter(values)
    while chunk := tuple(islice(remaining, size)):
        yield chunk


def padded(ids: Collection[int]) -> Sequence[int]:
    """For an IN list, filled up with its last to a power of two: databases prepare a statement for each length."""
    known = sorted(ids)
    length = 1
    while length < len(known):
        length *= 2
    return known + known[-1:] * (length - len(known))


def missing(what: str, key: object) -> LookupError:
    """For a change to a row that is not there for that owner: a bug of the caller, or a reach for another's row."""
    return LookupError(f"no {what} {key} of that owner")
