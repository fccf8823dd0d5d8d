"""Slugline's own poll stage, measured in a process of its own: `python -m tests.bench.polling PORT FEEDS FOLDER`.

The whole stage as `slugline run` has it: claim, visit, parse in children, identify, store, next visit. Prints JSON:
seconds and processor seconds a pass, articles stored by then, the longest stall of the event loop, resident memory
with the children's.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import structlog

from adapters.clock import SystemClock
from adapters.storage import open_database
from bot.app.poll import Poll
from bot.app.ports import Stage
from bot.app.take_in import Terms
from bot.app.work import Worker
from bot.cli.catalogue import catalogue
from bot.cli.house import VISITS
from bot.core.community import COMMON
from bot.core.feed import NewFeed, Outlet
from feeds.fetch import Fetcher
from feeds.host_gate import HostGate
from feeds.visit import WebFeedReader, feed_crew
from tests.bench.outlets import address, url

STEP = 0.01
"""Seconds between looks: a fifth of the stall that matters, and seldom enough not to be what is measured."""
PASSES = (("first", None), ("changed", 30), ("unchanged", 0))


class Watch:
    """Looks at the loop every `STEP`: how late it came back at worst (`late`), and how much of the processor
    the loop's own thread used meanwhile (`stall`). Late and not busy was the machine, not the loop."""

    def __init__(self) -> None:
        self.late = 0.0
        self.stall = 0.0
        self._cpu = _cpu()

    async def keep(self) -> None:
        while True:
            before, busy = time.perf_counter(), time.thread_time()
            await asyncio.sleep(STEP)
            self.late = max(self.late, time.perf_counter() - before - STEP)
            self.stall = max(self.stall, time.thread_time() - busy)

    @property
    def cpu(self) -> float:
        """Processor seconds since the start, the children's included: those that live, and those replaced meanwhile."""
        return _cpu() - self._cpu


def _cpu() -> float:
    ended = psutil.Process().cpu_times()
    living = sum(times.user + times.system for times in (each.cpu_times() for each in _family()))
    return float(living + ended.children_user + ended.children_system)


def _resident() -> float:
    """MB held now by this process and its children."""
    return float(sum(each.memory_info().rss for each in _family()) / 2**20)


def _family() -> list[psutil.Process]:
    process = psutil.Process()
    return [process, *process.children(recursive=True)]


async def main(port: int, count: int, folder: Path) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    clock = SystemClock()
    allow = frozenset((address(feed), port) for feed in range(count))
    figures: dict[str, float] = {}
    async with (
        open_database(f"sqlite+aiosqlite:///{folder}/slugline.db") as database,
        Fetcher(clock, gate=HostGate()) as fetcher,
        feed_crew() as crew,
    ):
        async with database.begin() as tx:
            keys = [
                (await tx.feeds.add(NewFeed(url=url(feed, port), outlet=Outlet(name=f"O{feed}"), trusted=True)))[0]
                for feed in range(count)
            ]
        reader = WebFeedReader(fetcher, crew, clock, allow=allow)
        poll = Poll(database, reader, clock, Terms(catalogue=catalogue(), max_age=None))
        worker = Worker(database, Stage.POLL, poll.handle, holder="bench", concurrency=VISITS)
        gc.freeze()  # as the house does
        for name, percent in PASSES:
            if percent is not None:
                await asyncio.to_thread(urllib.request.urlopen, f"http://127.0.0.1:{port}/turn/{percent}")
                async with database.begin() as tx:
                    await tx.tasks.put(Stage.POLL, keys, COMMON)
                await asyncio.sleep(1.2)  # the gap after the last visit to each host
            watch = Watch()
            watching = asyncio.create_task(watch.keep())
            began = time.perf_counter()
            await worker.drain()
            figures[f"{name}_s"] = time.perf_counter() - began
            watching.cancel()
            figures[f"{name}_cpu_s"] = watch.cpu
            figures[f"{name}_stall_ms"] = watch.stall * 1000
            figures[f"{name}_late_ms"] = watch.late * 1000
            figures[f"{name}_mb"] = _resident()
            async with database.read() as tx:
                figures[f"{name}_articles"] = await tx.articles.count(COMMON)
    print(json.dumps(figures))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
