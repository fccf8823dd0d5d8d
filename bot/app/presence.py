"""That this process runs, and what it serves: written down for the others, again and again while it does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from bot.app.ports import Database
from bot.core.errors import SchemaTooNew, StoreError
from bot.core.process import Process

BEAT = timedelta(seconds=15)
PRESENT = timedelta(seconds=50)
"""How long one beat counts: three may be missed, by a busy database or a busy process."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def present(
    database: Database, process: Process, *, stop: Callable[[], None] = lambda: None, beat: timedelta = BEAT
) -> AsyncIterator[None]:
    """While the block runs. Raises StoreError where even the first time cannot be written down. Where a newer version
    changed the schema so that this one must not go on, `stop` is called, and SchemaTooNew raised at the block's end."""
    async with database.begin() as tx:
        await tx.processes.beat(process, PRESENT)
    beating = asyncio.create_task(_beat(database, process, beat))
    beating.add_done_callback(lambda ended: None if ended.cancelled() else stop())
    try:
        yield
        if beating.done():
            beating.result()
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
        with contextlib.suppress(StoreError):  # it is forgotten by itself
            async with database.begin() as tx:
                await tx.processes.leave(process.holder)


async def _beat(database: Database, process: Process, beat: timedelta) -> None:
    while True:
        await asyncio.sleep(beat.total_seconds())
        try:
            async with database.begin() as tx:
                await tx.processes.beat(process, PRESENT)
        except SchemaTooNew as error:
            log.error("this process has to end", reason=str(error))
            raise
        except StoreError as error:
            log.warning("could not say that this process runs", error=str(error))
