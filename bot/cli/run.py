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
    from bot.core.delivery import Schedule
    from bot.core.feed import NewFeed


@click.command()
@click.option("--once", is_flag=True, help="Do one pass of every stage, print the digest and exit.")
@command
async def run(once: bool) -> None:
    """Read the feeds and post digests; Ctrl-C stops it cleanly.

    With nothing configured: SQLite in your data directory, the default feeds, digests in this terminal. Stopped by
    Ctrl-C or SIGTERM it finishes what is in hand and exits with 0; started again, it goes on where it was.
    """
    from bot.app.recovery import take_over
    from bot.cli.catalogue import catalogue
    from bot.cli.house import has_ended, log_to, only_one, open_house
    from bot.settings import load_settings

    settings = load_settings()
    log_to(settings, quiet=sys.stderr.isatty())
    with only_one(settings):
        async with open_house(settings) as house:
            if settings.sqlite_file is not None:
                await take_over(house.database, has_ended)
            loops = house.loops()
            with stopping_on_signals(loops):
                async with watched(house, loops):
                    schedule = await fill(house, loops, [listed.feed for listed in catalogue().feeds])
                    if loops.stopping:
                        return
                    await say_how_it_stands(house)
                    if not once:
                        say_what_comes(house, schedule)
                        await loops.run()


@contextlib.asynccontextmanager
async def watched(house: House, loops: Loops) -> AsyncIterator[None]:
    """With what is counted written down, and the web server beside it where SLUGLINE_WEB asks for one."""
    from bot.app.tallies import written_down

    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(written_down(house.database, house.tallies))
        if house.settings.web is not None:
            from adapters.web.app import web_app
            from adapters.web.server import serving

            app = web_app(house.database, lambda: loops.stopping)
            await stack.enter_async_context(serving(app, *house.settings.web))
        yield


async def fill(house: House, loops: Loops, defaults: Sequence[NewFeed]) -> Schedule:
    """Every stage until nothing is due, with progress, and then a digest of what is new, or that nothing is."""
    from bot.app.setup import settle_in
    from bot.cli.progress import showing_progress
    from bot.core.message.digest import digest_document

    schedule = await settle_in(house.database, defaults, house.clock, house.settings.timezone)
    async with showing_progress(loops):
        await loops.once()
    if not loops.stopping:
        digest = await house.compose.now(schedule)
        await loops.once()
        if not digest.analyses:
            house.show(digest_document(digest), "terminal")
            house.out.print()
    return schedule


async def say_how_it_stands(house: House) -> None:
    """Which feeds could not be read, and what to set to reach the chat platforms."""
    from bot.app.checkup import check_feeds
    from bot.core.message.notice import DISCORD, SLACK, setup_document

    troubles = [finding for finding in await check_feeds(house.database) if finding.level != "ok"]
    for trouble in troubles:
        house.out.print(f"{trouble.subject}: {trouble.text}", markup=False, highlight=False)
    if troubles:
        house.out.print()
    missing = []
    if house.settings.discord_token is None:
        missing.append(DISCORD)
    if house.settings.slack_bot_token is None or house.settings.slack_app_token is None:
        missing.append(SLACK)
    if missing:
        house.show(setup_document(missing), "terminal")


def say_what_comes(house: House, schedule: Schedule) -> None:
    """When the next digest is due, by the schedule."""
    from bot.core import strings
    from bot.core.schedule.slots import next_slot

    due = next_slot(schedule.cron, schedule.zone, house.clock.now())
    when = strings.dates.moment(due.astimezone(house.zone))
    house.out.print(f"\nThe next digest comes on {when}.\nWatching the feeds; Ctrl-C stops.", highlight=False)


@contextlib.contextmanager
def stopping_on_signals(loops: Loops) -> Iterator[None]:
    """Ctrl-C and SIGTERM finish what is in hand; a second Ctrl-C does not wait for it."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        loops.stop()
        if sys.stderr.isatty():
            click.echo("Stopping; a second Ctrl-C does not wait.", err=True)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
