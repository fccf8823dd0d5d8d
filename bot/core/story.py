"""Stories: several articles about one event.

Every article that passes the gate is in exactly one story; a story is *about AI and work* or not, decided from all
its articles. A private article may join a common story or found one of its owner's, but never shapes what others
see: common articles join common stories only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from bot.core.article import Article, ArticleId
from bot.core.community import Viewer

StoryId = NewType("StoryId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A stored story. `version` counts every change to its articles or their text.

    `relevance` is the decision's probability over its common articles (or all, for a private story).
    """

    id: StoryId
    owner: Viewer
    version: int
    relevance: float
    relevant: bool
    first_seen: datetime
    last_updated: datetime
    follows: StoryId | None = None  # the earlier story in the same saga


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article in a story. `copy_of` names the article whose text this one repeats (wire copy, syndication)."""

    article: Article
    copy_of: ArticleId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """A story as one viewer sees it: its articles by time of publication, oldest first."""

    story: Story
    members: tuple[Member, ...]
