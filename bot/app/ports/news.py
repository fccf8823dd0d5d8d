"""Feeds, articles, stories and what is made of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.core.analysis import Analysis
from bot.core.article import Article, ArticleId, BodySource, NewArticle, Revision
from bot.core.bygones import Bygones
from bot.core.community import Viewer
from bot.core.desk.tracking import NewTrackedItem, TrackedId, TrackedItem
from bot.core.feed import Feed, FeedId, NewFeed, VisitRecord
from bot.core.story import Coverage, StoryId

Vector = NDArray[np.float32]
"""Shape (384,), unit length."""


class Feeds(Protocol):
    async def add(self, feed: NewFeed, *, visited: bool = True) -> tuple[FeedId, bool]:
        """Add it, due at once (never where not `visited`: a file from disk), or find the one with that address and
        owner; the bool says whether it is new. One that was gone is due again: somebody knows better."""

    async def get(self, viewer: Viewer, feed: FeedId) -> Feed | None: ...

    async def several(self, viewer: Viewer, feeds: Collection[FeedId]) -> Sequence[Feed]:
        """Those of them the viewer may see, in no particular order."""

    async def visible(self, viewer: Viewer) -> Sequence[Feed]:
        """Common feeds and the viewer's own, by title."""

    async def remove(self, owner: Viewer, feed: FeedId) -> bool:
        """Stop reading it and forget its address; its articles stay. False if that owner has no such feed."""

    async def record(self, owner: Viewer, feed: FeedId, record: VisitRecord) -> None:
        """Write down a visit; when it is due again is for its task to say. A feed that moved to an address which
        another feed of that owner has keeps its own. Raises `LeaseLost` if the feed was removed meanwhile."""

    async def record_many(self, owner: Viewer, records: Mapping[FeedId, VisitRecord]) -> None:
        """As `record`, for visits to several feeds."""

    async def bygones(self, owner: Viewer, feeds: Collection[FeedId]) -> Mapping[FeedId, Bygones]:
        """What of these feeds of that owner was too old; nothing for a feed of which that is not known."""

    async def set_bygones(self, owner: Viewer, bygones: Mapping[FeedId, Bygones]) -> None:
        """Replace it."""

    async def read_elsewhere(self, feed: FeedId, after: datetime) -> bool | None:
        """Whether any other feed, whoever's, was read after that; None where too few others are visited to tell."""


class Articles(Protocol):
    """Articles of outlets on the operator's opt-out list come back `reserved` everywhere, coverages included, from the
    moment they are on it until they are off it."""

    async def by_keys(self, owner: Viewer, keys: Collection[str]) -> Mapping[str, Article]:
        """Articles of exactly that owner, by identity key."""

    async def add(self, article: NewArticle) -> ArticleId:
        """Keep it, or find the article of that owner which has one of its keys already."""

    async def add_many(self, new: Sequence[NewArticle]) -> Sequence[ArticleId]:
        """As `add`, for all of a visit (or of several) at once; ids in the order given. Two of `new` that share a
        key are one article: the first."""

    async def seen_in(self, owner: Viewer, article: ArticleId, feed: FeedId, keys: Collection[str]) -> None:
        """Note that a feed carries it, and learn further identity keys, save those another article of that owner
        has. Repeatable."""

    async def revise(
        self, owner: Viewer, article: ArticleId, *, title: str, summary: str, content: str, at: datetime
    ) -> int:
        """Keep the present text as a `Revision` and replace it; returns the new revision number. What was set aside
        is no longer: that was said of the text before."""

    async def revisions(self, viewer: Viewer, article: ArticleId) -> Sequence[Revision]: ...

    async def withdraw(self, owner: Viewer, article: ArticleId, reason: str, at: datetime) -> None: ...

    async def get(self, viewer: Viewer, articles: Collection[ArticleId]) -> Sequence[Article]:
        """Those of them the viewer may see, in no particular order."""

    async def set_body(self, owner: Viewer, article: ArticleId, text: str, source: BodySource) -> None: ...

    async def set_score(
        self,
        owner: Viewer,
        article: ArticleId,
        *,
        relevance: float,
        mentions_ai: bool,
        reasons: Sequence[str],
        vector: Vector | None,
    ) -> None:
        """Keep what the gate found; what was set aside is no longer. The vector is kept as float16; None takes away
        the one that was there."""

    async def set_aside(self, owner: Viewer, article: ArticleId, reason: str) -> None: ...

    async def set_reserved(self, owner: Viewer, article: ArticleId, reason: str) -> None:
        """Link it by title only from now on."""

    async def reasons(self, viewer: Viewer, article: ArticleId) -> Sequence[str]: ...

    async def vectors(self, viewer: Viewer, articles: Collection[ArticleId]) -> Mapping[ArticleId, Vector]: ...

    async def search(
        self, viewer: Viewer, words: str, *, limit: int, since: datetime | None = None, outlet: str | None = None
    ) -> Sequence[Article]:
        """Articles that hold every one of `words` (a "quoted phrase" counts as one), published since then, by the
        outlet of that name where one is given (looked for in the newest 30,000 that hold the words), not withdrawn and
        not chosen away by the viewer. Of the newest 500 that match: those with more of the words in the title first,
        then the later published. Case and accents do not matter; no text is a syntax error."""

    async def mentions(
        self, viewer: Viewer, words: str, since: datetime, *, limit: int
    ) -> Sequence[tuple[datetime, StoryId | None]]:
        """When each article that `search` could find was published, and its story; the newest `limit` of them."""

    async def outlets(self, viewer: Viewer, since: datetime) -> Sequence[str]:
        """The names of outlets with an article published since then, whether hidden or not, in order."""

    async def count(self, viewer: Viewer) -> int: ...


class Stories(Protocol):
    async def found(
        self,
        owner: Viewer,
        article: ArticleId,
        *,
        relevance: float,
        relevant: bool,
        at: datetime,
        follows: StoryId | None = None,
    ) -> StoryId:
        """`follows` is the story before it in its saga, one that `owner` may see. Raises ValueError for another's."""

    async def attach(
        self, owner: Viewer, story: StoryId, article: ArticleId, *, copy_of: ArticleId | None, at: datetime
    ) -> None:
        """Put an article (of `owner`) into a story, out of any other it was in; both get a new version, seen only by
        those who may see the article. Repeatable. Raises ValueError for a story that is another's, and for a common
        article and a private story."""

    async def merge(self, kept: StoryId, absorbed: StoryId, at: datetime) -> None:
        """Move all of `absorbed` into `kept`; the absorbed id leads to the kept one for ever. The kept story's version
        rises above both. Raises ValueError unless the kept one is common or both have the same owner."""

    async def decide(self, story: StoryId, *, relevance: float, relevant: bool) -> bool:
        """Write the decision down; whether it turned (relevant now and not before, or the reverse)."""

    async def touch(self, owner: Viewer, article: ArticleId, at: datetime) -> StoryId | None:
        """The article's text changed or it was withdrawn: its story gets a new version."""

    async def get(self, viewer: Viewer, story: StoryId) -> Coverage | None:
        """As the viewer sees it, following merges; None if there is none of its articles the viewer may see and did not
        choose away (`Preferences`), here and below.

        In no coverage, here and below, is an article that was withdrawn or set aside: it is no evidence."""

    async def of_article(self, viewer: Viewer, article: ArticleId) -> StoryId | None: ...

    async def of_articles(self, viewer: Viewer, articles: Collection[ArticleId]) -> Mapping[ArticleId, StoryId]:
        """As `of_article`, for several; nothing for one that is in no story."""

    async def titles(self, viewer: Viewer, since: datetime) -> Sequence[tuple[StoryId, str]]:
        """The titles of the articles of stories about AI and work that changed since then, by Slugline's clock, as the
        viewer sees them: the story that changed last first, in it the oldest article."""

    async def whole(self, story: StoryId) -> Coverage | None:
        """For joining: with *all* its articles, whoever's, following merges; None if it has none."""

    async def window(self, since: datetime) -> Sequence[Coverage]:
        """For joining: every story with an article published since then, with *all* its articles."""

    async def published(
        self,
        viewer: Viewer,
        since: datetime,
        until: datetime,
        *,
        least: float | None = None,
        also: Collection[StoryId] = (),
    ) -> Sequence[Coverage]:
        """Stories that are about AI and work, with a visible article published in [since, until). Where `least` is
        given, those of at least that probability too, and of `also` any: what a community's taste may admit."""

    async def around(self, viewer: Viewer, since: datetime, until: datetime) -> Sequence[Coverage]:
        """Every story, about AI and work or not, with a visible article published in [since, until)."""

    async def updated(
        self, viewer: Viewer, since: datetime, *, least: float | None = None, also: Collection[StoryId] = ()
    ) -> Sequence[Coverage]:
        """Stories about AI and work that changed since then, by Slugline's own clock; `least` and `also` as above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisKey:
    """`sources` identifies the set of visible articles and their revisions (a hash)."""

    story: StoryId
    version: int
    engine: str
    sources: str


class Analyses(Protocol):
    async def find(self, owner: Viewer, key: AnalysisKey) -> Analysis | None:
        """Of that owner, or else a common one: it was made of the same sources."""

    async def put(self, owner: Viewer, key: AnalysisKey, analysis: Analysis) -> None:
        """Keep it unless that key is there already (the first one stays). `owner` is set where a private article
        is among its sources."""


class Tracked(Protocol):
    """What analyses told readers to watch, and what became of it. Owned as analyses are."""

    async def of(self, viewer: Viewer, story: StoryId) -> Sequence[TrackedItem]:
        """The items of a story that the viewer may see, following merges, oldest first; none whose evidence no longer
        stands. States are as they were last written: `tracking.as_of` says what the date has changed since."""

    async def coming(self, viewer: Viewer, first: date, last: date) -> Sequence[TrackedItem]:
        """As `of`, of every story about AI and work: those due between the two days, both included, by their day; none
        whose evidence the viewer chose away."""

    async def add(self, owner: Viewer, items: Collection[NewTrackedItem]) -> None:
        """An item in the same words that the story has already is left as it is. Raises LookupError for evidence its
        owner may not see."""

    async def change(self, owner: Viewer, item: TrackedItem) -> None:
        """Write it down anew. Raises LookupError likewise."""

    async def remove(self, owner: Viewer, items: Collection[TrackedId]) -> None: ...
