"""Hearing on PostgreSQL that another process has put work.

Whoever puts work says so in the same transaction (NOTIFY), so it is heard if and when that commits. Listening needs a
connection of its own, for notifications come to the connection that asked for them. Where it breaks it is made again,
and then everything is taken to have rung, since what was said meanwhile is lost. So nothing depends on it: whoever is
woken looks by the clock as well (`bot.app.loops`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any

import structlog
from sqlalchemy import URL, NullPool, Text, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.storage.errors import named
from bot.app.ports import Stage

CHANNEL = "slugline"
NAME = "slugline listening"
"""As the server lists the connection."""
ALIVE = 20.0
"""Seconds between two questions whether the connection is still there: a machine that was switched off says nothing."""
PATIENCE = 5.0
AGAIN = (0.2, 1.0, 5.0)
"""Seconds before it is made again; the last of them from then on."""

Wake = Callable[[Collection[Stage]], None]

log = structlog.get_logger(__name__)


async def notify(connection: AsyncConnection, sender: str, stages: Collection[Stage]) -> None:
    """Tell all who listen, once this transaction commits."""
    said = " ".join([sender, *sorted(stages)])
    await connection.execute(select(func.pg_notify(literal(CHANNEL, Text), literal(said, Text))))


@asynccontextmanager
async def listening(url: URL, sender: str, wake: Wake) -> AsyncIterator[None]:
    """Call `wake` with what others put while the block runs; what `sender` puts it knows."""
    connect_args = {"server_settings": {"application_name": NAME}, "timeout": PATIENCE}
    engine = create_async_engine(url, poolclass=NullPool, connect_args=connect_args, hide_parameters=True)
    task = asyncio.create_task(_listen(engine, sender, wake))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await engine.dispose()


async def _listen(engine: AsyncEngine, sender: str, wake: Wake) -> None:
    failures = 0
    while True:
        try:
            async with engine.connect() as connection:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                lost = asyncio.Event()
                driver.add_termination_listener(lambda _, gone=lost: gone.set())
                await driver.add_listener(CHANNEL, lambda _c, _p, _n, said: _heard(said, sender, wake))
                failures = 0
                wake(list(Stage))
                await _until_it_breaks(driver, lost)
        except Exception as problem:  # noqa: BLE001 (the driver's own, the pool's, the system's: it is made again)
            log.info("listening again soon", database=named(engine.url), error=type(problem).__name__)
        await asyncio.sleep(AGAIN[min(failures, len(AGAIN) - 1)])
        failures += 1


async def _until_it_breaks(driver: Any, lost: asyncio.Event) -> None:
    while True:
        try:
            async with asyncio.timeout(ALIVE):
                await lost.wait()
            return
        except TimeoutError:
            async with asyncio.timeout(PATIENCE):
                await driver.fetchval("SELECT 1")


def _heard(said: str, sender: str, wake: Wake) -> None:
    by, *stages = said.split()
    if by != sender:
        known = {stage.value: stage for stage in Stage}  # a newer process may know more
        wake([known[stage] for stage in stages if stage in known])
