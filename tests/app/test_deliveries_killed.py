"""Killed with SIGKILL at every step of send-and-record, and at random while several processes send.

The platform outlives them (`loopback`). Where it knows a part id again, or can be read back, nothing is
lost and nothing is there twice; where it can do neither, what is not known is marked uncertain.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from adapters.storage import SqlDatabase, open_database
from bot.app.deliver import Deliver
from bot.app.ports import Stage
from bot.app.recovery import take_over
from bot.app.work import Worker
from bot.core.delivery import DeliveryId, DeliveryState
from bot.core.outbox import Abilities
from tests.app.loopback import FOUL, Faults, Loopback
from tests.factories import GUILD, new_community, new_document
from tests.fakes import FakeClock, Interrupted, When
from tests.forks import FORKSERVER

KEY = Abilities(remembers=timedelta(hours=1))
READ = Abilities(reads_back=True)
NEITHER = Abilities()
PIECES = 2


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Step:
    """Where a process dies: around the `at`-th transaction of sending, or around the posting of the `at`-th message."""

    what: str
    at: int
    when: When


STEPS = [
    *(Step("transaction", at, when) for at in (1, 2, 3) for when in ("before", "after")),
    *(Step("message", at, when) for at in (1, 2) for when in ("before", "after")),
]


class Fatal(Loopback):
    """Dies around the `at`-th message."""

    at = 0
    when: When = "before"

    def _post(self, *message: Any) -> str:
        self.at -= 1
        if self.at == 0 and self.when == "before":
            die()
        posted = super()._post(*message)
        if self.at == 0:
            die()
        return posted


def send_and_die(url: str, file: Path, can: Abilities, step: Step) -> None:
    """In a process of its own."""

    async def run() -> None:
        server = Fatal(file, can=can, pieces=PIECES)
        if step.what == "message":
            server.at, server.when = step.at, step.when
        async with open_database(url) as database:
            own = Interrupted(database, step.at if step.what == "transaction" else 0, step.when, die)
            handler = Deliver(own, {"discord": server}, FakeClock()).handle
            await Worker(database, Stage.DELIVER, handler, holder="dead", lost=None).drain()

    asyncio.run(run())


async def queue(database: SqlDatabase, channels: int, each: int) -> list[DeliveryId]:
    queued = []
    async with database.begin() as tx:
        await tx.communities.ensure(new_community())
        places = [(await tx.schedules.destination(GUILD, "discord", f"channel-{n}")).id for n in range(channels)]
        for number in range(each):
            for place in places:
                document = replace(new_document(), summary=str(number))
                queued.append(await tx.deliveries.queue(GUILD, place, document, digest=None))
    return queued


async def time_passes(database: SqlDatabase) -> None:
    """What was to be tried again is due."""
    async with database.begin() as tx:
        await tx.sql.execute(text("UPDATE deliveries SET not_before = 1 WHERE not_before IS NOT NULL"))
        await tx.sql.execute(text("UPDATE tasks SET claimable_at = 1, due = 1 WHERE holder IS NULL"))


@pytest.mark.slow
@pytest.mark.parametrize("can", [KEY, READ, NEITHER], ids=["key", "reads back", "neither"])
async def test_a_process_killed_at_any_step_of_sending_loses_nothing_and_posts_nothing_twice(
    sqlite_copies: Callable[[], str], tmp_path: Path, can: Abilities
) -> None:
    uncertain = 0
    for number, step in enumerate(STEPS):
        url = sqlite_copies()
        file = tmp_path / f"server-{number}.db"
        uncertain += await survives(url, file, can, step)
    # Nothing is in question before the first part was opened and after the last answer was written down.
    assert uncertain == (len(STEPS) - 2 if can is NEITHER else 0)


@pytest.mark.slow
@pytest.mark.parametrize("step", [STEPS[1], STEPS[7], STEPS[9]], ids=["opened", "posted first", "posted second"])
async def test_likewise_on_postgresql(postgresql_url: str, tmp_path: Path, step: Step) -> None:
    assert await survives(postgresql_url, tmp_path / "server.db", READ, step) == 0


async def survives(url: str, file: Path, can: Abilities, step: Step) -> int:
    """One process dies there, the next goes on; how many deliveries are then uncertain."""
    async with open_database(url) as database:
        (delivery,) = await queue(database, 1, 1)
    process = FORKSERVER.Process(target=send_and_die, args=(url, file, can, step))
    process.start()
    await asyncio.to_thread(process.join, 60)
    assert process.exitcode == -signal.SIGKILL, step
    async with open_database(url) as database:
        await take_over(database, lambda holder: holder == "dead")
        server = Loopback(file, can=can, pieces=PIECES)
        handler = Deliver(database, {"discord": server}, FakeClock()).handle
        await Worker(database, Stage.DELIVER, handler, holder="alive", lost=None).drain()
        async with database.read() as tx:
            after = await tx.outbox.get(delivery)
            assert await tx.tasks.waiting(Stage.DELIVER, until=await tx.now() + timedelta(days=1)) == 0
    assert after is not None
    parts = [part for _, _, part, _ in server.posted()]
    if after.state is DeliveryState.UNCERTAIN:
        assert parts in ([], [0], [0, 1]), step
        return 1
    assert (after.state, parts) == (DeliveryState.SENT, [0, 1]), step
    return 0


# --- chaos --------------------------------------------------------------------------------------------------

CHANNELS, PROCESSES = 20, 3


def send_for_ever(url: str, file: Path, can: Abilities, holder: str, seed: int, faults: Faults) -> None:
    """In a process of its own, until it is killed."""

    async def run() -> None:
        server = Loopback(file, can=can, faults=faults, seed=seed, slowness=0.01)
        async with open_database(url) as database:
            handler = Deliver(database, {"discord": server}, FakeClock()).handle
            worker = Worker(database, Stage.DELIVER, handler, holder=holder, concurrency=8, lost=None)
            while True:
                await worker.drain()
                await asyncio.sleep(0.02)

    asyncio.run(run())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("can", "each", "most"),
    [(READ, 10, 20), (KEY, 3, 5), (NEITHER, 3, 5)],
    ids=["reads back, 200 deliveries", "key", "neither"],
)
async def test_random_kills_among_several_processes_lose_nothing_and_post_nothing_twice(
    postgresql_url: str, tmp_path: Path, can: Abilities, each: int, most: int
) -> None:
    file = tmp_path / "server.db"
    server = Loopback(file, can=can)
    async with open_database(postgresql_url) as database:
        queued = await queue(database, CHANNELS, each)
        kills = await chaos(database, postgresql_url, file, can, most)
        async with database.read() as tx:
            found = [await tx.outbox.get(delivery) for delivery in queued]
    states = Counter(one.state for one in found if one is not None)
    posted = Counter((channel, said) for channel, _, _, said in server.posted())
    everything = {(f"channel-{n}", str(number)) for n in range(CHANNELS) for number in range(each)}
    assert kills > 0
    assert max(posted.values()) == 1, "nothing twice"
    if can is not NEITHER:
        assert states == {DeliveryState.SENT: len(queued)}
        assert posted.keys() == everything, "nothing lost"
    else:
        assert set(states) <= {DeliveryState.SENT, DeliveryState.UNCERTAIN}
        assert len(everything - posted.keys()) <= states[DeliveryState.UNCERTAIN], "nothing lost without a mark"
    for channel in range(CHANNELS):
        told = [int(said) for where, _, _, said in server.posted() if where == f"channel-{channel}"]
        assert told == sorted(told), "order kept"


async def chaos(database: SqlDatabase, url: str, file: Path, can: Abilities, kills: int) -> int:
    """Until everything is settled: as many kills at random as there is time for; how many there were."""
    chance, started, killed = random.Random(4711), 0, 0
    running: dict[str, BaseProcess] = {}
    dead: set[str] = set()

    def start() -> None:
        nonlocal started
        started += 1
        holder = f"p{started}"
        arguments = (url, file, can, holder, started, FOUL)
        running[holder] = FORKSERVER.Process(target=send_for_ever, args=arguments)
        running[holder].start()

    try:
        for _ in range(PROCESSES):
            start()
        while True:
            await asyncio.sleep(chance.uniform(0.05, 0.2))
            async with database.read() as tx:
                if await tx.outbox.counts(await tx.now()) in ({}, await _only_uncertain(tx)):
                    return killed
            if killed < kills and chance.random() < 0.7:
                holder = chance.choice(sorted(running))
                process = running.pop(holder)
                process.kill()
                await asyncio.to_thread(process.join, 30)
                dead.add(holder)
                killed += 1
                start()
            await take_over(database, dead.__contains__)
            await time_passes(database)
    finally:
        for process in running.values():
            process.kill()
            process.join(30)


async def _only_uncertain(tx: Any) -> dict[Any, int]:
    counts = await tx.outbox.counts(await tx.now())
    return {standing: number for standing, number in counts.items() if standing.value in {"uncertain", "rejected"}}
