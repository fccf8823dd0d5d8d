"""What Slack lets us do how often: all of its limits, in one place.

Sources: https://docs.slack.dev/apis/web-api/rate-limits/ (tiers, `Retry-After`, one message a second and channel), and
the pages of the methods. Where a call must wait a moment it waits here; where the wait is longer, whoever calls is told
until when and comes back then, so that nobody's lane is held up by another's limit. What Slack answers (429) goes
before what we counted.

All of it is kept together with every other process (`bot.app.budget`): a channel's deliveries are one process's at a
time, but the next one may have them within the second, and answers are posted by whoever heard the question. Only a
process that is surely alone counts messages for itself: to ask the database before each would cost as much as writing
down that it was sent.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.app.budget import Budget as AppBudget
from bot.app.ports import Clock
from bot.core.budget import Allowance, at_most

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


POST, ALL_POSTS = "chat.postMessage", "chat.postMessage of a workspace"
CHANNEL = Limit(1, SECOND)
"""Messages to one channel: chat.postMessage's own limit."""
WORKSPACE = Limit(300, MINUTE, 10)
"""Messages to all channels of a workspace together: Slack says "several hundred a minute", and the rest by 429."""
TIERS = {1: Limit(1, MINUTE), 2: Limit(20, MINUTE, 5), 3: Limit(50, MINUTE, 10), 4: Limit(100, MINUTE, 20)}
METHODS = {
    "apps.connections.open": TIERS[1],
    "auth.test": Limit(300, MINUTE, 20),  # "hundreds of requests a minute"
    "bots.info": TIERS[3],
    "chat.postEphemeral": TIERS[4],
    "chat.update": TIERS[3],
    "conversations.history": TIERS[3],
    "conversations.open": TIERS[3],
    "conversations.replies": TIERS[3],
    "files.completeUploadExternal": TIERS[4],
    "files.getUploadURLExternal": TIERS[4],
    "oauth.v2.access": TIERS[4],
    "users.info": TIERS[4],
    "views.open": TIERS[4],
    "views.publish": TIERS[4],
    "views.push": TIERS[4],
    "views.update": TIERS[4],
}
"""Each counts for itself, in each workspace. Not counted are those by which we find out who and where we are, once as
a process begins (apps.connections.open, auth.test, bots.info), nor oauth.v2.access, once in ten hours."""
READING = Limit(1, MINUTE)
"""conversations.history and .replies of an app that is distributed but not in the Marketplace (since May 2025); for one
that a workspace made for itself they are in tier 3."""
READ_MESSAGES = 15
"""Messages such an app is shown at a time."""

KEPT = 50_000
"""Keys that are counted at most: channels and methods, the least recently used are let go."""


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: so long from now."""

    wait: timedelta


class Budget(Protocol):
    async def take(self, kind: str, of: str, limit: Limit, patience: timedelta) -> Later | None:
        """None as soon as a call of that kind may be made, to be made at once; or how long that would take, where it
        is longer than `patience`. Raises StoreError where nobody can tell."""

    async def hold(self, kind: str, of: str, limit: Limit, span: timedelta) -> None:
        """None of that kind for so long: Slack said so."""


class OwnBudget:
    """`Budget` of one process: the generic cell rate algorithm over `clock`, in seconds that only grow, which `sleep`
    takes too."""

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._next: OrderedDict[tuple[str, str], float] = OrderedDict()

    async def take(self, kind: str, of: str, limit: Limit, patience: timedelta) -> Later | None:
        now, gap = self._clock(), limit.gap.total_seconds()
        due = max(self._next.get((kind, of), 0.0), now - (limit.burst - 1) * gap)
        if due - now > patience.total_seconds():
            return Later(timedelta(seconds=due - now))
        self._put(kind, of, due + gap)
        if due > now:
            await self._sleep(due - now)
        return None

    async def hold(self, kind: str, of: str, limit: Limit, span: timedelta) -> None:
        due = self._clock() + span.total_seconds()
        self._put(kind, of, max(self._next.get((kind, of), 0.0), due))

    def _put(self, kind: str, of: str, due: float) -> None:
        self._next[kind, of] = due
        self._next.move_to_end((kind, of))
        while len(self._next) > KEPT:
            self._next.popitem(last=False)


class SharedBudget:
    """`Budget` of all processes together."""

    def __init__(self, budget: AppBudget, clock: Clock) -> None:
        self._budget = budget
        self._clock = clock

    async def take(self, kind: str, of: str, limit: Limit, patience: timedelta) -> Later | None:
        later = await self._budget.take(_allowance(kind, limit), of, patience=patience)
        return None if later is None else Later(max(later - self._clock.now(), SECOND))

    async def hold(self, kind: str, of: str, limit: Limit, span: timedelta) -> None:
        await self._budget.hold(_allowance(kind, limit), of, span=span)


class Pace:
    """When a call may go out. `posts` counts messages and `methods` every other call. `distributed`: the app serves
    workspaces that did not make it themselves."""

    def __init__(self, methods: Budget, posts: Budget, *, distributed: bool) -> None:
        self._methods = methods
        self._posts = posts
        self.distributed = distributed

    @property
    def messages(self) -> int:
        """How many messages one reading of a channel shows at most."""
        return READ_MESSAGES if self.distributed else 200

    async def turn(self, team: str, method: str, channel: str | None, patience: timedelta) -> Later | None:
        """Wait for this call's turn, or say how long that would take where it is longer than `patience`. Raises
        StoreError where nobody can tell."""
        if method == POST and channel is not None:
            # The channel's last: its turn is kept to the moment, and the workspace's is good for a while.
            later = await self._posts.take(ALL_POSTS, team, WORKSPACE, patience)
            return later or await self._posts.take(POST, f"{team}:{channel}", CHANNEL, patience)
        limit = self._limit(method)
        return None if limit is None else await self._methods.take(method, team, limit, patience)

    async def refused(self, team: str, method: str, channel: str | None, wait: timedelta) -> None:
        """Slack said 429: nothing of this kind until then. Which of a message's limits it meant it does not say: the
        channel's where it is about as long as that, else the workspace's."""
        if method == POST and channel is not None:
            if wait <= 2 * SECOND:
                await self._posts.hold(POST, f"{team}:{channel}", CHANNEL, wait)
            else:
                await self._posts.hold(ALL_POSTS, team, WORKSPACE, wait)
        elif (limit := self._limit(method)) is not None:
            await self._methods.hold(method, team, limit, wait)

    def _limit(self, method: str) -> Limit | None:
        if self.distributed and method in {"conversations.history", "conversations.replies"}:
            return READING
        return METHODS.get(method)


def _allowance(kind: str, limit: Limit) -> Allowance:
    return at_most(limit.calls, limit.per, platform="slack", kind=kind, lateness=limit.per / 20)
