"""What a platform allows us, shared by any number of processes. Facts and `now` in, decisions out.

A budget gives out *slots*: moments, evenly spaced, of which no two takers get the same. A slot is good for one request,
from its moment on and for no longer than `lateness` after it. That is all: however the slots are shared out, and
whenever within that span each is used, no more than `rate * t + rate * lateness + 1` requests fall into any span t. So
`lateness` is also how much may be made up for after a pause (the burst).

A taker draws several slots at once, which costs one transaction; never further ahead than `AHEAD`, since what a process
has drawn nobody else can use, and is lost when it ends. What a platform says after all ("retry after 3 s") moves the
next slot, so it holds for everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

AHEAD = timedelta(seconds=1)
"""How far from now the last slot that is drawn may be."""
LONGEST = timedelta(hours=1)
"""For how long a budget may be held. A next slot beyond that was written by a clock that was wrong."""
LATENESS = 0.1
"""Of the span that a limit is given for, where it is not said otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """One of a platform's limits. `kind` names it (global, chat.postMessage), never whose it is: it is counted under
    that name. `spacing` is between two slots."""

    platform: str
    kind: str
    spacing: timedelta
    lateness: timedelta = timedelta(0)

    def key(self, of: str = "") -> str:
        """Of one of those that each have such a budget: a channel, a workspace."""
        return f"{self.platform}:{self.kind}:{of}" if of else f"{self.platform}:{self.kind}"


def at_most(number: int, per: timedelta, *, platform: str, kind: str, lateness: timedelta | None = None) -> Allowance:
    """No more than `number` requests in any such span, wherever it begins."""
    assert number > 0
    late = per * LATENESS if lateness is None else lateness
    # Requests of a span are slots of that span and of the lateness before it.
    microseconds = -(-(per + late) // timedelta(microseconds=1) // number)
    return Allowance(platform=platform, kind=kind, spacing=timedelta(microseconds=microseconds), lateness=late)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """`slots` in order, none of them over; `next_slot` is the earliest that is left."""

    slots: Sequence[datetime]
    next_slot: datetime


def draw(
    next_slot: datetime | None, allowance: Allowance, wanted: int, now: datetime, lead: timedelta = timedelta(0)
) -> Drawn:
    """Up to `wanted` slots, fewer or none where more would be too far ahead. `next_slot` is what the last draw, or
    `held`, left; None where there was none. What is drawn reaches the taker after `lead`: no slot is over by then."""
    start = now + lead - allowance.lateness
    if next_slot is not None and next_slot - now <= LONGEST:
        start = max(start, next_slot)
    there = (now + lead + AHEAD - start) // allowance.spacing + 1
    slots = [start + allowance.spacing * number for number in range(max(0, min(wanted, there)))]
    return Drawn(slots=slots, next_slot=start + allowance.spacing * len(slots))


def held(next_slot: datetime | None, until: datetime, now: datetime) -> datetime:
    """The next slot where a platform wants no request before `until`."""
    until = min(until, now + LONGEST)
    return until if next_slot is None or next_slot - now > LONGEST else max(until, next_slot)
