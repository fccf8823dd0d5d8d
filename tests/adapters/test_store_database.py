"""Opening, migrating, refusing and failing: the database as a whole, over both kinds."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import traceback
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text

from adapters.storage import SqlDatabase, open_database
from adapters.storage.migrating import known_revisions
from adapters.storage.schema import described, metadata
from bot.app.ports import Stage
from bot.core.community import COMMON
from bot.core.errors import SchemaTooNew, StoreBusy, StoreError, StoreFull
from tests.conftest import sqlite_address
from tests.factories import add_article, add_feed, new_article, new_community
from tests.postgres import run as run_on

IMPATIENT = timedelta(milliseconds=50)


@pytest.fixture
def new_sqlite_url(tmp_path: Path) -> str:
    return sqlite_address(tmp_path / "not" / "there" / "yet.sqlite3")


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest) -> str:
    """The address of a database that nobody has opened yet."""
    address: str = request.getfixturevalue(f"new_{request.param}_url")
    return address


async def run(database: SqlDatabase, statement: str) -> None:
    async with database.begin() as tx:
        await tx.sql.execute(text(statement))


# --- opening and migrating ------------------------------------------------------------------------------------


async def test_a_new_database_is_made_with_its_folder(new_url: str) -> None:
    async with open_database(new_url) as database, database.begin() as tx:
        assert await tx.communities.all() == []


async def test_the_migrations_lead_to_the_schema(url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        options = {"compare_type": True, "include_object": described}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    async with open_database(url) as database, database.read() as tx:
        assert await tx.sql.connection.run_sync(differences) == []


def test_migrations_are_known_by_the_names_of_their_files() -> None:
    config = Config()
    config.set_main_option("script_location", str(files("adapters.storage") / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    assert list(known_revisions()) == [script.revision for script in scripts.walk_revisions()][::-1]
    assert known_revisions()[-1] == scripts.get_current_head()


def test_nothing_of_alembic_is_imported_where_no_migration_is_due(sqlite_url: str) -> None:
    opening = f"""
import asyncio, sys
from adapters.storage import open_database
async def main():
    async with open_database({sqlite_url!r}) as database:
        async with database.read() as tx:
            await tx.communities.all()
asyncio.run(main())
sys.exit("alembic" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", opening], check=False).returncode == 0


async def test_processes_that_start_together_migrate_once(new_url: str) -> None:
    async def start() -> None:
        async with open_database(new_url) as database, database.begin() as tx:
            await add_article(tx)

    await asyncio.gather(*(start() for _ in range(4)))
    async with open_database(new_url, migrate=False) as database, database.read() as tx:
        assert await tx.articles.count(COMMON) == 4


async def test_an_old_schema_is_refused_where_it_may_not_be_migrated(new_url: str) -> None:
    with pytest.raises(StoreError, match="older Slugline"):
        async with open_database(new_url, migrate=False):
            pass


async def test_a_newer_schema_is_refused(url: str) -> None:
    async with open_database(url) as database:
        await run(database, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNew, match="9999"):
        async with open_database(url):
            pass


@pytest.mark.parametrize("left_open", [False, True], ids=["closed", "crashed with a log"])
def test_a_newer_file_is_left_as_it_is_to_the_byte(sqlite_url: str, tmp_path: Path, left_open: bool) -> None:
    """Also where its process died and left a write-ahead log behind: not even that is moved into the file."""
    path = Path(make_url(sqlite_url).database or "")
    newer = tmp_path / "newer"
    newer.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
        if left_open:
            for file in path.parent.glob(f"{path.name}*"):
                (newer / file.name).write_bytes(file.read_bytes())
    if not left_open:
        (newer / path.name).write_bytes(path.read_bytes())
    before = {file: file.read_bytes() for file in newer.iterdir() if not file.name.endswith("-shm")}
    assert len(before) == (2 if left_open else 1)

    async def start() -> None:
        async with open_database(sqlite_address(newer / path.name)):
            pass

    with pytest.raises(SchemaTooNew):
        asyncio.run(start())
    assert {file: file.read_bytes() for file in before} == before


async def test_another_programs_tables_are_not_touched(new_url: str) -> None:
    if new_url.startswith("sqlite"):
        path = Path(make_url(new_url).database or "")
        path.parent.mkdir(parents=True)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE recipes (name TEXT)")
    else:
        await run_on(make_url(new_url), "CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreError, match="another program"):
        async with open_database(new_url):
            pass


async def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "slugline.sqlite3"
    path.write_text("Dear diary, " * 100)
    with pytest.raises(StoreError, match="not a database"):
        async with open_database(sqlite_address(path)):
            pass


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("mysql+aiomysql://u:hunter2@h/d", "knows"),
        ("hunter2", "looks like"),
        ("sqlite+aiosqlite://", "file"),
        ("sqlite+aiosqlite:///:memory:", "file"),
    ],
)
async def test_an_address_that_cannot_be_used_is_said_to_be_so(address: str, says: str) -> None:
    with pytest.raises(StoreError, match=says) as caught:
        async with open_database(address):
            pass
    assert "hunter2" not in str(caught.value)


# --- transactions ---------------------------------------------------------------------------------------------


async def test_an_exception_takes_everything_back(database: SqlDatabase) -> None:
    async def fail() -> None:
        async with database.begin() as tx:
            await add_article(tx)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with database.read() as tx:
        assert await tx.articles.count(COMMON) == 0


async def test_a_reader_neither_waits_for_a_writer_nor_sees_its_work_before_it_is_done(database: SqlDatabase) -> None:
    async with database.begin() as writer:
        await add_article(writer)
        async with database.read() as reader:
            assert await reader.articles.count(COMMON) == 0


async def test_a_reader_sees_one_moment(database: SqlDatabase) -> None:
    async with database.read() as reader:
        assert await reader.articles.count(COMMON) == 0
        async with database.begin() as writer:
            await add_article(writer)
        assert await reader.articles.count(COMMON) == 0


async def test_a_reader_may_not_write(database: SqlDatabase) -> None:
    async def write() -> None:
        async with database.read() as tx:
            await tx.communities.ensure(new_community())

    with pytest.raises(StoreError, match=r"read-?only"):
        await write()


async def test_what_was_read_first_may_be_written_after(url: str) -> None:
    """Two processes that read and then write at once both succeed: a writer holds its lock from the start."""
    async with open_database(url) as one, open_database(url) as other:

        async def count_up(database: SqlDatabase) -> None:
            for _ in range(10):
                async with database.begin() as tx:
                    await tx.articles.count(COMMON)
                    await add_article(tx)

        await asyncio.gather(*(count_up(database) for database in (one, other, one, other)))
        async with one.read() as tx:
            assert await tx.articles.count(COMMON) == 40


async def test_a_transaction_inside_another_is_a_bug_and_not_a_deadlock(sqlite: SqlDatabase) -> None:
    async def nest() -> None:
        async with sqlite.begin(), sqlite.begin():
            pass

    with pytest.raises(RuntimeError, match="inside another"):
        await nest()


async def test_the_clock_is_the_databases_and_moves_within_a_transaction(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        first = await tx.now()
        assert first.tzinfo is UTC
        assert abs(first - datetime.now(UTC)) < timedelta(seconds=5)
        for _ in range(10_000):
            if await tx.now() > first:
                return
    pytest.fail("the clock stood still")


async def test_a_cancelled_writer_leaves_the_way_free(database: SqlDatabase) -> None:
    holding = asyncio.Event()

    async def hold() -> None:
        async with database.begin() as tx:
            await add_article(tx)
            holding.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hold())
    await holding.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.begin() as tx:
        assert await tx.articles.count(COMMON) == 0
        await add_article(tx)


# --- failing --------------------------------------------------------------------------------------------------


async def test_a_database_that_somebody_else_holds_is_busy(url: str) -> None:
    async with open_database(url) as holder, open_database(url, patience=IMPATIENT) as database:

        async def write() -> None:
            async with database.begin() as tx:
                await tx.tasks.put(Stage.SCORE, [1], COMMON)

        async with holder.begin() as tx:
            await tx.tasks.put(Stage.SCORE, [1], COMMON)
            with pytest.raises(StoreBusy, match="in use"):
                await write()
        await write()


async def test_a_lost_connection_is_an_error_and_the_next_transaction_has_another(postgresql_url: str) -> None:
    async with open_database(postgresql_url) as database, open_database(postgresql_url) as administrator:

        async def work() -> None:
            async with database.begin() as tx:
                await add_article(tx)
                process = await tx.sql.connection.scalar(text("SELECT pg_backend_pid()"))
                await run(administrator, f"SELECT pg_terminate_backend({process})")
                await add_article(tx)

        with pytest.raises(StoreError):
            await work()
        async with database.begin() as tx:
            assert await tx.articles.count(COMMON) == 0


async def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(StoreError, match=r"slugline\[postgres\]"):
        async with open_database("postgresql+asyncpg://127.0.0.1:9/news"):
            pass


async def test_a_full_disk_loses_nothing(sqlite_url: str) -> None:
    """What was committed stays, the step that did not fit is taken back whole, and all goes on once there is room."""
    async with open_database(sqlite_url) as database:
        async with database.begin() as tx:
            feed = await add_feed(tx)
            await tx.articles.add(new_article(feed))
            pages = await tx.sql.connection.scalar(text("PRAGMA page_count"))
            await tx.sql.execute(text(f"PRAGMA max_page_count = {pages + 5}"))

        async def store(count: int) -> None:
            async with database.begin() as tx:
                await tx.tasks.put(Stage.SCORE, [1], COMMON)
                await tx.articles.add_many([new_article(feed, content="x" * 10_000) for _ in range(count)])

        with pytest.raises(StoreFull, match="no space"):
            await store(50)
        async with database.begin() as tx:
            assert await tx.articles.count(COMMON) == 1
            assert await tx.tasks.waiting(Stage.SCORE) == 0
            assert await tx.sql.connection.scalar(text("PRAGMA integrity_check")) == "ok"
            await tx.sql.execute(text("PRAGMA max_page_count = 100000"))
        await store(50)
        async with database.read() as tx:
            assert await tx.articles.count(COMMON) == 51


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+asyncpg://writer:hunter%2F2@127.0.0.1:9/news",
        "postgresql+asyncpg://writer@127.0.0.1:9/news?password=hunter%2F2",
        "postgresql+asyncpg://writer:hunter%2F2@/news?host=/nowhere/hunter%2F2",
    ],
)
async def test_no_error_tells_a_password(address: str) -> None:
    with pytest.raises(StoreError) as caught:
        async with open_database(address, patience=timedelta(seconds=2)):
            pass
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert "hunter" not in shown
    assert "\n" not in str(caught.value)
    assert "news" in str(caught.value)


async def test_no_error_tells_a_rows_values(database: SqlDatabase) -> None:
    """A private feed's address may carry a token; PostgreSQL quotes the row when a unique key is violated."""

    async def clash() -> None:
        async with database.begin() as tx:
            await add_feed(tx, url="https://private.example/?token=hunter2")
            await tx.sql.execute(text("UPDATE feeds SET id = id"))
            await tx.sql.execute(text("INSERT INTO feeds SELECT * FROM feeds"))

    with pytest.raises(StoreError) as caught:
        await clash()
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))
    assert "INSERT INTO feeds" in caught.value.__notes__[0]


# --- PostgreSQL's connections ---------------------------------------------------------------------------------


async def test_connections_are_kept_and_the_one_used_last_is_used_first(postgresql_url: str) -> None:
    """A new one costs more than most transactions, and has nothing prepared; the one used last has the most."""
    async with open_database(postgresql_url) as database:
        together = asyncio.Barrier(10)

        async def backend(barrier: asyncio.Barrier | None = None) -> int:
            async with database.begin() as tx:
                number: int | None = await tx.sql.connection.scalar(text("SELECT pg_backend_pid()"))
                if barrier is not None:
                    await barrier.wait()
            assert number is not None
            return number

        first = await asyncio.gather(*(backend(together) for _ in range(10)))
        second = await asyncio.gather(*(backend(together) for _ in range(10)))
        one_by_one = {await backend() for _ in range(5)}
    assert set(first) == set(second)
    assert len(one_by_one) == 1
