"""`slugline ingest`: feed files from disk into the store."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.errors import command
from bot.core.errors import InputError, NotAFeed


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
    from bot.cli.files import read_bytes
    from bot.cli.house import log_to, open_house, terms
    from bot.settings import load_settings
    from feeds.parse import parse

    settings = load_settings()
    log_to(settings, quiet=True)
    on = terms(settings)
    read = passed_over = 0
    total = Taken()
    async with open_house(settings) as house:
        for file, named in _files(paths):
            try:
                parsed = parse(read_bytes(str(file)), content_type=None, url="")
            except InputError as error:
                if named:
                    raise type(error)(f"{file}: {error}" if isinstance(error, NotAFeed) else str(error)) from None
                passed_over += 1
                continue
            total += await take(house.database, house.clock, file.resolve().as_uri(), parsed, on)
            read += 1
        loops = house.loops(Stage.SCORE, Stage.JOIN)
        await loops.once()
    click.echo(
        f"{read:,} feeds read: {total.new:,} new articles, {total.updated:,} updated, {total.withdrawn:,} taken back, "
        f"{total.passed_over:,} passed over; {passed_over:,} other files were no feeds"
    )
    if total.too_old:
        click.echo(f"{total.too_old:,} were too old; SLUGLINE_MAX_ARTICLE_AGE=off keeps all")


def _files(paths: tuple[str, ...]) -> list[tuple[Path, bool]]:
    """Every file to read, and whether it was named by itself."""
    files: list[tuple[Path, bool]] = []
    for path in map(Path, paths):
        if path.is_dir():
            files += [(file, False) for file in sorted(path.rglob("*")) if file.is_file()]
        else:
            files.append((path, True))
    return files
