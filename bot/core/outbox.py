"""The outbox: how a delivery gets to its place once, whatever breaks on the way. Facts and `now` in, decisions out.

A delivery is sent in *parts*, in order, one after the other. That a part is about to be sent is written down before the
platform is called (the part is then *open*), and its message id after the platform answered. So whoever finds an open
part knows that it may have been posted and that nobody knows. Then

- a platform with an idempotency key is simply asked again: it answers with the message it posted then, for a while;
- one whose messages can be read back is asked whether it is there;
- with neither, nobody can know, and the destination's own policy says what is worse: twice, or perhaps never.

The deliveries of one destination are its *lane*. One process at a time has a lane, so order is kept however many there
are. Within it alerts go before digests and digests before notices, and of each kind the oldest goes first and holds up
the others of its kind until it is sent or set aside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import NewType

from bot.core import strings
from bot.core.backoff import backoff
from bot.core.community_settings import CommunitySettings
from bot.core.delivery import (
    Deferred,
    DeliveryId,
    DeliveryState,
    Failed,
    Refused,
    Unsure,
    WhenUncertain,
)

ATTEMPTS = 10
"""Tries of one part before its delivery is set aside. With `backoff` they span 1.5 to 3 hours: a platform that is down
for an hour costs nobody a digest."""
LOOK_AGAIN = timedelta(minutes=1)
"""How soon after a community's pause, at the latest, what waited for its end is sent."""


class Priority(IntEnum):
    """What goes first where several wait; the lower number."""

    ALERT = 0
    DIGEST = 1
    NOTICE = 2


HEAD_START: Mapping[Priority, timedelta] = {
    Priority.ALERT: timedelta(hours=1),
    Priority.DIGEST: timedelta(minutes=10),
    Priority.NOTICE: timedelta(0),
}
"""Between destinations: lanes are served as if their delivery had been waiting that much longer. So an alert overtakes
a morning's digests, and none of them waits for ever."""


# --- parts --------------------------------------------------------------------------------------------------

PartId = NewType("PartId", str)
PART_ID_LIMIT = 25
"""Characters that Discord's nonce holds (platforms.md)."""


def part_id(delivery: DeliveryId, part: int) -> PartId:
    """The same on every attempt, and no other part's."""
    found = f"{delivery:x}-{part:x}"
    assert len(found) <= PART_ID_LIMIT
    return PartId(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A part that is settled. Posted: as which message, and which revision of the document it shows; one that somebody
    `deleted` stays deleted. Or `refused` for what it says, and why: then there is no message, and only a person has it
    sent again."""

    message: str
    revision: int
    deleted: bool = False
    refused: str | None = None

    @property
    def is_posted(self) -> bool:
        return self.refused is None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPart:
    """A part that was about to be sent, at first `since`, and of which no answer was written down."""

    part: int
    revision: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Send:
    part: int


@dataclass(frozen=True, slots=True)
class Change:
    """Edit the message that shows a part: the document was replaced since."""

    part: int
    message: str


@dataclass(frozen=True, slots=True)
class Empty:
    """Edit the message of a part that the document no longer has."""

    part: int
    message: str


@dataclass(frozen=True, slots=True)
class FindOut:
    """Whether the open part was posted."""

    open: OpenPart


@dataclass(frozen=True, slots=True)
class Finished:
    pass


Step = Send | Change | Empty | FindOut | Finished


def next_step(*, wanted: int, revision: int, shown: Mapping[int, Shown], open_part: OpenPart | None) -> Step:
    """What a delivery needs next, where its document is in `wanted` parts and in that revision."""
    if open_part is not None:
        return FindOut(open_part)
    for part, there in sorted(shown.items()):
        if there.is_posted and there.revision < revision and not there.deleted:
            return Change(part, there.message) if part < wanted else Empty(part, there.message)
    for part in range(wanted):
        if part not in shown:
            return Send(part)
    return Finished()


# --- what may have been posted ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a platform can do for us. For so long it `remembers` a part id and answers with the message posted then
    (zero: it has no such key). `reads_back`: our own messages can be looked for. `edits`: they can be changed.
    `repeats`: nobody minds seeing a message twice."""

    remembers: timedelta = timedelta(0)
    reads_back: bool = False
    edits: bool = False
    repeats: bool = False


class Uncertain(StrEnum):
    """How to go on with an open part."""

    SEND_AGAIN = "send again"
    LOOK = "look for it"
    LEAVE = "leave it"


def about_open(since: datetime, now: datetime, can: Abilities, policy: WhenUncertain) -> Uncertain:
    """`since` is when it was first about to be sent. The key counts only while the platform surely remembers it."""
    if now - since < can.remembers:
        return Uncertain.SEND_AGAIN
    if can.reads_back:
        return Uncertain.LOOK
    return when_nobody_knows(can, policy)


def when_nobody_knows(can: Abilities, policy: WhenUncertain) -> Uncertain:
    return Uncertain.SEND_AGAIN if can.repeats or policy is WhenUncertain.REPEAT else Uncertain.LEAVE


# --- how a delivery leaves its lane, for now or for good ----------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """`not_before` where it is tried again. It `counts` where that was an attempt. `open`: the part that was about to
    be sent may have been posted. With `pauses` its whole destination waits, for that reason, until somebody lifts it.
    `tells`: whoever set it up should know."""

    state: DeliveryState
    reason: str | None = None
    not_before: datetime | None = None
    counts: bool = True
    open: bool = False
    pauses: str | None = None
    tells: bool = False


SENT = Closing(state=DeliveryState.SENT)


def after(
    outcome: Refused | Deferred | Failed | Unsure,
    *,
    attempts: int,
    now: datetime,
    jitter: float,
    can: Abilities,
    policy: WhenUncertain,
) -> Closing:
    """What becomes of a delivery one of whose parts was not taken on its `attempts`-th try (from 1)."""
    match outcome:
        case Refused(reason=reason, gone=True):
            return Closing(state=DeliveryState.QUEUED, reason=reason, counts=False, pauses=reason, tells=True)
        case Refused(reason=reason):
            return Closing(state=DeliveryState.REJECTED, reason=reason)
        case Deferred(until=until, reason=reason):
            return put_off(until, reason)
        case Failed(reason=reason):
            if attempts >= ATTEMPTS:
                return Closing(state=DeliveryState.REJECTED, reason=given_up(reason), tells=True)
            return Closing(state=DeliveryState.QUEUED, reason=reason, not_before=now + backoff(attempts, jitter))
        case Unsure(reason=reason):
            known_later = can.remembers > timedelta(0) or can.reads_back
            if attempts >= ATTEMPTS or not (known_later or when_nobody_knows(can, policy) is Uncertain.SEND_AGAIN):
                return left_uncertain(reason)
            due = now + backoff(attempts, jitter)
            return Closing(state=DeliveryState.QUEUED, reason=reason, not_before=due, open=True)


def opening_of(shown: Mapping[int, Shown]) -> Shown | None:
    """The first that was posted: what the parts after it follow."""
    return next((there for _, there in sorted(shown.items()) if there.is_posted), None)


def finished(shown: Mapping[int, Shown], *, further: bool, remark: str | None = None) -> Closing:
    """For a delivery that has nothing left to send. Parts that were refused are told of when it got `further` than it
    was, and not when messages were edited only. `remark` is what else is to be said of it."""
    refused = [there.refused for _, there in sorted(shown.items()) if there.refused is not None]
    if not refused:
        return replace(SENT, reason=remark)
    if len(refused) == len(shown):
        return Closing(state=DeliveryState.REJECTED, reason=refused[0], tells=True)
    reason = strings.notices.parts_refused(len(refused), len(shown), refused[0])
    return replace(SENT, reason=reason, tells=further)


def in_doubt(closing: Closing) -> Closing:
    """For a part that may have been posted by an earlier try, whatever this one came to."""
    state = DeliveryState.UNCERTAIN if closing.state is DeliveryState.REJECTED else closing.state
    return replace(closing, state=state, open=True)


def put_off(until: datetime, reason: str | None) -> Closing:
    """Through no fault of its own."""
    return Closing(state=DeliveryState.QUEUED, reason=reason, not_before=until, counts=False)


def left_uncertain(reason: str) -> Closing:
    return Closing(state=DeliveryState.UNCERTAIN, reason=reason, open=True, tells=True)


def given_up(reason: str) -> str:
    return strings.notices.given_up(ATTEMPTS, reason)


def worn_out(attempts: int, open_part: OpenPart | None, reason: str | None) -> Closing | None:
    """For a delivery about to be tried again that ended whoever tried it, each time: set aside before it does so
    again. `attempts` counts those made."""
    if attempts < ATTEMPTS:
        return None
    why = given_up(reason or strings.notices.STOPPED)
    if open_part is not None:
        return left_uncertain(why)
    return Closing(state=DeliveryState.REJECTED, reason=why, tells=True)


def beside_the_point(follows: bool, leading: Shown | None) -> Closing | None:
    """For a delivery that is said beneath another one's message, where there is no such message: nothing is said."""
    if not follows or (leading is not None and not leading.deleted):
        return None
    words = strings.correction
    return Closing(
        state=DeliveryState.DROPPED, reason=words.WAS_DELETED if leading is not None else words.WAS_NEVER_POSTED
    )


# --- whose turn it is ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The oldest unfinished delivery of one priority in a lane."""

    delivery: DeliveryId
    priority: Priority
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Take:
    delivery: DeliveryId


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing may be sent now; look again at `until`, or when something is queued where that is None."""

    until: datetime | None
    reason: str = ""


def whose_turn(
    heads: Sequence[Head],
    *,
    now: datetime,
    paused: str | None,
    community: CommunitySettings,
    wall_clock: datetime,
    stopped: str | None = None,
) -> Take | Rest:
    """`now` is by the clock that `not_before` was written by, `wall_clock` by the community's. `paused` is why the
    destination is, if it is, `stopped` why the operator stopped all posting there: only a person can end either."""
    if paused is not None or stopped is not None:
        return Rest(None, paused or stopped or "")
    if heads and community.is_paused(wall_clock):
        return Rest(now + LOOK_AGAIN, strings.notices.COMMUNITY_PAUSED)
    ready = [head for head in heads if head.not_before is None or head.not_before <= now]
    if ready:
        return Take(min(ready, key=lambda head: head.priority).delivery)
    return Rest(min((head.not_before for head in heads if head.not_before is not None), default=None))


# --- how it stands, for people ------------------------------------------------------------------------------


class Standing(StrEnum):
    """What people are told of a delivery: its state, and what holds it. Held is no state of its own, since what holds a
    delivery holds others with it, and ends for all of them at once."""

    QUEUED = "queued"
    HELD = "held"  # its destination or community is paused, or an operator stopped posting
    SENDING = "sending"
    DEFERRED = "deferred"
    SENT = "sent"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"
    DROPPED = "dropped"


def standing(state: DeliveryState, *, not_before: datetime | None, held: bool, now: datetime) -> Standing:
    if state is not DeliveryState.QUEUED:
        return Standing(state.value)
    if held:
        return Standing.HELD
    return Standing.DEFERRED if not_before is not None and not_before > now else Standing.QUEUED
