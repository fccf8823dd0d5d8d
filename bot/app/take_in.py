"""What a feed said becomes rows: new articles, revisions, retractions, and the work that follows from each."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.app.errata import article_changed, take_back
from bot.app.ports import Stage, Transaction
from bot.core.article import Article, ArticleId, BodySource, NewArticle
from bot.core.bygones import NO_BYGONES, Bygones
from bot.core.catalogue import Catalogue, gathers
from bot.core.community import Viewer
from bot.core.feed import Feed, FeedId, Identified
from bot.core.intake import Intake, Passed, decide, keys_to_look_up

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms articles are taken in: the operator's.

    Articles published longer ago than `max_age` are passed over (None keeps all). `catalogue` knows who publishes what.
    """

    catalogue: Catalogue
    max_age: timedelta | None

    def article(self, article: NewArticle, feed: Feed, *, aggregated: bool) -> NewArticle:
        """The article under its own outlet's name."""
        outlet = self.catalogue.outlet_of(article.url, feed.outlet, aggregated=aggregated)
        return article if outlet == article.outlet else replace(article, outlet=outlet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How much changed."""

    new: int = 0
    updated: int = 0
    withdrawn: int = 0
    passed_over: int = 0
    too_old: int = 0  # of those passed over

    def __add__(self, other: Taken) -> Taken:
        return Taken(
            new=self.new + other.new,
            updated=self.updated + other.updated,
            withdrawn=self.withdrawn + other.withdrawn,
            passed_over=self.passed_over + other.passed_over,
            too_old=self.too_old + other.too_old,
        )

    @property
    def anything(self) -> bool:
        return bool(self.new or self.updated or self.withdrawn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a feed said: `entries` as `Fetched`, `deleted` as `ParsedFeed` has them."""

    feed: Feed
    entries: Sequence[Identified]
    deleted: Sequence[str] = ()

    @property
    def keys(self) -> frozenset[str]:
        return keys_to_look_up(self.entries, self.feed, self.deleted)


async def take_in(tx: Transaction, readings: Sequence[Reading], *, now: datetime, terms: Terms) -> Sequence[Taken]:
    """Store what is new or changed, in the caller's transaction; how much, a reading. Taken in again, the same readings
    change nothing.

    As if one after the other. Readings that have nothing to do with each other are looked up and stored together, since
    every statement has a price; one that may touch what an earlier one touches waits for it.
    """
    taken = [Taken()] * len(readings)
    for owner in dict.fromkeys(reading.feed.owner for reading in readings):
        waiting = [(place, one, one.keys) for place, one in enumerate(readings) if one.feed.owner == owner]
        bygones = _Memory(await tx.feeds.bygones(owner, {one.feed.id for _, one, _ in waiting}))
        while waiting:
            known = await tx.articles.by_keys(owner, frozenset[str]().union(*(keys for _, _, keys in waiting)))
            apart, waiting = _apart(waiting, known)
            results = await _take_in_apart(tx, owner, [one for _, one, _ in apart], known, bygones, now, terms)
            for (place, _, _), result in zip(apart, results, strict=True):
                taken[place] = result
        await tx.feeds.set_bygones(owner, bygones.changed)
    return taken


class _Memory:
    """What of each feed was too old; `changed` is what is to be written."""

    def __init__(self, known: Mapping[FeedId, Bygones]) -> None:
        self._known = known
        self.changed: dict[FeedId, Bygones] = {}

    def of(self, feed: FeedId) -> Bygones:
        return self.changed.get(feed) or self._known.get(feed, NO_BYGONES)

    def keep(self, feed: FeedId, bygones: Bygones) -> None:
        if bygones != self.of(feed):
            self.changed[feed] = bygones


_Waiting = tuple[int, Reading, frozenset[str]]


def _apart(waiting: Sequence[_Waiting], known: Mapping[str, Article]) -> tuple[list[_Waiting], list[_Waiting]]:
    """Those with no key and no known article of one before them, and the others."""
    apart: list[_Waiting] = []
    others: list[_Waiting] = []
    touched: set[str | ArticleId] = set()
    for one in waiting:
        touches: set[str | ArticleId] = {*one[2], *(known[key].id for key in one[2] if key in known)}
        (apart if touched.isdisjoint(touches) else others).append(one)
        touched |= touches
    return apart, others


async def _take_in_apart(
    tx: Transaction,
    owner: Viewer,
    readings: Sequence[Reading],
    known: Mapping[str, Article],
    bygones: _Memory,
    now: datetime,
    terms: Terms,
) -> list[Taken]:
    """Readings of one owner that do not touch each other's articles."""
    intakes: list[Intake] = []
    new: list[NewArticle] = []
    for reading in readings:
        feed = reading.feed
        intake = decide(reading.entries, known, feed, now, terms.max_age, reading.deleted, bygones.of(feed.id))
        bygones.keep(feed.id, intake.bygones)
        aggregated = bool(intake.new) and gathers(one.entry.url for one in reading.entries)
        new += [terms.article(article, feed, aggregated=aggregated) for article in intake.new]
        intakes.append(intake)
        await asyncio.sleep(0)  # a decision takes a millisecond, or many over long edited texts
    changed = list(await tx.articles.add_many(new))
    for reading, intake in zip(readings, intakes, strict=True):
        changed += await _change(tx, reading.feed, intake, known, now)
    if changed:
        await tx.tasks.put(Stage.SCORE, changed, owner)
    edited = {update.article for intake in intakes for update in intake.updates}
    await article_changed(tx, owner, edited | {one.article for intake in intakes for one in intake.retractions})
    return [_taken(reading.feed, intake) for reading, intake in zip(readings, intakes, strict=True)]


def _taken(feed: Feed, intake: Intake) -> Taken:
    taken = Taken(
        new=len(intake.new),
        updated=len(intake.updates),
        withdrawn=len(intake.retractions),
        passed_over=sum(intake.passed.values()),
        too_old=intake.passed.get(Passed.TOO_OLD, 0),
    )
    if taken.anything:
        log.info("taken in", feed=feed.id, new=taken.new, updated=taken.updated, withdrawn=taken.withdrawn)
    return taken


async def _change(
    tx: Transaction, feed: Feed, intake: Intake, known: Mapping[str, Article], now: datetime
) -> list[ArticleId]:
    """Change known articles; those to be scored anew."""
    for update in intake.updates:
        await tx.articles.revise(
            feed.owner, update.article, title=update.title, summary=update.summary, content=update.content, at=now
        )
        await tx.stories.touch(feed.owner, update.article, now)
    for retraction in intake.retractions:
        await take_back(tx, feed.owner, retraction.article, retraction.reason, now)
    for sighting in intake.sightings:
        await tx.articles.seen_in(feed.owner, sighting.article, feed.id, sighting.keys)
    await _forget_pages(tx, feed, intake, known)
    return [update.article for update in intake.updates]


async def _forget_pages(tx: Transaction, feed: Feed, intake: Intake, known: Mapping[str, Article]) -> None:
    """Of an edited article, text that came from its page may be the very text that was corrected: it is dropped, so
    that nothing quotes it, and scoring asks for the page anew."""
    read = {article.id for article in known.values() if article.body_source is BodySource.PAGE}
    for update in intake.updates:
        if update.article in read:
            await tx.articles.set_body(feed.owner, update.article, "", BodySource.TEASER)
