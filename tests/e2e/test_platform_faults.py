"""A platform that is down, slow, forgetful or told of twice, and clocks that jump: what waits is posted, once.

Over the far side's loopback (`tests.far_side`) and both databases; hours pass as `time_passes` has it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.clock import SystemClock
from adapters.storage import SqlDatabase, open_database
from bot.app.deliver import Deliver
from bot.app.loops import Loops
from bot.app.ports import Delivery, Stage
from bot.app.work import Worker
from bot.cli.house import SENDS
from bot.core.delivery import PLAINLY, DeliveryId, DeliveryState, Destination, Manner, SendOutcome
from bot.core.message.document import Document
from bot.core.outbox import PartId
from tests.app.loopback import LIMITS, LoopbackSide
from tests.app.newsroom import Newsroom
from tests.factories import GUILD, add_schedule, new_community, new_document
from tests.fakes import FakeClock, FakePlatform
from tests.far_side import CALM, Faults, Knows
from tests.senders import queue, quiet, send_all, time_passes

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def no_log() -> None:
    quiet()


async def rows(database: SqlDatabase, queued: Sequence[DeliveryId]) -> list[Delivery]:
    async with database.read() as tx:
        found = [await tx.outbox.get(delivery) for delivery in queued]
    return [row for row in found if row is not None]


# --- down ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("faults", "knows"),
    [(Faults(failed=1), Knows.NEITHER), (Faults(lost_before=1), Knows.READ), (Faults(deferred=1), Knows.NEITHER)],
    ids=["no connection", "time-outs", "429"],
)
async def test_an_hour_without_the_platform_costs_nobody_a_message(
    database: SqlDatabase, tmp_path: Path, faults: Faults, knows: Knows
) -> None:
    far_side = LoopbackSide(tmp_path, knows)
    queued = list(await queue(database, far_side, channels=3, each=3))
    far_side.misbehave(faults)
    passed = timedelta(0)
    while passed < HOUR:
        await send_all(database, far_side.line)
        await time_passes(database, far_side, timedelta(minutes=5))
        passed += timedelta(minutes=5)
    assert far_side.posted() == []
    far_side.misbehave(CALM)
    while passed < 3 * HOUR:
        await send_all(database, far_side.line)
        await time_passes(database, far_side, timedelta(minutes=15))
        passed += timedelta(minutes=15)
    assert {row.state for row in await rows(database, queued)} == {DeliveryState.SENT}
    for channel in range(3):
        said = [post.said for post in far_side.posted() if post.channel == far_side.channel(channel)]
        assert said == ["No. 0", "No. 1", "No. 2"]


# --- slow ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Slow(FakePlatform):
    """Takes its time in some places: until it is told to go on."""

    slow: frozenset[str] = frozenset()
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

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
        if destination.address in self.slow:
            await self.go_on.wait()
        return await FakePlatform.send(self, destination, document, part, manner, part_id=part_id, opening=opening)


async def queue_at(database: SqlDatabase, platform: str, places: Sequence[str], each: int) -> None:
    async with database.begin() as tx:
        await tx.communities.ensure(new_community())
        for address in places:
            place = await tx.schedules.destination(GUILD, platform, address)
            for _ in range(each):
                await tx.deliveries.queue(GUILD, place.id, new_document(), digest=None)


def sender(database: SqlDatabase, platform: FakePlatform) -> Worker:
    """As `open_house` makes them: one for each platform."""
    handler = Deliver(database, {platform.name: platform}, SystemClock()).handle
    return Worker(database, Stage.DELIVER, handler, holder="one", concurrency=SENDS, lost=None, platform=platform.name)


async def until_posted(platform: FakePlatform, count: int) -> None:
    async with asyncio.timeout(30):
        while len(platform.sent) < count:  # noqa: ASYNC110 (what happens is the program's own)
            await asyncio.sleep(0.01)


async def test_a_place_that_takes_its_time_delays_no_other(database: SqlDatabase) -> None:
    places = [f"place-{number}" for number in range(12)]
    platform = Slow(slow=frozenset({"place-0"}))
    await queue_at(database, "discord", places, 5)
    loops = Loops(database, [sender(database, platform)], holder="one", wakes=database)
    running = asyncio.create_task(loops.run())
    await until_posted(platform, 55)
    await queue_at(database, "discord", ["late"], 1)  # while the one in hand is still waited for
    await until_posted(platform, 56)
    assert "place-0" not in {address for address, _ in platform.sent}
    platform.go_on.set()
    await until_posted(platform, 61)
    loops.stop()
    await running


async def test_a_platform_that_takes_its_time_everywhere_delays_no_other_platform(database: SqlDatabase) -> None:
    places = [f"place-{number}" for number in range(SENDS + 20)]
    slow, quick = Slow(name="slack", slow=frozenset(places)), FakePlatform(name="discord")
    await queue_at(database, "slack", places, 2)
    await queue_at(database, "discord", places, 2)
    sending = asyncio.create_task(sender(database, slow).drain())
    await sender(database, quick).drain()
    assert (len(slow.sent), len(quick.sent)) == (0, 2 * len(places))
    slow.go_on.set()
    await sending
    assert Counter(slow.sent) == Counter(quick.sent)


# --- forgetful ----------------------------------------------------------------------------------------------


async def test_an_id_that_the_platform_may_have_forgotten_is_not_sent_again(
    database: SqlDatabase, tmp_path: Path
) -> None:
    far_side = LoopbackSide(tmp_path, Knows.KEY)
    queued = list(await queue(database, far_side))
    far_side.misbehave(Faults(lost_after=1))
    await send_all(database, far_side.line)
    far_side.misbehave(CALM)
    await time_passes(database, far_side, timedelta(minutes=10))
    await send_all(database, far_side.line)
    assert [row.state for row in await rows(database, queued)] == [DeliveryState.UNCERTAIN]
    assert len(far_side.posted()) == 1


async def test_while_nothing_may_be_read_back_what_is_in_doubt_waits_and_loses_no_try(
    database: SqlDatabase, tmp_path: Path
) -> None:
    """One look a minute: the platform's limit for all of a place."""
    far_side = LoopbackSide(tmp_path, Knows.READ, limits=LIMITS)
    platform = far_side.line.platform()
    queued = list(await queue(database, far_side))
    place = (await rows(database, queued))[0].destination
    far_side.misbehave(Faults(lost_after=1))
    await send_all(database, far_side.line)
    far_side.misbehave(CALM)
    for _ in range(3):
        await time_passes(database, far_side, timedelta(minutes=1))
        assert await platform.find(place, PartId("another"), SystemClock().now()) is None, "somebody else looks"
        await send_all(database, far_side.line)
        (waiting,) = await rows(database, queued)
        assert (waiting.state, waiting.attempts, waiting.reason) == (DeliveryState.QUEUED, 1, "rate limited")
    await time_passes(database, far_side, timedelta(minutes=1))
    await send_all(database, far_side.line)
    assert [row.state for row in await rows(database, queued)] == [DeliveryState.SENT]
    assert len(far_side.posted()) == 1


# --- told twice ---------------------------------------------------------------------------------------------


async def test_what_a_platform_says_twice_is_heard_once_whichever_process_hears_it(url: str) -> None:
    """An interaction or event that is delivered twice has one key. Whether it was heard is asked of the database before
    the command desk sees it: the desk itself does what it is asked as often as it is asked."""
    async with open_database(url) as one, open_database(url) as other:

        async def hear(database: SqlDatabase, keys: Sequence[str]) -> set[str]:
            async with database.begin() as tx:
                return set(await tx.heard.first("discord", keys))

        told = [[f"event-{number}" for number in range(start, start + 10)] for start in range(0, 50, 5)]
        heard = await asyncio.gather(
            *(hear(database, keys) for keys in told for database in (one, other)),
            *(hear(one, list(reversed(keys))) for keys in told),
        )
    assert set(Counter(key for keys in heard for key in keys).values()) == {1}
    assert {key for keys in heard for key in keys} == {f"event-{number}" for number in range(55)}


# --- clocks that jump ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [-HOUR, HOUR], ids=["back", "ahead"])
async def test_a_clock_that_jumps_makes_no_slot_twice_and_does_not_spin(database: SqlDatabase, jump: timedelta) -> None:
    """A schedule every half hour, of a process whose clock is an hour off for a while."""
    newsroom = Newsroom(database)
    async with database.begin() as tx:
        schedule = await add_schedule(tx, cron="*/30 * * * *", zone="UTC")
        await tx.tasks.put(Stage.COMPOSE, [schedule.id], GUILD)
        newsroom.clock.time = await tx.now()
    slots = []
    for off in (timedelta(0), jump, timedelta(0), jump, timedelta(0)):
        newsroom.clock.advance(off)
        await newsroom.work(Stage.COMPOSE)
        async with database.begin() as tx:
            assert await tx.tasks.waiting(Stage.COMPOSE) == 0, "it would be due at once, again and again"
            assert await tx.tasks.waiting(Stage.COMPOSE, until=await tx.now() + 2 * HOUR) == 1, "it comes again soon"
            found = await tx.sql.connection.exec_driver_sql("SELECT slot FROM digests ORDER BY id")
            slots = [row.slot for row in found]
            await tx.tasks.put(Stage.COMPOSE, [schedule.id], GUILD)  # its next slot is there
        newsroom.clock.advance(-off)
    assert len(slots) == len(set(slots)) >= 1


async def test_leases_go_by_the_databases_clock_whatever_the_time_here(database: SqlDatabase, tmp_path: Path) -> None:
    """A process whose clock is ahead takes nothing from those that work."""
    far_side = LoopbackSide(tmp_path, Knows.READ)
    await queue(database, far_side)
    async with database.begin() as tx:
        (lane,) = await tx.tasks.claim(Stage.DELIVER, "at work", 1, timedelta(minutes=5))
        clock = FakeClock(await tx.now() + HOUR)
    platform = far_side.line.platform()
    handler = Deliver(database, {platform.name: platform}, clock).handle
    assert await Worker(database, Stage.DELIVER, handler, holder="ahead", lost=None).drain() == 0
    assert far_side.posted() == []
    async with database.begin() as tx:
        await tx.tasks.done(lane, again=await tx.now())
    assert await Worker(database, Stage.DELIVER, handler, holder="ahead", lost=None).drain() == 1
    assert len(far_side.posted()) == 1
