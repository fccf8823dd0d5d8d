"""The audit trail of the editor's desk: who did what, when, and what it was before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.delivery import DigestId
from bot.core.review.draft import DraftId, Reviewer


class Action(StrEnum):
    OPENED = "opened"
    APPROVED = "approved"
    EDITED = "edited"
    CUT = "cut"
    DROPPED = "dropped"
    BROUGHT_BACK = "brought back"
    MERGED = "merged"
    SPLIT = "split"
    ADDED = "added"
    ASSIGNED = "assigned"
    REJECTED = "rejected"
    RELEASED = "released"
    TIMED_OUT = "timed out"
    EMPTIED = "emptied"
    SOURCE_CHANGED = "source changed"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEntry:
    """`by` is None where Slugline itself did it, or whoever did had their data deleted. `part` names what of a draft it
    is about ("story, sentence 3"); `before` and `after` are its text, or a reason, None where there is none."""

    action: Action
    at: datetime
    by: Reviewer | None = None
    draft: DraftId | None = None
    digest: DigestId | None = None
    part: str = ""
    before: str | None = None
    after: str | None = None
