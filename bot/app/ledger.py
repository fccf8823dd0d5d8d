"""The outbox's book: what is written of lanes before a platform is called and after it answered.

Many lanes are worked on at the same time, and what there is to write of them then goes into one transaction
(`Together`): the answer to one part and the opening of the next, what became of a delivery and which is taken next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

import structlog

from bot.app.delivery_news import make_known
from bot.app.ports import Clock, Database, Delivery, Lane, Task, Transaction
from bot.app.tallies import SETTLED, Tallies
from bot.app.together import Together
from bot.core.delivery import FINISHED, DeliveryId, DeliveryState
from bot.core.errors import LeaseLost, StoreError, StoreFull
from bot.core.outbox import Closing, Head, Rest, Shown, Take, whose_turn, worn_out
from bot.core.posting_stop import Stop

TOGETHER = 256
"""Lanes written of in one transaction, at most: each costs a dozen statements, however many it is about."""
PAUSES = (0.2, 1.0, 5.0, 15.0)
"""Seconds between tries to write down what a platform answered, where the store refuses: lost, it would have to be
found out again, and not every platform says."""

log = structlog.get_logger(__name__)


class Then(Enum):
    STAY = "the same delivery goes on"
    NEXT = "the lane's next delivery is taken, or it rests"
    LEAVE = "the lane is given back, due at once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What there is to write of one lane: of the delivery that was taken, parts that were posted or refused, one that
    is about to be sent (its number and its document's revision), and what became of it in the end."""

    lane: Task
    delivery: Delivery | None = None
    posted: Sequence[tuple[int, Shown]] = ()
    opens: tuple[int, int] | None = None
    closing: Closing | None = None
    then: Then = Then.NEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The lane's next delivery, its attempt counted, taken at that time by the database's clock. `opened` is the part
    that was opened with it, where it is fresh. `abandoned`: whoever took it before never said what became of it."""

    delivery: Delivery
    at: datetime
    opened: int | None
    abandoned: bool


class Lost(Enum):
    LOST = "another process has the lane"


Answer = Taken | Lost | None


class Ledger:
    def __init__(self, database: Database, clock: Clock, tallies: Tallies) -> None:
        self._database = database
        self._clock = clock
        self._tallies = tallies
        self._together = Together(self._write, TOGETHER)

    async def note(self, note: Note) -> Taken | None:
        """Commit it; what is taken next, where that was asked for. Raises LeaseLost where another process has the lane
        by now."""
        for pause in PAUSES:
            try:
                return await self._note(note)
            except StoreFull:
                raise
            except StoreError as error:
                if note.delivery is None or not note.posted:
                    raise
                log.warning("could not write down what was posted", delivery=note.delivery.id, error=str(error))
                await asyncio.sleep(pause)
        return await self._note(note)

    async def _note(self, note: Note) -> Taken | None:
        answer = await self._together.do(note)
        if answer is Lost.LOST:
            raise LeaseLost(f"another holder has the lane of destination {note.lane.key}")
        if note.delivery is not None and note.closing is not None:
            log.info("delivery settled", delivery=note.delivery.id, state=note.closing.state.value)
            if note.closing.state in FINISHED:
                self._tallies.add(SETTLED, note.closing.state.value)
        return answer

    async def _write(self, notes: Sequence[Note]) -> Sequence[Answer]:
        async with self._database.begin() as tx:
            held = set(await tx.outbox.held([note.lane for note in notes]))
            ours = [note for note in notes if note.lane in held]
            of = [(note.delivery.id, note) for note in ours if note.delivery is not None]
            await tx.outbox.note([(delivery, part, shown) for delivery, note in of for part, shown in note.posted])
            await tx.outbox.open([(delivery, *note.opens) for delivery, note in of if note.opens is not None])
            await tx.outbox.count_anew([delivery for delivery, note in of if note.posted and note.opens is not None])
            await tx.outbox.close({delivery: note.closing for delivery, note in of if note.closing is not None})
            for note in ours:
                if note.delivery is not None and note.closing is not None:
                    await make_known(tx, note.delivery, note.closing)
            taken = await self._take(tx, [note.lane for note in ours if note.then is Then.NEXT])
            if left := [note.lane for note in ours if note.then is Then.LEAVE]:
                now = await tx.now()
                await tx.tasks.done_many([(lane, now) for lane in left])
        return [taken.get(note.lane) if note.lane in held else Lost.LOST for note in notes]

    async def _take(self, tx: Transaction, lanes: Sequence[Task]) -> Mapping[Task, Taken]:
        """The next delivery of each lane; a lane that has none for now rests."""
        if not lanes:
            return {}
        now, wall_clock = await tx.now(), self._clock.now()
        known = await tx.outbox.lanes([lane.key for lane in lanes])
        stops = await tx.posting.in_force()
        wanted: dict[Task, Delivery] = {}
        resting: list[tuple[Task, datetime | None]] = []
        worn: dict[DeliveryId, Closing] = {}
        for lane in lanes:
            turn = _turn(known.get(lane.key), now, wall_clock, stops)
            if isinstance(turn, Rest):
                resting.append((lane, turn.until))
                continue
            delivery = next(head for head in known[lane.key].heads if head.id == turn.delivery)
            closing = worn_out(delivery.attempts, delivery.open, delivery.reason)
            if closing is None:
                wanted[lane] = delivery
            else:
                worn[delivery.id] = closing
                resting.append((lane, now))
        taken = await tx.outbox.take([delivery.id for delivery in wanted.values()])
        for lane, delivery in wanted.items():  # replaced since it was read: nobody has to see what it said before
            if taken.get(delivery.id, delivery.revision) != delivery.revision:
                wanted[lane] = await tx.outbox.get(delivery.id) or delivery
        answers = {lane: _taken(delivery, now) for lane, delivery in wanted.items() if delivery.id in taken}
        resting += [(lane, now) for lane in wanted if lane not in answers]
        fresh = [each for each in answers.values() if each.opened is not None]
        await tx.outbox.open([(each.delivery.id, each.opened or 0, each.delivery.revision) for each in fresh])
        await tx.outbox.close(worn)
        for lane in lanes:
            for head in known[lane.key].heads if lane.key in known else ():
                if head.id in worn:
                    await make_known(tx, head, worn[head.id])
        await tx.tasks.done_many(resting)
        return answers


def _turn(lane: Lane | None, now: datetime, wall_clock: datetime, stops: Sequence[Stop]) -> Take | Rest:
    if lane is None:
        return Rest(None)
    place = lane.destination
    stopped = next((str(stop) for stop in stops if stop.scope.covers(place.platform, place.community)), None)
    if lane.left:
        stopped = "the community removed Slugline"
    heads = [
        Head(delivery=delivery.id, priority=delivery.priority, not_before=delivery.not_before)
        for delivery in lane.heads
    ]
    return whose_turn(
        heads, now=now, paused=place.paused, community=lane.settings, wall_clock=wall_clock, stopped=stopped
    )


def _taken(delivery: Delivery, now: datetime) -> Taken:
    fresh = not delivery.shown and delivery.open is None
    return Taken(
        delivery=replace(delivery, attempts=delivery.attempts + 1),
        at=now,
        opened=0 if fresh else None,
        abandoned=delivery.state is DeliveryState.SENDING,
    )
