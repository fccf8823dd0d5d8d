"""Articles: what Slugline keeps of an outlet's entry, under one identity, with its history.

Articles of common feeds are common (`owner` is None). An article that came through a community's private feed
belongs to that community, even where the same address is common too: a private feed may carry text others have
not paid for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.core.community import COMMON, Viewer
from bot.core.feed import FeedId, Outlet

ArticleId = NewType("ArticleId", int)


class BodySource(StrEnum):
    """Where the longest text we hold came from."""

    TEASER = "teaser"  # the feed's summary only
    FEED = "feed"  # full text in the feed
    PAGE = "page"  # the article's page
    PURGED = "purged"  # it was older than texts are kept here: only its title is left


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """An article about to be stored. `keys` are its identities (`bot.core.identity`), strongest first."""

    keys: tuple[str, ...]
    feed: FeedId
    owner: Viewer = COMMON
    url: str
    outlet: Outlet
    title: str
    summary: str
    content: str = ""
    published: datetime  # the feed's date, or first_seen where it had none or an impossible one
    dated: bool = True  # whether `published` is the feed's own
    first_seen: datetime
    language: str | None = None
    authors: tuple[str, ...] = ()
    reserved: str | None = None  # why it is linked by title only: the outlet objects to machine use of its text


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(NewArticle):
    """A stored article. `revision` starts at 1 and counts edits; `withdrawn` says why it no longer stands."""

    id: ArticleId
    revision: int = 1
    updated: datetime | None = None  # when the last revision was seen
    withdrawn: str | None = None
    body_source: BodySource = BodySource.TEASER
    relevance: float | None = None  # probability an article, None before scoring
    mentions_ai: bool = False  # whether the article itself speaks of AI; False before scoring
    set_aside: str | None = None  # why it takes no part in stories

    @property
    def text(self) -> str:
        """All we hold: the teaser, then the page's or the feed's longer text. A teaser that only gives the text's
        beginning is not repeated; one in the outlet's own words is kept, since it may say what the text takes as known.
        """
        opening = self.summary.rstrip(" .…[]")[:200]
        if not opening or opening in self.content:
            return self.content or self.summary
        return f"{self.summary}\n\n{self.content}" if self.content else self.summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What an article said before an edit."""

    article: ArticleId
    revision: int
    title: str
    summary: str
    content: str
    seen: datetime
