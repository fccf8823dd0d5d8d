"""Stage 1, poll: visit a due feed; its articles and its validators commit together, or neither does.

So a crash at any moment fetches the feed again rather than telling its server we have what we have not.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

import structlog

from bot.app.ports import Clock, Database, FeedReader, Task
from bot.app.take_in import Taken, Terms, identified, take_in
from bot.core.cadence import next_visit
from bot.core.feed import Failed, FeedId, Fetched

log = structlog.get_logger(__name__)


class Poll:
    """Articles are taken in on `terms`."""

    def __init__(self, database: Database, reader: FeedReader, clock: Clock, terms: Terms) -> None:
        self._database = database
        self._reader = reader
        self._clock = clock
        self._terms = terms

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage: each due feed."""
        for task in tasks:
            await self._visit(task)

    async def _visit(self, task: Task) -> None:
        async with self._database.read() as tx:
            feed = await tx.feeds.get(task.owner, FeedId(task.key))
        if feed is None:  # removed meanwhile
            async with self._database.begin() as tx:
                await tx.tasks.done(task)
            return
        visit = await self._reader.visit(feed)
        entries = await asyncio.to_thread(identified, feed, visit.parsed) if isinstance(visit, Fetched) else ()
        if isinstance(visit, Failed):
            log.info("visit failed", feed=feed.id, reason=visit.reason)
        now = self._clock.now()
        async with self._database.begin() as tx:
            taken = Taken()
            if isinstance(visit, Fetched):
                deleted = visit.parsed.deleted
                taken = await take_in(tx, feed, entries, deleted, now=now, terms=self._terms)
            record = next_visit(feed, visit, taken.anything, now, random.random())
            await tx.feeds.record(feed.owner, feed.id, record)
            # The wait is the decision's, the moment the database's: a clock that jumps back must not make a feed due
            # again at once, and again.
            wait = None if record.next_due is None else record.next_due - now
            await tx.tasks.done(task, again=None if wait is None else await tx.now() + wait)
