"""Destinations, digests and deliveries: what is posted where, and what became of it.

A schedule's slot makes one digest (unique in the database). A digest that needs no editor becomes a delivery; a
delivery is sent part by part, in order, and each part's native message id is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from bot.core.analysis import Analysis
from bot.core.article import ArticleId
from bot.core.coming import Coming
from bot.core.community import CommunityId, MemberId
from bot.core.correction.correction import Correction
from bot.core.movement import Update
from bot.core.schedule.quiet import QuietHours
from bot.core.schedule.slots import current_slot, next_slot
from bot.core.schedule.zones import zone_of
from bot.core.story import StoryId

DestinationId = NewType("DestinationId", int)
ScheduleId = NewType("ScheduleId", int)
DigestId = NewType("DigestId", int)
DeliveryId = NewType("DeliveryId", int)


class WhenUncertain(StrEnum):
    """What a destination wants of a message that may have been posted, where nobody can find out."""

    LEAVE = "leave"  # not sent again; whoever set it up is told
    REPEAT = "repeat"  # sent again: twice is better than not at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A place to post. `address` is the platform's own (a channel id); for the terminal it is `stdout`. `paused` is why
    nothing is sent there until somebody lifts it, None while all is well."""

    id: DestinationId
    community: CommunityId
    platform: str
    address: str
    uncertain: WhenUncertain = WhenUncertain.LEAVE
    paused: str | None = None


class Post(StrEnum):
    """In which form a platform shows it; one that has no threads or forums posts a message. An announcement is a
    message that is also published to whoever follows its channel."""

    MESSAGE = "message"
    THREAD = "thread"
    FORUM = "forum"
    ANNOUNCEMENT = "announcement"


class Empty(StrEnum):
    """What a slot does that has too little to tell."""

    SILENT = "silent"
    SAY = "say"


TITLE_LIMIT = 100
"""Characters of a thread's or a forum post's title: Discord's bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a document is to be posted. `mention` is the platform's own id of a role that a manager chose: the only
    mention that ever leaves us. `title` is for a thread or a forum post, at most `TITLE_LIMIT` characters. Of a forum's
    own tags, those are set that are called like one of `tags`."""

    post: Post = Post.MESSAGE
    mention: str | None = None
    title: str = ""
    tags: tuple[str, ...] = ()


PLAINLY = Manner()


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a digest is due and what goes in.

    `cron` has five fields and is read in `zone` (IANA name); what is due in `quiet` hours waits for their end.
    `topic` is a query of the watch language that one of a story's articles must match, `desks` are those that one of
    them must be of (none: all). With fewer than `min_stories` a slot passes, in silence or saying so, and what there
    was is still to be told; at most `max_stories`, and about `max_words`, in whole stories.

    `created_by` is None while it is as Slugline itself set it up. `revision` counts edits from 1, so that of two at
    once the later is told.
    """

    id: ScheduleId
    community: CommunityId
    destination: DestinationId
    cron: str
    zone: str
    name: str = ""
    topic: str | None = None
    desks: tuple[str, ...] = ()
    min_stories: int = 1
    max_stories: int = 7
    max_words: int | None = None
    empty: Empty = Empty.SILENT
    quiet: QuietHours | None = None
    engine: str = "extractive"
    review: bool = False
    mention: str | None = None
    post: Post = Post.MESSAGE
    created_by: MemberId | None = None
    revision: int = 1

    def next_slot(self, after: datetime) -> datetime:
        """The first slot after `after` (aware), in UTC. Raises InputError where there is none."""
        return next_slot(self.cron, self.zone, after, self.quiet)

    def current_slot(self, now: datetime, grace: timedelta) -> datetime | None:
        """The latest slot not after `now`; None where that is older than `grace` and what quiet hours may have taken of
        it."""
        waited = self.quiet.length if self.quiet is not None else timedelta(0)
        return current_slot(self.cron, self.zone, now, grace + waited, self.quiet)

    def quiet_until(self, now: datetime) -> datetime | None:
        """The end of the quiet hours that `now` is in, in UTC; None where it is in none."""
        stretch = None if self.quiet is None else self.quiet.stretch(now, zone_of(self.zone))
        return None if stretch is None else stretch[1]


class DigestState(StrEnum):
    IN_REVIEW = "in review"
    APPROVED = "approved"
    EMPTY = "empty"  # too little new: the slot passed, and told nothing
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A story that an editor had told within another one of the same digest."""

    story: StoryId
    version: int
    into: StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One issue of a community's digest: its analyses in the order shown. Those of `updates` were told before and have
    moved: only what is new of them is shown. `coming` is what stories told before announced for the next days, and
    what became of it. `carried` are stories that did not fit, kept for the next issue; `merged`
    those that are told within another. `corrections` are of what it said when it was posted."""

    community: CommunityId
    title: str
    since: datetime
    until: datetime
    analyses: tuple[Analysis, ...]
    updates: tuple[Update, ...] = ()
    coming: tuple[Coming, ...] = ()
    carried: tuple[StoryId, ...] = ()
    merged: tuple[Merged, ...] = ()
    corrections: tuple[Correction, ...] = ()

    def update_of(self, story: StoryId) -> Update | None:
        return next((update for update in self.updates if update.story == story), None)

    @property
    def stories(self) -> tuple[StoryId, ...]:
        return tuple(analysis.story for analysis in self.analyses)

    @property
    def articles(self) -> frozenset[ArticleId]:
        """All that it stands on."""
        found = {source.article for analysis in self.analyses for source in analysis.sources}
        found |= {one.article for analysis in self.analyses for one in analysis.earlier if one.article}
        found |= {article for one in self.coming for article in (one.article, one.resolved_article) if article}
        return frozenset(found)


class DeliveryState(StrEnum):
    """What is written down; `outbox.standing` is what people are told."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"
    DROPPED = "dropped"


FINISHED = frozenset({DeliveryState.SENT, DeliveryState.REJECTED, DeliveryState.UNCERTAIN, DeliveryState.DROPPED})
"""States that only a person, or a replaced document, leads out of."""


# --- what became of one send ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The platform took it under this id. `remark` is what of it is not as it was meant, for people; None: nothing."""

    message: str
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The platform will never take it; the reason is for people. `gone`: nor anything else, since the place is not
    there any more or closed to us. `content`: because of what this one part says; the others may well be taken.
    `deleted`, of an edit: that message is not there any more."""

    reason: str
    gone: bool = False
    content: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """Not now; ask again at `until`, by the clock that the platform's adapter was given."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It was surely not posted (no connection), and may be the next time."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """It may have been posted: a time-out after it was sent, a server error, a connection that broke."""

    reason: str


SendOutcome = Posted | Refused | Deferred | Failed | Unsure


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotTell:
    """Whether it was posted could not be found out; where that may be possible later, at `until` (likewise)."""

    reason: str
    until: datetime | None = None
