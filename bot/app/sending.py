"""One delivery on one platform: each step that `bot.core.outbox` names, done, until it is sent or cannot be for now."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from bot.app.ledger import Note, Taken, Then
from bot.app.ports import Clock, Platform, Task
from bot.app.tallies import EDITS, SENDS, Counted, Tallies
from bot.core import strings
from bot.core.community import CommunityId
from bot.core.delivery import CannotTell, Deferred, DeliveryState, Failed, Manner, Posted, Refused, SendOutcome, Unsure
from bot.core.message.document import Document, Prose, Text
from bot.core.outbox import (
    Change,
    Closing,
    Empty,
    FindOut,
    Finished,
    OpenPart,
    Send,
    Shown,
    Uncertain,
    about_open,
    after,
    beside_the_point,
    finished,
    in_doubt,
    left_uncertain,
    next_step,
    opening_of,
    part_id,
    put_off,
    when_nobody_knows,
)
from bot.core.posting_stop import Stop

SETTLES = timedelta(seconds=30)
"""How long what nothing was heard of may be under way: what was sent or edited by somebody who vanished, or never
answered. A message that is looked for sooner is not there yet, and would be sent again; an edit that is made sooner may
be followed by the one before it, and the message would show for good what it said before."""

T = TypeVar("T")
log = structlog.get_logger(__name__)


class Sending:
    """`write` commits what happened so far. `patience` is how long the platform may take over each answer; `clock` is
    the one that it tells times by, which need not agree with the database's. What it answers is counted in
    `tallies`. Right before anything leaves `gate` is asked, and `ending`: whether this process is about to end, and
    begins nothing any more."""

    def __init__(
        self,
        lane: Task,
        taken: Taken,
        platform: Platform,
        write: Callable[[Note], Awaitable[object]],
        patience: timedelta,
        clock: Clock,
        tallies: Tallies,
        gate: Callable[[str, CommunityId], Awaitable[Stop | None]],
        ending: Callable[[], bool] = lambda: False,
    ) -> None:
        self._lane = lane
        self._delivery = taken.delivery
        self._taken = taken
        self._began = asyncio.get_running_loop().time()
        self._clock = clock
        self._platform = platform
        self._write = write
        self._patience = patience
        self._tallies = tallies
        self._gate = gate
        self._ending = ending
        self._can = platform.abilities(taken.delivery.manner)
        self._shown = dict(taken.delivery.shown)
        self._doubt = taken.delivery.open
        self._opened = taken.opened
        self._attempts = taken.delivery.attempts
        self._unwritten: list[tuple[int, Shown]] = []
        self._wanted = 1
        self._further = False
        self._remark: str | None = None

    async def run(self) -> Note:
        """As far as it gets; what is still to be written of it."""
        delivery = self._delivery
        if (closing := beside_the_point(delivery.follows is not None, delivery.leading)) is not None:
            return self._closed(closing if self._doubt is None else in_doubt(closing))
        try:
            self._wanted = max(1, self._platform.parts(delivery.document))
        except Exception as error:
            log.exception("a platform cannot draw a document", delivery=delivery.id)
            return self._closed(self._after(Failed(reason=f"{type(error).__name__}: {error}"[:500])))
        while True:
            step = next_step(wanted=self._wanted, revision=delivery.revision, shown=self._shown, open_part=self._doubt)
            if isinstance(step, Finished):
                return self._closed(finished(self._shown, further=self._further, remark=self._remark))
            closing = await self._do(step)
            if closing is not None:
                return self._closed(closing)

    async def _do(self, step: Send | Change | Empty | FindOut) -> Closing | None:
        match step:
            case Send(part=part) if self._delivery.restored:
                return await self._find_out_afresh(part)
            case Send(part=part):
                return await self._post(part, self._delivery.revision)
            case FindOut(open=open_part):
                return await self._find_out(self._as_known(open_part))
            case Change(part=part, message=message):
                return await self._edit(part, message, self._delivery.document, part)
            case Empty(part=part, message=message):
                return await self._edit(part, message, _not_needed(), 0)

    @property
    def _opening(self) -> str | None:
        """The message that this part follows: the first that was posted of it, where the whole follows no other."""
        opening = self._delivery.leading or opening_of(self._shown)
        return None if opening is None else opening.message

    @property
    def _manner(self) -> Manner:
        """Whom it mentions, the first message that is posted of it mentions, whichever part that is: one that is tried
        again beside others that are there calls nobody a second time."""
        manner = self._delivery.manner
        return manner if opening_of(self._shown) is None else replace(manner, mention=None)

    async def _post(self, part: int, revision: int) -> Closing | None:
        """Send a part, opened before; `revision` is what it may show, where it was posted by an earlier try."""
        delivery = self._delivery
        await self._open(part, revision)
        if (closing := await self._stopped()) is not None:
            return closing
        needed = part < self._wanted
        outcome = await self._ask(
            self._platform.send(
                delivery.destination,
                delivery.document if needed else _not_needed(),
                part if needed else 0,
                self._manner,
                part_id=part_id(delivery.id, part),
                opening=self._opening,
            )
        )
        self._count(SENDS, outcome)
        if isinstance(outcome, Posted):
            self._doubt = None
            self._remark = outcome.remark or self._remark
            self._note(part, outcome.message, revision)
            return None
        if isinstance(outcome, Refused) and outcome.content:
            return await self._refused(part, revision, outcome)
        closing = self._after(outcome)
        return closing if self._doubt is None else in_doubt(closing)

    async def _refused(self, part: int, revision: int, outcome: Refused) -> Closing | None:
        """For what it says: the others go without it. It is surely not there, save where an earlier try may have posted
        it; then it is looked for, where that is possible."""
        if self._doubt is not None:
            found = await self._look(self._doubt) if self._can.reads_back else CannotTell(reason=outcome.reason)
            match found:
                case Closing():
                    return found
                case CannotTell():
                    return in_doubt(self._after(outcome))
                case Posted(message=message):
                    self._note(part, message, self._doubt.revision)
                    self._doubt = None
                    return None
            self._doubt = None
        self._note(part, "", revision, refused=outcome.reason)
        return None

    async def _open(self, part: int, revision: int) -> None:
        """Write down that it is about to be sent, where that is not written."""
        if self._opened == part or self._doubt is not None:
            return
        await self._write(
            Note(
                lane=self._lane,
                delivery=self._delivery,
                posted=tuple(self._unwritten),
                opens=(part, revision),
                then=Then.STAY,
            )
        )
        self._opened = part
        if self._unwritten:
            self._attempts = 1
            self._unwritten.clear()

    async def _find_out_afresh(self, part: int) -> Closing | None:
        """Of a part that was not sent when the backup was taken from which this database was restored."""
        revision = self._delivery.revision
        await self._open(part, revision)
        return await self._find_out(self._as_known(OpenPart(part=part, revision=revision, since=self._now())))

    def _as_known(self, open_part: OpenPart) -> OpenPart:
        """A restored database does not know when it was sent; surely not before it was queued."""
        return replace(open_part, since=self._delivery.queued_at) if self._delivery.restored else open_part

    async def _find_out(self, open_part: OpenPart) -> Closing | None:
        how = about_open(open_part.since, self._now(), self._can, self._delivery.destination.uncertain)
        reason = self._delivery.reason or strings.notices.STOPPED
        if how is Uncertain.LOOK:
            found = await self._look(open_part)
            match found:
                case Closing():
                    return found
                case Posted(message=message):
                    self._doubt = None
                    self._note(open_part.part, message, open_part.revision)
                    return None
                case None if open_part.part >= self._wanted:  # the document was replaced by a shorter one
                    return put_off(self._now(), reason)
                case None:
                    self._doubt = None
                    self._opened = open_part.part
                    return await self._post(open_part.part, open_part.revision)
                case CannotTell(reason=reason):
                    how = when_nobody_knows(self._can, self._delivery.destination.uncertain)
        if how is Uncertain.SEND_AGAIN:
            return await self._post(open_part.part, open_part.revision)
        return left_uncertain(reason)

    async def _look(self, open_part: OpenPart) -> Posted | CannotTell | Closing | None:
        """For its message: None where there surely is none, a closing where that can be known later only."""
        if self._taken.abandoned:
            return in_doubt(put_off(self._now() + SETTLES, strings.notices.STOPPED))
        found = await self._ask(
            self._platform.find(
                self._delivery.destination,
                part_id(self._delivery.id, open_part.part),
                open_part.since,
                opening=self._opening,
            )
        )
        match found:
            case CannotTell(reason=reason, until=until) if until is not None:
                return in_doubt(put_off(self._by_the_database(until), reason))
            case Unsure():
                return in_doubt(self._after(found))
            case _:
                return found

    async def _edit(self, part: int, message: str, document: Document, of: int) -> Closing | None:
        """Whatever cannot be changed any more stays as it is: that is said of the delivery, and holds up nothing."""
        if not self._can.edits:
            self._remark = strings.notices.not_replaced(self._platform.name)
            self._note(part, message, self._delivery.revision)
            return None
        if self._taken.abandoned:
            return put_off(self._now() + SETTLES, strings.notices.STOPPED)
        if (closing := await self._stopped()) is not None:
            return closing
        outcome = await self._ask(self._platform.edit(self._delivery.destination, message, document, of))
        self._count(EDITS, outcome)
        match outcome:
            case Posted(message=edited, remark=remark):
                self._remark = remark or self._remark
                self._note(part, edited, self._delivery.revision)
                return None
            case Refused(reason=reason, gone=False, deleted=deleted):
                self._remark = strings.notices.not_edited(reason)
                self._note(part, message, self._delivery.revision, deleted=deleted)
                return None
            case Unsure(reason=reason):  # an edit may be made twice
                return self._settled(self._after(Failed(reason=reason)))
            case _:
                return self._after(outcome)

    async def _stopped(self) -> Closing | None:
        """Where an operator stopped posting since this delivery was taken, or this process is to end: it goes back, and
        an opened part that was not sent is closed again."""
        if not self._ending() and await self._gate(self._platform.name, self._delivery.community) is None:
            return None
        closing = put_off(self._taken.at, self._delivery.reason)
        return closing if self._doubt is None else in_doubt(closing)

    async def _ask(self, asking: Awaitable[T]) -> T | Unsure:
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                return await asking
        except TimeoutError:
            return Unsure(reason=strings.notices.no_answer_within(self._patience.total_seconds()))
        except Exception as error:
            log.exception("a platform failed", platform=self._platform.name, delivery=self._delivery.id)
            return Unsure(reason=f"{type(error).__name__}: {error}"[:500])

    def _count(self, what: Counted, outcome: SendOutcome) -> None:
        self._tallies.add(what, self._platform.name, type(outcome).__name__.lower())
        if isinstance(outcome, Deferred):
            self._tallies.waited(self._platform.name, "answer", outcome.until - self._clock.now())

    def _note(
        self, part: int, message: str, revision: int, *, deleted: bool = False, refused: str | None = None
    ) -> None:
        shown = Shown(message=message, revision=revision, deleted=deleted, refused=refused)
        self._further = self._further or part not in self._shown
        self._shown[part] = shown
        self._unwritten.append((part, shown))

    def _now(self) -> datetime:
        """By the database's clock."""
        return self._taken.at + timedelta(seconds=asyncio.get_running_loop().time() - self._began)

    def _by_the_database(self, until: datetime) -> datetime:
        """What the platform's side calls `until`: as far from now, by the clock that lanes rest by."""
        return self._now() + max(until - self._clock.now(), timedelta(0))

    def _after(self, outcome: Refused | Deferred | Failed | Unsure) -> Closing:
        if isinstance(outcome, Deferred):
            outcome = replace(outcome, until=self._by_the_database(outcome.until))
        closing = after(
            outcome,
            attempts=self._attempts,
            now=self._now(),
            jitter=random.random(),
            can=self._can,
            policy=self._delivery.destination.uncertain,
        )
        return self._settled(closing) if isinstance(outcome, Unsure) else closing

    def _settled(self, closing: Closing) -> Closing:
        """With what may be under way: taken up again when it no longer is."""
        if closing.state is not DeliveryState.QUEUED:
            return closing
        settled = self._now() + SETTLES
        return replace(closing, not_before=max(closing.not_before or settled, settled))

    def _closed(self, closing: Closing) -> Note:
        if self._taken.abandoned:  # whoever takes it next is not told that it was
            closing = self._settled(closing)
        return Note(lane=self._lane, delivery=self._delivery, posted=tuple(self._unwritten), closing=closing)


def _not_needed() -> Document:
    """What takes the place of a part that a changed message has no longer."""
    said = strings.notices.PART_NOT_NEEDED
    return Document(summary=said, blocks=(Prose((Text(said, "quiet"),)),))
