"""Whether feeds answer: one visit each, nothing stored. For the catalogue, and for lists before they are imported."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import assert_never

from bot.app.ports import FeedReader
from bot.core.feed import Failed, Feed, FeedId, Fetched, NewFeed, Unchanged

AT_ONCE = 32
"""Visits under way; the reader itself keeps to one a host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """`problem` is None where the feed answered with entries. `moved_to` is its new address where it moved for good."""

    feed: NewFeed
    problem: str | None
    entries: int = 0
    newest: datetime | None = None
    moved_to: str | None = None


async def check(feeds: Iterable[NewFeed], reader: FeedReader) -> AsyncIterator[Checked]:
    """One result a feed, as they come in."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(feed: NewFeed) -> Checked:
        async with turns:
            return await _visit(feed, reader)

    async with asyncio.TaskGroup() as group:
        for done in asyncio.as_completed([group.create_task(one(feed)) for feed in feeds]):
            yield await done


async def _visit(feed: NewFeed, reader: FeedReader) -> Checked:
    known = {field.name: getattr(feed, field.name) for field in fields(NewFeed)}
    match await reader.visit(Feed(id=FeedId(0), **known)):
        case Fetched(parsed=parsed, moved_to=moved_to):
            return Checked(
                feed=feed,
                problem=None if parsed.entries else "it has no entries",
                entries=len(parsed.entries),
                newest=max((entry.published for entry in parsed.entries if entry.published), default=None),
                moved_to=moved_to,
            )
        case Unchanged(moved_to=moved_to):  # a server that says so although nothing was asked on condition
            return Checked(feed=feed, problem="it answers without content", moved_to=moved_to)
        case Failed(reason=reason):
            return Checked(feed=feed, problem=reason)
        case other:
            assert_never(other)
