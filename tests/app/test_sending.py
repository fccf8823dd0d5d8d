"""One delivery against a platform that does its worst, whatever the order of the faults and of the deaths in between.

What is written down is kept in memory here, as the ledger would; `test_delivering.py` has it in databases.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app.ledger import Note, Taken
from bot.app.ports import Delivery, Stage, Task
from bot.app.sending import Sending
from bot.app.tallies import Tallies
from bot.core.community import CommunityId
from bot.core.delivery import (
    FINISHED,
    PLAINLY,
    CannotTell,
    Deferred,
    DeliveryId,
    DeliveryState,
    Destination,
    DestinationId,
    Failed,
    Manner,
    Posted,
    Refused,
    SendOutcome,
    Unsure,
    WhenUncertain,
)
from bot.core.message.document import Document
from bot.core.outbox import ATTEMPTS, Abilities, OpenPart, PartId, Priority, Shown, worn_out
from tests.factories import GUILD, NOON, new_document
from tests.fakes import FakeClock

LANE = Task(stage=Stage.DELIVER, key=1, owner=GUILD, attempt=1, holder="one", due=NOON)
PLACE = Destination(id=DestinationId(1), community=GUILD, platform="discord", address="channel-1")
KEY = Abilities(remembers=timedelta(days=1))
READ = Abilities(reads_back=True)
NEITHER = Abilities()
PIECES = 3
HAPPENS = ("taken", "failed", "deferred", "lost before", "lost after", "died before", "died after", "died writing")


class Died(BaseException):
    """The process ended: nothing after this happens."""


@dataclass
class Server:
    """What happens to each call is taken from `script`; what was posted stays, whoever dies. What it `refuses` is never
    taken for what it says."""

    can: Abilities
    script: list[str]
    messages: list[tuple[int, PartId]] = field(default_factory=list)
    name: str = "discord"
    refuses: frozenset[int] = frozenset()

    def abilities(self, manner: Manner) -> Abilities:
        return self.can

    def parts(self, document: Document) -> int:
        return PIECES

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
        before = any(other < part for other, _ in self.messages)
        assert (opening is not None) == before, "what follows the first message knows it"
        happens = self.script.pop(0) if self.script else "taken"
        if happens == "failed":
            return Failed(reason="no connection")
        if happens == "deferred":
            return Deferred(until=NOON, reason="rate limited")
        if happens == "lost before":
            return Unsure(reason="time-out")
        if happens == "died before":
            raise Died
        message = "" if part in self.refuses else self._post(part, part_id)
        if happens == "lost after":
            return Unsure(reason="time-out")
        if happens == "died after":
            raise Died
        return Posted(message=message) if message else Refused(reason=f"no {part}", content=True)

    def _post(self, part: int, part_id: PartId) -> str:
        known = [number for number, (_, id_) in enumerate(self.messages) if id_ == part_id]
        if not (known and self.can.remembers):
            self.messages.append((part, part_id))
            known = [len(self.messages) - 1]
        return str(known[0])

    async def find(
        self, destination: Destination, part_id: PartId, since: datetime, *, opening: str | None = None
    ) -> Posted | CannotTell | None:
        assert self.can.reads_back
        return next(
            (Posted(message=str(number)) for number, (_, id_) in enumerate(self.messages) if id_ == part_id), None
        )

    async def edit(self, destination: Destination, message: str, document: Document, part: int) -> SendOutcome:
        raise AssertionError("nothing was replaced")


@dataclass
class Book:
    """One delivery's rows."""

    delivery: Delivery
    script: list[str]
    now: datetime = NOON

    def take(self) -> Taken | None:
        self.now += timedelta(minutes=1)
        worn = worn_out(self.delivery.attempts, self.delivery.open, self.delivery.reason)
        if worn is not None:
            self.delivery = replace(self.delivery, state=worn.state)
            return None
        fresh = not self.delivery.shown and self.delivery.open is None
        abandoned = self.delivery.state is DeliveryState.SENDING
        self.delivery = replace(self.delivery, attempts=self.delivery.attempts + 1, state=DeliveryState.SENDING)
        taken = Taken(delivery=self.delivery, at=self.now, opened=0 if fresh else None, abandoned=abandoned)
        if fresh:
            self._open(0)
        return taken

    async def write(self, note: Note) -> None:
        if self.script and self.script[0] == "died writing":
            self.script.pop(0)
            raise Died
        shown = {**self.delivery.shown, **dict(note.posted)}
        open_part = self.delivery.open
        if open_part is not None and open_part.part in shown:
            open_part = None
        self.delivery = replace(self.delivery, shown=shown, open=open_part)
        if note.opens is not None:
            self._open(note.opens[0])
            if note.posted:
                self.delivery = replace(self.delivery, attempts=1)
        if note.closing is not None:
            closing = note.closing
            self.delivery = replace(
                self.delivery,
                state=closing.state,
                attempts=self.delivery.attempts - (not closing.counts),
                open=self.delivery.open if closing.open or closing.state is DeliveryState.SENT else None,
            )

    def _open(self, part: int) -> None:
        if self.delivery.open is None:
            self.delivery = replace(self.delivery, open=OpenPart(part=part, revision=1, since=self.now))


async def never(_platform: str, _community: CommunityId) -> None:
    """Nobody stopped posting."""


async def deliver(
    can: Abilities, script: list[str], policy: WhenUncertain, refuses: frozenset[int] = frozenset()
) -> tuple[Book, Server]:
    """Until it is settled, by one process after the other."""
    queued = Delivery(
        id=DeliveryId(7),
        community=GUILD,
        destination=replace(PLACE, uncertain=policy),
        document=new_document(),
        manner=PLAINLY,
        state=DeliveryState.QUEUED,
        priority=Priority.DIGEST,
        queued_at=NOON,
    )
    book, server = Book(queued, script), Server(can, script, refuses=refuses)
    while book.delivery.state not in FINISHED:
        try:
            taken = book.take()
            if taken is not None:
                patience = timedelta(seconds=5)
                sending = Sending(LANE, taken, server, book.write, patience, FakeClock(), Tallies(), never)
                await book.write(await sending.run())
        except Died:
            pass
    return book, server


PARTS = st.integers(0, PIECES - 1)
SCRIPTS = st.lists(st.sampled_from(HAPPENS), max_size=9)


@settings(max_examples=300)
@given(SCRIPTS, st.sampled_from([KEY, READ, Abilities(remembers=timedelta(days=1), reads_back=True)]))
def test_where_it_can_be_known_nothing_is_lost_and_nothing_posted_twice(script: list[str], can: Abilities) -> None:
    book, server = asyncio.run(deliver(can, list(script), WhenUncertain.LEAVE))
    assert book.delivery.state is DeliveryState.SENT
    assert [part for part, _ in server.messages] == list(range(PIECES))
    assert book.delivery.shown == {part: Shown(message=str(part), revision=1) for part in range(PIECES)}
    assert book.delivery.open is None


@settings(max_examples=300)
@given(SCRIPTS)
def test_where_nobody_can_know_it_is_marked_uncertain_and_never_posted_twice(script: list[str]) -> None:
    book, server = asyncio.run(deliver(NEITHER, list(script), WhenUncertain.LEAVE))
    parts = [part for part, _ in server.messages]
    assert parts == list(range(len(parts))), "in order, none twice"
    if book.delivery.state is DeliveryState.SENT:
        assert len(parts) == PIECES
    else:
        assert book.delivery.state is DeliveryState.UNCERTAIN
        assert book.delivery.open is not None
        assert len(parts) in (len(book.delivery.shown), len(book.delivery.shown) + 1)


@settings(max_examples=300)
@given(SCRIPTS)
def test_who_would_rather_read_twice_misses_nothing(script: list[str]) -> None:
    book, server = asyncio.run(deliver(NEITHER, list(script), WhenUncertain.REPEAT))
    assert book.delivery.state is DeliveryState.SENT
    parts = [part for part, _ in server.messages]
    assert sorted(set(parts)) == list(range(PIECES))
    assert parts == sorted(parts)


@settings(max_examples=300)
@given(SCRIPTS, st.sampled_from([READ, Abilities(remembers=timedelta(days=1), reads_back=True)]), st.frozensets(PARTS))
def test_what_is_refused_for_what_it_says_is_kept_with_the_reason_and_the_rest_go(
    script: list[str], can: Abilities, refuses: frozenset[int]
) -> None:
    book, server = asyncio.run(deliver(can, list(script), WhenUncertain.LEAVE, refuses))
    assert [part for part, _ in server.messages] == [part for part in range(PIECES) if part not in refuses]
    assert book.delivery.refused_parts == {part: f"no {part}" for part in refuses}
    assert book.delivery.open is None
    assert book.delivery.state is (DeliveryState.REJECTED if len(refuses) == PIECES else DeliveryState.SENT)


async def test_where_nobody_can_look_a_part_in_doubt_is_not_called_refused() -> None:
    book, _ = await deliver(KEY, ["taken", "died after"], WhenUncertain.LEAVE, frozenset({1}))
    assert book.delivery.state is DeliveryState.UNCERTAIN
    assert book.delivery.open is not None


@pytest.mark.parametrize("can", [KEY, READ, NEITHER])
async def test_a_delivery_that_ends_every_process_is_set_aside(can: Abilities) -> None:
    book, server = await deliver(can, ["died before"] * 99, WhenUncertain.REPEAT)
    assert (book.delivery.state, server.messages) == (DeliveryState.UNCERTAIN, [])


@pytest.mark.parametrize("first", ["taken", "lost after"])
async def test_a_part_that_always_fails_is_given_up_whatever_was_posted_before_it(first: str) -> None:
    book, server = await deliver(READ, [first, *["failed"] * 99], WhenUncertain.LEAVE)
    assert book.delivery.state is DeliveryState.REJECTED
    assert [part for part, _ in server.messages] == [0]
    assert len(book.script) == 99 - ATTEMPTS, "each part has as many tries"
