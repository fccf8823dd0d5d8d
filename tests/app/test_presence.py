"""A process is known while it runs, and no longer."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from adapters.storage import SqlDatabase
from bot.app.checkup import check_processes
from bot.app.presence import present
from bot.core.errors import SchemaTooNew
from tests.factories import GUILD, new_community, new_document, new_process


async def test_a_process_goes_on_being_known_while_it_runs(sqlite: SqlDatabase) -> None:
    process = new_process("work")

    async def known() -> bool:
        async with sqlite.read() as tx:
            return process in await tx.processes.alive()

    async with present(sqlite, process, beat=timedelta(milliseconds=5)):
        assert await known()
        async with sqlite.begin() as tx:
            await tx.processes.beat(process, timedelta(0))

        async def again() -> None:
            while not await known():  # noqa: ASYNC110 (a database rings no bell)
                await asyncio.sleep(0.005)

        await asyncio.wait_for(again(), timeout=10)
    assert not await known()


async def become(database: SqlDatabase, revision: str) -> None:
    async with database.begin() as tx:
        await tx.sql.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))


async def test_an_old_process_ends_where_a_newer_version_took_away_what_it_needs(database: SqlDatabase) -> None:
    """And goes on, with all that it does, where there is only more than it knows."""
    stopping = asyncio.Event()
    soon = timedelta(milliseconds=5)
    process = new_process("work")

    async def old() -> None:
        async with present(database, process, stop=stopping.set, beat=soon):
            await become(database, "9998")
            async with database.begin() as tx:
                await tx.processes.leave(process.holder)
            for _ in range(2000):  # until it has said so again: it goes on
                async with database.read() as tx:
                    if await tx.processes.alive():
                        break
                await asyncio.sleep(0.005)
            assert not stopping.is_set()
            await become(database, "9999b")
            await asyncio.wait_for(stopping.wait(), timeout=20)

    with pytest.raises(SchemaTooNew, match="schema 9999b"):
        await old()


async def test_doctor_names_the_processes_and_what_waits_for_one_that_does_not_run(sqlite: SqlDatabase) -> None:
    async with sqlite.begin() as tx:
        await tx.communities.ensure(new_community())
        place = await tx.schedules.destination(GUILD, "discord", "channel-1")
        await tx.deliveries.queue(GUILD, place.id, new_document(), digest=None)
    assert [finding.text for finding in await check_processes(sqlite)] == ["none runs"]
    async with present(sqlite, new_process("work")), present(sqlite, new_process("work", holder="other")):
        running, left = await check_processes(sqlite)
        assert (running.level, running.text) == ("ok", "2 with work (1)")
        assert (left.level, left.text) == ("problem", "1 waits, and no process serves discord")
        async with present(sqlite, new_process("discord", platforms=["discord"], holder="third")):
            (running,) = await check_processes(sqlite)
    assert running.text == "2 with work (1); 1 with discord (1)"
