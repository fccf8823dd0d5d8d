"""How a community is set up as a whole, and the record of who changed what in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.community import MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunitySettings:
    """`zone` is the IANA name in which its times are read and shown; None as the installation's. `notices` is the
    platform's address where the community is told what concerns it; None where its oldest schedule posts.

    `review` is the address where drafts are shown to editors; None where notices go. So many different `approvers`
    approve each story; a digest that was not approved after `review_patience` is posted labelled so, None: it waits.

    While `paused` nothing is posted that nobody asked for; `paused_until` ends that by itself, None never does.
    """

    zone: str | None = None
    notices: str | None = None
    paused: bool = False
    paused_until: datetime | None = None
    review: str | None = None
    approvers: int = 1
    review_patience: timedelta | None = None

    def is_paused(self, now: datetime) -> bool:
        return self.paused and (self.paused_until is None or now < self.paused_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Somebody changed something. `what` names it ("schedule 3, when"); `before` and `after` are None where it was not
    there, or is not any more. `member` is None where whoever did it had their data deleted, `by` then is empty too."""

    what: str
    before: str | None
    after: str | None
    member: MemberId | None
    by: str
    at: datetime
