"""`slugline run`: the whole pipeline, with digests in this terminal."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from bot.cli.errors import command

if TYPE_CHECKING:
    from bot.app.loops import Loops
    from bot.cli.house import House
    from bot.core.feed import NewFeed


@click.command()
@click.option("--once", is_flag=True, help="Do one pass of every stage, print the digest and exit.")
@command
async def run(once: bool) -> None:
    """Read the feeds and post digests; Ctrl-C stops it cleanly.

    With nothing configured: SQLite in your data directory, the default feeds, digests in this terminal.
    """
    from bot.cli.catalogue import catalogue
    from bot.cli.house import log_to, only_one, open_house
    from bot.settings import load_settings

    settings = load_settings()
    log_to(settings, quiet=sys.stderr.isatty())
    with only_one(settings):
        async with open_house(settings) as house:
            loops = house.loops()
            with stopping_on_signals(loops):
                await fill(house, loops, [listed.feed for listed in catalogue().feeds])
                if not once and not loops.stopping:
                    say_what_next(house)
                    await loops.run()


async def fill(house: House, loops: Loops, defaults: Sequence[NewFeed]) -> None:
    """Every stage until nothing is due, with progress, and then a digest of what is new."""
    from bot.app.setup import settle_in

    schedule = await settle_in(house.database, defaults, house.clock, house.settings.timezone)
    async with showing_progress(loops):
        await loops.once()
    if not loops.stopping:
        await house.compose.now(schedule)
        await loops.once()


def say_what_next(house: House) -> None:
    """When the next digest comes, and what to set to reach the chat platforms."""
    from adapters.console.render import render
    from bot.core.message.notice import DISCORD, SLACK, setup_document

    missing = []
    if house.settings.discord_token is None:
        missing.append(DISCORD)
    if house.settings.slack_bot_token is None or house.settings.slack_app_token is None:
        missing.append(SLACK)
    if missing:
        house.out.print(render(setup_document(missing)), crop=False)
    house.out.print("Watching the feeds; a digest comes daily at 9:00, Ctrl-C stops.")


@contextlib.contextmanager
def stopping_on_signals(loops: Loops) -> Iterator[None]:
    """Ctrl-C and SIGTERM finish what is in hand; a second Ctrl-C does not wait for it."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        loops.stop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


STAGES = {
    "poll": "Reading feeds",
    "score": "Is it about AI and work?",
    "page": "Reading article pages",
    "join": "Joining articles into stories",
    "analyse": "Explaining stories",
}


@contextlib.asynccontextmanager
async def showing_progress(loops: Loops) -> AsyncIterator[None]:
    """A bar a stage on a terminal; nothing where standard error is no terminal (the log tells)."""
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
