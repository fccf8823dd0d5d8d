"""`slugline ingest`: feed files from disk into the store."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.errors import command
from bot.core.errors import InputError, NotAFeed

if TYPE_CHECKING:
    from bot.core.feed import ParsedFeed


TOGETHER = 100
"""Files taken in by one transaction: a commit waits for the disk, and a folder may hold thousands."""


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path())
@command
async def ingest(paths: tuple[str, ...]) -> None:
    """Take feed files, or every feed file in folders, into the store.

    A file named by itself must be a feed; inside a folder what is no feed is passed over and counted. What was taken
    in is then scored and joined into stories, so that `slugline digest` can tell it.
    """
    from bot.app.ports import Stage
    from bot.app.subscriptions import ingest as take
    from bot.app.take_in import Taken
    from bot.cli.house import log_to, open_house, terms
    from bot.cli.progress import showing_progress, working
    from bot.settings import load_settings

    settings = load_settings()
    log_to(settings, quiet=True)
    on = terms(settings)
    files = list(_files(paths))
    read = passed_over = 0
    total = Taken()
    async with open_house(settings) as house:
        with working("Reading feed files"):
            for start in range(0, len(files), TOGETHER):
                some = files[start : start + TOGETHER]
                parsed = [one for one in await asyncio.to_thread(lambda these: list(map(_parsed, these)), some) if one]
                total += await take(house.database, house.clock, parsed, on)
                read, passed_over = read + len(parsed), passed_over + len(some) - len(parsed)
        loops = house.loops(Stage.SCORE, Stage.JOIN)
        async with showing_progress(loops):
            await loops.once()
    click.echo(
        f"{read:,} feeds read: {total.new:,} new articles, {total.updated:,} updated, {total.withdrawn:,} taken back, "
        f"{total.passed_over:,} passed over; {passed_over:,} other files were no feeds"
    )
    if total.too_old:
        click.echo(f"{total.too_old:,} were too old; SLUGLINE_MAX_ARTICLE_AGE=off keeps all")


def _parsed(file: tuple[Path, bool]) -> tuple[str, ParsedFeed] | None:
    """Its address and what it says; None for what is no feed, unless it was named by itself: then InputError."""
    from bot.cli.files import read_bytes
    from feeds.parse import parse

    path, named = file
    try:
        return path.resolve().as_uri(), parse(read_bytes(path), content_type=None, url="")
    except InputError as error:
        if not named:
            return None
        raise type(error)(f"{path}: {error}" if isinstance(error, NotAFeed) else str(error)) from None


def _files(paths: tuple[str, ...]) -> list[tuple[Path, bool]]:
    """Every file to read, and whether it was named by itself."""
    files: list[tuple[Path, bool]] = []
    for path in map(Path, paths):
        if path.is_dir():
            files += [(file, False) for file in sorted(path.rglob("*")) if file.is_file()]
        else:
            files.append((path, True))
    return files
