"""SQLite statements in one change of threads each.

aiosqlite keeps a connection in a thread of its own, and SQLAlchemy's cursor goes there four times a statement: to make
a cursor, execute, fetch and close. With a busy event loop every trip waits for the interpreter's lock, and the trips
cost more than SQLite does. This cursor makes one trip. All rows are fetched in it, as SQLAlchemy's does.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from functools import partial
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util.concurrency import await_


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ("_outcome",)

    def __init__(self, adapt_connection: AsyncAdapt_aiosqlite_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._rows = deque()
        self._outcome: tuple[Any, int, int | None] = (None, -1, None)

    @property
    def description(self) -> Any:
        return self._outcome[0]

    @property
    def rowcount(self) -> int:
        return self._outcome[1]

    @property
    def lastrowid(self) -> Any:
        return self._outcome[2]

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        return self._trip(partial(_execute, operation, () if parameters is None else parameters))

    def executemany(self, operation: Any, seq_of_parameters: Any) -> Any:
        return self._trip(partial(_executemany, operation, seq_of_parameters))

    def close(self) -> None:
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        """Closed already, in the trip."""

    def _trip(self, work: Any) -> None:
        connection: Any = self._connection
        try:
            rows, self._outcome = await_(connection._execute(work, connection._conn))
        except Exception as error:  # noqa: BLE001 (translated and raised there)
            self._adapt_connection._handle_exception(error)
        self._rows = deque(rows)


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = _Cursor  # type: ignore[assignment]  # not the plain base class, as SQLAlchemy infers


class OneTrip(AsyncAdapt_aiosqlite_dbapi):
    """The driver, for `create_async_engine(…, module=OneTrip())`."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arg: Any, **kw: Any) -> AsyncAdapt_aiosqlite_connection:
        return _Connection(self, super().connect(*arg, **kw)._connection)


Outcome = tuple[list[Any], tuple[Any, int, int | None]]


def _execute(operation: str, parameters: Any, connection: sqlite3.Connection) -> Outcome:
    cursor = connection.execute(operation, parameters)
    try:
        rows = cursor.fetchall() if cursor.description else []
        return rows, (cursor.description, cursor.rowcount, cursor.lastrowid)
    finally:
        cursor.close()


def _executemany(operation: str, rows: Any, connection: sqlite3.Connection) -> Outcome:
    cursor = connection.executemany(operation, rows)
    try:
        return [], (None, cursor.rowcount, cursor.lastrowid)
    finally:
        cursor.close()
