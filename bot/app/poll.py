"""Stage 1, poll: visit a due feed; its articles and its validators commit together, or neither does.

So a crash at any moment fetches the feed again rather than telling its server we have what we have not. Feeds that are
due together are looked up together, and visits that end together are committed together (`bot.app.together`).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.app.feed_news import tell
from bot.app.ports import Clock, Database, FeedReader, Task, Transaction
from bot.app.take_in import Reading, Taken, Terms, take_in
from bot.app.tallies import FETCHES, Tallies
from bot.app.together import Together
from bot.core.cadence import next_visit, set_aside
from bot.core.community import Viewer
from bot.core.feed import Failed, Feed, FeedId, Fetched, Unchanged, Visit, VisitRecord

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Visited:
    """What a visit brought, ready to be written down; no `feed` where it was removed before we came."""

    task: Task
    feed: Feed | None = None
    visit: Visit | None = None


class Poll:
    """Articles are taken in on `terms`; what visits came to is counted in `tallies`."""

    def __init__(
        self, database: Database, reader: FeedReader, clock: Clock, terms: Terms, tallies: Tallies | None = None
    ) -> None:
        self._database = database
        self._reader = reader
        self._clock = clock
        self._terms = terms
        self._tallies = tallies or Tallies()
        self._feeds = Together(self._look_up, most=64)
        self._commits = Together(self._commit)

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage: each due feed."""
        for task in tasks:
            await self._commits.do(await self._visit(task))

    async def set_aside(self, tx: Transaction, task: Task) -> None:
        """Say of a feed whose task was set aside that it stopped: nobody would else miss it."""
        feed = await tx.feeds.get(task.owner, FeedId(task.key))
        if feed is None:
            return
        now = self._clock.now()
        record = await tell(tx, feed, set_aside(feed, now), now)
        await tx.feeds.record(feed.owner, feed.id, record)

    async def _visit(self, task: Task) -> _Visited:
        feed = await self._feeds.do((task.owner, FeedId(task.key)))
        if feed is None:
            return _Visited(task)
        visit = await self._reader.visit(feed)
        self._tallies.add(FETCHES, _outcome(visit))
        if isinstance(visit, Failed):
            log.info("visit failed", feed=feed.id, reason=visit.reason)
        return _Visited(task, feed, visit)

    async def _look_up(self, wanted: Sequence[tuple[Viewer, FeedId]]) -> Sequence[Feed | None]:
        found: dict[tuple[Viewer, FeedId], Feed] = {}
        async with self._database.read() as tx:
            for owner in {owner for owner, _ in wanted}:
                theirs = [feed for other, feed in wanted if other == owner]
                found |= {(owner, feed.id): feed for feed in await tx.feeds.several(owner, theirs)}
        return [found.get(each) for each in wanted]

    async def _commit(self, visited: Sequence[_Visited]) -> Sequence[None]:
        async with self._database.begin() as tx:
            await self._write_down(tx, visited, await tx.now())
        return [None] * len(visited)

    async def _write_down(self, tx: Transaction, visited: Sequence[_Visited], moment: datetime) -> None:
        """`moment` is the database's time: the wait is the decision's, its beginning the database's. A clock of ours
        that jumps back must not make a feed due again at once, and again."""
        now = self._clock.now()
        readings = {
            each.task.key: Reading(feed=each.feed, entries=each.visit.entries, deleted=each.visit.parsed.deleted)
            for each in visited
            if each.feed is not None and isinstance(each.visit, Fetched)
        }
        taken = dict(zip(readings, await take_in(tx, list(readings.values()), now=now, terms=self._terms), strict=True))
        finished: list[tuple[Task, datetime | None]] = []
        records: defaultdict[Viewer, dict[FeedId, VisitRecord]] = defaultdict(dict)
        news: list[tuple[Feed, VisitRecord]] = []
        for each in visited:
            feed, task = each.feed, each.task
            if feed is None or each.visit is None:
                finished.append((task, None))
                continue
            record = next_visit(feed, each.visit, taken.get(task.key, Taken()).anything, now, random.random())
            if record.news is None:
                records[feed.owner][feed.id] = record
            else:
                news.append((feed, record))
            finished.append((task, None if record.next_due is None else moment + (record.next_due - now)))
        for owner, theirs in records.items():
            await tx.feeds.record_many(owner, theirs)
        for feed, record in news:  # now that it is known which others could be read
            await tx.feeds.record(feed.owner, feed.id, await tell(tx, feed, record, now))
        await tx.tasks.done_many(finished)


def _outcome(visit: Visit) -> str:
    match visit:
        case Fetched():
            return "fetched"
        case Unchanged():
            return "unchanged"
        case Failed(asked=False):
            return "not asked"
        case Failed(gone=True):
            return "gone"
        case Failed(blocked=True):
            return "blocked"
        case Failed():
            return "failed"
