"""What is coming up: tracked items with their day, and what stands behind each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.core.article import Article, ArticleId
from bot.core.desk.tracking import TrackedItem, WatchState, as_of
from bot.core.story import StoryId

AHEAD = timedelta(days=7)
"""How far ahead a digest looks: the longest until the next one, and when the first reminder comes."""
MOST = 5
"""Items in a digest: it tells of other things."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """`day` is the outlet's own date for it, `claim` its words. `resolution` is the sentence that tells what became of
    it, where one does, with its outlet and when that was published. The rest says what both stand on: the sentence, and
    the articles with the revisions that were read."""

    day: date
    claim: str
    story: StoryId
    state: WatchState
    outlet: str
    url: str
    resolution: str | None = None
    resolved_outlet: str = ""
    resolved_url: str = ""
    resolved_at: datetime | None = None
    sentence: str = ""
    article: ArticleId | None = None
    revision: int = 1
    resolved_article: ArticleId | None = None
    resolved_revision: int = 1


def coming_up(item: TrackedItem, evidence: Article, resolved_by: Article | None, now: datetime) -> Coming:
    """Of an item with a day."""
    assert item.due is not None
    known = Coming(
        day=item.due,
        claim=item.claim,
        story=item.story,
        state=as_of(item, now),
        outlet=evidence.outlet.name,
        url=evidence.url,
        sentence=item.sentence,
        article=evidence.id,
        revision=evidence.revision,
    )
    if resolved_by is None or item.resolution is None:
        return known
    return replace(
        known,
        resolution=item.resolution,
        resolved_outlet=resolved_by.outlet.name,
        resolved_url=resolved_by.url,
        resolved_at=resolved_by.published,
        resolved_article=resolved_by.id,
        resolved_revision=resolved_by.revision,
    )


def for_digest(
    items: Iterable[Coming], *, told: Collection[StoryId], today: date, since: datetime
) -> tuple[Coming, ...]:
    """What a digest says of the stories it `told` before: what is due within `AHEAD`, and what became, since the last
    digest, of what was awaited. At most `MOST`, by day."""

    def wanted(item: Coming) -> bool:
        if item.story not in told:
            return False
        if item.resolved_at is not None:
            return item.resolved_at > since
        return item.state in (WatchState.OPEN, WatchState.DUE) and today <= item.day <= today + AHEAD

    return tuple(sorted(filter(wanted, items), key=lambda item: item.day))[:MOST]
