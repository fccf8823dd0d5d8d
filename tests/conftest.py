"""Fixtures that several rooms share: a fresh SQLite database in milliseconds."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage import SqlDatabase, open_database


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
async def sqlite(sqlite_url: str) -> AsyncIterator[SqlDatabase]:
    """An empty SQLite database."""
    async with open_database(sqlite_url) as database:
        yield database
