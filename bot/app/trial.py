"""The desk on articles that are in no store: to try a thing before saving it, and to measure.

The same parts do the same work as in the pipeline; only rows and leases are missing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.app.ports import Analyst, Embedder, Vector
from bot.core import strings
from bot.core.analysis import Analysis
from bot.core.article import Article, ArticleId, BodySource
from bot.core.community import COMMON
from bot.core.desk.gate import Gate
from bot.core.desk.language import foreign
from bot.core.desk.lead import lead
from bot.core.desk.relevance import Judged, RelevanceModel
from bot.core.desk.story_index import Found, Join, JoinFacts, StoryIndex
from bot.core.feed import FeedId, Outlet
from bot.core.story import Coverage, Member, Story, StoryId

BATCH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialArticle:
    """An article as a person hands it in; `published` is given, if need be by the caller."""

    title: str
    published: datetime
    summary: str = ""
    text: str = ""
    outlet: str = ""
    url: str = ""
    language: str | None = None

    @property
    def longest(self) -> str:
        return self.text or self.summary


async def classify(
    articles: Sequence[TrialArticle], gate: Gate, model: RelevanceModel, embedder: Embedder
) -> list[tuple[Judged, bool]]:
    """What is made of each, and whether it is about AI and work by itself."""
    scored = await _score(articles, gate, model, embedder, everything=False)
    languages = await asyncio.to_thread(
        lambda: [foreign(article.title, article.longest, article.language) for article in articles]
    )
    judged = [
        one if language is None else Judged(relevance=0.0, ai=False, reasons=(strings.judging.foreign(language),))
        for (one, _), language in zip(scored, languages, strict=True)
    ]
    return [(one, model.relevant(one)) for one in judged]


async def cluster(
    articles: Sequence[TrialArticle], gate: Gate, model: RelevanceModel, embedder: Embedder, index: StoryIndex
) -> list[StoryId]:
    """The story of each, in the order given, after replaying them by `published`. What the gate would turn away is
    joined too: here somebody asks which articles are one story, not which are ours."""
    scored = [
        one
        for start in range(0, len(articles), BATCH)
        for one in await _score(articles[start : start + BATCH], gate, model, embedder, everything=True)
    ]
    order = sorted(range(len(articles)), key=lambda number: (articles[number].published, number))
    next_story = 1
    for number in order:
        article, (judged, vector) = articles[number], scored[number]
        own = JoinFacts(
            id=ArticleId(number),
            owner=COMMON,
            outlet=article.outlet,
            title=article.title,
            text=article.longest,
            published=article.published,
            vector=vector,
            judged=judged,
        )
        match await asyncio.to_thread(index.place, own):
            case Join(story=story, merges=merges):
                for merge in merges:
                    index.merge(merge.kept, merge.absorbed)
            case Found():
                story, next_story = StoryId(next_story), next_story + 1
        index.add(story, COMMON, own)
    return [_story_of(index, ArticleId(number)) for number in range(len(articles))]


async def analyse(articles: Sequence[TrialArticle], analyst: Analyst, embedder: Embedder, now: datetime) -> Analysis:
    """The articles as one story, whatever the desk would have made of them."""
    ordered = sorted(articles, key=lambda article: article.published)
    vectors = await embedder.embed([lead(article.title, article.longest).text for article in ordered])
    members = tuple(Member(article=_stored(article, number)) for number, article in enumerate(ordered, 1))
    story = Story(
        id=StoryId(1),
        owner=COMMON,
        version=1,
        relevance=1.0,
        relevant=True,
        first_seen=ordered[0].published,
        last_updated=ordered[-1].published,
    )
    by_id = {member.article.id: vectors[row] for row, member in enumerate(members)}
    return await analyst.analyse(Coverage(story=story, members=members), by_id, now)


async def _score(
    articles: Sequence[TrialArticle], gate: Gate, model: RelevanceModel, embedder: Embedder, *, everything: bool
) -> list[tuple[Judged, Vector]]:
    gated = await asyncio.to_thread(lambda: [gate(article.title, article.longest) for article in articles])
    wanted = [number for number, found in enumerate(gated) if everything or found.passed]
    # What the gate turned away is judged without its vectors: one row of nothing stands in for them.
    leads = [lead(articles[n].title, articles[n].longest) for n in wanted]
    whole, titles = await embedder.embed_leads([*leads, lead("", "")])
    row = {number: at for at, number in enumerate(wanted)}
    scored = []
    for number, article in enumerate(articles):
        at = row.get(number, -1)
        judged = model.judge(article.title, article.longest, gated[number], whole[at], titles[at])
        scored.append((judged, whole[at]))
    return scored


def _story_of(index: StoryIndex, article: ArticleId) -> StoryId:
    story = index.story_of(article)
    assert story is not None
    return story


def _stored(article: TrialArticle, number: int) -> Article:
    return Article(
        id=ArticleId(number),
        keys=(),
        feed=FeedId(0),
        url=article.url,
        outlet=Outlet(name=article.outlet or f"Outlet {number}"),
        title=article.title,
        summary=article.summary,
        content=article.text,
        published=article.published,
        first_seen=article.published,
        language=article.language,
        body_source=BodySource.FEED if article.text else BodySource.TEASER,
    )
