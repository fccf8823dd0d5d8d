"""One connection within one transaction, and what the two databases disagree on: the clock and the upsert."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CursorResult,
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

T = TypeVar("T")

# Both are constant within one statement, so that an index on a time can be used. SQLite knows milliseconds; on
# PostgreSQL the sub-select keeps a volatile function from being called once a row.
_CLOCKS: Mapping[str, ColumnElement[datetime]] = {
    "sqlite": literal_column("(CAST((julianday('now') - 2440587.5) * 86400000 + 0.5 AS INTEGER) * 1000)", Instant),
    "postgresql": literal_column("(SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT))", Instant),
}

CHUNK = 1000
"""Values an IN list may hold; SQLite takes 32,766 variables a statement, PostgreSQL 32,767."""

Upsert = sqlite.Insert | postgresql.Insert


@dataclass(frozen=True, slots=True)
class Sql:
    connection: AsyncConnection

    @property
    def clock(self) -> ColumnElement[datetime]:
        """The database's present time, as an expression."""
        return _CLOCKS[self.connection.dialect.name]

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
        return sqlite.insert(table) if self.connection.dialect.name == "sqlite" else postgresql.insert(table)

    async def execute(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run it, once a row where rows are given."""
        return await self.connection.execute(statement, rows)

    async def insert_numbered(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> Sequence[int]:
        """Insert rows into a table with an AUTOINCREMENT `id`; their ids, in the order of the rows.

        On SQLite the ids are given out here, which its one writer may do: SQLAlchemy would insert row by row to be
        sure of the order, and every row costs a change of threads.
        """
        if self.connection.dialect.name == "sqlite":
            last = column("seq", Integer)
            used = select(last).select_from(text("sqlite_sequence")).where(column("name") == table.name)
            first: int = (await self.connection.scalar(used) or 0) + 1
            numbered = [{"id": number, **row} for number, row in enumerate(rows, first)]
            await self.connection.execute(insert(table), numbered)
            return range(first, first + len(rows))
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return [row.id for row in await self.connection.execute(statement, rows)]

    async def rows(self, statement: Executable) -> Sequence[Row[Any]]:
        return (await self.connection.execute(statement)).all()

    async def row(self, statement: Executable) -> Row[Any] | None:
        return (await self.connection.execute(statement)).one_or_none()


def earlier(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    """The earlier of two times; the other one where one is NULL."""
    return case((other.is_(None), one), (one <= other, one), else_=other)


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    remaining = iter(values)
    while chunk := tuple(islice(remaining, size)):
        yield chunk


def missing(what: str, key: object) -> LookupError:
    """For a change to a row that is not there for that owner: a bug of the caller, or a reach for another's row."""
    return LookupError(f"no {what} {key} of that owner")
