"""Why an article is in its story, why a story is told, why a sentence is shown: gathered from what is stored.

Nothing is decided here, and nothing written down but the analysis of a story that is told and had none yet. What
joining compared is compared again, over the stories of the window as the asker sees them; a common article's story was
decided among common ones only, so that gives the same.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.app.analyses import Analyses
from bot.app.join import WINDOW, facts
from bot.app.ports import Clock, Database, Embedder, Transaction, Vector
from bot.app.saga import chain
from bot.app.subject import NamedArticle, NamedStory, find_subject
from bot.core import strings
from bot.core.article import Article, ArticleId
from bot.core.community import CommunityId, Viewer
from bot.core.desk.affinity import MEASURES
from bot.core.desk.choice import explain_choice
from bot.core.desk.gate import Gate
from bot.core.desk.headline import clean_title
from bot.core.desk.reading import read
from bot.core.desk.relevance import SHARE, RelevanceModel
from bot.core.desk.sides import Sides
from bot.core.desk.story_index import StoryIndex
from bot.core.desk.taste import Opinion, Taste
from bot.core.desk.tracking import as_of
from bot.core.errors import InputError
from bot.core.explanation import (
    ArticleExplanation,
    ArticleFacts,
    Explanation,
    GateFinds,
    Neighbour,
    SentenceChoice,
    StoryExplanation,
    Watched,
)
from bot.core.story import Coverage, StoryId

NEIGHBOURS = 8
"""Stories shown that an article was compared with."""


class Explaining:
    def __init__(
        self,
        database: Database,
        gate: Gate,
        model: RelevanceModel,
        new_index: Callable[[], StoryIndex],
        embedder: Embedder,
        sides: Sides,
        analyses: Analyses,
        taste_of: Callable[[Sequence[Opinion]], Taste],
        clock: Clock,
    ) -> None:
        self._database = database
        self._gate = gate
        self._model = model
        self._new_index = new_index
        self._embedder = embedder
        self._sides = sides
        self._analyses = analyses
        self._taste_of = taste_of
        self._clock = clock

    async def of(self, community: CommunityId, said: str) -> Explanation:
        """What a person names (`bot.app.subject`), as the community sees it. Raises InputError where it sees none."""
        async with self._database.read() as tx:
            subject = await find_subject(tx, community, said)
        match subject:
            case NamedArticle(article):
                return await self.article(community, article)
            case NamedStory(story):
                return await self.story(community, story)

    async def article(self, community: CommunityId, id_: ArticleId) -> ArticleExplanation:
        """Raises InputError where there is no such article."""
        async with self._database.read() as tx:
            article = next(iter(await tx.articles.get(community, [id_])), None)
            if article is None:
                raise InputError(strings.reading.no_article(id_))
            story = await tx.stories.of_article(community, id_)
            coverage = None if story is None else await tx.stories.get(community, story)
            members = () if coverage is None else coverage.members
            copies = [member.article for member in members if member.copy_of == id_]
            copy_of = next((member.copy_of for member in members if member.article.id == id_), None)
            own = await _facts(tx, community, article, copy_of)
            copied = [await _facts(tx, community, copy, id_) for copy in copies]
            window = await tx.stories.around(community, article.published - WINDOW, article.published + WINDOW)
            vectors = await tx.articles.vectors(community, [m.article.id for one in window for m in one.members])
            vectors = {**vectors, **await tx.articles.vectors(community, [id_])}
        neighbours = await asyncio.to_thread(self._neighbours, article, story, window, vectors)
        gated = await asyncio.to_thread(self._gate, article.title, article.text)
        return ArticleExplanation(
            article=own,
            threshold=self._model.threshold,
            gate=GateFinds(ai=gated.ai, work=gated.work, people=gated.people, rights=gated.rights),
            state=_state(article),
            story=story,
            story_headline=None if coverage is None else _headline(coverage),
            story_relevance=None if coverage is None else coverage.story.relevance,
            story_relevant=coverage is not None and coverage.story.relevant,
            joins_at=self._new_index().least_to_join,
            neighbours=tuple(neighbours),
            copies=tuple(copied),
        )

    async def story(self, community: CommunityId, id_: StoryId) -> StoryExplanation:
        """Raises InputError where there is no such story. A story that is not told has no sentences to explain."""
        async with self._database.read() as tx:
            coverage = await tx.stories.get(community, id_)
            if coverage is None:
                raise InputError(strings.reading.no_story(id_))
            taste = self._taste_of(await tx.feedback.of(community))
            items = await tx.tracked.of(community, coverage.story.id)
            before = await chain(tx, community, coverage)
            articles = [await _facts(tx, community, m.article, m.copy_of) for m in coverage.members]
        admission = taste.judge(coverage)
        headline = _headline(coverage)
        sentences: tuple[SentenceChoice, ...] = ()
        if coverage.story.relevant or admission.admitted:
            headline, sentences = await self._sentences(community, coverage)
        now = self._clock.now()
        return StoryExplanation(
            story=coverage.story.id,
            version=coverage.story.version,
            headline=headline,
            relevance=coverage.story.relevance,
            relevant=coverage.story.relevant,
            threshold=self._model.threshold,
            decided_by=_deciding(articles),
            admitted=admission.admitted,
            taste=admission.reasons,
            first_seen=coverage.story.first_seen,
            last_updated=coverage.story.last_updated,
            earlier=tuple(_headline(one) for one in before),
            articles=tuple(articles),
            sentences=sentences,
            watched=tuple(
                Watched(
                    claim=item.claim,
                    due=item.due,
                    state=as_of(item, now).value,
                    since=item.since,
                    resolution=item.resolution,
                )
                for item in items
            ),
        )

    async def _sentences(self, viewer: Viewer, coverage: Coverage) -> tuple[str, tuple[SentenceChoice, ...]]:
        """The analysis's headline, and what it made of each sentence."""
        analysis = await self._analyses.of(viewer, coverage)
        reading = await asyncio.to_thread(read, coverage, self._sides)
        vectors = await self._embedder.embed(reading.texts())
        return analysis.headline, await asyncio.to_thread(explain_choice, reading, vectors, analysis)

    def _neighbours(
        self,
        article: Article,
        story: StoryId | None,
        window: Iterable[Coverage],
        vectors: Mapping[ArticleId, Vector],
    ) -> list[Neighbour]:
        if article.id not in vectors:
            return []
        index = self._new_index()
        headlines = {}
        for coverage in window:
            headlines[coverage.story.id] = _headline(coverage)
            for member in coverage.members:
                if member.article.id in vectors:
                    known = facts(member.article, vectors[member.article.id])
                    index.add(coverage.story.id, coverage.story.owner, known)
        compared = index.neighbours(facts(article, vectors[article.id]), within=WINDOW)
        return [
            Neighbour(
                story=near,
                headline=headlines[near],
                score=round(score, 4),
                measures={name: round(float(value), 3) for name, value in zip(MEASURES, measures, strict=True)},
                own=near == story,
            )
            for near, score, measures in compared[:NEIGHBOURS]
        ]


async def _facts(tx: Transaction, viewer: Viewer, article: Article, copy_of: ArticleId | None) -> ArticleFacts:
    return ArticleFacts(
        id=article.id,
        outlet=article.outlet.name,
        title=article.title,
        url=article.url,
        published=article.published,
        relevance=article.relevance,
        mentions_ai=article.mentions_ai,
        reasons=tuple(await tx.articles.reasons(viewer, article.id)),
        copy_of=copy_of,
    )


def _deciding(articles: Sequence[ArticleFacts]) -> tuple[ArticleId, ...]:
    """Those that `relevance.decide_story` looked at."""
    ranked = sorted(articles, key=lambda article: (-(article.relevance or 0.0), article.id))
    return tuple(article.id for article in ranked[: math.ceil(SHARE * len(articles))])


def _state(article: Article) -> str | None:
    if article.withdrawn is not None:
        return strings.explanation.withdrawn(article.withdrawn)
    if article.set_aside is not None:
        return strings.explanation.set_aside(article.set_aside)
    return None if article.reserved is None else strings.explanation.title_only(article.reserved)


def _headline(coverage: Coverage) -> str:
    first = coverage.members[0].article
    return clean_title(first.title, first.outlet.name) or first.outlet.name
