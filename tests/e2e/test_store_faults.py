"""The database goes away, is cut off, is full, is locked, or is copied, while messages are sent: none is lost or twice.

Real processes and the chaos of `tests.chaos`, calm but for what a test is about; where the trouble has to come at one
moment, a worker of the test's own.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from adapters.clock import SystemClock
from adapters.storage import SqlDatabase, open_database
from adapters.storage.backup import back_up_sqlite, restore_sqlite
from adapters.storage.restored import mark_restored
from bot.app.deliver import Deliver
from bot.app.ports import Stage
from bot.app.work import Worker
from bot.core.delivery import PLAINLY, DeliveryState, Destination, Manner, Posted, SendOutcome
from bot.core.errors import StoreError, StoreFull
from bot.core.message.document import Document
from bot.core.outbox import PartId, part_id
from tests.app.loopback import LoopbackSide
from tests.chaos import PACE, Outcome, Plan, chaos
from tests.far_side import CALM, Knows
from tests.far_sides import loopback
from tests.postgres import Postgres, run
from tests.senders import Watched, queue, quiet, send_all

ALL_WELL = (0, 0, 0, 0, 0)
CALM_PLAN = Plan(deliveries=40, kills=0, channels=8, processes=2, faults=CALM, hiccups=0, replaced=0, slow=0.05)


@pytest.fixture(autouse=True)
def no_log() -> None:
    quiet()


def amiss(outcome: Outcome) -> tuple[int, ...]:
    return (outcome.lost, outcome.twice, outcome.stale, outcome.disordered, outcome.uncertain)


# --- it goes away -------------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_a_crash_of_postgresql_and_a_while_without_it(
    postgres: Postgres, postgresql_url: str, tmp_path: Path
) -> None:
    async def crash() -> None:
        await asyncio.to_thread(postgres.crash)
        await asyncio.sleep(1)
        await asyncio.to_thread(postgres.start)

    with loopback(tmp_path, Knows.READ, PACE) as far_side:
        assert amiss(await chaos(postgresql_url, far_side, CALM_PLAN, crash)) == ALL_WELL


@pytest.mark.slow
async def test_connections_cut_again_and_again(postgresql_url: str, tmp_path: Path) -> None:
    async def cut() -> None:
        for _ in range(8):
            await asyncio.sleep(0.1)
            await run(
                make_url(postgresql_url),
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'slugline'",
            )

    with loopback(tmp_path, Knows.READ, PACE) as far_side:
        assert amiss(await chaos(postgresql_url, far_side, CALM_PLAN, cut)) == ALL_WELL


class Cable:
    """A TCP connection to a server's Unix socket, that can be cut, or carry nothing for a while."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._ends: set[asyncio.StreamWriter] = set()
        self._ways: set[asyncio.Future[None]] = set()
        self.carries = asyncio.Event()
        self.carries.set()
        self.port = 0

    @asynccontextmanager
    async def plugged(self) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()
            self.carries.set()
            self.cut()
            await asyncio.gather(*self._ways)

    def cut(self) -> None:
        """Every connection, in the middle of whatever it carries."""
        for end in list(self._ends):
            end.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._target)
        self._ends |= {writer, back}
        self._ways |= {asyncio.ensure_future(self._carry(*way)) for way in ((reader, back), (there, writer))}

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(4096):
                await self.carries.wait()
                writer.write(data)
                await writer.drain()
        writer.transport.abort()
        self._ends.discard(writer)


@pytest.fixture
async def cable(postgresql_url: str) -> AsyncIterator[tuple[Cable, str]]:
    """And the database's address through it."""
    address = make_url(postgresql_url)
    folder = address.query.get("host") or address.host or ""
    target = Path(str(folder)) / ".s.PGSQL.5432"
    if not target.is_socket():
        pytest.skip("the server has no Unix socket here")
    cable = Cable(str(target))
    async with cable.plugged():
        through = address.set(host="127.0.0.1", port=cable.port, query={})
        yield cable, through.render_as_string(hide_password=False)


@pytest.mark.slow
async def test_a_cable_that_is_cut_in_the_middle_of_statements(cable: tuple[Cable, str], tmp_path: Path) -> None:
    between, url = cable

    async def cut() -> None:
        for _ in range(10):
            await asyncio.sleep(0.07)
            between.cut()

    with loopback(tmp_path, Knows.READ, PACE) as far_side:
        assert amiss(await chaos(url, far_side, CALM_PLAN, cut)) == ALL_WELL


async def test_a_server_that_answers_nothing_is_given_up_after_a_while(
    cable: tuple[Cable, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody closes the connection: without a time-out a process would wait for ever."""
    monkeypatch.setattr("adapters.storage.database.SILENCE", timedelta(seconds=0.5))
    between, url = cable
    async with open_database(url) as database:
        async with database.begin() as tx:
            await tx.now()
        between.carries.clear()
        with pytest.raises(StoreError):
            async with asyncio.timeout(10), database.begin() as tx:
                await tx.now()
        between.carries.set()
        async with database.begin() as tx:
            await tx.now()


# --- it refuses for a while ---------------------------------------------------------------------------------


@asynccontextmanager
async def held(url: str) -> AsyncIterator[None]:
    """Another program holds what is to be written."""
    if make_url(url).get_backend_name() == "sqlite":
        with closing(sqlite3.connect(make_url(url).database or "", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    async with open_database(url) as database, database.begin() as tx:
        await tx.sql.execute(text("LOCK TABLE deliveries IN ACCESS EXCLUSIVE MODE"))
        yield


async def test_a_lock_that_is_held_when_an_answer_is_to_be_written_down(url: str, tmp_path: Path) -> None:
    """On a platform where the answer could not be had again."""
    far_side = LoopbackSide(tmp_path, Knows.NEITHER)
    holding: list[asyncio.Task[None]] = []

    async def hold() -> None:
        async with held(url):
            locked.set()
            await asyncio.sleep(0.7)

    async with open_database(url, patience=timedelta(seconds=0.1)) as database:
        (delivery,) = await queue(database, far_side)
        platform, locked = far_side.line.platform(), asyncio.Event()

        async def lock() -> None:
            holding.append(asyncio.create_task(hold()))
            await locked.wait()

        platform.told, platform.then = False, lock
        handler = Deliver(database, {platform.name: platform}, SystemClock()).handle
        await Worker(database, Stage.DELIVER, handler, holder="one", lost=None).drain()
        await asyncio.gather(*holding)
        async with database.read() as tx:
            row = await tx.outbox.get(delivery)
    assert row is not None
    assert (row.state, len(far_side.posted())) == (DeliveryState.SENT, 1)


class Wordy(Watched):
    """Message ids of several pages of the database."""

    async def send(
        self,
        destination: Destination,
        document: Document,
        part: int,
        manner: Manner = PLAINLY,
        *,
        part_id: PartId,
        opening: str | None = None,
    ) -> SendOutcome:
        outcome = await super().send(destination, document, part, manner, part_id=part_id, opening=opening)
        return Posted(message=outcome.message.zfill(20_000)) if isinstance(outcome, Posted) else outcome


@pytest.mark.parametrize("knows", [Knows.READ, Knows.NEITHER])
async def test_a_disk_that_is_full_when_answers_are_to_be_written_down_and_has_room_again_later(
    sqlite: SqlDatabase, tmp_path: Path, knows: Knows
) -> None:
    far_side = LoopbackSide(tmp_path, knows)
    queued = await queue(sqlite, far_side, channels=3, each=4)
    handler = Deliver(sqlite, {"discord": Wordy(far_side.line.platform())}, SystemClock()).handle

    async def limit(pages: int) -> None:
        async with sqlite.begin() as tx:
            used = await tx.sql.connection.scalar(text("PRAGMA page_count"))
            await tx.sql.execute(text(f"PRAGMA max_page_count = {used + pages}"))

    await limit(12)
    with pytest.raises(StoreFull):
        await Worker(sqlite, Stage.DELIVER, handler, holder="one", lost=None).drain()
    assert 0 < len(far_side.posted()) < len(queued)
    await limit(10_000)
    async with sqlite.begin() as tx:
        await tx.tasks.release("one")  # as a run does that ends so
    for _ in range(3):
        await Worker(sqlite, Stage.DELIVER, handler, holder="two", lost=None).drain()
        async with sqlite.begin() as tx:
            await tx.sql.execute(text("UPDATE deliveries SET not_before = NULL"))
            await tx.sql.execute(text("UPDATE tasks SET due = 1, claimable_at = 1 WHERE holder IS NULL"))
    async with sqlite.read() as tx:
        rows = [await tx.outbox.get(delivery) for delivery in queued]
    states = [row.state for row in rows if row is not None]
    assert len({post.part_id for post in far_side.posted()}) == len(far_side.posted()) == len(queued)
    assert states.count(DeliveryState.UNCERTAIN) == (1 if knows is Knows.NEITHER else 0)
    assert states.count(DeliveryState.SENT) == len(queued) - states.count(DeliveryState.UNCERTAIN)


# --- it is copied -------------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_a_backup_under_load_is_whole_and_disturbs_nobody(sqlite_url: str, tmp_path: Path) -> None:
    copies: list[Path] = []

    async def back_up() -> None:
        for number in range(4):
            copies.append(tmp_path / f"copy-{number}.db")
            assert await back_up_sqlite(sqlite_url, copies[-1]) > 0  # checked by itself
            await asyncio.sleep(0.05)

    with loopback(tmp_path, Knows.READ, PACE) as far_side:
        assert amiss(await chaos(sqlite_url, far_side, CALM_PLAN, back_up)) == ALL_WELL
    for copy in copies:
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            (parts,) = connection.execute("SELECT count(*) FROM delivery_parts WHERE message IS NOT NULL").fetchone()
            (sent,) = connection.execute("SELECT count(*) FROM deliveries WHERE state = 'sent'").fetchone()
        assert 0 < sent <= parts


@pytest.mark.parametrize("knows", Knows, ids=lambda knows: knows.name.lower())
async def test_a_backup_that_takes_over_posts_nothing_again_that_was_posted_since(
    sqlite_copies: Callable[[], str], tmp_path: Path, knows: Knows
) -> None:
    """The database is lost after all was sent; the copy is of a moment before."""
    url, elsewhere = sqlite_copies(), f"sqlite+aiosqlite:///{tmp_path / 'elsewhere.db'}"
    far_side = LoopbackSide(tmp_path, knows)
    async with open_database(url) as database:
        early = await queue(database, far_side, channels=2, each=1, parts=2)
        await send_all(database, far_side.line)
        late = await queue(database, far_side, channels=2, each=3, parts=2)
        await back_up_sqlite(url, tmp_path / "copy.db")
        await send_all(database, far_side.line)
        after = await queue(database, far_side)
        await send_all(database, far_side.line)
    posted = [post.part_id for post in far_side.posted()]
    await restore_sqlite(elsewhere, tmp_path / "copy.db")
    await mark_restored(elsewhere)
    async with open_database(elsewhere) as database:
        new = await queue(database, far_side)
        await send_all(database, far_side.line)
        rows = {}
        async with database.read() as tx:
            for delivery in (*early, *late, *new):
                rows[delivery] = await tx.outbox.get(delivery)
    states = {delivery: row.state for delivery, row in rows.items() if row is not None}
    known = DeliveryState.UNCERTAIN if knows is Knows.NEITHER else DeliveryState.SENT
    sent = dict.fromkeys((*early, *new), DeliveryState.SENT)
    assert states == {**sent, **dict.fromkeys(late, known)}
    assert not set(new) & set(after), "numbers that the lost database gave out are not given out again"
    assert [post.part_id for post in far_side.posted()] == [*posted, *(part_id(delivery, 0) for delivery in new)]


async def test_what_waited_and_had_not_been_posted_since_is_posted_after_a_restore(
    database: SqlDatabase, url: str, tmp_path: Path
) -> None:
    far_side = LoopbackSide(tmp_path, Knows.READ)
    queued = await queue(database, far_side, parts=2)
    await mark_restored(url)
    await send_all(database, far_side.line)
    (delivery,) = queued
    assert [post.part_id for post in far_side.posted()] == [part_id(delivery, part) for part in range(2)]
