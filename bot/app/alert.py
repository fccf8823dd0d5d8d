"""Stages alert and bundle: what watches want is told, now or together with others.

A story that changed is held against all watches at once (`Rules`), article by article, in a thread: only articles that
are still news, so that the backlog of a new feed alerts nobody. What is decided for a watch (`alerting.decide`) is
decided in the transaction that writes it down and queues the message, from what the watch was told before; so doing it
again after a crash, at any point, adds nothing.

Everything is a community's own view of the story: an article of another's private feed, of a hidden outlet or of a desk
that is off makes no alert, is in none, and does not count. While a community is paused, alerts are held like those of
an hour that is not over.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.app.errata import is_posted, keep, wrong_in
from bot.app.ports import Clock, Database, Stage, Task, Transaction
from bot.app.rules import Rules
from bot.core.article import Article
from bot.core.community import COMMON, CommunityId, Viewer
from bot.core.community_settings import CommunitySettings
from bot.core.delivery import DeliveryId
from bot.core.feed import FeedId
from bot.core.message.alert import TOGETHER, alert_document, bundle_document, quoted_in
from bot.core.message.correction import marked, nothing_left_document
from bot.core.message.document import Document
from bot.core.outbox import Priority
from bot.core.story import Coverage, StoryId
from bot.core.watch.alerting import (
    Alert,
    AlertId,
    Hold,
    Nothing,
    Sighting,
    Tell,
    Update,
    decide,
    due_now,
    during_pause,
    next_due,
    taken_in,
)
from bot.core.watch.matcher import Match
from bot.core.watch.pack import Packs
from bot.core.watch.query import Query
from bot.core.watch.report import (
    Finding,
    Moved,
    Read,
    StoryReport,
    entries_named,
    finding,
    moved,
    read,
    story_report,
)
from bot.core.watch.watch import Watch, WatchId

NEWS = timedelta(days=2)
"""An article published longer ago makes no alert."""
MOST_READ = 60
"""Articles of one story that are read for watches, the newest; beyond them all has been said."""
AT_ONCE = 100
"""Watches that are decided for in one transaction."""
LOOK_AGAIN = timedelta(minutes=10)
"""How soon after a pause that was ended by hand, at the latest, what waited is told."""
UNSAVED = AlertId(0)

log = structlog.get_logger(__name__)

Wanted = Mapping[WatchId, Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class _View:
    """A story as one community sees it, and how that community is set up."""

    coverage: Coverage | None
    settings: CommunitySettings

    def sees(self, found: Iterable[Finding]) -> list[Finding]:
        if self.coverage is None:
            return []
        shown = {member.article.id for member in self.coverage.members}
        return [one for one in found if one.article.id in shown]


class Alerting:
    """One batch at a time a process: its rules are refreshed between batches, never while a thread matches."""

    def __init__(self, database: Database, packs: Callable[[], Packs], rules: Rules, clock: Clock) -> None:
        self._database = database
        self._packs = packs
        self._rules = rules
        self._clock = clock

    # --- a story changed --------------------------------------------------------------------------------------

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage alert: each changed story."""
        for task in tasks:
            await self._alert(task, self._clock.now())

    async def _alert(self, task: Task, now: datetime) -> None:
        async with self._database.read() as tx:
            await self._rules.refresh(tx)
            whole = await tx.stories.whole(StoryId(task.key)) if len(self._rules) else None
            news = [] if whole is None else [m.article for m in whole.members if m.article.published >= now - NEWS]
            news = sorted(news, key=lambda article: article.published)[-MOST_READ:]
            desks = await desks_of(tx, news)
            followers = await tx.watches.pipeline_followers(StoryId(task.key)) if news else ()
        if whole is None or not news:
            async with self._database.begin() as tx:
                await tx.tasks.done(task)
            return
        wanted = await asyncio.to_thread(self._match, news, desks, followers)
        ids = sorted(wanted)
        for start in range(0, len(ids), AT_ONCE) or (0,):
            chunk = ids[start : start + AT_ONCE]
            async with self._database.begin() as tx:
                await self._decide_all(tx, whole.story.id, {id_: wanted[id_] for id_ in chunk}, now)
                if start + AT_ONCE >= len(ids):
                    await tx.tasks.done(task)

    def _match(
        self, articles: Iterable[Article], desks: Mapping[FeedId, str | None], followers: Collection[WatchId]
    ) -> Wanted:
        wanted: defaultdict[WatchId, list[Finding]] = defaultdict(list)
        for article in articles:
            of = read(self._packs(), article, desks.get(article.feed))
            for match in self._rules.match(of.subject):
                self._add(wanted, match, of)
            if followers and (followed := finding(None, of)) is not None:
                for id_ in followers:
                    wanted[id_].append(followed)
        return wanted

    def _add(self, wanted: defaultdict[WatchId, list[Finding]], match: Match, of: Read) -> None:
        found = finding(match.query, of)
        if found is not None:
            for id_ in match.ids:
                wanted[id_].append(found)

    async def _decide_all(self, tx: Transaction, story: StoryId, wanted: Wanted, now: datetime) -> None:
        views: dict[CommunityId, _View] = {}
        told = False
        for watch in await tx.watches.pipeline_get(wanted.keys(), hold=True):
            if watch.community not in views:
                views[watch.community] = _View(
                    await tx.stories.get(watch.community, story), await tx.settings.of(watch.community)
                )
            view = views[watch.community]
            if view.coverage is not None and (found := view.sees(wanted[watch.id])):
                told |= await self._decide(tx, watch, view.coverage, view.settings, found, now)
        if told:
            await tx.tasks.put(Stage.REMIND, [story], COMMON)

    async def _decide(
        self,
        tx: Transaction,
        watch: Watch,
        coverage: Coverage,
        settings: CommunitySettings,
        found: Sequence[Finding],
        now: datetime,
    ) -> bool:
        """Whether it is told now. The watch is as it is now: its query may have changed since it matched."""
        story = coverage.story
        moves = await self._moves(tx, watch, self._rules.query(watch), found)
        report = story_report(story.id, found, moves)
        sighting = Sighting(
            story=story.id,
            version=story.version,
            outlets=report.outlets,
            terms=report.terms,
            relevant=story.relevant,
            moved=bool(moves),
        )
        earlier = await tx.alerts.of(watch, story.id, now - (watch.throttle.per if watch.throttle else timedelta(0)))
        decision = decide(watch, sighting, earlier, now)
        if settings.is_paused(now):
            decision = during_pause(decision, _look_again(settings, now))
        by_id = {alert.id: alert for alert in earlier}
        match decision:
            case Tell(renews=renews):
                report = replace(report, update=_is_update(by_id, renews))
                delivery = await _queue(tx, watch, alert_document(watch, report), [report])
                alert = _new(sighting, renews)
                await tx.alerts.add(watch, replace(alert, told_at=now, delivery=delivery))
                await tx.alerts.note_moves(watch.destination, {one.move.key for one in moves}, delivery)
            case Update(alert=id_):
                changed = taken_in(by_id[id_], sighting)
                await tx.alerts.change(watch, changed)
                if changed.delivery is not None:
                    await self._retell(tx, watch.community, watch, changed.delivery)
            case Hold(due=due, alert=None, renews=renews):
                await tx.alerts.add(watch, replace(_new(sighting, renews), due=due))
                await tx.tasks.put(Stage.BUNDLE, [watch.id], watch.community, due=due)
            case Hold(due=due, alert=id_) if id_ is not None:
                await tx.alerts.change(watch, taken_in(by_id[id_], sighting))
                await tx.tasks.put(Stage.BUNDLE, [watch.id], watch.community, due=due)
            case Nothing():
                pass
        return isinstance(decision, Tell)

    async def _moves(
        self,
        tx: Transaction,
        watch: Watch,
        query: Query | None,
        found: Iterable[Finding],
        told_in: DeliveryId | None = None,
    ) -> tuple[Moved, ...]:
        """What moved that was not told at its destination, save in that message."""
        entries = entries_named(query, self._packs())
        if not entries:
            return ()
        by_key = moved(found, entries, self._packs())
        told = await tx.alerts.moves_told(watch.destination, by_key.keys(), but=told_in)
        return tuple(one for key, one in by_key.items() if key not in told)

    async def retell(self, tx: Transaction, community: CommunityId, delivery: DeliveryId) -> None:
        """Have a message say what its alerts have become. Repeatable."""
        await self._rules.refresh(tx)
        told_by = await tx.alerts.pipeline_watch(delivery)
        watches = [] if told_by is None else await tx.watches.pipeline_get([told_by], hold=True)
        watch = next((one for one in watches if one.community == community), None)
        await self._retell(tx, community, watch, delivery)

    async def _retell(self, tx: Transaction, community: CommunityId, watch: Watch | None, number: DeliveryId) -> None:
        """Before it is posted, or by an edit, with what was corrected in it. Of a watch that was removed nothing can be
        told anew."""
        message = await tx.deliveries.hold(community, number)
        if message is None:
            return
        quotes = await tx.corrections.quotes(community, number)
        wrong = await wrong_in(tx, community, quotes, self._clock.now())
        posted = is_posted(message)
        if posted:
            headed = [replace(one, headline=message.document.summary) for one in wrong]
            await keep(tx, community, number, headed)
        corrections = await tx.corrections.of(community, number)
        told = [] if watch is None else await tx.alerts.told_with(watch, number)
        reports = [
            report
            for one in told[:TOGETHER]
            if watch is not None and (report := await self._report(tx, watch, one)) is not None
        ]
        if watch is not None and reports:
            document = bundle_document(watch, reports, more=max(0, len(told) - TOGETHER))
            quotes = quoted_in(reports)
            await tx.deliveries.revise(community, number, marked(document, corrections), quotes=quotes)
        elif wrong and posted:
            await tx.deliveries.revise(community, number, nothing_left_document(corrections), quotes=())
        elif wrong:
            await tx.deliveries.drop(community, number)

    async def _report(self, tx: Transaction, watch: Watch, alert: Alert) -> StoryReport | None:
        """An alert's story as the community sees it now: those articles of the outlets it tells of that the watch
        still wants. None where none is left."""
        coverage = await tx.stories.get(watch.community, alert.story)
        if coverage is None:
            return None
        query = self._rules.query(watch)
        if query is None and watch.story is None:
            return None
        articles = [m.article for m in coverage.members if m.article.outlet.name in alert.outlets][-MOST_READ:]
        desks = await desks_of(tx, articles)
        reads = [read(self._packs(), article, desks.get(article.feed)) for article in articles]
        found = [one for of in reads if (one := finding(query, of)) is not None]
        if not found:
            return None
        moves = await self._moves(tx, watch, query, found, alert.delivery)
        update = alert.renews is not None
        return story_report(alert.story, found, moves, update=update)

    # --- what was held is due ---------------------------------------------------------------------------------

    async def bundle(self, tasks: Sequence[Task]) -> None:
        """The stage bundle: tell what a watch held, all that is due as one message."""
        for task in tasks:
            now = max(self._clock.now(), task.due)  # it fell due by the database's clock
            async with self._database.begin() as tx:
                watch = next(iter(await tx.watches.pipeline_get([WatchId(task.key)], hold=True)), None)
                again = None if watch is None else await self._tell_held(tx, watch, now)
                await tx.tasks.done(task, again=again)

    async def _tell_held(self, tx: Transaction, watch: Watch, now: datetime) -> datetime | None:
        """When to look again."""
        settings = await tx.settings.of(watch.community)
        earlier = await tx.alerts.of(watch, StoryId(0), now)
        if settings.is_paused(now):
            return _look_again(settings, now)
        if watch.paused:
            return None  # resuming it puts the task again
        if watch.muted_until is not None and now < watch.muted_until:
            return watch.muted_until
        due = due_now(watch, earlier, now)
        waiting = list(due)
        shown: list[tuple[Alert, StoryReport]] = []
        while waiting and len(shown) < TOGETHER:
            alert = waiting.pop()  # the newest are worth most
            if (report := await self._report(tx, watch, alert)) is not None:
                shown.insert(0, (alert, report))
            else:  # nothing of it is there for them any more
                await tx.alerts.change(watch, replace(alert, told_at=now, due=None, known=True))
        if shown:
            reports = [report for _, report in shown]
            document = bundle_document(watch, reports, more=len(waiting))
            delivery = await _queue(tx, watch, document, reports)
            told = [*waiting, *(alert for alert, _ in shown)]
            for alert in told:
                await tx.alerts.change(watch, replace(alert, told_at=now, due=None, delivery=delivery))
            keys = {one.move.key for report in reports for one in report.moved}
            await tx.alerts.note_moves(watch.destination, keys, delivery)
            await tx.tasks.put(Stage.REMIND, [alert.story for alert in told], COMMON)
            log.info("told together", watch=watch.id, stories=len(told))
        return next_due(alert for alert in earlier if alert not in due)


async def _queue(tx: Transaction, watch: Watch, document: Document, reports: Sequence[StoryReport]) -> DeliveryId:
    return await tx.deliveries.queue(
        watch.community,
        watch.destination,
        document,
        digest=None,
        priority=Priority.ALERT,
        quotes=quoted_in(reports),
    )


def _look_again(settings: CommunitySettings, now: datetime) -> datetime:
    """When to look whether the community's pause is over, which somebody may end before its time."""
    soon = now + LOOK_AGAIN
    return soon if settings.paused_until is None else min(soon, settings.paused_until)


async def desks_of(tx: Transaction, articles: Iterable[Article]) -> Mapping[FeedId, str | None]:
    """The desks of the feeds that they came by."""
    feeds: defaultdict[Viewer, set[FeedId]] = defaultdict(set)
    for article in articles:
        feeds[article.owner].add(article.feed)
    return {feed.id: feed.desk for owner, ids in feeds.items() for feed in await tx.feeds.several(owner, ids)}


def _new(sighting: Sighting, renews: AlertId | None) -> Alert:
    return Alert(
        id=UNSAVED,
        story=sighting.story,
        version=sighting.version,
        outlets=sighting.outlets,
        terms=sighting.terms,
        renews=renews,
    )


def _is_update(earlier: Mapping[AlertId, Alert], renews: AlertId | None) -> bool:
    return renews is not None and renews in earlier
