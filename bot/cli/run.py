"""`slugline run`: the whole pipeline, or some roles of it, with digests in this terminal."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from bot.cli.errors import command

if TYPE_CHECKING:
    from bot.app.loops import Loops
    from bot.cli.house import House
    from bot.core.delivery import Schedule


@click.command()
@click.option("--once", is_flag=True, help="Do one pass of every stage, print the digest and exit.")
@click.option(
    "--roles",
    default=None,
    metavar="NAMES",
    help="Only these, with commas between: work, console, discord, slack, web. Default: all that are configured.",
)
@command
async def run(once: bool, roles: str | None) -> None:
    """Read the feeds and post digests; Ctrl-C stops it cleanly.

    With nothing configured: SQLite in your data directory, the default feeds, digests in this terminal. Stopped by
    Ctrl-C or SIGTERM it finishes what is in hand and exits with 0; started again, it goes on where it was. On
    PostgreSQL any number of processes may run, each with all roles or some.
    """
    from bot.app.recovery import take_over
    from bot.cli.house import has_ended, log_to, only_one, open_house
    from bot.cli.roles import at_work, chosen
    from bot.settings import load_settings

    settings = load_settings() if roles is None else load_settings(roles=roles)
    of_this = chosen(settings)
    log_to(settings, quiet=sys.stderr.isatty())
    with only_one(settings):
        async with open_house(settings) as house:
            if settings.sqlite_file is not None:
                await take_over(house.database, has_ended)
            with stopping_on_signals(house.stopping.set):
                async with at_work(house, of_this) as loops:
                    schedule = await begin(house, loops, of_this, once=once)
                    if not once and not loops.stopping:
                        if schedule is not None:
                            say_what_comes(house, schedule)
                        await loops.run()


async def begin(house: House, loops: Loops, roles: Sequence[str], *, once: bool) -> Schedule | None:
    """What is there before anything ticks. Whoever looks at this terminal sees it filled, and its schedule is given;
    elsewhere nobody waits for that."""
    from bot.app.setup import settle_in, with_feeds
    from bot.cli.catalogue import catalogue

    defaults = [listed.feed for listed in catalogue().feeds]
    if "work" in roles and "console" in roles:
        schedule = await settle_in(house.database, defaults, house.clock, house.settings.timezone)
        await fill(house, loops, schedule)
        if not loops.stopping:
            await say_how_it_stands(house)
        return schedule
    if "work" in roles:
        await with_feeds(house.database, defaults, house.clock)
    if once:
        await loops.once()
    return None


async def fill(house: House, loops: Loops, schedule: Schedule) -> None:
    """Every stage until nothing is due, with progress, and then a digest of what is new, or that nothing is."""
    from bot.cli.progress import showing_progress
    from bot.core.message.digest import digest_document

    async with showing_progress(loops):
        await loops.once()
    if not loops.stopping:
        digest = await house.compose.now(schedule)
        await loops.once()
        if not digest.analyses:
            house.show(digest_document(digest), "terminal")
            house.out.print()


async def say_how_it_stands(house: House) -> None:
    """Which feeds could not be read, whether posting is stopped, and what to set to reach the chat platforms."""
    from bot.app.checkup import check_feeds, check_posting
    from bot.core.message.notice import DISCORD, SLACK, setup_document
    from bot.core.message.plain import inert

    troubles = [finding for finding in await check_feeds(house.database) if finding.level != "ok"]
    troubles += await check_posting(house.database)
    for trouble in troubles:
        house.out.print(inert(f"{trouble.subject}: {trouble.text}"), markup=False, highlight=False)
    if troubles:
        house.out.print()
    missing = []
    if house.settings.discord_token is None:
        missing.append(DISCORD)
    slack = house.settings
    if not slack.slack_is_shared and (slack.slack_bot_token is None or slack.slack_app_token is None):
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
def stopping_on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C and SIGTERM finish what is in hand; a second Ctrl-C does not wait for it."""
    loop = asyncio.get_running_loop()

    def stopped() -> None:
        stop()
        if sys.stderr.isatty():
            click.echo("Stopping; a second Ctrl-C does not wait.", err=True)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
