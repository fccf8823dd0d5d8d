"""One process that sends all there is, for the bench: `python -m tests.bench.sending URL`. Says `ready`, waits for a
line, and ends when nothing is due."""

from __future__ import annotations

import asyncio
import logging
import os
import sys

import structlog

from adapters.storage import open_database
from bot.app.deliver import Deliver
from bot.app.ports import Stage
from bot.app.work import Worker
from bot.cli.house import SENDS
from tests.fakes import FakeClock, FakePlatform


async def main(url: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    async with open_database(url) as database:
        handler = Deliver(database, {"discord": FakePlatform()}, FakeClock()).handle
        worker = Worker(database, Stage.DELIVER, handler, holder=f"bench-{os.getpid()}", concurrency=SENDS, lost=None)
        async with database.begin() as tx:
            await tx.now()
        print("ready", flush=True)
        sys.stdin.readline()
        await worker.drain()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
