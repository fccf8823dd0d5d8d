"""Told to stop, a process begins nothing more, ends or gives back what it has in hand, and is gone in ten seconds."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from adapters.storage import SqlDatabase, open_database
from adapters.storage.schema import deliveries, delivery_parts, leases, processes, tasks
from bot.core.delivery import SendOutcome
from bot.core.outbox import Abilities
from tests.app.loopback import Loopback
from tests.e2e.program import PATIENCE, Program
from tests.e2e.test_stopping import opml, serving, stop
from tests.factories import GUILD, new_community, new_document
from tests.forks import start_program

CHANNELS, EACH = 4, 6
TEN = 10.0
READS = Abilities(reads_back=True)


class Slow(Loopback):
    """Takes so long before a message is posted, and after it."""

    before: float
    after: float

    async def send(self, *args: Any, **kwargs: Any) -> SendOutcome:
        await asyncio.sleep(self.before)
        outcome = await super().send(*args, **kwargs)
        await asyncio.sleep(self.after)
        return outcome


def serve(file: Path, before: float, after: float, ending: float) -> None:
    """In the program's own process: let the role discord be this platform, which takes so long to let go."""
    from bot.app import sending
    from bot.cli import roles

    sending.SETTLES = timedelta(seconds=0.2)  # nobody posts late here

    @asynccontextmanager
    async def discord(house: Any, stopping: asyncio.Event) -> AsyncIterator[Sequence[Any]]:
        platform = Slow(file, can=READS, pieces=2)
        platform.before, platform.after = before, after
        try:
            yield [house.sender(platform)]
        finally:
            await asyncio.sleep(ending)

    roles.OF = {**roles.OF, "discord": roles.Role(discord)}


@contextmanager
def running(program: Program, first: Callable[[], object], *arguments: str) -> Iterator[BaseProcess]:
    streams = program.folder / f"streams-{time.monotonic_ns()}"
    streams.mkdir()
    (streams / "in").touch()
    process = start_program(["run", *arguments], program.environment, program.folder, streams, first)
    try:
        yield process
    finally:
        process.kill()
        process.join()
    assert "Traceback" not in (streams / "err").read_text()


def told_to_stop(process: BaseProcess) -> float:
    """The seconds it took."""
    assert process.pid is not None
    began = time.monotonic()
    os.kill(process.pid, signal.SIGTERM)
    process.join(60)
    assert process.exitcode == 0
    return time.monotonic() - began


@pytest.fixture
def program(slugline: Program, url: str) -> Program:
    """With messages of two parts each for several places."""

    async def fill() -> None:
        async with open_database(url) as database, database.begin() as tx:
            await tx.communities.ensure(new_community())
            for channel in range(CHANNELS):
                place = (await tx.schedules.destination(GUILD, "discord", f"channel-{channel}")).id
                for number in range(EACH):
                    await tx.deliveries.queue(GUILD, place, new_document(f"{channel}-{number}"), digest=None)

    asyncio.run(fill())
    return slugline.having(DATABASE_URL=url)


@contextmanager
def reading(url: str) -> Iterator[Callable[[Callable[[SqlDatabase], Any]], Any]]:
    async def ask(question: Callable[[SqlDatabase], Any]) -> Any:
        async with open_database(url) as database:
            return await question(database)

    yield lambda question: asyncio.run(ask(question))


async def left(database: SqlDatabase) -> dict[str, int]:
    """What a process that ended well leaves none of, and how many parts are written down as posted."""
    async with database.read() as tx:

        async def count(statement: Any) -> int:
            return await tx.sql.connection.scalar(statement) or 0

        return {
            "held": await count(select(func.count()).where(tasks.c.holder.is_not(None))),
            "leases": await count(select(func.count()).select_from(leases)),
            "processes": await count(select(func.count()).select_from(processes)),
            "sending": await count(select(func.count()).where(deliveries.c.state == "sending")),
            "open": await count(select(func.count()).where(delivery_parts.c.message.is_(None))),
            "posted": await count(select(func.count()).where(delivery_parts.c.message.is_not(None))),
            "unsent": await count(select(func.count()).where(deliveries.c.state != "sent")),
        }


def until(condition: Callable[[], bool]) -> None:
    since = time.monotonic()
    while not condition():
        assert time.monotonic() - since < PATIENCE
        time.sleep(0.02)


def ready(port: int) -> int:
    """What /readyz answers; 0 where nobody does."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.slow
def test_what_is_being_sent_is_sent_and_written_down_and_nothing_more_is_begun(program: Program, url: str) -> None:
    file = program.folder / "platform.sqlite3"
    platform = Loopback(file)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    asked: list[int] = []
    with running(
        program.having(WEB=f"127.0.0.1:{port}"), partial(serve, file, 1.0, 1.0, 0.0), "--roles", "discord,web"
    ) as process:
        until(lambda: len(platform.posted()) >= CHANNELS and ready(port) == 200)
        before = len(platform.posted())
        assert process.pid is not None
        os.kill(process.pid, signal.SIGTERM)
        began = time.monotonic()
        while process.is_alive():
            asked.append(ready(port))
            time.sleep(0.02)
        took = time.monotonic() - began
        assert process.exitcode == 0
    assert took < TEN
    assert set(asked) <= {200, 503, 0}
    assert 503 in asked
    posted = platform.posted()
    assert len(posted) <= before + CHANNELS, "no place was sent more than what it was being sent"
    with reading(url) as ask:
        found = ask(left)
        assert found["posted"] == len(posted)
        assert found["unsent"] > 0
        assert {name: found[name] for name in ("held", "leases", "processes", "sending", "open")} == dict.fromkeys(
            ("held", "leases", "processes", "sending", "open"), 0
        )


@pytest.mark.slow
def test_what_hangs_is_left_open_and_found_out_by_the_next(program: Program, url: str) -> None:
    """A platform that answers nothing after it posted, and lets nobody go."""
    file = program.folder / "platform.sqlite3"
    platform = Loopback(file)
    with running(program, partial(serve, file, 0.0, 3600.0, 3600.0), "--roles", "discord") as process:
        until(lambda: len(platform.posted()) == CHANNELS)
        assert told_to_stop(process) < TEN
    with reading(url) as ask:
        found = ask(left)
        assert (found["open"], found["posted"], found["held"], found["processes"]) == (CHANNELS, 0, 0, 0)
        with running(program, partial(serve, file, 0.0, 0.0, 0.0), "--roles", "discord") as process:
            until(lambda: ask(left)["unsent"] == 0)
            assert told_to_stop(process) < TEN
    said = [(channel, part) for channel, part, *_ in platform.posted()]
    assert len(said) == CHANNELS * EACH * 2


@pytest.mark.slow
def test_a_server_that_says_nothing_keeps_no_reader(slugline: Program) -> None:
    with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss") as (address, asked):
        program = slugline.having(ALLOW_HOSTS=address)
        assert program("feeds", "import", "-", given=opml(address)).code == 0
        process = program.start("run", "--roles", "work")
        assert asked.wait(PATIENCE)
        began = time.monotonic()
        err = stop(process, signal.SIGTERM)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert time.monotonic() - began < TEN
    with reading(f"sqlite+aiosqlite:///{slugline.database}") as ask:
        found = ask(left)
    assert (found["held"], found["leases"], found["processes"]) == (0, 0, 0)
