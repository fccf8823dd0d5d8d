"""`slugline feedback`: what this terminal's community thinks of a story."""

from __future__ import annotations

import click

from bot.cli.errors import command

SAYS = {"not-relevant": False, "relevant": True, "none": None}


@click.command()
@click.argument("story", metavar="STORY")
@click.argument("opinion", type=click.Choice(list(SAYS)))
@command
async def feedback(story: str, opinion: str) -> None:
    """Say that a story is not relevant, or is after all; `none` takes it back.

    STORY is its number, or words of its title. It moves the threshold of this terminal's digests, and after some
    stories the terms that count against one; nobody else's, and never the model. `slugline why` shows what it changed.
    """
    from bot.app.feedback import Hearing
    from bot.app.setup import terminal
    from bot.app.subject import find_story
    from bot.cli.house import log_to
    from bot.core.community import LOCAL
    from bot.core.desk.headline import clean_title
    from bot.settings import load_settings

    settings = load_settings()
    log_to(settings, quiet=True)
    from adapters.clock import SystemClock
    from adapters.storage import open_database

    clock = SystemClock()
    async with open_database(settings.database) as database:
        async with database.begin() as tx:
            await tx.communities.ensure(terminal(clock.now()))
            found = await find_story(tx, LOCAL, story)
        coverage = await Hearing(database, clock).say(LOCAL, found, relevant=SAYS[opinion])
    article = coverage.members[0].article
    said = "nothing is said here of" if SAYS[opinion] is None else f"{opinion.replace('-', ' ')} here:"
    click.echo(f"{said} story {coverage.story.id}, {clean_title(article.title, article.outlet.name)}")
