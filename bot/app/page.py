"""Stage 2b, page: fetch the page of an article that has only a teaser; its text re-enters score.

A page that cannot be had leaves the article with its teaser. A passing failure is tried again later, a few times.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot.app.errata import article_changed
from bot.app.ports import Clock, Database, NoPage, PageReader, PageText, Reserved, Stage, Task
from bot.app.score import may_read_page
from bot.core.article import ArticleId, BodySource
from bot.core.backoff import backoff

ATTEMPTS = 3
SHORTEST_REST = timedelta(seconds=30)
"""How long a page at least waits where its host takes no visits; stretched by up to as much again, so that those
who were sent away together do not come back together."""

log = structlog.get_logger(__name__)


class Page:
    def __init__(self, database: Database, reader: PageReader, clock: Clock) -> None:
        self._database = database
        self._reader = reader
        self._clock = clock

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage."""
        for task in tasks:
            await self._read(task)

    async def _read(self, task: Task) -> None:
        id_ = ArticleId(task.key)
        async with self._database.read() as tx:
            article = next(iter(await tx.articles.get(task.owner, [id_])), None)
            feed = None if article is None else await tx.feeds.get(task.owner, article.feed)
        if article is None or article.withdrawn is not None or not may_read_page(article):
            async with self._database.begin() as tx:
                await tx.tasks.done(task)
            return
        page = await self._reader.read(article.url, trusted=feed is not None and feed.trusted)
        async with self._database.begin() as tx:
            match page:
                case PageText(text=text):
                    # An extractor that finds less than the teaser found the wrong part of the page.
                    if len(text) > len(article.summary):
                        await tx.articles.set_body(task.owner, id_, text, BodySource.PAGE)
                        await tx.stories.touch(task.owner, id_, self._clock.now())
                        await tx.tasks.put(Stage.SCORE, [id_], task.owner)
                        if article.revision > 1:  # what was cited of the page before may be in this one, or not
                            await article_changed(tx, task.owner, [id_])
                    await tx.tasks.done(task)
                case Reserved(reason=reason):
                    await tx.articles.set_reserved(task.owner, id_, reason)
                    await tx.stories.touch(task.owner, id_, self._clock.now())
                    await tx.tasks.put(Stage.JOIN, [id_], task.owner)
                    await article_changed(tx, task.owner, [id_])
                    await tx.tasks.done(task)
                    log.info("reserved", article=id_, reason=reason)
                case NoPage(reason=reason, rest=timedelta() as rest):
                    due = await tx.now() + max(rest, SHORTEST_REST) * (1 + random.random())
                    await tx.tasks.retry(task, due, reason, failed=False)
                case NoPage(reason=reason, final=final):
                    log.info("no page", article=id_, reason=reason, final=final)
                    if final or task.attempt >= ATTEMPTS:
                        await tx.tasks.done(task)
                    else:
                        await tx.tasks.retry(task, await tx.now() + backoff(task.attempt, random.random()), reason)
