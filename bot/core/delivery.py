"""Destinations, digests and deliveries: what is posted where, and what became of it.

A schedule's slot makes one digest (unique in the database). A digest that needs no editor becomes a delivery; a
delivery is sent part by part, in order, and each part's native message id is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.core.analysis import Analysis
from bot.core.community import CommunityId
from bot.core.story import StoryId

DestinationId = NewType("DestinationId", int)
ScheduleId = NewType("ScheduleId", int)
DigestId = NewType("DigestId", int)
DeliveryId = NewType("DeliveryId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A place to post. `address` is the platform's own (a channel id); for the terminal it is `stdout`."""

    id: DestinationId
    community: CommunityId
    platform: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a digest is due and what goes in.

    `cron` has five fields and is read in `zone` (IANA name). At least `min_stories`, else the slot passes in
    silence; at most `max_stories`.
    """

    id: ScheduleId
    community: CommunityId
    destination: DestinationId
    cron: str
    zone: str
    min_stories: int = 1
    max_stories: int = 7
    engine: str = "extractive"
    review: bool = False


class DigestState(StrEnum):
    IN_REVIEW = "in review"
    APPROVED = "approved"
    EMPTY = "empty"  # nothing new: the slot passed in silence
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One issue of a community's digest: its analyses in the order shown."""

    community: CommunityId
    title: str
    since: datetime
    until: datetime
    analyses: tuple[Analysis, ...]

    @property
    def stories(self) -> tuple[StoryId, ...]:
        return tuple(analysis.story for analysis in self.analyses)


class DeliveryState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    REJECTED = "rejected"


# --- what became of one send ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The platform took it under this id."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The platform will never take it; the reason is for people."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """Not now; ask again at `until`."""

    until: datetime
    reason: str


SendOutcome = Posted | Refused | Deferred
