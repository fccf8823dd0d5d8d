"""The real multi-article stories of the shared data as coverage, for measuring analyses; their text is never
committed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bot.core.article import Article, ArticleId
from bot.core.feed import FeedId, Outlet
from bot.core.story import Coverage, Member, Story, StoryId
from tests.shared import SHARED

FILES = ("stories/ai_labour_events", "stories/giveme5w1h_2017")


def real_stories() -> Iterator[tuple[str, Coverage]]:
    """(event, coverage) of every event with at least two articles, oldest article first."""
    for name in FILES:
        events: dict[str, list[dict[str, Any]]] = defaultdict(list)
        with (SHARED / f"data/{name}.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                events[str(row["event_id"])].append(row)
        for event, rows in events.items():
            if len(rows) > 1:
                yield event, _coverage(rows)


def _coverage(rows: list[dict[str, Any]]) -> Coverage:
    articles = [_article(number, row) for number, row in enumerate(sorted(rows, key=lambda row: str(row["date"])), 1)]
    story = Story(
        id=StoryId(1),
        owner=None,
        version=1,
        relevance=1.0,
        relevant=True,
        first_seen=articles[0].published,
        last_updated=articles[-1].published,
    )
    return Coverage(story=story, members=tuple(Member(article=article) for article in articles))


def _article(number: int, row: dict[str, Any]) -> Article:
    published = datetime.fromisoformat(row["date"])
    published = published if published.tzinfo else published.replace(tzinfo=UTC)
    return Article(
        id=ArticleId(number),
        keys=(str(number),),
        feed=FeedId(1),
        url=row.get("url") or f"https://outlet.invalid/{number}",
        outlet=Outlet(name=row["outlet"] or "unknown"),
        title=row["title"] or "",
        summary=row.get("summary") or row.get("description") or "",
        content=row.get("text") or "",
        published=published,
        first_seen=published,
    )
