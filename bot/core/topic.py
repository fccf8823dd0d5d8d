"""What a digest keeps to: a query of the watch language, held against a story's articles."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from bot.core.feed import FeedId
from bot.core.story import Coverage
from bot.core.watch.evaluation import holds
from bot.core.watch.pack import Packs
from bot.core.watch.pack_names import PackNames, watched
from bot.core.watch.parser import parse
from bot.core.watch.query import Query, written

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
        packs = self.packs()
        articles = (member.article for member in coverage.members)
        return any(holds(topic, watched(packs, one, one.text, desk=desks.get(one.feed))) for one in articles)


def said(topic: Topic) -> str:
    """The query in its one form, for people."""
    return written(topic)
