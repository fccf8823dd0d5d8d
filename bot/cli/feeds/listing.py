"""`slugline feeds list` and `health`: which feeds there are, and how each is doing."""

from __future__ import annotations

import click

from bot.cli.errors import command


@click.command(name="list")
@command
async def list_() -> None:
    """Show the feeds: number, health, name, desk, and what this terminal switched off."""
    from adapters.storage import open_database
    from bot.cli.house import log_to
    from bot.core.community import LOCAL
    from bot.core.message.notice import feed_name
    from bot.core.message.plain import inert
    from bot.settings import load_settings

    settings = load_settings()
    log_to(settings, quiet=True)
    async with open_database(settings.database) as database, database.read() as tx:
        listed = await tx.feeds.visible(LOCAL)
        choices = await tx.preferences.of(LOCAL)
    if not listed:
        click.echo("No feeds yet: `slugline run` reads the default ones, `slugline feeds add` and `import` add yours.")
    for feed in listed:
        notes = [
            feed.desk,
            "private" if feed.owner is not None else None,
            None if choices.read(feed) else "off",
        ]
        noted = ", ".join(note for note in notes if note)
        said = f": {feed.health.error}" if feed.health.error else ""
        line = f"{feed_name(feed)}{f' ({noted})' if noted else ''}{said}"
        click.echo(f"{feed.id:>5}  {feed.health.state.value:<8}  {inert(line)}")
    if choices.desks_off:
        click.echo(f"Desks switched off: {inert(', '.join(sorted(choices.desks_off)))}")
    if choices.hidden:
        click.echo(f"Outlets hidden: {inert(', '.join(sorted(choices.hidden)))}")


@click.command()
@command
async def health() -> None:
    """Show the feeds that cannot be read: since when, how often it was tried, and why."""
    from collections import Counter

    from adapters.storage import open_database
    from bot.app.checkup import WELL
    from bot.cli.house import log_to
    from bot.core.community import LOCAL
    from bot.core.message.notice import feed_name
    from bot.core.message.plain import inert
    from bot.settings import load_settings

    settings = load_settings()
    log_to(settings, quiet=True)
    async with open_database(settings.database) as database, database.read() as tx:
        listed = [feed for feed in await tx.feeds.visible(LOCAL) if not feed.url.startswith("file:")]
    counts = Counter(feed.health.state for feed in listed)
    click.echo(", ".join(f"{counts[state]} {state.value}" for state in sorted(counts)) or "No feed is visited.")
    for feed in listed:
        if (how := feed.health).state in WELL:
            continue
        since = f"since {how.since:%Y-%m-%d %H:%M} UTC" if how.since else "since it was added"
        read = f"last read {how.last_success:%Y-%m-%d %H:%M} UTC" if how.last_success else "never read"
        tries = "1 failure" if how.failures == 1 else f"{how.failures} failures"
        click.echo(f"{feed.id:>5}  {how.state.value:<8}  {inert(feed_name(feed))}")
        click.echo(f"       {since}, {tries}, {read}: {inert(how.error or 'no reason known')}")
