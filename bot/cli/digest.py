"""`slugline digest`: the stories of a stretch of time, now, from what is stored."""

from __future__ import annotations

import json

import click

from bot.cli.errors import command


@click.command()
@click.option("--since", default="7d", show_default=True, metavar="7d|DATE", help="From when, by date of publication.")
@click.option("--until", default=None, metavar="2d|DATE", help="Up to when (not included); now if not given.")
@click.option(
    "--max", "most", default=12, show_default=True, type=click.IntRange(1, 100), help="At most this many stories."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "markdown", "html", "json"]),
    default="terminal",
    show_default=True,
)
@command
async def digest(since: str, until: str | None, most: int, form: str) -> None:
    """Tell the stories of a stretch of time, the weightiest first.

    Posts nothing and remembers nothing: what a schedule sends is not changed by looking. A DATE such as 2026-07-13 is
    the beginning of that day in SLUGLINE_TIMEZONE.
    """
    from bot.cli.house import log_to, open_house
    from bot.cli.progress import working
    from bot.cli.when import window
    from bot.core.community import LOCAL
    from bot.settings import load_settings

    settings = load_settings()
    log_to(settings, quiet=True)
    async with open_house(settings) as house:
        start, end = window(since, until, house.clock.now(), house.zone)
        with working("Explaining stories"):
            made = await house.telling.digest(LOCAL, start, end, most=most)
        if not made.analyses:
            async with house.database.read() as tx:
                if not await tx.feeds.visible(LOCAL):
                    click.echo("slugline: no feed was read yet; `slugline run` reads the default ones", err=True)
        if form == "json":
            from bot.core.analysis_json import analysis_json

            stories = [analysis_json(analysis) for analysis in made.analyses]
            click.echo(
                json.dumps(
                    {"since": start.isoformat(), "until": end.isoformat(), "stories": stories},
                    ensure_ascii=False,
                    indent=1,
                )
            )
        else:
            from bot.core.message.digest import digest_document

            house.show(digest_document(made), form)
