"""What is coming up: tracked items with their day, and what stands behind each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.core.article import Article
from bot.core.desk.tracking import TrackedItem, WatchState, as_of
from bot.core.story import StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """`day` is the outlet's own date for it; `evidence` the article that says so. `resolution` is the sentence, and
    `resolved_by` the article, that tells what became of it, where one does."""

    day: date
    claim: str
    story: StoryId
    state: WatchState
    evidence: Article
    resolution: str | None = None
    resolved_by: Article | None = None


def coming_up(item: TrackedItem, evidence: Article, resolved_by: Article | None, now: datetime) -> Coming:
    """Of an item with a day."""
    assert item.due is not None
    return Coming(
        day=item.due,
        claim=item.claim,
        story=item.story,
        state=as_of(item, now),
        evidence=evidence,
        resolution=item.resolution if resolved_by is not None else None,
        resolved_by=resolved_by,
    )
