"""Which story came before this one: by its bill or case where joining's memory does not reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.app.ports import Transaction, Vector
from bot.core.article import Article, ArticleId
from bot.core.community import Viewer
from bot.core.desk.saga import ALIKE, REACH, saga_names
from bot.core.story import Coverage, StoryId

LOOKED_AT = 10
"""Articles looked at for each phrase: bounded work a founded story."""
CHAIN = 3
"""Stories back that an analysis names and whose expectations a later story may settle."""


async def predecessor(tx: Transaction, owner: Viewer, article: Article, vector: Vector) -> StoryId | None:
    """The latest story about AI and work that was over before the article came, is about the same bill or case, and is
    not unlike it; None where there is none. `owner` is the article's."""
    names = saga_names(article)
    best: Coverage | None = None
    for name, phrases in names.items():
        for phrase in phrases:
            found = await tx.articles.search(owner, f'"{phrase}"', limit=LOOKED_AT, since=article.published - REACH)
            alike = await _alike(tx, owner, found, vector)
            for other in found:
                if other.id not in alike or other.published >= article.published or name not in saga_names(other):
                    continue
                story = await tx.stories.of_article(owner, other.id)
                coverage = None if story is None else await tx.stories.get(owner, story)
                if coverage is None or not coverage.story.relevant or _last(coverage) >= article.published:
                    continue
                if best is None or _last(coverage) > _last(best):
                    best = coverage
    return None if best is None else best.story.id


async def chain(tx: Transaction, viewer: Viewer, coverage: Coverage) -> list[Coverage]:
    """The stories before this one in its saga that are about AI and work, as the viewer sees them, the latest first."""
    seen = {coverage.story.id}
    before: list[Coverage] = []
    follows = coverage.story.follows
    while follows is not None and len(before) < CHAIN:
        earlier = await tx.stories.get(viewer, follows)
        if earlier is None or earlier.story.id in seen:  # they were merged since
            break
        seen.add(earlier.story.id)
        if earlier.story.relevant:
            before.append(earlier)
        follows = earlier.story.follows
    return before


def _last(coverage: Coverage) -> datetime:
    return coverage.members[-1].article.published


async def _alike(tx: Transaction, owner: Viewer, found: Sequence[Article], vector: Vector) -> set[ArticleId]:
    vectors = await tx.articles.vectors(owner, [article.id for article in found])
    return {article for article, other in vectors.items() if float(other @ vector) >= ALIKE}
