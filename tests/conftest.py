"""Fixtures that several rooms share: fresh databases in milliseconds."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path

import hypothesis
import pytest

from adapters.storage import SqlDatabase, open_database
from tests.engines import make_engines_quick
from tests.postgres import Postgres, postgres_server

# A busy machine is no defect: examples have no deadline, and generating them may take its time. In CI the same examples
# are tried each time, so that a failure there is one of the change and can be had again.
_PATIENT = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("patient", _PATIENT)
hypothesis.settings.register_profile("ci", _PATIENT, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "patient")
make_engines_quick()


A_CORE = 2
"""Tests with real processes wait as long as they compute. Whatever runs faster than the clock has a clock of its own,
which a busy machine cannot outrun (`tests.chaos`)."""
MOST_WORKERS = 8
"""Each has a PostgreSQL of its own, and the longest tests bound what more could save."""


def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: for each processor that is ours some, within reason."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(A_CORE * cores, MOST_WORKERS)


def sqlite_address(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file to copy."""
    path = tmp_path_factory.mktemp("template") / "slugline.sqlite3"

    async def migrate() -> None:
        async with open_database(sqlite_address(path)):
            pass

    asyncio.run(migrate())
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a migrated, empty database of this test's own."""
    path = tmp_path / "slugline.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return sqlite_address(path)


@pytest.fixture
def sqlite_copies(sqlite_template: Path, tmp_path: Path) -> Callable[[], str]:
    """Makes addresses of migrated, empty databases, a new one each time."""
    numbers = count(1)

    def copy() -> str:
        path = tmp_path / f"copy-{next(numbers)}.sqlite3"
        shutil.copyfile(sqlite_template, path)
        return sqlite_address(path)

    return copy


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[SqlDatabase]:
    """An empty SQLite database."""
    async with open_database(sqlite_url) as database:
        yield database


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real server, started when a test first asks for it."""
    with postgres_server() as server:
        yield server


@pytest.fixture
async def postgresql_url(postgres: Postgres) -> str:
    """The address of a migrated, empty database of this test's own."""
    return await postgres.fresh()


@pytest.fixture
async def new_postgresql_url(postgres: Postgres) -> AsyncIterator[str]:
    """The address of a database that nobody has opened yet."""
    address = await postgres.create()
    yield address
    await postgres.drop(address)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated, empty database: once of each kind."""
    address: str = request.getfixturevalue(f"{request.param}_url")
    return address


@pytest.fixture
async def database(url: str) -> AsyncIterator[SqlDatabase]:
    """An empty database: once of each kind."""
    async with open_database(url) as opened:
        yield opened
