"""What is counted: every counter and histogram of `/metrics`, and this process's share of them.

A process counts in memory, which costs nothing where messages are sent and feeds are read, and adds what it counted to
sums in the database every few seconds (`write_down`). So the sums outlive every process, are of all processes of an
installation together, and are the same whichever of them is asked; they only ever rise. A process that is killed takes
at most `EVERY` of counting with it: these numbers are for watching, and nothing is decided by them.

Labels are few and ours: kinds, outcomes, platforms. Never a community, a person, an address or anything a feed said.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.app.ports import Database, Tally
from bot.core.errors import StoreError

EVERY = timedelta(seconds=10)
"""Prometheus asks every 15 to 60 seconds."""

LAST = timedelta(seconds=2)
"""How long the last time may take when a process ends: a database that does not answer holds up no stop."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """`name` as Prometheus writes it, in base units; `labels` by name. With `buckets`, their upper bounds, it is a
    histogram and its name has no suffix. The names are part of what operators build on: they stay."""

    name: str
    says: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


FETCHES = Counted(
    name="slugline_fetches_total",
    says="Visits to feeds: fetched, unchanged, failed, blocked, gone, or not asked (its host wants a rest).",
    labels=("outcome",),
)
TASKS = Counted(
    name="slugline_tasks_finished_total",
    says="Tasks by stage: done, failed (tried again), put off (nobody's fault), or set aside for good.",
    labels=("stage", "outcome"),
)
SENDS = Counted(
    name="slugline_sends_total",
    says="Messages sent to a platform, by its answer: posted, refused, deferred (a rate limit), failed (surely not"
    " posted) or unsure (nobody knows).",
    labels=("platform", "outcome"),
)
EDITS = Counted(
    name="slugline_edits_total",
    says="Posted messages that were edited, by the platform's answer, as for sends.",
    labels=("platform", "outcome"),
)
SETTLED = Counted(
    name="slugline_deliveries_settled_total",
    says="Deliveries that left their queue, by what became of them: sent, rejected, uncertain or dropped.",
    labels=("state",),
)
RATE_LIMIT_WAITS = Counted(
    name="slugline_rate_limit_waits_total",
    says="Times that something waited for a rate limit; key is the kind of limit, or answer: the platform said so.",
    labels=("platform", "key"),
)
RATE_LIMIT_WAITED = Counted(
    name="slugline_rate_limit_wait_seconds_total",
    says="Seconds that it had to wait.",
    labels=("platform", "key"),
)
ACKNOWLEDGED = Counted(
    name="slugline_acknowledgement_seconds",
    says="From an interaction's arrival until it was acknowledged; Discord and Slack allow three seconds.",
    labels=("platform",),
    buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0),
)
DATABASE_ERRORS = Counted(
    name="slugline_database_errors_total",
    says="Transactions that failed: busy (a lock was waited for in vain), full (no space), away or other.",
    labels=("kind",),
)
ALL = (*(FETCHES, TASKS, SENDS, EDITS, SETTLED, RATE_LIMIT_WAITS, RATE_LIMIT_WAITED, ACKNOWLEDGED, DATABASE_ERRORS),)

SUM, BUCKET = "_sum", "_bucket"


class Tallies:
    """One process's counts that are not written down yet. Not for several threads."""

    def __init__(self) -> None:
        self._counts: dict[Tally, float] = {}

    def add(self, what: Counted, *labels: str, amount: float = 1) -> None:
        """`labels` in the order of `what.labels`."""
        assert len(labels) == len(what.labels), what.name
        self._add((what.name, labels), amount)

    def observe(self, what: Counted, seconds: float, *labels: str) -> None:
        """One more observation of a histogram. Its buckets are kept apart, not each with those below it."""
        assert len(labels) == len(what.labels), what.name
        bound = next((f"{bound:g}" for bound in what.buckets if seconds <= bound), "+Inf")
        self._add((what.name + BUCKET, (*labels, bound)), 1)
        self._add((what.name + SUM, labels), seconds)

    def waited(self, platform: str, key: str, span: timedelta) -> None:
        """Something waits that long for a rate limit. `key` names the kind of limit (global, channel,
        chat.postMessage), never whose it is."""
        self.add(RATE_LIMIT_WAITS, platform, key)
        self.add(RATE_LIMIT_WAITED, platform, key, amount=max(0.0, span.total_seconds()))

    def take(self) -> Mapping[Tally, float]:
        """All that was counted since it was last taken."""
        taken, self._counts = self._counts, {}
        return taken

    def put_back(self, counts: Mapping[Tally, float]) -> None:
        for tally, amount in counts.items():
            self._add(tally, amount)

    def _add(self, tally: Tally, amount: float) -> None:
        self._counts[tally] = self._counts.get(tally, 0) + amount


async def write_down(database: Database, tallies: Tallies) -> None:
    """Add it to the sums; what cannot be written is kept for the next time. Raises StoreError and its kin."""
    counts = tallies.take()
    if not counts:
        return
    try:
        async with database.begin() as tx:
            await tx.tallies.add(counts)
    except BaseException:
        tallies.put_back(counts)
        raise


@asynccontextmanager
async def written_down(database: Database, tallies: Tallies, every: timedelta = EVERY) -> AsyncIterator[None]:
    """Every now and then while the block runs, and once more when it ends. Nothing is broken off for that: a
    transaction that is cancelled may leave its connection to be mended."""
    over = asyncio.Event()

    async def now_and_then() -> None:
        ended = False
        while not ended:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(every.total_seconds()):
                    await over.wait()
            ended = over.is_set()
            await _try(database, tallies)

    writing = asyncio.create_task(now_and_then())
    try:
        yield
    finally:
        over.set()
        await asyncio.wait({writing}, timeout=LAST.total_seconds())
        writing.cancel()


async def _try(database: Database, tallies: Tallies) -> None:
    try:
        await write_down(database, tallies)
    except StoreError as error:
        log.info("counts are written down later", error=str(error))
