"""Stage 2, score: the cheap gate, then the embedding and the probability; and for what has only a teaser, its page.

An article in a language that the desk cannot read, or that the gate turns away, is set aside with the reason and never
embedded. One that passes goes on to joining at once; if
its page is worth reading it is queued for that too, and comes back here with the longer text.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence

import structlog

from bot.app.ports import Database, Embedder, Stage, Task
from bot.core import strings
from bot.core.article import Article, ArticleId, BodySource
from bot.core.community import Viewer
from bot.core.desk.gate import Gate, Gated
from bot.core.desk.language import foreign
from bot.core.desk.lead import lead
from bot.core.desk.relevance import Judged, RelevanceModel

"""The gate's words and the embedder are English: what they would make of another language is chance."""
PAGE_WORTH = 0.2
"""Probability from which an article's page is fetched for its own sake. A page that could only help a story of
strikes and contracts is fetched when the article joins a story about AI and work (`bot.app.join`): outlets are not
asked for pages nobody will quote."""

log = structlog.get_logger(__name__)


class Score:
    """Judges articles in batches. CPU work runs in threads."""

    def __init__(self, database: Database, gate: Gate, model: RelevanceModel, embedder: Embedder) -> None:
        self._database = database
        self._gate = gate
        self._model = model
        self._embedder = embedder

    async def prepare(self) -> None:
        """Have the embedder load its model now: the first article, and the alert it makes, would wait for that."""
        await self._embedder.embed(["news"])

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage."""
        found: dict[tuple[Viewer, int], Article] = {}
        owned: defaultdict[Viewer, list[ArticleId]] = defaultdict(list)
        for task in tasks:
            owned[task.owner].append(ArticleId(task.key))
        async with self._database.read() as tx:
            for owner, ids in owned.items():
                found |= {(owner, article.id): article for article in await tx.articles.get(owner, ids)}
        articles = [article for article in found.values() if article.withdrawn is None]
        looks = dict(zip((a.id for a in articles), await asyncio.to_thread(self._look, articles), strict=True))
        gated = {id_: look for id_, look in looks.items() if isinstance(look, Gated)}
        passing = [article for article in articles if article.id in gated]
        embedded = await self._embedder.embed_leads([lead(article.title, article.text) for article in passing])
        vectors = {article.id: pair for article, *pair in zip(passing, *embedded, strict=True)}
        async with self._database.begin() as tx:
            for task in tasks:
                article = found.get((task.owner, task.key))
                if article is not None and article.id in vectors:
                    vector, title_vector = vectors[article.id]
                    judged = self._model.judge(article.title, article.text, gated[article.id], vector, title_vector)
                    await tx.articles.set_score(
                        task.owner,
                        article.id,
                        relevance=judged.relevance,
                        mentions_ai=judged.ai,
                        reasons=judged.reasons,
                        vector=vector,
                    )
                    # Due since it was published: a backlog, such as a first fill, is joined as the news came.
                    due = min(article.published, await tx.now())
                    await tx.tasks.put(Stage.JOIN, [article.id], task.owner, due=due)
                    if page_wanted(article, judged):
                        await tx.tasks.put(Stage.PAGE, [article.id], task.owner)
                    log.debug("scored", article=article.id, relevance=round(judged.relevance, 3))
                elif article is not None and isinstance(reason := looks.get(article.id), str):
                    await tx.articles.set_aside(task.owner, article.id, reason)
                    if await tx.stories.of_article(task.owner, article.id) is not None:
                        await tx.tasks.put(Stage.JOIN, [article.id], task.owner)
                await tx.tasks.done(task)

    def _look(self, articles: Sequence[Article]) -> list[Gated | str]:
        """What the gate found in each, or why it is set aside."""
        return [self._look_at(article) for article in articles]

    def _look_at(self, article: Article) -> Gated | str:
        language = foreign(article.title, article.text, article.language)
        if language is not None:
            return strings.judging.foreign(language)
        gated = self._gate(article.title, article.text)
        return gated if gated.passed else strings.judging.OFF_TOPIC


def page_wanted(article: Article, judged: Judged) -> bool:
    """Whether the article's page is worth asking its outlet for."""
    return judged.relevance >= PAGE_WORTH and may_read_page(article)


def may_read_page(article: Article) -> bool:
    """Only where all we have is a teaser, there is an address, and the text is free to read, as far as we know."""
    only_teaser = article.body_source is BodySource.TEASER
    return only_teaser and bool(article.url) and article.outlet.paywalled is False and article.reserved is None
