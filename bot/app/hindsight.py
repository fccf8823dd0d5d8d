"""What a query would have sent in the last 30 days, as one community sees them: so that it can be tried before it is
saved, or seen to be too broad.

Day by day from the newest, until the time or the number of articles is up. Most articles are passed over by a look for
the query's rarest words in their plain text; the rest are read as the alert stage reads them. Both are done in a
thread, and how far it is can be told meanwhile.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.app.alert import desks_of
from bot.app.ports import Clock, Database
from bot.core.community import CommunityId
from bot.core.feed import FeedId
from bot.core.story import Coverage, StoryId
from bot.core.watch.anchor import Anchors, anchors
from bot.core.watch.pack import Packs
from bot.core.watch.query import Query
from bot.core.watch.report import StoryReport, finding, read, story_report
from bot.core.watch.words import fold

DAYS = 30
MOST_READ = 20_000
"""Articles looked at: a month of some 200 feeds."""
KEPT = 100
"""Stories that are kept to be shown, the newest; more are only counted."""
DAY = timedelta(days=1)

_PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """`reports` are the newest of `stories` many, in `days` that were looked through (all that was asked for, unless
    there were more than `MOST_READ` articles); `read` articles."""

    stories: int
    reports: tuple[StoryReport, ...]
    days: int
    read: int

    @property
    def broad(self) -> bool:
        """Whether it would have told more than anybody reads at once."""
        return self.stories > 4 * self.days


class Looking:
    def __init__(self, database: Database, packs: Callable[[], Packs], clock: Clock) -> None:
        self._database = database
        self._packs = packs
        self._clock = clock

    async def back(
        self,
        community: CommunityId,
        query: Query,
        *,
        everything: bool = False,
        tell: Callable[[int, int], Awaitable[None]] | None = None,
    ) -> Hindsight:
        """`tell` hears how many days of how many are done. A story counts once, however often it moved."""
        now = self._clock.now()
        found: dict[StoryId, StoryReport | None] = {}
        seen: set[StoryId] = set()
        articles = days = 0
        sieve = _Sieve(anchors(query), self._packs())
        while days < DAYS and articles < MOST_READ:
            until = now - days * DAY
            async with self._database.read() as tx:
                told = tx.stories.around if everything else tx.stories.published
                coverages = await told(community, until - DAY, until)
                desks = await desks_of(tx, (m.article for coverage in coverages for m in coverage.members))
            fresh = [coverage for coverage in coverages if coverage.story.id not in seen]
            seen |= {coverage.story.id for coverage in fresh}
            articles += sum(len(coverage.members) for coverage in fresh)
            for report in await asyncio.to_thread(self._match, query, sieve, fresh, desks):
                found[report.story] = report if len(found) < KEPT else None
            days += 1
            if tell is not None and days % 5 == 0 and days < DAYS:
                await tell(days, DAYS)
        reports = tuple(report for report in found.values() if report is not None)
        return Hindsight(stories=len(found), reports=reports, days=days, read=articles)

    def _match(
        self, query: Query, sieve: _Sieve, coverages: Collection[Coverage], desks: Mapping[FeedId, str | None]
    ) -> Sequence[StoryReport]:
        reports = []
        for coverage in coverages:
            likely = [m.article for m in coverage.members if sieve.passes(m.article.title, m.article.text)]
            reads = (read(self._packs(), article, desks.get(article.feed)) for article in likely)
            if findings := [one for of in reads if (one := finding(query, of)) is not None]:
                reports.append(story_report(coverage.story.id, findings))
        return sorted(reports, key=lambda report: report.findings[-1].article.published, reverse=True)


class _Sieve:
    """Whether a text may have an anchor of the query: a look for its letters, whatever stands between them. It lets
    through too much, never too little."""

    def __init__(self, wanted: Anchors | None, packs: Packs) -> None:
        self._any: list[tuple[tuple[str, ...], ...]] = []
        """One of the first level; of it one of each of the second, which are ways of saying one thing."""
        for keys in wanted.keys if wanted is not None else ():
            self._any.append(tuple(ways for key in keys if key and (ways := _ways(key, packs))))
        self._all_pass = not self._any or any(not each for each in self._any)

    def passes(self, title: str, text: str) -> bool:
        if self._all_pass:
            return True
        letters = _letters(f"{title} {text}")
        return any(all(any(way in letters for way in ways) for ways in each) for each in self._any)


def _ways(key: str, packs: Packs) -> tuple[str, ...]:
    """Letters of which some are in every text that has that key; none where it is not by its letters that it has it."""
    if key.startswith("@"):
        entry = packs.get(key[1:])
        if entry is None or entry.parties is not None or any(one.part_of == entry.id for one in packs):
            return ()
        return tuple({_letters(max(phrase.keys, key=len)) for phrase in entry.phrases})
    if ":" in key:  # a fact
        return ()
    return (_letters(key.removesuffix("*")),)


def _letters(text: str) -> str:
    return _PUNCTUATION.sub("", fold(text))
