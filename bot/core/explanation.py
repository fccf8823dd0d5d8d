"""Why an article or a story is where it is: every decision with what it rests on, for `slugline why` and for chat.

Plain values, ready for JSON by `dataclasses.asdict`. What one viewer may not see is in none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.article import ArticleId
from bot.core.story import StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFinds:
    """Concepts found in an article, by facet."""

    ai: tuple[str, ...]
    work: tuple[str, ...]
    people: tuple[str, ...]
    rights: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """AI or work is enough to be looked at further."""
        return bool(self.ai or self.work)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFacts:
    """`relevance` is its own probability (None before scoring), `reasons` what stands behind it. `copy_of` is the
    article whose text it repeats."""

    id: ArticleId
    outlet: str
    title: str
    url: str
    published: datetime
    relevance: float | None
    mentions_ai: bool
    reasons: tuple[str, ...]
    copy_of: ArticleId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A story that the article was compared with: the probability that both tell of one event, and the measures that it
    was worked out from (`affinity.MEASURES`). `own` marks the story that the article is in."""

    story: StoryId
    headline: str
    score: float
    measures: Mapping[str, float]
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleExplanation:
    """`threshold` is the least probability of an article that a story about AI and work may start from, `joins_at` the
    least score with which an article joins. `state` says why it takes no part (withdrawn, set aside, title only)."""

    article: ArticleFacts
    threshold: float
    gate: GateFinds
    state: str | None
    story: StoryId | None
    story_headline: str | None
    story_relevance: float | None
    story_relevant: bool
    joins_at: float
    neighbours: tuple[Neighbour, ...]
    copies: tuple[ArticleFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceChoice:
    """A sentence that could be shown. `roles` are strengths in 0..1; `chosen_for` the parts that show or cite it; else
    `why_not` says what stood against it.

    `text` is whole where the analysis shows it anyway, else its opening, "" once that would take its article over the
    extract budget, which holds here as on every surface; `order` (from 0) still finds it among the article's sentences.
    """

    article: ArticleId
    outlet: str
    order: int
    text: str
    roles: Mapping[str, float]
    side: str | None
    due: date | None
    likeness: float  # to the story's middle, a cosine
    chosen_for: tuple[str, ...]
    why_not: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A tracked item; `resolution` is the sentence that settled it."""

    claim: str
    due: date | None
    state: str
    since: datetime
    resolution: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryExplanation:
    """`admitted` is whether this community would be told it by its own taste, `taste` what its feedback changed."""

    story: StoryId
    version: int
    headline: str
    relevance: float
    relevant: bool
    threshold: float
    decided_by: tuple[ArticleId, ...]  # the most relevant fifth of its articles
    admitted: bool
    taste: tuple[str, ...]
    first_seen: datetime
    last_updated: datetime
    earlier: tuple[str, ...]
    articles: tuple[ArticleFacts, ...]
    sentences: tuple[SentenceChoice, ...]
    watched: tuple[Watched, ...]


Explanation = ArticleExplanation | StoryExplanation
