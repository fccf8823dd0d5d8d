"""What a digest keeps to: a query of the watch language, held against a story's articles."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from bot.core.article import Article
from bot.core.feed import FeedId
from bot.core.story import Coverage
from bot.core.watch.evaluation import holds
from bot.core.watch.pack import Packs
from bot.core.watch.pack_names import PackNames, watched
from bot.core.watch.parser import parse
from bot.core.watch.prospect import letters, may_hold
from bot.core.watch.query import Named, Query, terms, written
from bot.core.watch.subject import subject_of

Topic = Query


@dataclass(frozen=True, slots=True)
class Topics:
    """Reads and holds queries. `packs` gives their names' meaning, and is asked for when the first query is read: most
    installations have none."""

    packs: Callable[[], Packs]

    def read(self, text: str, desks: Collection[str] | None = None) -> Topic:
        """Raises QueryError, which points at the place. With `desks` any other desk is an error."""
        return parse(text, PackNames(self.packs()), desks)

    def matches(self, topic: Topic, coverage: Coverage, desks: Mapping[FeedId, str | None]) -> bool:
        """Whether one of the story's articles is what the query asks for. `desks` are those of their feeds."""
        return any(self._asks_for(topic, member.article, desks) for member in coverage.members)

    def _asks_for(self, topic: Topic, article: Article, desks: Mapping[FeedId, str | None]) -> bool:
        text = article.text
        if not may_hold(topic, letters(article.title, text)):
            return False
        desk = desks.get(article.feed)
        if any(isinstance(term, Named) for term in terms(topic)):
            return holds(topic, watched(self.packs(), article, text, desk=desk))
        return holds(topic, subject_of(article, text, desk=desk))


def said(topic: Topic) -> str:
    """The query in its one form, for people."""
    return written(topic)
