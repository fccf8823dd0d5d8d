"""`slugline digest`: the stories of a stretch of time, now, from what is stored."""

from __future__ import annotations

import json

import click

from bot.cli.errors import command


@click.command()
@click.option("--since", default="7d", show_default=True, metavar="7d|DATE", help="From when, by date of publication.")
@click.option("--until", default=None, metavar="DATE", help="Up to when (not included); default: now.")
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

    Posts nothing and remembers nothing: what a schedule sends is not changed by looking.
    """
    from bot.cli.house import log_to, open_house
    from bot.cli.when import moment
    from bot.core.community import LOCAL
    from bot.settings import load_settings

    settings = load_settings()
    log_to(settings, quiet=True)
    async with open_house(settings) as house:
        now = house.clock.now()
        start, end = moment(since, now), now if until is None else moment(until, now)
        made = await house.telling.digest(LOCAL, start, end, most=most)
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
