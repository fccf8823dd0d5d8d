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

from bot.app.ports import Clock, Database, Task, Transaction
from bot.core.coming import Coming, coming_up
from bot.core.community import CommunityId
from bot.core.desk.tracking import WatchState, as_of
from bot.core.message.alert import reminder_document
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
                        community, watch.destination, document, digest=None, priority=Priority.ALERT
                    )
                    await tx.alerts.remind(watch, items[0].story, due.day, due.lead, delivery)
        return later


async def _open(tx: Transaction, community: CommunityId, story: StoryId, now: datetime) -> list[Coming]:
    """What the story waits for with a day, as the community sees it: nothing that a hidden outlet says."""
    coverage = await tx.stories.get(community, story)
    articles = {} if coverage is None else {member.article.id: member.article for member in coverage.members}
    return [
        coming_up(item, articles[item.article], None, now)
        for item in await tx.tracked.of(community, story)
        if item.due is not None and item.article in articles and as_of(item, now) is WatchState.OPEN
    ]
