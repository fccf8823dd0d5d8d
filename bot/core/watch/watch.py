"""Watches: what a member or a community wants to be told of, how often, and where.

A member's private watch is that member's only: nobody else sees it, managers neither, and no log does. So its name, its
query and its note are left out of what Python prints of a watch.

Who follows a story has a watch of that one story: it asks for whatever is added to it, and has no query.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NewType

from bot.core.community import CommunityId, MemberId, Role
from bot.core.delivery import DestinationId
from bot.core.story import StoryId

WatchId = NewType("WatchId", int)


class Rhythm(StrEnum):
    INSTANT = "instant"
    HOURLY = "hourly"  # what came is told together, on the hour
    DAILY = "daily"  # at the watch's own time of day


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttle:
    """At most `most` alerts of an instant watch in any `per`; what is more waits and is then told together. Updates of
    what was told make no sound and do not count."""

    most: int
    per: timedelta

    def __post_init__(self) -> None:
        if self.most < 1 or self.per <= timedelta(0):
            raise ValueError("a throttle lets at least one alert through in some time")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWatch:
    """A watch about to be saved. `query` is what the member typed; `bot.core.watch.parser` reads it. It is
    empty where `story` is set: that story is followed, under whichever id it leads to.

    `owner` is the member whose watch it is, None for the community's own. `private` needs an owner. `name` is what it
    is called, "" for its number only, and `note` says why it is watched. `everything`: also in stories that are not
    about AI and work. `daily_at` is read in `zone` (IANA name); both count for the daily rhythm only.
    """

    community: CommunityId
    owner: MemberId | None
    query: str = field(repr=False)
    destination: DestinationId
    name: str = field(default="", repr=False)
    note: str = field(default="", repr=False)
    rhythm: Rhythm = Rhythm.INSTANT
    daily_at: time = time(9)
    zone: str = "UTC"
    throttle: Throttle | None = None
    everything: bool = False
    private: bool = False
    paused: bool = False
    muted_until: datetime | None = None
    story: StoryId | None = None

    def __post_init__(self) -> None:
        if (self.story is None) == (not self.query.strip()):
            raise ValueError("a watch has a query or follows a story")
        if self.private and self.owner is None:
            raise ValueError("a private watch is somebody's")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(NewWatch):
    """A stored watch. `revision` starts at 1 and counts edits, so that of two at once the later is told."""

    id: WatchId
    created_at: datetime
    revision: int = 1


FOLLOWER = Throttle(most=4, per=timedelta(hours=12))
"""Of a story that is followed: it was wanted, and is told as it moves, but not in a flood."""
WATCHER = Throttle(most=6, per=timedelta(hours=1))
"""Where nothing else is said: a broad word must not fill a channel."""


def may_see(watch: NewWatch, community: CommunityId, member: MemberId) -> bool:
    """Whether that member of that community sees that there is such a watch. A manager's role opens no private one."""
    return watch.community == community and (not watch.private or watch.owner == member)


def may_change(watch: NewWatch, community: CommunityId, member: MemberId, role: Role) -> bool:
    """Owners change theirs; editors the community's own; managers every one that they may see."""
    if not may_see(watch, community, member):
        return False
    if watch.owner == member or role >= Role.MANAGER:
        return True
    return watch.owner is None and role >= Role.EDITOR
