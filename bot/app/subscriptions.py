"""Feeds that an operator takes in from elsewhere: a list of subscriptions, or a feed file from disk."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from bot.app.ports import Clock, Database
from bot.app.take_in import Reading, Taken, Terms, take_in
from bot.core import strings
from bot.core.community import COMMON, CommunityId
from bot.core.errors import InputError
from bot.core.feed import Feed, FeedId, Identified, NewFeed, ParsedFeed
from bot.core.identity import identify


async def subscribe(database: Database, feeds: Iterable[NewFeed]) -> tuple[int, int]:
    """Add them, due at once; returns how many were new and how many were there already."""
    added = known = 0
    async with database.begin() as tx:
        for feed in feeds:
            _, new = await tx.feeds.add(feed)
            added, known = added + new, known + (not new)
    return added, known


async def subscribe_to(database: Database, feed: NewFeed) -> tuple[Feed, bool]:
    """Add one, due at once; as it is stored, and whether it is new."""
    async with database.begin() as tx:
        id_, new = await tx.feeds.add(feed)
        stored = await tx.feeds.get(feed.owner, id_)
    assert stored is not None
    return stored, new


async def unsubscribe(database: Database, community: CommunityId, feed: FeedId) -> Feed:
    """Remove one that the community sees; as it was. Whoever calls has made sure that a common one may be removed.
    Raises InputError where the community sees no such feed."""
    async with database.begin() as tx:
        found = await tx.feeds.get(community, feed)
        if found is None:
            raise InputError(strings.feeds.no_feed_of_the_list(feed))
        await tx.feeds.remove(found.owner, feed)
    return found


async def ingest(
    database: Database,
    clock: Clock,
    files: Sequence[tuple[str, ParsedFeed]],
    terms: Terms,
) -> Taken:
    """Take in feeds that lie in files, as (`file:` address, what was read), all or none of them. They are kept under
    those addresses and never visited."""
    feeds: list[Feed] = []
    async with database.begin() as tx:
        for address, parsed in files:
            outlet = terms.catalogue.outlet_for(parsed.link, parsed.title)
            new = NewFeed(url=address, outlet=outlet, title=parsed.title, language=parsed.language, owner=COMMON)
            id_, _ = await tx.feeds.add(new, visited=False)
            feed = await tx.feeds.get(COMMON, id_)
            assert feed is not None
            feeds.append(feed)
    said = [parsed for _, parsed in files]
    entries = await asyncio.to_thread(lambda: list(map(_identified, feeds, said)))
    readings = [
        Reading(feed=feed, entries=found, deleted=parsed.deleted)
        for feed, found, parsed in zip(feeds, entries, said, strict=True)
    ]
    async with database.begin() as tx:
        return sum(await take_in(tx, readings, now=clock.now(), terms=terms), Taken())


def _identified(feed: Feed, said: ParsedFeed) -> tuple[Identified, ...]:
    return identify(said.entries, feed.id, said.link)
