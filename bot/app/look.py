"""Stage look: the page of an article that a message was posted from is looked at again, for a week.

A feed tells of an edit while it still lists the entry, and hardly ever of an article that was taken back. What a look
finds goes the way of all corrections (`bot.app.errata`): the page's new text is the article's next revision, and a page
that is gone, or says that the article was taken back, withdraws it. What that means for each message, stage correct
decides. When and what counts is in `bot.core.correction.page_look`; a page is asked for as for its first text, with
everything that keeps us from pages, on condition, and hardly more than once a minute of each host.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

import structlog

from bot.app.errata import article_changed, take_back
from bot.app.page import SHORTEST_REST
from bot.app.ports import (
    Clock,
    Database,
    NoPage,
    NotThere,
    PageLook,
    PageReader,
    PageText,
    Reserved,
    SamePage,
    Stage,
    Task,
    Transaction,
)
from bot.core import strings
from bot.core.article import Article, ArticleId, BodySource
from bot.core.correction.page_look import (
    HOST_REST,
    Missing,
    Neighbours,
    Version,
    is_gone,
    may_look,
    new_version,
    next_look,
    still_missing,
)
from bot.core.feed import Validators
from bot.core.intake import taken_back_on_page

log = structlog.get_logger(__name__)

Seen = PageText | SamePage | NotThere | NoPage | Reserved


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a look means for the article: that it was `taken_back` or is `reserved`, and how that is said, or that it
    has another `version`. `validators` and `missing` are for the next look."""

    validators: Validators
    missing: Missing | None = None
    taken_back: str | None = None
    reserved: str | None = None
    version: Version | None = None


def found(seen: Seen, article: Article, look: PageLook, others: Neighbours, now: datetime) -> Found:
    """Takes some milliseconds."""
    match seen:
        case NotThere(for_good=True):
            return Found(validators=look.validators, taken_back=strings.judging.PAGE_GONE)
        case NotThere():
            missing = still_missing(look.missing, now)
            gone = strings.judging.PAGE_MISSING if is_gone(missing, now, others) else None
            return Found(validators=look.validators, missing=missing, taken_back=gone)
        case NoPage(scrap=scrap):  # of a page that cannot be had nothing is known, but what it says
            said = taken_back_on_page("", scrap, article)
            return Found(validators=look.validators, missing=look.missing, taken_back=said)
        case Reserved(reason=reason):
            return Found(validators=look.validators, reserved=reason)
        case SamePage():
            return Found(validators=look.validators)
        case PageText(text=text, title=title, validators=validators):
            said = taken_back_on_page(title, text, article)
            version = new_version(article, text) if said is None else None
            return Found(validators=validators, taken_back=said, version=version)


class Look:
    def __init__(self, database: Database, reader: PageReader, clock: Clock) -> None:
        self._database = database
        self._reader = reader
        self._clock = clock

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage."""
        for task in tasks:
            await self._look(task)

    async def _look(self, task: Task) -> None:
        id_ = ArticleId(task.key)
        async with self._database.begin() as tx:
            article = next(iter(await tx.articles.get(task.owner, [id_])), None)
            look = await tx.page_looks.get(id_)
            if article is None or look is None:
                await tx.tasks.done(task)
                return
            if article.reserved is not None:  # the operator's list may have it since: no feed tells of that
                await article_changed(tx, task.owner, [id_])
            if look.posted is None or not may_look(article):
                await _rest(tx, task, article, look)
                return
            feed = await tx.feeds.get(task.owner, article.feed)
            if (free := await _host_rests(tx, article.url)) is not None:
                await tx.tasks.retry(task, free, strings.fetching.OTHERS_WAIT, failed=False)
                return
        trusted = feed is not None and feed.trusted
        seen = await self._reader.again(article.url, trusted=trusted, validators=look.validators)
        async with self._database.read() as tx:
            others, now = await tx.page_looks.neighbours(id_), await tx.now()
        came_of_it = await asyncio.to_thread(found, seen, article, look, others, now)
        async with self._database.begin() as tx:
            if isinstance(seen, NoPage) and seen.rest is not None:
                due = await tx.now() + max(seen.rest, SHORTEST_REST) * (1 + random.random())
                await tx.tasks.retry(task, due, seen.reason, failed=False)
            elif await tx.articles.get(task.owner, [id_]) == [article]:
                await self._take_in(tx, task, article, look, came_of_it)
            else:  # its feed changed it meanwhile
                await tx.tasks.done(task, again=await tx.now())

    async def _take_in(self, tx: Transaction, task: Task, article: Article, look: PageLook, of: Found) -> None:
        owner, id_, now = task.owner, article.id, self._clock.now()
        await tx.page_looks.note(id_, validators=of.validators, missing=of.missing)
        if of.taken_back is not None:
            await take_back(tx, owner, id_, of.taken_back, now)
            await tx.page_looks.end(id_)
            await tx.tasks.done(task)
        else:
            if of.reserved is not None:
                await tx.articles.set_reserved(owner, id_, of.reserved)
                await tx.stories.touch(owner, id_, now)
                await tx.tasks.put(Stage.JOIN, [id_], owner)
            if (new := of.version) is not None:
                title = article.title
                await tx.articles.revise(owner, id_, title=title, summary=new.summary, content=new.content, at=now)
                await tx.articles.set_body(owner, id_, new.content, BodySource.PAGE)
                await tx.stories.touch(owner, id_, now)
                await tx.tasks.put(Stage.SCORE, [id_], owner)
            await _rest(tx, task, article, replace(look, missing=of.missing))
        if of.taken_back is not None or of.reserved is not None or of.version is not None:
            await article_changed(tx, owner, [id_])
            log.info("page changed", article=id_, taken_back=of.taken_back, reserved=of.reserved)


async def _rest(tx: Transaction, task: Task, article: Article, look: PageLook) -> None:
    """Until the next look, if there is one."""
    again = next_look(look.posted or look.since, await tx.now(), look.missing)
    if again is None or article.withdrawn is not None or article.reserved is not None:
        await tx.page_looks.end(article.id)
        again = None
    await tx.tasks.done(task, again=again)


async def _host_rests(tx: Transaction, url: str) -> datetime | None:
    """Until when nothing more is asked of its host; None where it is this page's turn."""
    key = f"look:{(urlsplit(url).hostname or '').lower()}"
    free, now = (await tx.budgets.levels([key]))[key], await tx.now()
    if free is not None and now < free <= now + HOST_REST:
        return free
    await tx.budgets.set({key: now + HOST_REST})
    return None
