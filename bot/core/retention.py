"""How long what is kept, and what goes when it is older.

What stays however old it is: that an article was seen (its address, its title, its identities, its story), so that an
old entry never comes back as new; what was told to have moved, so that it is told once; what communities set up and
said; and the text of every article of a story that was posted or put before an editor, because its sentences are
somebody's evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LEAST_ARTICLES = timedelta(days=30)
"""`watch test` looks back that far, joining ten days."""
SUPERSEDED = timedelta(days=30)
"""An analysis of a version that was overtaken, and that nobody was told, is kept so long after its story last moved."""


class Old(StrEnum):
    """What goes, in the words that `slugline purge` prints, in the order it goes."""

    TEXTS = "texts, revisions and vectors of articles"
    ANALYSES = "analyses that were overtaken"
    DELIVERIES = "deliveries and their parts"
    ALERTS = "alerts of stories that ended"
    REMINDERS = "reminders of days that passed"
    DIGESTS = "digests"
    DRAFTS = "drafts and approvals"
    ENTRIES = "entries of the editors' record"
    CORRECTIONS = "entries of the corrections log"
    CHANGES = "entries of the settings' record"
    STOPS = "stops of posting that were lifted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """None keeps it for ever. `articles` is for their texts, `posted` for what was sent and alerts, `audit` for digests
    and who decided what, `left` for everything of a community that removed Slugline."""

    articles: timedelta | None = timedelta(days=365)
    posted: timedelta | None = timedelta(days=365)
    audit: timedelta | None = timedelta(days=3 * 365)
    left: timedelta | None = timedelta(days=30)

    def before(self, now: datetime) -> Mapping[Old, datetime]:
        """What is older than which moment goes; nothing of what is kept for ever."""
        spans = {
            Old.TEXTS: self.articles,
            Old.ANALYSES: None if self.articles is None else min(self.articles, SUPERSEDED),
            Old.DELIVERIES: self.posted,
            Old.ALERTS: self.posted,
            Old.REMINDERS: self.posted,
            Old.DIGESTS: self.audit,
            Old.DRAFTS: self.audit,
            Old.ENTRIES: self.audit,
            Old.CORRECTIONS: self.audit,
            Old.CHANGES: self.audit,
            Old.STOPS: self.audit,
        }
        return {old: now - span for old, span in spans.items() if span is not None}
