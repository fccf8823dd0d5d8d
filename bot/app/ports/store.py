"""The store as a whole."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol

from bot.app.ports.community import Changes, Communities, Feedback, Preferences, Settings
from bot.app.ports.installing import Heard, Installations
from bot.app.ports.news import Analyses, Articles, Feeds, Stories, Tracked
from bot.app.ports.pages import PageLooks
from bot.app.ports.posting import Corrections, Deliveries, Digests, Outbox, Posting, Reviews, Schedules
from bot.app.ports.watching import Alerts, Watches
from bot.app.ports.work import Budgets, Leases, Marks, Processes, Stage, Tasks
from bot.core.community import CommunityId
from bot.core.retention import Old
from bot.core.vitals import Vitals


class VitalsStore(Protocol):
    """Of the whole installation, for whoever runs it."""

    async def now(self) -> Vitals: ...


Tally = tuple[str, tuple[str, ...]]
"""What is counted, and of which kind: a name and its labels' values (`bot.app.tallies`)."""


class TalliesStore(Protocol):
    """Sums of what all processes counted; they only ever rise."""

    async def add(self, counts: Mapping[Tally, float]) -> None: ...

    async def all(self) -> Mapping[Tally, float]: ...


Key = tuple[Any, ...]
"""A row's primary key."""


class Purging(Protocol):
    """What is too old, and what a community that left owned: found in a reading transaction, removed in others."""

    async def due(self, old: Old, before: datetime, *, after: Key, limit: int) -> Sequence[Key]:
        """Rows that go, in the order of their keys, from beyond `after` (or the beginning)."""

    async def count(self, old: Old, before: datetime) -> int: ...

    async def remove(self, old: Old, before: datetime, keys: Sequence[Key]) -> int:
        """Those of them that still go; how many."""

    async def owned(
        self, community: CommunityId, *, start: str | None, limit: Callable[[str], int]
    ) -> tuple[str, Sequence[Key]] | None:
        """The next rows of all that the community owns, in one table and at most the `limit` of that: what refers to
        others first, from the table `start`. None where nothing is left, not even the community."""

    async def remove_owned(self, community: CommunityId, table: str, keys: Sequence[Key]) -> int: ...


class Transaction(Protocol):
    @property
    def tasks(self) -> Tasks: ...
    @property
    def leases(self) -> Leases: ...
    @property
    def marks(self) -> Marks: ...
    @property
    def processes(self) -> Processes: ...
    @property
    def budgets(self) -> Budgets: ...
    @property
    def communities(self) -> Communities: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def changes(self) -> Changes: ...
    @property
    def preferences(self) -> Preferences: ...
    @property
    def feeds(self) -> Feeds: ...
    @property
    def articles(self) -> Articles: ...
    @property
    def stories(self) -> Stories: ...
    @property
    def analyses(self) -> Analyses: ...
    @property
    def tracked(self) -> Tracked: ...
    @property
    def feedback(self) -> Feedback: ...
    @property
    def schedules(self) -> Schedules: ...
    @property
    def digests(self) -> Digests: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def corrections(self) -> Corrections: ...
    @property
    def page_looks(self) -> PageLooks: ...
    @property
    def reviews(self) -> Reviews: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def posting(self) -> Posting: ...
    @property
    def watches(self) -> Watches: ...
    @property
    def alerts(self) -> Alerts: ...
    @property
    def installations(self) -> Installations: ...
    @property
    def heard(self) -> Heard: ...

    @property
    def vitals(self) -> VitalsStore: ...
    @property
    def tallies(self) -> TalliesStore: ...
    @property
    def purging(self) -> Purging: ...

    async def now(self) -> datetime:
        """The database's clock, aware UTC."""


class Wakes(Protocol):
    def woken(self, wake: Callable[[Collection[Stage]], None]) -> AbstractAsyncContextManager[None]:
        """While the block runs, `wake` is called in the event loop with stages for which work was put, as soon as it is
        committed: by this process, and on PostgreSQL by any. It may be called in vain, and work may be due without
        (its time came, a lease ran out, a connection was lost): whoever is woken has to look by the clock as well."""


class Database(Protocol):
    """Commits on a clean exit, rolls back on an exception. Raises `StoreBusy`, `StoreFull`, `StoreError`."""

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """Read and write (SQLite: BEGIN IMMEDIATE)."""

    def read(self) -> AbstractAsyncContextManager[Transaction]:
        """Read only, a consistent snapshot; never waits for writers."""
