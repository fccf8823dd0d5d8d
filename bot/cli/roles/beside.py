"""What a role runs in the background, such as a client that keeps a connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager


@asynccontextmanager
async def beside(going_on: Coroutine[object, object, None], stopping: asyncio.Event) -> AsyncIterator[None]:
    """Run it while the block does, and cancel it at its end. Should it end before, or fail, the whole process stops as
    if it had been told to; what it raised is raised at the end of the block."""
    task = asyncio.create_task(going_on)

    def ended(_: object) -> None:
        stopping.set()

    task.add_done_callback(ended)
    try:
        yield
    finally:
        by_itself = task.done()
        task.remove_done_callback(ended)
        task.cancel()
        await asyncio.wait({task})
    if by_itself:
        task.result()
