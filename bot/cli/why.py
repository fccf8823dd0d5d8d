"""`slugline why`: what every decision about an article or a story rests on."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import click

from bot.cli.errors import command


@click.command()
@click.argument("subject", metavar="ARTICLE|STORY", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
@command
async def why(subject: tuple[str, ...], form: str) -> None:
    """Why is it relevant, why in this story, why these sentences?

    Name a story by its number (`3` or `story:3`) or by words of its title, an article as `article:12`.
    """
    from bot.cli.house import log_to, open_house
    from bot.core.community import LOCAL
    from bot.core.message.explanation import explanation_document
    from bot.settings import load_settings

    settings = load_settings()
    log_to(settings, quiet=True)
    async with open_house(settings) as house:
        explanation = await house.explaining.of(LOCAL, " ".join(subject))
        if form == "json":
            click.echo(json.dumps(asdict(explanation), default=_plain, ensure_ascii=False, indent=1))
        else:
            house.show(explanation_document(explanation), form)


def _plain(value: object) -> str:
    if isinstance(value, date):  # and datetimes
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
