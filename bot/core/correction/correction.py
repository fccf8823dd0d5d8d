"""A correction: what was said, what is said now, and why; as the corrections log keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.article import ArticleId
from bot.core.story import StoryId


class Cause(StrEnum):
    CHANGED = "changed"  # the outlet says it otherwise now
    REMOVED = "removed"  # the outlet took the sentence out of an article that else stands
    MARKED = "marked"  # the outlet marks its article as corrected
    WITHDRAWN = "withdrawn"  # the outlet took its article back
    RESERVED = "reserved"  # the outlet does not want to be quoted any more
    EDITOR = "editor"  # an editor of the community decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """What a message that is no digest says in an outlet's words: a sentence of an article as it was in that revision,
    or its title."""

    story: StoryId
    article: ArticleId
    revision: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """`was` is what was told, "" where nothing that was told had to change; `now` is None where nothing stands in its
    place. `reason` is the outlet's or the editor's, in their words; `by` is the editor, None where Slugline did it."""

    story: StoryId
    headline: str
    at: datetime
    cause: Cause
    was: str = ""
    now: str | None = None
    outlet: str = ""
    url: str = ""
    reason: str = ""
    by: str | None = None

    @property
    def repeatable(self) -> str:
        """What was told, where that may be said again: not what was taken back, nor what may not be quoted."""
        return "" if self.cause in (Cause.WITHDRAWN, Cause.RESERVED) else self.was
