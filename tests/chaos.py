"""Chaos: several processes send, a platform does its worst, the database hiccups, and processes are killed at random.

Whoever is killed is replaced, and what they held is taken over, as a restart or the leases would see to. Kills are
spread over the whole of the work. Some messages are replaced meanwhile. A seed chooses whom to kill and when, and what
goes wrong; how it all interleaves is the machine's.

Waits that take minutes, such as a retry's, are to take their part too, so time is hurried. There is one time for both
sides, what waits in the database and what the platform knows, and it goes on in ticks (`Ticks`): the platform's clock
first, then the database's rows, by the same span. However long a busy machine stalled, a tick is never more than
`TICK`, and while anybody has anything in hand never more than `pace` times what passed here; and before each one the
platform does all that it was sent before, by the dead too. So no wait is over on one side and not on the other, and a
stall is no time to either.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.process import BaseProcess

from sqlalchemy import make_url

from adapters.storage import SqlDatabase, open_database
from bot.app.ports import Delivery, Stage
from bot.app.recovery import take_over
from bot.core.delivery import FINISHED, PLAINLY, DeliveryId, DeliveryState
from bot.core.errors import StoreError
from bot.core.outbox import part_id
from tests.factories import GUILD
from tests.far_side import LATENESS, WORST, FarSide, Faults, HasAClock
from tests.postgres import run
from tests.senders import queue, started, time_passes_here

PACE = 30.0
"""One thing is still by our own time: whoever has just made sure that a platform still knows an id may be stalled
before they send it. At this pace that would have to be for longer than ten seconds."""
TICK = timedelta(seconds=8)
"""What is lost of a wait that begins just before a tick: it must not matter between how late a platform may be
(`tests.far_side.LATENESS`) and how late Slugline thinks it may be."""
SOME = 0.2
"""The share after which `trouble` begins."""
EARLY = 1.2
"""How far kills run ahead of the work, so that all of them fall within it."""
PARTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    deliveries: int
    kills: int
    seed: int = 1
    processes: int = 3
    channels: int = 20
    faults: Faults = WORST
    slow: float = 0.02
    """Seconds that a call takes at most, twice."""
    hiccups: float = 0.1
    """How often, from 0 to 1, at each look: a connection is cut, or somebody holds the database's lock for a while."""
    replaced: float = 0.05
    """Share of the deliveries that say something else later."""
    pace: float = PACE
    patience: timedelta = timedelta(minutes=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`messages` were to be there. `lost` never were, and nothing says so; `twice` can be seen twice. Those of
    deliveries marked uncertain are counted there, and how many of them are `there`. `stale` were replaced, and still
    say what they said. `disordered` came after one that was queued later in the same place."""

    kills: int
    faults: int
    messages: int
    lost: int
    twice: int
    uncertain: int
    there: int
    stale: int
    disordered: int
    seconds: float


@dataclass(slots=True)
class Ticks:
    """The time of both sides. One that the database refuses is owed to it, and made before the next."""

    database: SqlDatabase
    far_side: HasAClock
    pace: float
    last: float = field(default_factory=time.monotonic)
    owed: timedelta = timedelta(0)

    async def tick(self) -> None:
        """Raises StoreError."""
        if not self.owed:
            async with self.database.read() as tx:
                in_hand = await tx.tasks.waiting(Stage.DELIVER)
            now = time.monotonic()
            here, self.last = timedelta(seconds=now - self.last), now
            self.owed = min(here * self.pace, TICK) if in_hand else TICK
            await self.far_side.passes(self.owed + here)  # the database's own clock goes on by itself
        await time_passes_here(self.database, self.owed)
        self.owed = timedelta(0)


@dataclass(slots=True)
class _Run:
    url: str
    far_side: FarSide
    plan: Plan
    trouble: Callable[[], Awaitable[None]] | None = None
    chance: random.Random = field(init=False)
    said: dict[DeliveryId, str] = field(default_factory=dict)
    """At first, and since it was replaced; not to be relied upon, since that may be cut off as it is committed."""
    running: dict[str, BaseProcess] = field(default_factory=dict)
    dead: set[str] = field(default_factory=set)
    begun: int = 0
    killed: int = 0
    hiccups: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.plan.seed)

    def start(self) -> None:
        self.begun += 1
        holder = f"p{self.begun}"
        seed = self.plan.seed * 10_000 + self.begun
        self.running[holder] = started(self.url, self.far_side.line, holder, seed)

    async def kill(self) -> None:
        holder = self.chance.choice(sorted(self.running))
        process = self.running.pop(holder)
        process.kill()
        await asyncio.to_thread(process.join, 30)
        self.dead.add(holder)
        self.killed += 1
        self.start()

    async def hiccup(self, database: SqlDatabase) -> None:
        self.hiccups += 1
        if make_url(self.url).get_backend_name() == "sqlite":
            async with database.begin():
                await asyncio.sleep(0.3)
            return
        await run(
            make_url(self.url),
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'slugline'"
            " AND datname = current_database() ORDER BY random() LIMIT 1",
        )

    async def replace_some(self, database: SqlDatabase, share: float) -> None:
        """Of all that was queued, that share, chosen anew each time."""
        for delivery in self.chance.sample(sorted(self.said), k=round(share * len(self.said))):
            said = f"{self.said[delivery]}, corrected"
            async with database.begin() as tx:
                before = await tx.outbox.get(delivery)
                assert before is not None
                if await tx.deliveries.revise(GUILD, delivery, self.far_side.document(said, _parts(before))):
                    self.said[delivery] = said

    async def until_settled(self, database: SqlDatabase) -> None:
        edits = await _can_edit(self.far_side)
        deadline = time.monotonic() + self.plan.patience.total_seconds()
        ticks, corrected = Ticks(database, self.far_side, self.plan.pace), 0.0
        while True:
            await asyncio.sleep(self.chance.uniform(0.03, 0.12))
            assert time.monotonic() < deadline, f"not settled after {self.plan.patience}"
            try:
                done = await self.look(database)
                if done == 1.0 and self.trouble is None:
                    return
                if self.trouble is not None and done > SOME:
                    happens, self.trouble = self.trouble, None
                    await happens()
                if edits and corrected < done < 1:
                    await self.replace_some(database, self.plan.replaced * (min(done + 0.1, 1.0) - corrected))
                    corrected = min(done + 0.1, 1.0)
                while self.killed < self.plan.kills and self.killed <= done * self.plan.kills * EARLY:
                    await self.kill()
                if self.chance.random() < self.plan.hiccups:
                    await self.hiccup(database)
                await ticks.tick()
            except StoreError:
                continue  # our own connection was cut

    async def look(self, database: SqlDatabase) -> float:
        """The share that is settled, after taking over from the dead and opening what is closed."""
        await take_over(database, self.dead.__contains__)
        async with database.begin() as tx:
            for destination in await tx.deliveries.refusals(GUILD):
                await tx.deliveries.resume(GUILD, destination)
            counts = await tx.outbox.counts(await tx.now())
        finished = {state.value for state in FINISHED}
        waiting = sum(number for standing, number in counts.items() if standing.value not in finished)
        return 1 - waiting / len(self.said)


async def chaos(
    url: str, far_side: FarSide, plan: Plan, trouble: Callable[[], Awaitable[None]] | None = None
) -> Outcome:
    """Send all there is to send; what became of it. The database at `url` is there, and empty. `trouble` happens once,
    when some of it is sent."""
    going = _Run(url, far_side, plan, trouble)
    far_side.misbehave(plan.faults, slow=plan.slow)
    began = time.monotonic()
    async with open_database(url) as database:
        each = plan.deliveries // plan.channels
        going.said = await queue(database, far_side, channels=plan.channels, each=each, parts=PARTS)
        try:
            for _ in range(plan.processes):
                going.start()
            await going.until_settled(database)
            await far_side.passes(LATENESS)
        finally:
            for process in going.running.values():
                process.kill()
                process.join(30)
        rows = []
        async with database.read() as tx:
            for delivery in going.said:
                row = await tx.outbox.get(delivery)
                assert row is not None
                rows.append(row)
    faults = going.hiccups + sum(far_side.misbehaved().values())
    return _judged(far_side, rows, going.killed, faults, time.monotonic() - began)


def _judged(far_side: FarSide, rows: Sequence[Delivery], kills: int, faults: int, seconds: float) -> Outcome:
    posted = far_side.posted()
    ever = {post.part_id for post in posted}
    there = Counter(post.part_id for post in posted if post.there)
    shows = {post.part_id: post.said for post in posted if post.there}
    lost = uncertain = seen = stale = messages = 0
    for row in rows:
        for part in range(_parts(row)):
            messages += 1
            id_ = part_id(row.id, part)
            if row.state is DeliveryState.UNCERTAIN:
                uncertain += part not in row.shown
                seen += part not in row.shown and id_ in ever
            elif id_ not in ever or row.state is not DeliveryState.SENT:
                lost += 1
            elif id_ in shows and row.document.summary != shows[id_] and row.reason is None:
                stale += 1
    return Outcome(
        kills=kills,
        faults=faults,
        messages=messages,
        lost=lost,
        twice=sum(number > 1 for number in there.values()),
        uncertain=uncertain,
        there=seen,
        stale=stale,
        disordered=_disordered(rows, [post.part_id for post in posted]),
        seconds=seconds,
    )


def _disordered(rows: Sequence[Delivery], posted: Sequence[str]) -> int:
    """Messages that were first posted after a later one of their place."""
    first = {part: at for at, part in reversed(list(enumerate(posted)))}
    found = 0
    latest: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: row.id):
        for part in range(_parts(row)):
            at = first.get(part_id(row.id, part))
            if at is not None:
                found += at < latest.get(row.destination.id, -1)
                latest[row.destination.id] = max(at, latest.get(row.destination.id, -1))
    return found


def _parts(row: Delivery) -> int:
    return len(row.document.blocks)


async def _can_edit(far_side: FarSide) -> bool:
    async with far_side.line.connected(0) as platform:
        return platform.abilities(PLAINLY).edits
