"""The queries of all watches, kept in this process's memory for matching: a copy of what is stored, brought up to date
before each use.

What was saved or changed since the last look is read anew, with a minute's overlap for transactions that were still
open then. What was removed leaves no row to be read, so the rows are counted, and where the numbers differ the ids are
compared. A query that no longer makes sense (a name that the packs had once) is left out, and told in the log by its
watch's number alone: the words are the member's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta

import structlog

from bot.app.ports import Transaction
from bot.core.errors import InputError
from bot.core.watch.matcher import Match, RuleSet
from bot.core.watch.names import Names
from bot.core.watch.parser import parse
from bot.core.watch.query import Query
from bot.core.watch.subject import Subject
from bot.core.watch.watch import Watch, WatchId

OVERLAP = timedelta(minutes=1)
LONG_AGO = timedelta(days=36_500)

log = structlog.get_logger(__name__)


class Rules:
    """`names` gives the meaning of `guild:wga`; it is asked for when the first watch is read."""

    def __init__(self, names: Callable[[], Names]) -> None:
        self._names = names
        self._rules = RuleSet()
        self._queries: dict[WatchId, Query | None] = {}
        """None: it follows a story, or its query makes no sense."""
        self._seen: datetime | None = None

    async def refresh(self, tx: Transaction) -> None:
        """As it is stored now. Whoever matches in a thread lets nobody refresh meanwhile."""
        now = await tx.now()
        since = now - LONG_AGO if self._seen is None else self._seen - OVERLAP
        self._learn(await tx.watches.pipeline_changed(since))
        if await tx.watches.pipeline_count() != len(self._queries):
            present = set(await tx.watches.pipeline_ids())
            for gone in [id_ for id_ in self._queries if id_ not in present]:
                del self._queries[gone]
                self._rules.remove(gone)
        self._seen = now

    def query(self, watch: Watch) -> Query | None:
        """Of a stored watch, as it is now; None for one that follows a story, or makes no sense."""
        return None if watch.story is not None else self._read(watch)

    def __len__(self) -> int:
        return len(self._queries)

    def match(self, subject: Subject) -> Collection[Match]:
        return self._rules.match(subject)

    def queries(self, ids: Iterable[WatchId]) -> Mapping[WatchId, Query | None]:
        return {id_: self._queries.get(id_) for id_ in ids}

    def _learn(self, watches: Iterable[Watch]) -> None:
        for watch in watches:
            query = self.query(watch)
            if query is None:
                self._rules.remove(watch.id)
            elif self._queries.get(watch.id) != query:
                self._rules.add(watch.id, query)
            self._queries[watch.id] = query

    def _read(self, watch: Watch) -> Query | None:
        try:
            return parse(watch.query, self._names())
        except InputError:
            log.warning("a watch is not understood any more", watch=watch.id)
            return None
