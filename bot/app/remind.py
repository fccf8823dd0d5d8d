"""Stage remind: a week before a day that a story waits for, and on the day before it, whoever was told of the story
hears of it; each once.

Days are the outlets' own (`tracking`), and 9 in the morning is the community's. What settled meanwhile is not reminded
of; what became of it reaches the same people as the story moves. A process that was down may be a few hours late; a
reminder that would be later than that says nothing any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.app.errata import is_posted, keep, wrong_in
from bot.app.ports import Clock, Database, Task, Transaction
from bot.core.coming import Coming, coming_up
from bot.core.community import CommunityId
from bot.core.correction.correction import Quoted
from bot.core.delivery import DeliveryId
from bot.core.desk.tracking import WatchState, as_of
from bot.core.message.alert import reminder_document
from bot.core.message.correction import marked, nothing_left_document
from bot.core.outbox import Priority
from bot.core.story import StoryId
from bot.core.watch.watch import Watch

LEADS = (timedelta(days=7), timedelta(days=1))
AT = time(9)
LATE = timedelta(hours=12)
"""How late a reminder may come."""
LOOK_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Due:
    """Time to say that `day` is `lead` away."""

    day: date
    lead: timedelta


def moments(days: Iterable[date], zone: ZoneInfo, now: datetime) -> tuple[list[Due], datetime | None]:
    """What is to be said now, and when the next is."""
    present: list[Due] = []
    later: list[datetime] = []
    for day in sorted(set(days)):
        for lead in LEADS:
            moment = datetime.combine(day - lead, AT, zone).astimezone(UTC)
            if now < moment:
                later.append(moment)
            elif now < moment + LATE:
                present.append(Due(day, lead))
    return present, min(later, default=None)


class Reminding:
    """`zone` is the installation's, for communities that set none."""

    def __init__(self, database: Database, clock: Clock, zone: str) -> None:
        self._database = database
        self._clock = clock
        self._zone = zone

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage: each story that waits for a day."""
        for task in tasks:
            now = max(self._clock.now(), task.due)  # it fell due by the database's clock
            async with self._database.begin() as tx:
                again = await self._remind(tx, StoryId(task.key), now)
                await tx.tasks.done(task, again=again)

    async def _remind(self, tx: Transaction, story: StoryId, now: datetime) -> datetime | None:
        """When to look again."""
        told = await tx.watches.pipeline_get(await tx.watches.pipeline_told(story), hold=True)
        by_community: defaultdict[CommunityId, list[Watch]] = defaultdict(list)
        for watch in told:
            by_community[watch.community].append(watch)
        nexts = [await self._in(tx, community, watches, story, now) for community, watches in by_community.items()]
        return min((moment for moment in nexts if moment is not None), default=None)

    async def _in(
        self, tx: Transaction, community: CommunityId, watches: Sequence[Watch], story: StoryId, now: datetime
    ) -> datetime | None:
        items = await _open(tx, community, story, now)
        settings = await tx.settings.of(community)
        present, later = moments((item.day for item in items), ZoneInfo(settings.zone or self._zone), now)
        if present and settings.is_paused(now):
            return min(now + LOOK_AGAIN, later or now + LOOK_AGAIN)
        for due in present:
            places = set()
            for watch in watches:
                if watch.paused or (watch.muted_until is not None and now < watch.muted_until):
                    continue
                first = watch.destination not in places  # two watches of one channel remind it once
                places.add(watch.destination)
                if await tx.alerts.remind(watch, items[0].story, due.day, due.lead) and first:
                    of_day = [item for item in items if item.day == due.day]
                    document = reminder_document(of_day, due.day, due.lead.days)
                    delivery = await tx.deliveries.queue(
                        community,
                        watch.destination,
                        document,
                        digest=None,
                        priority=Priority.ALERT,
                        quotes=[_quoted(item) for item in of_day],
                    )
                    await tx.alerts.remind(watch, items[0].story, due.day, due.lead, delivery)
        return later


async def retell(tx: Transaction, community: CommunityId, number: DeliveryId, now: datetime) -> bool:
    """Have a reminder say only what its outlets still say; one that is not posted yet and has nothing left to say is
    dropped. Whether anything was wrong. Repeatable."""
    message = await tx.deliveries.hold(community, number)
    of = await tx.alerts.pipeline_reminded(number)
    quotes = await tx.corrections.quotes(community, number)
    wrong = await wrong_in(tx, community, quotes, now)
    if message is None or not wrong:
        return False
    posted = is_posted(message)
    if posted:
        await keep(tx, community, number, wrong)
    lost = {correction.was for correction in wrong}
    right = [quote for quote in quotes if quote.sentence not in lost]
    items = [] if of is None else await _reminded(tx, community, of[0], of[1], right, now)
    if of is not None and items:
        document = marked(reminder_document(items, of[1], of[2].days), await tx.corrections.of(community, number))
        await tx.deliveries.revise(community, number, document, quotes=right)
    elif posted:
        nothing_left = nothing_left_document(await tx.corrections.of(community, number))
        await tx.deliveries.revise(community, number, nothing_left, quotes=())
    else:
        await tx.deliveries.drop(community, number)
    return True


async def _reminded(
    tx: Transaction, community: CommunityId, story: StoryId, day: date, quotes: Sequence[Quoted], now: datetime
) -> list[Coming]:
    """What was reminded of in these words, whatever became of it since."""
    said = {(quote.article, quote.sentence) for quote in quotes}
    articles = {one.id: one for one in await tx.articles.get(community, {quote.article for quote in quotes})}
    return [
        coming_up(item, articles[item.article], None, now)
        for item in await tx.tracked.of(community, story)
        if item.due == day and (item.article, item.sentence) in said
    ]


def _quoted(item: Coming) -> Quoted:
    assert item.article is not None
    return Quoted(story=item.story, article=item.article, revision=item.revision, sentence=item.sentence)


async def _open(tx: Transaction, community: CommunityId, story: StoryId, now: datetime) -> list[Coming]:
    """What the story waits for with a day, as the community sees it: nothing that a hidden outlet says."""
    coverage = await tx.stories.get(community, story)
    articles = {} if coverage is None else {member.article.id: member.article for member in coverage.members}
    return [
        coming_up(item, articles[item.article], None, now)
        for item in await tx.tracked.of(community, story)
        if item.due is not None and item.article in articles and as_of(item, now) is WatchState.OPEN
    ]
