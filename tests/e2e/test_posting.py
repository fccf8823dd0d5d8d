"""`slugline posting` against processes that send all the time, on both databases: once it returned, nothing leaves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.storage import SqlDatabase, open_database
from bot.app.deliver import Deliver
from bot.app.ports import Stage
from bot.app.work import Worker
from bot.core.outbox import Abilities
from tests.app.loopback import Loopback
from tests.e2e.program import Program
from tests.factories import GUILD, add_article, new_community, new_document
from tests.fakes import FakeClock
from tests.forks import FORKSERVER

PLACES, EACH, PROCESSES = 10, 60, 2
AT_ONCE = 1.0
"""Seconds after the command returned in which a message that was on its way may still arrive."""


def send_for_ever(url: str, file: Path, holder: str) -> None:
    """In a process of its own, until it is killed. Beside its sending it writes without a break, so that the database
    is as busy as it ever is."""

    async def run() -> None:
        server = Loopback(file, can=Abilities(remembers=timedelta(hours=1)), slowness=0.05)
        async with open_database(url) as database:
            handler = Deliver(database, {"discord": server}, FakeClock()).handle
            worker = Worker(database, Stage.DELIVER, handler, holder=holder, concurrency=4, lost=None)
            busy = asyncio.create_task(write_for_ever(database))
            while not busy.done():
                await worker.drain()
                await asyncio.sleep(0.01)

    asyncio.run(run())


async def write_for_ever(database: SqlDatabase) -> None:
    while True:
        async with database.begin() as tx:
            await add_article(tx)


@asynccontextmanager
async def senders(url: str, file: Path) -> AsyncIterator[None]:
    running = [FORKSERVER.Process(target=send_for_ever, args=(url, file, f"p{n}")) for n in range(PROCESSES)]
    for process in running:
        process.start()
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.join(30)


async def until(condition: Callable[[], bool], patience: float = 60) -> None:
    give_up = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < give_up
        await asyncio.sleep(0.02)


async def all_rest(database: SqlDatabase, server: Loopback) -> float:
    """Wait until no lane is in hand or due; after how many seconds the last message was posted."""
    began, last, before = time.monotonic(), 0.0, len(server.posted())
    while True:
        async with database.read() as tx:
            waiting = await tx.tasks.waiting(Stage.DELIVER)
        if (now := len(server.posted())) > before:
            before, last = now, time.monotonic() - began
        if waiting == 0:
            return last
        assert time.monotonic() < began + 60
        await asyncio.sleep(0.02)


async def fill(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await tx.communities.ensure(new_community())
        places = [(await tx.schedules.destination(GUILD, "discord", f"channel-{n}")).id for n in range(PLACES)]
        for number in range(EACH):
            for place in places:
                document = replace(new_document(), summary=str(number))
                await tx.deliveries.queue(GUILD, place, document, digest=None)


@pytest.mark.slow
async def test_nothing_leaves_once_posting_is_stopped_and_all_of_it_once_it_goes_on(
    url: str, slugline: Program, tmp_path: Path
) -> None:
    program, file = slugline.having(DATABASE_URL=url), tmp_path / "server.db"
    server = Loopback(file)
    async with open_database(url) as database:
        await fill(database)
        async with senders(url, file):
            await until(lambda: len(server.posted()) > 5)
            stopped = await asyncio.to_thread(program, "posting", "stop", "--reason", "a wrong name")
            assert stopped.code == 0, stopped.err
            at_return = len(server.posted())
            assert await all_rest(database, server) < AT_ONCE
            left = len(server.posted())
            assert left < PLACES * EACH, "it was stopped in the middle"
            assert left - at_return <= PROCESSES * 4, "what was on its way arrives, and nothing more"
            status = await asyncio.to_thread(program, "posting", "status")
            assert (status.code, "a wrong name" in status.out) == (1, True)
            doctor = await asyncio.to_thread(program, "doctor")
            assert "note     posting: stopped everywhere since" in doctor.out
            assert len(server.posted()) == left
        # Others take over: the stop outlives whoever knew of it.
        async with senders(url, file):
            assert await all_rest(database, server) == 0
            assert len(server.posted()) == left
            resumed = await asyncio.to_thread(program, "posting", "resume")
            assert resumed.out == "Posting goes on everywhere.\n"
            await until(lambda: len(server.posted()) >= PLACES * EACH)
    posted = [(channel, said) for channel, _, _, said in server.posted()]
    assert len(set(posted)) == len(posted) == PLACES * EACH
    for number in range(PLACES):
        told = [int(said) for channel, said in posted if channel == f"channel-{number}"]
        assert told == sorted(told)


def test_a_mistyped_name_stops_nothing_without_saying_so(slugline: Program) -> None:
    mistyped = slugline("posting", "stop", "--platform", "disord")
    assert (mistyped.code, "'disord' is not one of" in mistyped.err) == (2, True)
    unknown = slugline("posting", "stop", "--community", "discord:1")
    assert unknown.code == 0
    assert unknown.err.startswith("There is no community discord:1 yet;")


def test_every_stop_in_force_is_told_of_however_many_were_lifted_since(slugline: Program) -> None:
    assert slugline("posting", "stop", "--platform", "Slack").code == 0
    for _ in range(2):
        assert slugline("posting", "stop").code == 0
        assert slugline("posting", "resume").code == 0
    status = slugline("posting", "status", "--json", "--limit", "1")
    assert [(each["platform"], each["lifted"] is None) for each in status.rows] == [("slack", True), (None, False)]
