"""`slugline feeds add` and `remove`: the feeds behind any address, and away with one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from bot.cli.errors import command
from bot.core.errors import InputError

if TYPE_CHECKING:
    from feeds.discover import FoundFeed


@click.command()
@click.argument("url")
@click.option("--private", is_flag=True, help="For this terminal alone: no other community sees what it says.")
@click.option("--pick", type=click.IntRange(1), default=1, metavar="N", help="Where several are found, the one to add.")
@click.option("--list", "only_list", is_flag=True, help="Say what is found and add nothing.")
@command
async def add(url: str, private: bool, pick: int, only_list: bool) -> None:
    """Add the feed behind an address: a feed's own, or that of any page, channel or profile.

    What is found is listed, and the first of it added unless --pick says otherwise. An address on a private network is
    read only where SLUGLINE_ALLOW_HOSTS allows it.
    """
    from bot.app.subscriptions import subscribe_to
    from bot.cli.catalogue import catalogue
    from bot.cli.house import log_to, open_house
    from bot.core.community import COMMON, LOCAL
    from bot.core.feed import NewFeed
    from bot.core.message.notice import feed_name
    from bot.core.message.plain import inert
    from bot.settings import load_settings

    settings = load_settings()
    log_to(settings, quiet=True)
    if "://" not in url:
        url = f"https://{url}"
    async with open_house(settings) as house:
        found = await house.finder.discovered(url)
        if len(found) > 1 or only_list:
            say(found, private=private)
        if only_list:
            return
        if pick > len(found):
            raise InputError(f"--pick {pick}: {len(found)} found there")
        chosen = found[pick - 1]
        title = chosen.parsed.title
        # The name of an outlet that nobody knows may be made of the path, which of a private feed is a secret.
        known_by = f"https://{urlsplit(chosen.url).hostname}/" if private else chosen.url
        feed, new = await subscribe_to(
            house.database,
            NewFeed(
                url=chosen.url,
                outlet=catalogue().outlet_for(known_by, title),
                title=title,
                language=chosen.parsed.language,
                owner=LOCAL if private else COMMON,
                trusted=True,
            ),
        )
    done = "added. `slugline run` reads it." if new else "was there already."
    click.echo(f"{feed.id}  {inert(feed_name(feed))}: {done}")


def say(found: Sequence[FoundFeed], *, private: bool) -> None:
    """What was found, numbered for --pick; of private feeds the hosts only."""
    from bot.core.message.plain import inert

    for number, each in enumerate(found, 1):
        where = urlsplit(each.url).hostname if private else each.url
        count = len(each.parsed.entries)
        entries = "1 entry" if count == 1 else f"{count} entries"
        click.echo(f"{number:>3}. {inert(each.parsed.title) or 'untitled'} ({entries})  {inert(where or '')}")


@click.command()
@click.argument("number", metavar="FEED", type=int)
@command
async def remove(number: int) -> None:
    """Stop reading a feed and forget its address; what it told stays. `slugline feeds list` shows the numbers."""
    from adapters.storage import open_database
    from bot.app.subscriptions import unsubscribe
    from bot.cli.house import log_to
    from bot.core.community import LOCAL
    from bot.core.feed import FeedId
    from bot.core.message.notice import feed_name
    from bot.core.message.plain import inert
    from bot.settings import load_settings

    settings = load_settings()
    log_to(settings, quiet=True)
    async with open_database(settings.database) as database:
        feed = await unsubscribe(database, LOCAL, FeedId(number))
    click.echo(f"{feed.id}  {inert(feed_name(feed))}: removed.")
