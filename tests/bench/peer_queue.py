"""procrastinate doing jobs that do nothing: `python -m tests.bench.peer_queue URL fill COUNT|work CONCURRENCY|left`."""

from __future__ import annotations

import asyncio
import logging
import sys

from procrastinate import App, PsycopgConnector


async def nothing() -> None:
    return None


async def main(url: str, what: str, number: int) -> None:
    app = App(connector=PsycopgConnector(conninfo=url))
    job = app.task(name="nothing")(nothing)

    async with app.open_async():
        if what == "fill":
            await app.schema_manager.apply_schema_async()
            await job.batch_defer_async(*({} for _ in range(number)))
        elif what == "work":
            print("ready", flush=True)
            sys.stdin.readline()
            await app.run_worker_async(wait=False, concurrency=number, install_signal_handlers=False)
        else:
            waiting = await app.job_manager.list_jobs_async(status="todo")
            print(len(list(waiting)))


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 0))
