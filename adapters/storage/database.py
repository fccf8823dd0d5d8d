"""The database: one address, opened once, giving out transactions.

**SQLite.** The driver's own transaction handling is switched off and SQLAlchemy emits BEGIN itself, because a
transaction that reads first and then writes fails "locked" at once when somebody else wrote in between, whatever the
time-out. So writers say BEGIN IMMEDIATE, one at a time: an asyncio lock queues those of this process (they would
otherwise sleep and poll inside SQLite), `busy_timeout` those of others. Readers have connections of their own that may
not write, and see the snapshot of their first read (WAL).

`synchronous` is FULL: in WAL mode NORMAL may lose the newest commits in a power cut. Losing a visit would be harmless,
since the feed's validators are lost with its articles. Losing the record of a message just sent would send it twice.

**PostgreSQL.** Writers run READ COMMITTED and rely on unique keys and row locks; readers REPEATABLE READ, READ ONLY.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.storage.alerts import SqlAlerts
from adapters.storage.analyses import SqlAnalyses
from adapters.storage.articles import SqlArticles
from adapters.storage.budgets import SqlBudgets
from adapters.storage.communities import SqlCommunities
from adapters.storage.community_settings import SqlChanges, SqlSettings
from adapters.storage.corrections import SqlCorrections
from adapters.storage.deliveries import SqlDeliveries
from adapters.storage.digests import SqlDigests
from adapters.storage.errors import translated
from adapters.storage.feedback import SqlFeedback
from adapters.storage.feeds import SqlFeeds
from adapters.storage.installations import SqlHeard, SqlInstallations
from adapters.storage.leases import SqlLeases
from adapters.storage.listening import Wake, listening, notify
from adapters.storage.marks import SqlMarks
from adapters.storage.migrating import bring_up_to_date
from adapters.storage.one_trip import OneTrip
from adapters.storage.outbox import SqlOutbox
from adapters.storage.page_looks import SqlPageLooks
from adapters.storage.posting import SqlPosting
from adapters.storage.preferences import SqlPreferences
from adapters.storage.processes import SqlProcesses
from adapters.storage.purging import SqlPurging
from adapters.storage.reviews import SqlReviews
from adapters.storage.schedules import SqlSchedules
from adapters.storage.sql import Sql
from adapters.storage.stories import SqlStories
from adapters.storage.tallies import SqlTallies
from adapters.storage.tasks import SqlTasks
from adapters.storage.tracked import SqlTracked
from adapters.storage.vitals import SqlVitals
from adapters.storage.watches import SqlWatches
from bot.core.errors import StoreError
from bot.core.opt_out import NOBODY, OptOut

DRIVERS = {"sqlite": "aiosqlite", "postgresql": "asyncpg"}
PATIENCE = timedelta(seconds=10)
"""How long to wait for another process's lock before `StoreBusy`."""
SILENCE = timedelta(minutes=2)
"""How long PostgreSQL may take over one statement. A server that nobody can reach any more closes no connection, and
whoever waits for it would wait for ever. Nothing that is done day by day comes near it; migrations have no such limit.
"""
WRITER_CACHE = 16_000
"""kB of pages the writer keeps (SQLite). Visits to sixteen feeds write some 4 MB; with SQLite's 2 MB their pages are
written out in the middle of the transaction, and read and written again."""
CHECKPOINT = 4_000
"""Pages of 4 kB the write-ahead log grows to before they go into the file (SQLite's own: 1,000, which is every other
group of visits). Durability is the log's; only the time of copying changes."""
READERS = 5
"""Connections for readers (SQLite); beyond that they wait for each other."""
CONNECTIONS = 15
"""For all transactions of a process (PostgreSQL); beyond that they wait for each other. They are kept: a new one costs
a dozen round trips, and then has each statement prepared again. Those used last are used first, for they have."""
STATEMENTS = 250
"""That a connection keeps prepared (PostgreSQL). An article on its way to an alert needs 108 different ones already,
and of SQLAlchemy's 100 each would push out another."""


class SqlTransaction:
    """`bot.app.ports.Transaction` over one connection."""

    def __init__(self, sql: Sql) -> None:
        self.sql = sql
        self.tasks = SqlTasks(sql)
        self.leases = SqlLeases(sql)
        self.marks = SqlMarks(sql)
        self.processes = SqlProcesses(sql)
        self.budgets = SqlBudgets(sql)
        self.communities = SqlCommunities(sql)
        self.settings = SqlSettings(sql)
        self.changes = SqlChanges(sql)
        self.preferences = SqlPreferences(sql)
        self.feeds = SqlFeeds(sql)
        self.articles = SqlArticles(sql)
        self.stories = SqlStories(sql)
        self.analyses = SqlAnalyses(sql)
        self.tracked = SqlTracked(sql)
        self.feedback = SqlFeedback(sql)
        self.schedules = SqlSchedules(sql)
        self.digests = SqlDigests(sql)
        self.deliveries = SqlDeliveries(sql)
        self.corrections = SqlCorrections(sql)
        self.page_looks = SqlPageLooks(sql)
        self.reviews = SqlReviews(sql)
        self.outbox = SqlOutbox(sql)
        self.posting = SqlPosting(sql)
        self.watches = SqlWatches(sql)
        self.alerts = SqlAlerts(sql)
        self.installations = SqlInstallations(sql)
        self.heard = SqlHeard(sql)
        self.vitals = SqlVitals(sql)
        self.tallies = SqlTallies(sql)
        self.purging = SqlPurging(sql)

    async def now(self) -> datetime:
        return await self.sql.now()


class SqlDatabase:
    """`bot.app.ports.Database`; made by `open_database`."""

    def __init__(
        self,
        url: URL,
        writer: AsyncEngine,
        reader: AsyncEngine,
        opt_out: OptOut,
        told: Callable[[StoreError], None] | None,
    ) -> None:
        self._url = url
        self._writer = writer
        self._reader = reader
        self._opt_out = opt_out
        self._told = told
        self._turn = asyncio.Lock() if url.get_backend_name() == "sqlite" else None
        self._writing: asyncio.Task[Any] | None = None
        self._name = uuid4().hex
        self._wakes: list[Wake] = []

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlTransaction]:
        async with self._one_at_a_time():
            with translated(self._url, self._told):
                async with self._writer.begin() as connection:
                    sql = Sql(connection, self._opt_out)
                    yield SqlTransaction(sql)
                    if sql.rung and self._turn is None:
                        await notify(connection, self._name, sql.rung)
            if sql.rung:
                for wake in self._wakes:
                    wake(sql.rung)

    @asynccontextmanager
    async def woken(self, wake: Wake) -> AsyncIterator[None]:
        """`bot.app.ports.Wakes`."""
        self._wakes.append(wake)
        try:
            if self._turn is None:
                async with listening(self._url, self._name, wake):
                    yield
            else:
                yield
        finally:
            self._wakes.remove(wake)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlTransaction]:
        with translated(self._url, self._told):
            async with self._reader.begin() as connection:
                yield SqlTransaction(Sql(connection, self._opt_out))

    @asynccontextmanager
    async def _one_at_a_time(self) -> AsyncIterator[None]:
        if self._turn is None:
            yield
            return
        if self._writing is not None and self._writing is asyncio.current_task():
            raise RuntimeError("a transaction was begun inside another one of the same task; it would wait for ever")
        async with self._turn:
            self._writing = asyncio.current_task()
            try:
                yield
            finally:
                self._writing = None


@asynccontextmanager
async def open_database(
    url: str,
    *,
    migrate: bool = True,
    patience: timedelta = PATIENCE,
    opt_out: OptOut = NOBODY,
    told: Callable[[StoreError], None] | None = None,
) -> AsyncIterator[SqlDatabase]:
    """Open `sqlite+aiosqlite:///PATH` (made with its folder where absent) or `postgresql+asyncpg://…`.

    With `migrate` an older schema is brought up to date first, safely where several processes start at once; without,
    an older one is refused. Raises `SchemaTooNew` for one this version does not know, and leaves it untouched;
    `StoreBusy`, `StoreFull`, `StoreError` as every transaction does. No message holds a password. Articles of outlets
    on `opt_out` come back reserved, whatever is stored. `told` is called with each error that a transaction raises.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        writer, reader = _sqlite_engines(address, patience)
    else:
        writer, reader = _postgresql_engines(address, patience)
    try:
        with translated(address):
            async with _migrator(address, writer, patience) as migrator:
                await bring_up_to_date(writer, migrator if migrate else None, patience)
        yield SqlDatabase(address, writer, reader, opt_out, told)
    finally:
        await writer.dispose()
        await reader.dispose()


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreError("the database address is none; it looks like sqlite+aiosqlite:///PATH") from None
    backend = address.get_backend_name()
    if backend not in DRIVERS:
        raise StoreError(f"{backend} is no database Slugline knows; it knows sqlite+aiosqlite and postgresql+asyncpg")
    if backend == "sqlite" and address.database in (None, "", ":memory:"):
        raise StoreError("SQLite needs a file: readers and writers have connections of their own")
    return address.set(drivername=f"{backend}+{DRIVERS[backend]}")


def _sqlite_engines(url: URL, patience: timedelta) -> tuple[AsyncEngine, AsyncEngine]:
    assert url.database is not None
    folder = Path(url.database).expanduser().parent
    try:
        # Private feeds' addresses and members' watches are nobody's who else has an account on this machine.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise StoreError(f"the database's folder {folder} cannot be made: {problem.strerror}") from None
    url = url.set(database=str(Path(url.database).expanduser()))
    common: dict[str, Any] = {
        "module": OneTrip(),
        "connect_args": {"timeout": patience.total_seconds()},
        "max_overflow": 0,
        "hide_parameters": True,
    }
    writer = create_async_engine(url, pool_size=1, **common)
    reader = create_async_engine(url, pool_size=READERS, **common)
    _on_connect(
        writer,
        "PRAGMA foreign_keys = ON",
        "PRAGMA synchronous = FULL",
        f"PRAGMA cache_size = {-WRITER_CACHE}",
        f"PRAGMA wal_autocheckpoint = {CHECKPOINT}",
    )
    _on_connect(reader, "PRAGMA query_only = ON")
    _begin_with(writer, "BEGIN IMMEDIATE")
    _begin_with(reader, "BEGIN")
    return writer, reader


def _on_connect(engine: AsyncEngine, *pragmas: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()


def _begin_with(engine: AsyncEngine, statement: str) -> None:
    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(statement)


@asynccontextmanager
async def _migrator(url: URL, writer: AsyncEngine, patience: timedelta) -> AsyncIterator[AsyncEngine]:
    """The writer; on PostgreSQL one whose statements may take as long as they do. It connects when it is used."""
    if url.get_backend_name() == "sqlite":
        yield writer
        return
    migrator = _postgresql_engine(url, patience, silence=None)
    try:
        yield migrator
    finally:
        await migrator.dispose()


def _postgresql_engine(url: URL, patience: timedelta, silence: timedelta | None) -> AsyncEngine:
    settings = {"application_name": "slugline", "lock_timeout": str(int(patience.total_seconds() * 1000))}
    try:
        return create_async_engine(
            url,
            connect_args={
                "server_settings": settings,
                "timeout": patience.total_seconds(),
                "command_timeout": None if silence is None else silence.total_seconds(),
                "prepared_statement_cache_size": STATEMENTS,
            },
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_use_lifo=True,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except ModuleNotFoundError:
        raise StoreError('PostgreSQL needs its driver: pip install "slugline[postgres]"') from None


def _postgresql_engines(url: URL, patience: timedelta) -> tuple[AsyncEngine, AsyncEngine]:
    engine = _postgresql_engine(url, patience, SILENCE)
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine, reader
