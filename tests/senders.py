"""Processes that send what is queued: one that dies at a chosen step, and one that goes on until it is killed."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from typing import Literal, TypeVar

import structlog
from sqlalchemy import text

from adapters.clock import SystemClock
from adapters.storage import SqlDatabase, open_database
from bot.app.deliver import Deliver
from bot.app.ports import Platform, Stage
from bot.app.work import Worker
from bot.core.delivery import (
    PLAINLY,
    CannotTell,
    DeliveryId,
    Destination,
    Manner,
    Posted,
    SendOutcome,
)
from bot.core.errors import StoreError
from bot.core.message.document import Document
from bot.core.outbox import Abilities, PartId
from tests.factories import GUILD, new_community
from tests.fakes import Interrupted, When
from tests.far_side import FarSide, HasAClock, Line
from tests.forks import FORKSERVER

T = TypeVar("T")
What = Literal["transaction", "call"]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Step:
    """Where a process dies: around the `at`-th transaction of sending, or around the `at`-th call of the platform."""

    what: What
    at: int
    when: When


@dataclass
class Watched:
    """A platform whose calls are counted, and on which a process dies before or after the `at`-th."""

    platform: Platform
    at: int = 0
    when: When = "before"
    calls: int = 0

    @property
    def name(self) -> str:
        return self.platform.name

    def abilities(self, manner: Manner) -> Abilities:
        return self.platform.abilities(manner)

    def parts(self, document: Document) -> int:
        return self.platform.parts(document)

    async def send(
        self,
        destination: Destination,
        document: Document,
        part: int,
        manner: Manner = PLAINLY,
        *,
        part_id: PartId,
        opening: str | None = None,
    ) -> SendOutcome:
        return await self._around(
            self.platform.send(destination, document, part, manner, part_id=part_id, opening=opening)
        )

    async def find(
        self, destination: Destination, part_id: PartId, since: datetime, *, opening: str | None = None
    ) -> Posted | CannotTell | None:
        return await self._around(self.platform.find(destination, part_id, since, opening=opening))

    async def edit(self, destination: Destination, message: str, document: Document, part: int) -> SendOutcome:
        return await self._around(self.platform.edit(destination, message, document, part))

    async def _around(self, call: Awaitable[T]) -> T:
        self.calls += 1
        if self.calls == self.at and self.when == "before":
            die()
        outcome = await call
        if self.calls == self.at:
            die()
        return outcome


def quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


async def send_all(
    database: SqlDatabase, line: Line, *, step: Step | None = None, holder: str = "alive"
) -> tuple[int, int]:
    """What is due; how many transactions and calls that took. Dies at that step."""
    async with line.connected(0) as platform:
        of_call, of_commit = (step if step is not None and step.what == what else None for what in _WHAT)
        watched = Watched(platform, of_call.at if of_call else 0, of_call.when if of_call else "before")
        own = Interrupted(database, of_commit.at if of_commit else 0, of_commit.when if of_commit else "before", die)
        handler = Deliver(own, {platform.name: watched}, SystemClock()).handle
        await Worker(database, Stage.DELIVER, handler, holder=holder, lost=None).drain()
    return own.begun, watched.calls


_WHAT: tuple[What, What] = ("call", "transaction")


def send_and_die(url: str, line: Line, step: Step) -> None:
    """In a process of its own."""

    async def run() -> None:
        async with open_database(url) as database:
            await send_all(database, line, step=step, holder="dead")

    quiet()
    asyncio.run(run())


async def killed_at(url: str, line: Line, step: Step) -> None:
    """Another process sends, and dies there."""
    process = FORKSERVER.Process(target=send_and_die, args=(url, line, step))
    process.start()
    await asyncio.to_thread(process.join, 60)
    assert process.exitcode == -signal.SIGKILL, step


def send_for_ever(url: str, line: Line, holder: str, seed: int) -> None:
    """In a process of its own, until it is killed. A store that refuses is asked again, or opened again where it cannot
    be opened, as whoever supervises a process would."""

    async def run() -> None:
        async with open_database(url) as database, line.connected(seed) as platform:
            handler = Deliver(database, {platform.name: platform}, SystemClock()).handle
            worker = Worker(database, Stage.DELIVER, handler, holder=holder, concurrency=8, lost=None)
            while True:
                with suppress(StoreError):
                    await worker.drain()
                await asyncio.sleep(0.05)

    quiet()
    while True:
        with suppress(StoreError):
            asyncio.run(run())


def started(url: str, line: Line, holder: str, seed: int) -> BaseProcess:
    process = FORKSERVER.Process(target=send_for_ever, args=(url, line, holder, seed))
    process.start()
    return process


# --- what there is to send ----------------------------------------------------------------------------------


async def queue(
    database: SqlDatabase, far_side: FarSide, *, channels: int = 1, each: int = 1, parts: int = 1
) -> dict[DeliveryId, str]:
    """So many for each of so many places; what each says. Of the parts, every third delivery has so many."""
    queued: dict[DeliveryId, str] = {}
    async with database.begin() as tx:
        await tx.communities.ensure(new_community())
        places = [
            (await tx.schedules.destination(GUILD, far_side.platform, far_side.channel(number))).id
            for number in range(channels)
        ]
        for number in range(each):
            for place in places:
                said = f"No. {number}"
                document = far_side.document(said, parts if number % 3 == 0 else 1)
                queued[await tx.deliveries.queue(GUILD, place, document, digest=None)] = said
    return queued


async def time_passes(database: SqlDatabase, far_side: HasAClock, span: timedelta) -> None:
    """On both sides: at the platform first, so that whatever it had under way is done before anybody looks for it."""
    await far_side.passes(span)
    await time_passes_here(database, span)


async def time_passes_here(database: SqlDatabase, span: timedelta) -> None:
    """For all that waits, as if that time had passed by the database's clock; leases of the living do not run out."""
    moved = {"span": int(span.total_seconds() * 1_000_000)}
    async with database.begin() as tx:
        for statement in _PASSING:
            await tx.sql.execute(text(statement), moved)


_PASSING = (
    "UPDATE deliveries SET not_before = not_before - :span WHERE not_before IS NOT NULL",
    "UPDATE delivery_parts SET since = since - :span WHERE message IS NULL",
    "UPDATE tasks SET due = due - :span, claimable_at = claimable_at - :span"
    " WHERE stage = 'deliver' AND holder IS NULL",
)
