"""Whether a story that a watch wants is told now, with what was told before, later, or not at all.

A story is one alert of a watch, however many outlets bring it: the first report makes it, and the others update it
where it stands. An update that nobody would see, because the alert was posted days ago, is told anew, as an update.

    nothing new in it                                       Nothing
    told lately                                             Update, in place and without a sound
    told, and a bill or case in it has moved since          as if it were new, as an update of what was told
    waiting for its hour or day                             Hold, with the others'
    new; instant, and the throttle lets it through          Tell
    new; hourly, daily, or too many lately                  Hold

Everything here is a plain function of the watch, the story as it stands, the watch's earlier alerts and the time. To
ask twice is safe: what was decided, once it is written down, leaves nothing new.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from bot.core.delivery import DeliveryId
from bot.core.schedule.slots import next_slot
from bot.core.story import StoryId
from bot.core.watch.watch import Rhythm, Watch

AlertId = NewType("AlertId", int)

SEEN_FOR = timedelta(days=2)
"""How long readers are taken to see an alert change where it stands. After that it lies far up the channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A story that a watch wants, as it stands now.

    `outlets` are those whose articles the watch wants, in the order they came; `terms` what of the query they have
    (`evaluation.Hit.term`). `relevant`: about AI and work. `moved`: it says of a bill or a case that the watch names
    what was not told at its destination before; that is worth a new message.
    """

    story: StoryId
    version: int
    outlets: tuple[str, ...]
    terms: tuple[str, ...]
    relevant: bool = True
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What a watch was told of a story, or will be.

    `told_at` is when it was posted, None while it waits for `due`; `renews` is the earlier alert that it is an update
    of. `outlets` and `terms` are all that it was made of so far, also such as were withdrawn since: nothing is news
    twice. `version` is that of the sighting last taken in. `known`: it was never posted, but is what the story was when
    somebody began to follow it, who had read that much. `delivery` is the message it was posted in.
    """

    id: AlertId
    story: StoryId
    version: int
    outlets: tuple[str, ...]
    terms: tuple[str, ...]
    told_at: datetime | None = None
    due: datetime | None = None
    renews: AlertId | None = None
    known: bool = False
    delivery: DeliveryId | None = None


class Reason(StrEnum):
    """Why nothing is told."""

    PAUSED = "paused"
    MUTED = "muted"
    OFF_TOPIC = "off topic"  # the story is not about AI and work, and the watch did not ask for everything
    NOTHING_NEW = "nothing new"


class Waiting(StrEnum):
    """Why it is told later."""

    RHYTHM = "rhythm"
    THROTTLE = "throttle"
    PAUSE = "pause"  # of the whole community


@dataclass(frozen=True, slots=True)
class Tell:
    """Post a new alert; where `renews` is set, as an update of that one."""

    renews: AlertId | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Change the posted alert where it stands. `outlets` and `terms` are those it did not have."""

    alert: AlertId
    outlets: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep it until `due` (UTC), and tell it then with whatever else is due. `alert` is the one already waiting, which
    takes this in; None where it is to be made, as an update of `renews` where that is set."""

    due: datetime
    because: Waiting
    alert: AlertId | None = None
    renews: AlertId | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    because: Reason


Decision = Tell | Update | Hold | Nothing


def decide(watch: Watch, sighting: Sighting, earlier: Sequence[Alert], now: datetime) -> Decision:
    """What becomes of a story that the watch wants. `earlier` are the watch's alerts in any order: all of this story,
    and of others at least those of the throttle's last `per` and those that wait."""
    if watch.paused:
        return Nothing(Reason.PAUSED)
    if watch.muted_until is not None and now < watch.muted_until:
        return Nothing(Reason.MUTED)
    if not sighting.relevant and not watch.everything:
        return Nothing(Reason.OFF_TOPIC)
    before = max(
        (alert for alert in earlier if alert.story == sighting.story), key=lambda alert: alert.id, default=None
    )
    if before is None:
        return _first(watch, earlier, now, renews=None)
    outlets = tuple(outlet for outlet in sighting.outlets if outlet not in before.outlets)
    terms = tuple(term for term in sighting.terms if term not in before.terms)
    if sighting.version < before.version or not (outlets or terms or sighting.moved):
        return Nothing(Reason.NOTHING_NEW)
    if before.told_at is None:
        because = Waiting.THROTTLE if watch.rhythm is Rhythm.INSTANT else Waiting.RHYTHM
        return Hold(before.due or now, because, alert=before.id)
    if not sighting.moved and not before.known and now - before.told_at <= SEEN_FOR:
        return Update(before.id, outlets, terms)
    return _first(watch, earlier, now, renews=before.id)


def during_pause(decision: Decision, until: datetime) -> Decision:
    """What becomes of it while the whole community is paused: nothing is posted, and what came is told together when
    the pause is over. `until` is when to look whether it is."""
    match decision:
        case Tell(renews=renews):
            return Hold(until, Waiting.PAUSE, renews=renews)
        case _:
            return decision


def taken_in(alert: Alert, sighting: Sighting) -> Alert:
    """The alert with what an `Update` of it, or a `Hold` that names it, adds."""
    return replace(
        alert,
        version=max(alert.version, sighting.version),
        outlets=tuple(dict.fromkeys((*alert.outlets, *sighting.outlets))),
        terms=tuple(dict.fromkeys((*alert.terms, *sighting.terms))),
    )


def _first(watch: Watch, earlier: Sequence[Alert], now: datetime, *, renews: AlertId | None) -> Decision:
    if watch.rhythm is not Rhythm.INSTANT:
        return Hold(next_bundle(watch, now), Waiting.RHYTHM, renews=renews)
    if (waiting := next_due(earlier)) is not None:  # behind those that are there already, or they would be one too many
        return Hold(waiting, Waiting.THROTTLE, renews=renews)
    free = _free_at(watch, earlier, now)
    return Tell(renews) if free <= now else Hold(free, Waiting.THROTTLE, renews=renews)


def next_bundle(watch: Watch, now: datetime) -> datetime:
    """When what an hourly or daily watch holds is told next: later than `now`, in UTC. A day whose hour the clocks skip
    has it all the same, and one that has it twice, once.

    Raises `InputError` for a time zone that does not exist.
    """
    if watch.rhythm is Rhythm.HOURLY:
        return next_slot("0 * * * *", "UTC", now)
    return next_slot(f"{watch.daily_at.minute} {watch.daily_at.hour} * * *", watch.zone, now)


def _free_at(watch: Watch, earlier: Iterable[Alert], now: datetime) -> datetime:
    """When the throttle lets one more through. Those told at one moment went out together and count once."""
    if watch.throttle is None:
        return now
    since = now - watch.throttle.per
    told = sorted({one.told_at for one in earlier if not one.known and one.told_at is not None and one.told_at > since})
    if len(told) < watch.throttle.most:
        return now
    return told[-watch.throttle.most] + watch.throttle.per


def due_now(watch: Watch, earlier: Iterable[Alert], now: datetime) -> tuple[Alert, ...]:
    """The waiting alerts to be told together now, by story in the order they came; none while the watch is paused or
    muted. They stay, and are due once it is not."""
    if watch.paused or (watch.muted_until is not None and now < watch.muted_until):
        return ()
    waiting = (alert for alert in earlier if alert.told_at is None and alert.due is not None and alert.due <= now)
    return tuple(sorted(waiting, key=lambda alert: alert.id))


def next_due(earlier: Iterable[Alert]) -> datetime | None:
    """When to look again; None where nothing waits."""
    return min((alert.due for alert in earlier if alert.told_at is None and alert.due is not None), default=None)
