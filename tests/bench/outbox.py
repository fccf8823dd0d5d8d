"""The outbox: deliveries a second through the state machine, what a claim costs as they pile up, and how soon an
article that matches a watch gets there.

Each delivery is queued, claimed, opened, sent to a platform that answers at once, and written down: the platform's time
is left out. Options: `deliveries=8000` (how many; 0 leaves it out), `processes=4` (on PostgreSQL; SQLite has one writer
and one), `few=1000` and `many=1000000` (rows queued while a claim is timed; `many=` leaves it out), `articles=120` (0
likewise) and `gap=1` (seconds between two), `peers=no`.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import text

from adapters.storage import SqlDatabase, open_database
from bot.app.ledger import Ledger, Note
from bot.app.ports import Stage
from bot.app.tallies import Tallies
from bot.core.delivery import DeliveryState
from tests.bench.latency import seconds
from tests.factories import GUILD, new_community, new_document
from tests.fakes import FakeClock
from tests.postgres import Postgres, postgres_server
from tests.quality.report import Goal, Report, Table

CHANNELS = 1000
"""Destinations the deliveries are for, each with as many."""
CLAIMS = 60
"""Claims timed; the middle one counts."""
GOALS = (
    Goal(figure="postgresql_per_s", value=2000),
    Goal(figure="sqlite_per_s", value=800),
    Goal(figure="sqlite_claim_growth", value=1.5, at_most=True),
    Goal(figure="postgresql_claim_growth", value=1.5, at_most=True),
    Goal(figure="sqlite_alert_p99_s", value=2, at_most=True),
    Goal(figure="postgresql_alert_p99_s", value=2, at_most=True),
)


def measure(options: Mapping[str, str]) -> Report:
    count, processes = int(options.get("deliveries", "8000")), int(options.get("processes", "4"))
    few = int(options.get("few", "1000"))
    many = [int(number) for number in options.get("many", "1000000").split(",") if number]
    articles, gap = int(options.get("articles", "120")), float(options.get("gap", "1"))
    figures: dict[str, float] = {}
    waits: list[list[str | float]] = []
    claims: list[list[str | float]] = []
    rates: list[list[str | float]] = []
    with postgres_server() as server, tempfile.TemporaryDirectory() as folder:
        for kind, address in (("SQLite", _sqlite(Path(folder))), ("PostgreSQL", _postgresql(server))):
            senders = processes if kind == "PostgreSQL" else 1
            if count:
                rate = _rate(address(), count, senders)
                figures[f"{kind.lower()}_per_s"] = rate
                rates.append([f"Slugline, {kind}, {senders} process{'es' * (senders > 1)}", f"{rate:.0f}"])
            if articles:
                took = seconds(address(), articles, gap)
                p50, p99 = statistics.median(took), took[round(0.99 * (len(took) - 1))]
                figures[f"{kind.lower()}_alert_p99_s"] = p99
                waits.append([kind, f"{p50:.2f}", f"{p99:.2f}", f"{took[-1]:.2f}", str(len(took))])
            if many:
                small, large = (asyncio.run(_claim_ms(address(), rows)) for rows in (few, many[0]))
                figures[f"{kind.lower()}_claim_growth"] = large / small
                claims.append([kind, f"{small:.1f}", f"{large:.1f}", f"{large / small:.2f}"])
        if count and options.get("peers") != "no" and find_spec("procrastinate") is not None:
            url = asyncio.run(server.create())
            rate = _procrastinate(url, count, processes)
            figures["procrastinate_per_s"] = rate
            rates.append([f"procrastinate, PostgreSQL, {processes} processes", f"{rate:.0f}"])
    goals = [goal for goal in GOALS if goal.figure in figures]
    tables = []
    if rates:
        tables.append(Table(title=f"{count} deliveries to {CHANNELS} places", columns=["", "a second"], rows=rates))
    if waits:
        columns = ["", "median s", "p99 s", "longest s", "articles"]
        title = f"From a feed's answer to the sender's hands, an article every {gap} s"
        tables.append(Table(title=title, columns=columns, rows=waits))
    if claims:
        columns = ["ms", f"{few:,} queued", f"{many[0]:,} queued", "times"]
        tables.append(Table(title="Claiming the next delivery of 16 places", columns=columns, rows=claims))
    return Report(name="outbox", tables=tables, figures=figures, goals=goals)


def _sqlite(folder: Path) -> Callable[[], str]:
    numbers = iter(range(9))
    return lambda: f"sqlite+aiosqlite:///{folder}/outbox-{next(numbers)}.db"


def _postgresql(server: Postgres) -> Callable[[], str]:
    return lambda: asyncio.run(server.create())


# --- deliveries a second ------------------------------------------------------------------------------------


def _rate(url: str, count: int, processes: int) -> float:
    asyncio.run(_queue(url, count, CHANNELS))
    seconds = _together([sys.executable, "-m", "tests.bench.sending", url], processes)
    asyncio.run(_all_sent(url, count))
    return count / seconds


async def _all_sent(url: str, count: int) -> None:
    async with open_database(url) as database, database.read() as tx:
        query = "SELECT count(*) FROM deliveries WHERE state = :sent"
        sent = await tx.sql.connection.scalar(text(query), {"sent": DeliveryState.SENT})
        assert sent == count, sent


async def _queue(url: str, count: int, channels: int) -> None:
    """Many at once, as no stage does: this is not what is measured."""
    async with open_database(url) as database:
        await _places(database, channels)
        async with database.begin() as tx:
            place = await tx.schedules.destination(GUILD, "discord", "channel-0")
            first = await tx.deliveries.queue(GUILD, place.id, new_document(), digest=None)
            columns = "community, priority, state, queued_at, attempts, document, revision, manner"
            await tx.sql.connection.execute(
                text(
                    f"INSERT INTO deliveries (destination, {columns})"
                    f" WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count - 1})"
                    f" SELECT 1 + i % {channels}, {columns} FROM n, deliveries WHERE deliveries.id = {first}"
                )
            )
            await tx.tasks.put(Stage.DELIVER, range(1, channels + 1), GUILD)
        async with database.begin() as tx:
            await tx.sql.connection.execute(text("ANALYZE"))


async def _places(database: SqlDatabase, channels: int) -> None:
    async with database.begin() as tx:
        await tx.communities.ensure(new_community())
        for number in range(channels):
            await tx.schedules.destination(GUILD, "discord", f"channel-{number}")


def _together(command: list[str], processes: int) -> float:
    """Seconds from when all have started until the last is done; each says `ready` and waits for a line."""
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(processes)
    ]
    for each in running:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for each in running:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in running:
        assert each.wait() == 0
    return time.perf_counter() - began


# --- claims -------------------------------------------------------------------------------------------------


async def _claim_ms(url: str, rows: int) -> float:
    """Claiming 16 lanes and taking the next delivery of each, with so many queued for a thousandth as many places."""
    await _queue(url, rows, max(CLAIMS * 16, rows // 1000))
    async with open_database(url) as database:
        ledger = Ledger(database, FakeClock(), Tallies())
        times = []
        for _ in range(CLAIMS):
            began = time.perf_counter()
            async with database.begin() as tx:
                lanes = await tx.tasks.claim(Stage.DELIVER, "bench", 16, timedelta(minutes=5))
            taken = await asyncio.gather(*(ledger.note(Note(lane=lane)) for lane in lanes))
            times.append((time.perf_counter() - began) * 1000)
            assert len(taken) == 16
            assert None not in taken
    return statistics.median(times)


# --- a peer -------------------------------------------------------------------------------------------------


def _procrastinate(url: str, count: int, processes: int) -> float:
    """As many jobs that do nothing, at its own defaults but for as many at a time as Slugline's."""
    command = [sys.executable, "-m", "tests.bench.peer_queue", url.replace("postgresql+asyncpg", "postgresql")]
    subprocess.run([*command, "fill", str(count)], check=True)
    seconds = _together([*command, "work", "64"], processes)
    left = json.loads(subprocess.run([*command, "left"], check=True, capture_output=True, text=True).stdout)
    assert left == 0, left
    return count / seconds
