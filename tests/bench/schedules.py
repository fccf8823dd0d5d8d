"""Schedules: the next due slots among very many, found and worked out, on both databases.

A look is what the compose stage does again and again: claim the slots that are due, in a transaction of its own. It is
measured with nothing due, with one slot due, with a full claim of them, and at the hour when all are due at once; then
what it costs to read a claimed schedule and, with no database, to work out its next slot. PostgreSQL runs here with
fsync on, as it would in earnest. The goal is for 19 of 20 looks: on a machine that does other things too, the slowest
says how busy that was. Options: `schedules=10000`, `looks=60`, `databases=sqlite,postgresql`.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import make_url

from adapters.storage import SqlDatabase, open_database
from bot.app.ports import Stage
from bot.core.community import CommunityId
from bot.core.delivery import DestinationId, Schedule, ScheduleId
from bot.core.schedule.quiet import QuietHours
from bot.core.schedule.slots import next_slot
from bot.core.schedule.words import read_when
from tests.factories import new_community, new_schedule
from tests.postgres import postgres_server, run
from tests.quality.report import Goal, Report, Table

GOAL_MS = 20
COMMUNITIES = 200
LEASE = timedelta(minutes=5)
CLAIM = 32
"""Slots claimed at a time in the full looks."""
WHEN = (
    "weekdays at 9",
    "every Friday 16:00",
    "daily at 9am and 5pm",
    "mondays and thursdays 8:30",
    "first Monday of the month 9:00",
    "on the 1st and 15th at noon",
    "every 2 hours",
    "every 30 minutes from 8 to 20",
)
ZONES = (
    "America/Los_Angeles",
    "America/New_York",
    "Europe/London",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
)
QUIET = (None, QuietHours(time(22), time(7)))
ALL = tuple(itertools.product(WHEN, ZONES, QUIET))


def measure(options: Mapping[str, str]) -> Report:
    count, looks = int(options.get("schedules", "10000")), int(options.get("looks", "60"))
    kinds = options.get("databases", "sqlite,postgresql").split(",")
    figures: dict[str, float] = {}
    rows: list[Sequence[str | float]] = []
    for kind in kinds:
        with _database(kind) as url:
            times = asyncio.run(_looks(url, count, looks))
        for name, taken in times.items():
            usual = sorted(taken)[(len(taken) * 19) // 20 - 1]
            figures |= {f"{kind}_{name}_ms": median(taken), f"{kind}_{name}_95_ms": usual}
            rows.append([kind, name.replace("_", " "), f"{median(taken):.2f}", f"{usual:.2f}", f"{max(taken):.2f}"])
    slots = _slots(count)
    figures |= slots
    goals = [Goal(figure=f"{kind}_{name}_95_ms", value=GOAL_MS, at_most=True) for kind in kinds for name in _KINDS]
    return Report(
        name="schedules",
        tables=[
            Table(
                title=f"Finding the next due slots among {count} schedules, ms",
                columns=["database", "due", "median", "19 of 20", "slowest"],
                rows=rows,
            ),
            Table(
                title="Working out a schedule's next slot, microseconds",
                columns=["", "mean"],
                rows=[[name.replace("_", " "), f"{value:.0f}"] for name, value in slots.items()],
            ),
        ],
        figures=figures,
        goals=goals,
    )


_KINDS = ("none", "one", "full_claim", "all_due")
READ = "one_schedule_read"


@contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite+aiosqlite:///{Path(folder) / 'schedules.sqlite3'}"
        return
    with postgres_server() as postgres:
        address = asyncio.run(postgres.create())
        asyncio.run(run(make_url(address), "ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()"))
        yield address


async def _looks(url: str, count: int, looks: int) -> Mapping[str, list[float]]:
    async with open_database(url) as database:
        schedules = await _fill(database, count)
        times: dict[str, list[float]] = {name: [] for name in (*_KINDS, READ)}
        for number in range(looks):
            await _look(database, 0, times, "none")
            await _make_due(database, [schedules[number % count]])
            await _look(database, 1, times, "one")
            await _make_due(database, random.Random(number).sample(schedules, CLAIM))
            await _look(database, CLAIM, times, "full_claim")
        await _make_due(database, schedules)
        for _ in range(looks):
            await _look(database, CLAIM, times, "all_due")
        return times


async def _fill(database: SqlDatabase, count: int) -> list[Schedule]:
    """All of them due within the next week, but not yet."""
    made: list[Schedule] = []
    async with database.begin() as tx:
        now = await tx.now()
        for number in range(COMMUNITIES):
            community = CommunityId(f"discord:{number}")
            await tx.communities.ensure(new_community(community))
            place = await tx.schedules.destination(community, "discord", f"channel-{number}")
            for _ in range(number, count, COMMUNITIES):
                new = _schedule(len(made), community, place.id)
                due = now + timedelta(hours=1) + timedelta(minutes=len(made) % (7 * 24 * 60))
                made.append(replace(new, id=await tx.schedules.add(new, due=due)))
    return made


def _schedule(number: int, community: CommunityId, place: DestinationId) -> Schedule:
    when, zone, quiet = ALL[number % len(ALL)]
    return new_schedule(community, place, cron=read_when(when).cron, zone=zone, quiet=quiet)


async def _make_due(database: SqlDatabase, schedules: Sequence[Schedule]) -> None:
    owned: defaultdict[CommunityId, list[int]] = defaultdict(list)
    for schedule in schedules:
        owned[schedule.community].append(schedule.id)
    async with database.begin() as tx:
        now = await tx.now() - timedelta(seconds=1)
        for community, keys in owned.items():
            await tx.tasks.put(Stage.COMPOSE, keys, community, due=now)


async def _look(database: SqlDatabase, expected: int, times: Mapping[str, list[float]], name: str) -> None:
    """Milliseconds until the due slots are known, and then for each schedule; putting them off again is not counted."""
    start = perf_counter()
    async with database.begin() as tx:
        tasks = await tx.tasks.claim(Stage.COMPOSE, "bench", CLAIM, LEASE)
    times[name].append((perf_counter() - start) * 1000)
    if len(tasks) != expected:
        raise RuntimeError(f"{len(tasks)} slots were found due, not {expected}")
    if name == "one":
        start = perf_counter()
        async with database.read() as tx:
            found = await tx.schedules.get(CommunityId(tasks[0].owner or ""), ScheduleId(tasks[0].key))
        times[READ].append((perf_counter() - start) * 1000)
        assert found is not None
    async with database.begin() as tx:
        again = await tx.now() + timedelta(days=3)
        await tx.tasks.done_many([(task, again) for task in tasks])


def _slots(count: int) -> dict[str, float]:
    """Mean microseconds, from moments spread over a year."""
    moments = [datetime(2026, 1, 1, tzinfo=UTC) + number * timedelta(hours=7, minutes=13) for number in range(1200)]
    figures: dict[str, float] = {}
    for name, quiet in zip(("next_slot", "next_slot_with_quiet_hours"), QUIET, strict=True):
        kinds = [(read_when(when).cron, zone) for when, zone in itertools.product(WHEN, ZONES)]
        asked = min(count, 4800)
        start = perf_counter()
        for number in range(asked):
            cron, zone = kinds[number % len(kinds)]
            next_slot(cron, zone, moments[number % len(moments)], quiet)
        figures[f"{name}_us"] = (perf_counter() - start) / asked * 1e6
    return figures
