"""The operator's switch: posting stopped, everywhere or in part, and what is still news once it goes on.

While it is stopped nothing is sent and nothing that was posted is edited; feeds are read, stories are joined and
digests are composed as ever, and what there is to post waits in its queue. Whoever lifts the stop after a week must not
pour a week's alerts into every channel, so what is no news any more is let go then:

- an alert that has waited for more than a day;
- a digest where a later one of its schedule waits too: only the latest is posted. What only the earlier one told counts
  as not told, and is carried over to the schedule's next digest, if it still ranks among its stories by then;
- anything that has waited for more than a week.

What was begun is finished in any case: half a digest helps nobody, and a message that shows a withdrawn source must be
corrected however late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

from bot.core.community import CommunityId
from bot.core.delivery import DeliveryId
from bot.core.outbox import Priority

StopId = NewType("StopId", int)

NEWS = timedelta(days=1)
"""How long an alert is one."""
OLD = timedelta(days=7)
"""How long anything else is worth posting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Everywhere where both are None; else on one platform, or for one community."""

    platform: str | None = None
    community: CommunityId | None = None

    def covers(self, platform: str, community: CommunityId) -> bool:
        return self.platform in (None, platform) and self.community in (None, community)

    def __str__(self) -> str:
        if self.platform is None and self.community is None:
            return "everywhere"
        named = [f"on {self.platform}"] if self.platform is not None else []
        named += [f"for {self.community}"] if self.community is not None else []
        return " ".join(named)


EVERYWHERE = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """`by` and `lifted_by` are names of people, as their computers know them."""

    id: StopId
    scope: Scope
    since: datetime
    by: str
    reason: str
    lifted_at: datetime | None = None
    lifted_by: str | None = None

    def __str__(self) -> str:
        why = f": {self.reason}" if self.reason else ""
        return f"posting is stopped {self.scope} since {self.since:%Y-%m-%d %H:%M} UTC by {self.by}{why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A delivery that a stop held up. `begun`: some of it was posted, or may have been. `overtaken`: a later digest of
    the same schedule is to be posted."""

    delivery: DeliveryId
    priority: Priority
    queued_at: datetime
    begun: bool
    overtaken: bool


def is_old(waiting: Waiting, now: datetime) -> bool:
    """Whether it is let go when the stop is lifted."""
    if waiting.begun:
        return False
    age = now - waiting.queued_at
    return age > (NEWS if waiting.priority is Priority.ALERT else OLD) or waiting.overtaken
