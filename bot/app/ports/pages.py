"""Pages of articles that something was posted from, while they are looked at again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.article import ArticleId
from bot.core.correction.page_look import Missing, Neighbours
from bot.core.feed import NO_VALIDATORS, Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLook:
    """`since` is when looking began. `posted` is when a message that stands on the article was last posted; None where
    none was yet. Times are the database's."""

    since: datetime
    posted: datetime | None
    validators: Validators = NO_VALIDATORS
    missing: Missing | None = None


class PageLooks(Protocol):
    """Which pages are looked at again (stage LOOK): of every article that a queued message stands on, once, whoever
    queued it. Nothing here is for a member's eyes."""

    async def begin(self, articles: Collection[ArticleId]) -> None:
        """Look at those of them that are not looked at yet, first when `RHYTHM` says so."""

    async def get(self, article: ArticleId) -> PageLook | None:
        """None where it is not looked at."""

    async def note(self, article: ArticleId, *, validators: Validators, missing: Missing | None) -> None:
        """What a look found."""

    async def neighbours(self, article: ArticleId) -> Neighbours:
        """The other pages of its outlet."""

    async def end(self, article: ArticleId) -> None:
        """It is not looked at any more, until something is posted from it again."""
