"""What a person sees on standard error while a command works; nothing where that is no terminal."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.app.loops import Loops

STAGES = {
    "poll": "Reading feeds",
    "score": "Is it about AI and work?",
    "page": "Reading article pages",
    "join": "Joining articles into stories",
    "analyse": "Explaining stories",
}


@contextlib.contextmanager
def working(title: str) -> Iterator[None]:
    """A sign of life for work whose length is not known."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{title} …"):
        yield


@contextlib.asynccontextmanager
async def showing_progress(loops: Loops) -> AsyncIterator[None]:
    """A bar a stage."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description:<31}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        rows = {stage: bars.add_task(title, total=None) for stage, title in STAGES.items()}

        async def watch() -> None:
            while True:
                for step in await loops.progress():
                    if step.stage in rows:
                        total = step.done + step.waiting
                        bars.update(rows[step.stage], completed=step.done, total=total or None)
                await asyncio.sleep(0.25)

        watching = asyncio.create_task(watch())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
