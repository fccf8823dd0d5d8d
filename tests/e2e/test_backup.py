"""`slugline backup` and `restore` around a real `slugline run`, on both databases: taken while it runs, refused while
it runs, and every row of every table comes back."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from adapters.sample import SampleServer
from adapters.storage import open_database
from adapters.storage.schema import alerts, metadata
from tests.adapters.test_backup import rows_of
from tests.adapters.test_store_purging import furnish_all
from tests.e2e.program import Program
from tests.e2e.test_stopping import stop, until
from tests.factories import GUILD


@pytest.fixture(params=["sqlite", "postgresql"])
def program(
    request: pytest.FixtureRequest, slugline: Program, sample_server: SampleServer, monkeypatch: pytest.MonkeyPatch
) -> tuple[Program, str]:
    """With PostgreSQL's own tools on the path where it is the database; and the database's address."""
    program = slugline.having(ALLOW_HOSTS=sample_server.address)
    if request.param == "sqlite":
        return program, f"sqlite+aiosqlite:///{program.database}"
    url = request.getfixturevalue("postgresql_url")
    if (tools := request.getfixturevalue("postgres").tools) is not None:
        monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    return program.having(DATABASE_URL=url), url


async def furnish(url: str) -> None:
    async with open_database(url) as database, database.begin() as tx:
        await furnish_all(tx)


async def lose(url: str) -> None:
    """What somebody did by mistake."""
    async with open_database(url) as database, database.begin() as tx:
        for table in reversed(metadata.sorted_tables):
            if table is alerts or table.name in {"reminders", "told_moves", "delivery_parts", "tallies"}:
                await tx.sql.execute(delete(table))


async def mentions_the_guild(url: str) -> set[str]:
    async with open_database(url) as database, database.read() as tx:
        rows = {table.name: await tx.sql.rows(select(table)) for table in metadata.sorted_tables}
    return {name for name, found in rows.items() if any(GUILD in str(tuple(row)) for row in found)}


@pytest.mark.slow
def test_a_copy_is_taken_while_it_runs_and_put_back_while_it_does_not(
    program: tuple[Program, str], few_feeds: str, tmp_path: Path
) -> None:
    slugline, url = program
    assert slugline("feeds", "import", "-", given=few_feeds).code == 0
    running = slugline.start("run")
    try:
        until(running, "Watching the feeds")
        asyncio.run(furnish(url))
        assert slugline("backup", tmp_path / "running").code == 0
        refused = slugline("restore", "--yes", tmp_path / "running")
        assert refused.code == 1
        assert "stop it" in refused.error
    finally:
        stop(running, signal.SIGTERM)
    there = asyncio.run(mentions_the_guild(url))
    assert len(there) > 10
    before = asyncio.run(rows_of(url))
    assert slugline("backup", tmp_path / "stopped").code == 0
    asyncio.run(lose(url))
    assert asyncio.run(rows_of(url)) != before
    restored = slugline("restore", "--yes", tmp_path / "stopped")
    assert restored.code == 0, restored.err
    after = asyncio.run(rows_of(url))
    assert [table for table in before if after[table] != before[table]] in ([], ["deliveries"])
    assert len(after["deliveries"]) == len(before["deliveries"]), "marked as perhaps posted since, where they waited"
    asyncio.run(lose(url))
    assert slugline("restore", "--yes", tmp_path / "running").code == 0
    assert asyncio.run(mentions_the_guild(url)) == there
