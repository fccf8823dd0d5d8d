"""What Slack lets us do how often: all of its limits, in one place.

Sources: https://docs.slack.dev/apis/web-api/rate-limits/ (tiers, `Retry-After`, one message a second and channel), and
the pages of the methods. Where a call must wait a moment it waits here; where the wait is longer, whoever calls is told
until when and comes back then, so that nobody's lane is held up by another's limit. What Slack answers (429) goes
before what we counted.

Processes that share an installation share its limits: they take their slices from a common budget (`Budget`). One
process alone counts by itself (`OwnBudget`).
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """`calls` in each `per`, evenly spread but for the first `burst` of them."""

    calls: int
    per: timedelta
    burst: int = 1

    @property
    def gap(self) -> timedelta:
        return self.per / self.calls


CHANNEL = Limit(1, SECOND)
"""Messages to one channel: chat.postMessage's own limit, next to a workspace's "several hundred a minute", which Slack
gives no number for and tells by 429."""
TIERS = {1: Limit(1, MINUTE), 2: Limit(20, MINUTE, 5), 3: Limit(50, MINUTE, 10), 4: Limit(100, MINUTE, 20)}
METHODS = {
    "apps.connections.open": TIERS[1],
    "bots.info": TIERS[3],
    "chat.postEphemeral": TIERS[4],
    "chat.update": TIERS[3],
    "conversations.history": TIERS[3],
    "conversations.open": TIERS[3],
    "conversations.replies": TIERS[3],
    "files.completeUploadExternal": TIERS[4],
    "files.getUploadURLExternal": TIERS[4],
    "users.info": TIERS[4],
    "views.open": TIERS[4],
    "views.publish": TIERS[4],
    "views.push": TIERS[4],
    "views.update": TIERS[4],
}
"""Each counts for itself, in each workspace."""
READING = Limit(1, MINUTE)
"""conversations.history and .replies of an app that is distributed but not in the Marketplace (since May 2025); for one
that a workspace made for itself they are in tier 3."""
READ_MESSAGES = 15
"""Messages such an app is shown at a time."""

KEPT = 50_000
"""Keys that are counted at most: channels and methods, the least recently used are let go."""


class Budget(Protocol):
    async def take(self, key: str, limit: Limit) -> timedelta:
        """Take the next place under `key`; how long until it comes. The place is taken whether or not it is waited for:
        see `give_back`."""

    def give_back(self, key: str, limit: Limit) -> None:
        """The place taken last is not needed."""


class OwnBudget:
    """`Budget` of one process: the generic cell rate algorithm over `clock`, in seconds that only grow."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._next: OrderedDict[str, float] = OrderedDict()

    async def take(self, key: str, limit: Limit) -> timedelta:
        now = self._clock()
        gap = limit.gap.total_seconds()
        due = max(self._next.pop(key, 0.0), now - (limit.burst - 1) * gap)
        self._next[key] = due + gap
        while len(self._next) > KEPT:
            self._next.popitem(last=False)
        return timedelta(seconds=max(0.0, due - now))

    def give_back(self, key: str, limit: Limit) -> None:
        if key in self._next:
            self._next[key] -= limit.gap.total_seconds()


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: so long from now."""

    wait: timedelta


class Pace:
    """When a call may go out. `distributed`: the app serves workspaces that did not make it themselves. `clock` gives
    seconds that only grow."""

    def __init__(self, budget: Budget, clock: Callable[[], float], *, distributed: bool) -> None:
        self._budget = budget
        self._clock = clock
        self._distributed = distributed
        self._closed: dict[str, float] = {}

    @property
    def messages(self) -> int:
        """How many messages one reading of a channel shows at most."""
        return READ_MESSAGES if self._distributed else 200

    async def turn(self, team: str, method: str, channel: str | None, patience: timedelta) -> Later | None:
        """Wait for this call's turn, or say how long that would take where it is longer than `patience`."""
        key, limit = self._key(team, method, channel)
        closed = max((self._closed.get(each, 0.0) - self._clock() for each in (key, f"{team}:{method}")), default=0.0)
        if closed > patience.total_seconds():
            return Later(timedelta(seconds=closed))
        wait = timedelta(0) if limit is None else await self._budget.take(key, limit)
        wait = max(wait, timedelta(seconds=max(0.0, closed)))
        if wait > patience:
            if limit is not None:
                self._budget.give_back(key, limit)
            return Later(wait)
        if wait:
            await asyncio.sleep(wait.total_seconds())
        return None

    def refused(self, team: str, method: str, channel: str | None, wait: timedelta) -> None:
        """Slack said 429: nothing of this kind until then. Which of its limits it meant it does not say; a message's is
        the channel's where it is about as long as that, else the workspace's."""
        key, _ = self._key(team, method, channel)
        if method == "chat.postMessage" and wait > 2 * CHANNEL.gap:
            key = f"{team}:{method}"
        if len(self._closed) > KEPT:
            now = self._clock()
            self._closed = {each: until for each, until in self._closed.items() if until > now}
        self._closed[key] = max(self._closed.get(key, 0.0), self._clock() + wait.total_seconds())

    def _key(self, team: str, method: str, channel: str | None) -> tuple[str, Limit | None]:
        if method == "chat.postMessage" and channel is not None:
            return f"{team}:{method}:{channel}", CHANNEL
        if self._distributed and method in {"conversations.history", "conversations.replies"}:
            return f"{team}:{method}", READING
        return f"{team}:{method}", METHODS.get(method)
