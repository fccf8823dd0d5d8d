"""`slugline feeds parse`, `import` and `export`: feeds and lists of feeds as files."""

from __future__ import annotations

import click

from bot.cli.errors import command


@click.command()
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--url", default="", help="The address the file came from, for relative links.")
@command
async def parse(file: str, url: str) -> None:
    """Print a feed file's entries as JSON lines, as Slugline would read them. `-` reads standard input."""
    from bot.cli.files import read_bytes
    from bot.cli.lines import write
    from bot.core.errors import NotAFeed
    from feeds.parse import parse as parse_feed

    try:
        parsed = parse_feed(read_bytes(file), content_type=None, url=url)
    except NotAFeed as error:
        raise NotAFeed(f"{file}: {error}") from None
    for entry in parsed.entries:
        write(
            {
                "guid": entry.guid,
                "url": entry.url,
                "title": entry.title,
                "summary": entry.summary,
                "content": entry.content,
                "published": entry.published and entry.published.isoformat(),
                "updated": entry.updated and entry.updated.isoformat(),
                "authors": list(entry.authors),
                "categories": list(entry.categories),
                "language": entry.language,
                "image": entry.image,
            }
        )


@click.command(name="import")
@click.argument("source", metavar="FILE|URL")
@command
async def import_(source: str) -> None:
    """Add the feeds of an OPML file or address. `-` reads standard input."""
    from bot.app.subscriptions import subscribe
    from bot.cli.catalogue import catalogue
    from bot.cli.files import read_bytes
    from bot.cli.house import log_to, open_house
    from bot.core.feed import NewFeed
    from bot.settings import load_settings
    from feeds import opml

    settings = load_settings()
    log_to(settings, quiet=True)
    known_outlets = catalogue()
    remote = source.lower().startswith(("http://", "https://"))
    body = b"" if remote else read_bytes(source)
    async with open_house(settings) as house:
        if remote:
            body = await house.finder.download(source)
        subscriptions = opml.read(body)
        added, known = await subscribe(
            house.database,
            [
                NewFeed(
                    url=one.url,
                    outlet=known_outlets.outlet_for(one.url, one.title),
                    title=one.title,
                    desk=one.desk,
                    language=one.language,
                    trusted=True,
                )
                for one in subscriptions
            ],
        )
    click.echo(f"{added} feeds added, {known} were there already. `slugline run` reads them.")


@click.command()
@command
async def export() -> None:
    """Write the feeds as OPML to standard output: the common ones and this terminal's own.

    Another community's feeds are private to it and are not in it, nor are files that were taken in with `ingest`.
    """
    from bot.cli.house import log_to, open_house
    from bot.core.community import LOCAL
    from bot.settings import load_settings
    from feeds import opml

    settings = load_settings()
    log_to(settings, quiet=True)
    async with open_house(settings) as house, house.database.read() as tx:
        listed = await tx.feeds.visible(LOCAL)
    body = opml.write(
        opml.Subscription(url=feed.url, title=feed.title or feed.outlet.name, desk=feed.desk, language=feed.language)
        for feed in listed
        if feed.url.startswith(("http://", "https://"))
    )
    click.echo(body.decode(), nl=False)
