"""Both databases, each test on a migrated and empty one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from adapters.storage import SqlDatabase, open_database
from tests.postgres import Postgres, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with postgres_server() as server:
        yield server


@pytest.fixture
async def postgresql_url(postgres: Postgres) -> str:
    return await postgres.fresh()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated, empty database: once of each kind."""
    address: str = request.getfixturevalue(f"{request.param}_url")
    return address


@pytest.fixture
async def database(url: str) -> AsyncIterator[SqlDatabase]:
    async with open_database(url) as opened:
        yield opened
