"""What a community switches on and off, by the names and numbers that people type.

For the terminal's commands and the chats' alike: whoever calls has made sure that the member may. Repeatable.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.app.ports import Database, Transaction
from bot.core import strings
from bot.core.catalogue import Desk
from bot.core.choices import MOST, Choices, named
from bot.core.community import CommunityId
from bot.core.errors import InputError
from bot.core.feed import Feed, FeedId

REMEMBERED = timedelta(days=90)
"""How far back an outlet's articles are looked for when somebody names it."""


async def switch_feed(database: Database, community: CommunityId, feed: FeedId, *, on: bool) -> Feed:
    """Raises InputError where the community sees no such feed."""
    async with database.begin() as tx:
        found = await tx.feeds.get(community, feed)
        if found is None:
            raise InputError(strings.feeds.no_feed_of_the_list(feed))
        choices = await tx.preferences.of(community)
        _room(choices, on=on)
        await tx.preferences.switch_feed(community, feed, on=choices.switch(found, on=on))
    return found


async def switch_desk(database: Database, community: CommunityId, desk: str, *, on: bool) -> str:
    """The desk's name as its feeds have it. Raises InputError where no feed is of that desk."""
    async with database.begin() as tx:
        choices = await tx.preferences.of(community)
        known = {feed.desk for feed in await tx.feeds.visible(community) if feed.desk} | choices.desks_off
        found = named(desk, known | {each.value for each in Desk}, "desk")
        _room(choices, on=on)
        await tx.preferences.switch_desk(community, found, on=on)
    return found


async def show_outlet(database: Database, community: CommunityId, outlet: str, now: datetime, *, shown: bool) -> str:
    """The outlet's name as its articles carry it. Raises InputError where no feed and no article of late is of it."""
    async with database.begin() as tx:
        choices = await tx.preferences.of(community)
        found = named(outlet, choices.hidden if shown else await _outlets(tx, community, now), "outlet")
        _room(choices, on=shown)
        await tx.preferences.show_outlet(community, found, shown=shown)
    return found


async def _outlets(tx: Transaction, community: CommunityId, now: datetime) -> set[str]:
    of_feeds = {feed.outlet.name for feed in await tx.feeds.visible(community)}
    return of_feeds | set(await tx.articles.outlets(community, now - REMEMBERED))


def _room(choices: Choices, *, on: bool) -> None:
    if not on and len(choices) >= MOST:
        raise InputError(strings.feeds.too_many_off(MOST))
