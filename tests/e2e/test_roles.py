"""`slugline run --roles`: which part of the whole a process does, and what it leaves to others."""

from __future__ import annotations

import asyncio
import signal
import time

import pytest

from adapters.storage import open_database
from bot.app.setup import TERMINAL
from bot.cli.roles import chosen
from bot.cli.roles.beside import beside
from bot.core.community import LOCAL
from bot.core.errors import SettingsError
from bot.settings import load_settings
from tests.e2e.program import PATIENCE, Program
from tests.e2e.test_stopping import EMPTY_FEED, stop
from tests.factories import new_document


def test_a_role_that_is_none_is_refused_with_the_nearest(slugline: Program) -> None:
    for result, source in (
        (slugline("run", "--roles", "wrok,web"), "--roles"),
        (slugline.having(ROLES="web wrok")("run"), "SLUGLINE_ROLES"),
    ):
        assert result.code == 2
        assert result.error.startswith(f"{source}: there is no role 'wrok'; did you mean 'work'? It takes some of work")
    assert not slugline.data.exists(), "nothing was begun"


def test_a_role_without_its_settings_is_refused_with_what_to_set(slugline: Program) -> None:
    result = slugline("run", "--roles", "work,web")
    assert (result.code, result.error) == (
        2,
        "SLUGLINE_WEB: it is not set; the role web needs it, or leave that role out",
    )


def test_without_being_asked_a_process_does_all_that_is_configured() -> None:
    assert [role for role in chosen(load_settings({})) if role in {"work", "console", "web"}] == ["work", "console"]
    assert chosen(load_settings({"SLUGLINE_WEB": "127.0.0.1:80"}))[:3] == ["web", "work", "console"]
    assert chosen(load_settings({"SLUGLINE_ROLES": "console, work"})) == ["work", "console"]
    assert chosen(load_settings({"SLUGLINE_ROLES": "console"}, roles="WORK")) == ["work"]
    with pytest.raises(SettingsError, match=r"^SLUGLINE_ROLES: .*; it takes some of work, console"):
        load_settings({"SLUGLINE_ROLES": ","})


async def test_what_runs_beside_ends_with_the_block() -> None:
    stopping, ended = asyncio.Event(), asyncio.Event()

    async def client() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with beside(client(), stopping):
        await asyncio.sleep(0)
    assert ended.is_set()
    assert not stopping.is_set(), "the process was not told to stop"


async def test_what_fails_beside_stops_the_process_and_says_why() -> None:
    stopping = asyncio.Event()

    async def client() -> None:
        raise SettingsError("SLUGLINE_DISCORD_TOKEN", "Discord does not take it", "copy it again")

    async def process() -> None:
        async with beside(client(), stopping):
            await asyncio.wait_for(stopping.wait(), timeout=10)

    with pytest.raises(SettingsError, match="Discord does not take it"):
        await process()


def test_what_is_for_the_terminal_waits_for_the_process_that_has_it(slugline: Program, postgresql_url: str) -> None:
    program = slugline.having(DATABASE_URL=postgresql_url)
    (program.folder / "quiet.xml").write_text(EMPTY_FEED)
    assert program("ingest", "quiet.xml").code == 0

    async def queue() -> None:
        async with open_database(postgresql_url) as database, database.begin() as tx:
            assert not await tx.schedules.of(LOCAL), "a process without a terminal has no digest for it"
            place = await tx.schedules.destination(LOCAL, *TERMINAL)
            await tx.deliveries.queue(LOCAL, place.id, new_document("Hello"), digest=None)

    async def running() -> list[tuple[str, ...]]:
        async with open_database(postgresql_url) as database, database.read() as tx:
            return sorted(tuple(process.roles) for process in await tx.processes.alive())

    first, second = program.start("run", "--roles", "work"), program.start("run", "--roles", "work")
    try:
        since = time.monotonic()
        while asyncio.run(running()) != [("work",), ("work",)]:
            assert time.monotonic() - since < PATIENCE
            time.sleep(0.1)
        asyncio.run(queue())
        doctor = program("doctor")
        assert "ok       processes: 2 with work" in doctor.out
        assert "PROBLEM  deliveries to console: 1 waits, and no process serves console" in doctor.out
        shown = program("run", "--once", "--roles", "console")
        assert shown.code == 0
        assert "Hello" in shown.out
        assert "deliveries: nothing waits" in program("doctor").out
    finally:
        errors = [stop(process, signal.SIGTERM) for process in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0), errors
    assert asyncio.run(running()) == []
