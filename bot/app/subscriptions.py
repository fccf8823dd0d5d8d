"""Feeds that an operator takes in from elsewhere: a list of subscriptions, or a feed file from disk."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from bot.app.ports import Clock, Database
from bot.app.take_in import Taken, Terms, identified, take_in
from bot.core.community import COMMON
from bot.core.feed import NewFeed, ParsedFeed


async def subscribe(database: Database, feeds: Iterable[NewFeed]) -> tuple[int, int]:
    """Add them, due at once; returns how many were new and how many were there already."""
    added = known = 0
    async with database.begin() as tx:
        for feed in feeds:
            _, new = await tx.feeds.add(feed)
            added, known = added + new, known + (not new)
    return added, known


async def ingest(database: Database, clock: Clock, address: str, parsed: ParsedFeed, terms: Terms) -> Taken:
    """Take in a feed that lies in a file. It is kept under its `file:` address and never visited."""
    outlet = terms.catalogue.outlet_for(parsed.link, parsed.title)
    new = NewFeed(url=address, outlet=outlet, title=parsed.title, language=parsed.language, owner=COMMON)
    async with database.begin() as tx:
        id_, _ = await tx.feeds.add(new, visited=False)
        feed = await tx.feeds.get(COMMON, id_)
    assert feed is not None
    entries = await asyncio.to_thread(identified, feed, parsed)
    async with database.begin() as tx:
        return await take_in(tx, feed, entries, parsed.deleted, now=clock.now(), terms=terms)
