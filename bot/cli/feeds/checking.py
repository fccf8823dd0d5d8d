"""`slugline feeds check`: does each feed answer? Nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.cli.errors import command
from bot.core.errors import InputError

if TYPE_CHECKING:
    from bot.app.feed_check import Checked


@click.command()
@click.option("--catalog", "--catalogue", "catalog", is_flag=True, help="The default feeds, instead of those you read.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON a feed.")
@command
async def check(catalog: bool, as_json: bool) -> None:
    """Visit each feed once, politely, and say what came of it; nothing is stored. Exits with 1 if one has a problem.

    The default feeds' addresses were read in public lists and never asked as a whole: this is how to find out, on a
    connected machine. A minute or two for all of them.
    """
    from bot.app import feed_check
    from bot.cli.catalogue import catalogue
    from bot.cli.house import log_to, open_house
    from bot.cli.lines import write
    from bot.cli.progress import working
    from bot.core.community import LOCAL
    from bot.core.feed import NewFeed
    from bot.settings import load_settings

    settings = load_settings()
    log_to(settings, quiet=True)
    results: list[Checked] = []
    async with open_house(settings) as house:
        feeds: list[NewFeed] = [listed.feed for listed in catalogue().feeds]
        if not catalog:
            async with house.database.read() as tx:
                feeds = [feed for feed in await tx.feeds.visible(LOCAL) if not feed.url.startswith("file:")]
            if not feeds:
                raise InputError("no feed is visited yet; --catalog checks the default ones")
        with working(f"Visiting {len(feeds)} feeds"):
            async for checked in feed_check.check(feeds, house.reader):
                results.append(checked)
                if as_json:
                    write(row(checked))
    if not as_json:
        for checked in sorted(results, key=order):
            click.echo(line(checked))
    problems = [checked for checked in results if checked.problem]
    say = f"{len(results) - len(problems)} of {len(results)} feeds answer with entries"
    click.echo(say, err=as_json)
    if len(problems) == len(results) > 1:
        click.echo("slugline: no feed at all answered; check this machine's connection, firewall or proxy", err=True)
    if problems:
        raise SystemExit(1)


def row(checked: Checked) -> dict[str, object]:
    """For --json. A private feed's address is left out."""
    feed = checked.feed
    return {
        "url": feed.url if feed.owner is None else None,
        "outlet": feed.outlet.name,
        "title": feed.title,
        "desk": feed.desk,
        "ok": checked.problem is None,
        "problem": checked.problem,
        "entries": checked.entries,
        "newest": checked.newest and checked.newest.isoformat(),
        "moved_to": checked.moved_to if feed.owner is None else None,
    }


def order(checked: Checked) -> tuple[bool, str, str]:
    """Problems last, where they are seen; then by desk and title."""
    return checked.problem is not None, checked.feed.desk or "", checked.feed.title.casefold()


def line(checked: Checked) -> str:
    from bot.core.message.plain import inert

    feed = checked.feed
    newest = f"{checked.newest:%Y-%m-%d}" if checked.newest else ""
    moved = f"; moved to {checked.moved_to}" if checked.moved_to and feed.owner is None else ""
    what = f"{checked.entries:>5}  {newest:<10}" if checked.problem is None else f"{'-':>5}  {'-':<10}"
    name = feed.title or feed.outlet.name
    told = f": {checked.problem}" if checked.problem else ""
    mark = "PROBLEM" if checked.problem else "ok     "
    return f"{mark}  {feed.desk or '':<10}  {what}  {inert(f'{name}{told}{moved}')}"
