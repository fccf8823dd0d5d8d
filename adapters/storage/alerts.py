"""What watches were told of stories, what moved, and which days they were reminded of: the pipeline's own record.

Stories are spoken of under the ids that they lead to: what was told of either of two stories that were merged was told
of the kept one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, or_, select, update

from adapters.storage.schema import alerts, reminders, stories, told_moves
from adapters.storage.sql import Sql, missing
from adapters.storage.types import storable
from adapters.storage.watches import one_story
from bot.core.delivery import DeliveryId, DestinationId
from bot.core.story import StoryId
from bot.core.watch.alerting import Alert, AlertId
from bot.core.watch.watch import Watch, WatchId


class SqlAlerts:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def of(self, watch: Watch, story: StoryId, since: datetime) -> Sequence[Alert]:
        return await self._read(
            alerts.c.watch == watch.id,
            or_(alerts.c.story.in_(one_story(story)), alerts.c.told_at > since, alerts.c.told_at.is_(None)),
        )

    async def add(self, watch: Watch, alert: Alert) -> AlertId:
        row = await self._sql.row(insert(alerts).values(watch=watch.id, **_values(alert)).returning(alerts.c.id))
        assert row is not None
        return AlertId(row.id)

    async def change(self, watch: Watch, alert: Alert) -> None:
        changed = await self._sql.execute(
            update(alerts).where(alerts.c.id == alert.id, alerts.c.watch == watch.id).values(**_values(alert))
        )
        if not changed.rowcount:
            raise missing("alert", alert.id)

    async def pipeline_watch(self, delivery: DeliveryId) -> WatchId | None:
        found = select(func.min(alerts.c.watch)).where(alerts.c.delivery == delivery)
        watch = await self._sql.connection.scalar(found)
        return None if watch is None else WatchId(watch)

    async def told_with(self, watch: Watch, delivery: DeliveryId) -> Sequence[Alert]:
        return await self._read(alerts.c.watch == watch.id, alerts.c.delivery == delivery)

    async def moves_told(
        self, destination: DestinationId, keys: Collection[str], *, but: DeliveryId | None = None
    ) -> Collection[str]:
        if not keys:
            return ()
        told = select(told_moves.c.key).where(
            told_moves.c.destination == destination, told_moves.c.key.in_(sorted(keys))
        )
        if but is not None:
            told = told.where(told_moves.c.delivery.is_distinct_from(but))
        return {row.key for row in await self._sql.rows(told)}

    async def note_moves(self, destination: DestinationId, keys: Collection[str], delivery: DeliveryId) -> None:
        if keys:
            rows = [{"destination": destination, "key": key, "delivery": delivery} for key in sorted(keys)]
            await self._sql.insert_missing(told_moves, rows)

    async def remind(
        self, watch: Watch, story: StoryId, day: date, lead: timedelta, delivery: DeliveryId | None = None
    ) -> bool:
        key = {"watch": watch.id, "story": story, "day": day, "lead": lead}
        noted = await self._sql.execute(
            self._sql.insert(reminders).values(**key, delivery=delivery).on_conflict_do_nothing()
        )
        if delivery is not None and not noted.rowcount:
            here = (reminders.c[name] == value for name, value in key.items())
            await self._sql.execute(update(reminders).where(*here).values(delivery=delivery))
        return bool(noted.rowcount)

    async def pipeline_reminded(self, delivery: DeliveryId) -> tuple[StoryId, date, timedelta] | None:
        lead = select(func.coalesce(stories.c.merged_into, stories.c.id)).where(stories.c.id == reminders.c.story)
        row = await self._sql.row(
            select(lead.scalar_subquery().label("lead_story"), reminders.c.day, reminders.c.lead)
            .where(reminders.c.delivery == delivery)
            .limit(1)
        )
        return None if row is None else (StoryId(row.lead_story), row.day, row.lead)

    async def _read(self, *conditions: ColumnElement[bool]) -> Sequence[Alert]:
        rows = await self._sql.rows(
            select(alerts, _lead().label("lead"))
            .join(stories, stories.c.id == alerts.c.story)
            .where(*conditions)
            .order_by(alerts.c.id)
        )
        return [_alert(row) for row in rows]


def _lead() -> ColumnElement[int]:
    return func.coalesce(stories.c.merged_into, stories.c.id)


def _values(alert: Alert) -> dict[str, Any]:
    return {
        "story": alert.story,
        "version": alert.version,
        "outlets": [storable(outlet) for outlet in alert.outlets],
        "terms": [storable(term) for term in alert.terms],
        "told_at": alert.told_at,
        "due": alert.due,
        "renews": alert.renews,
        "known": alert.known,
        "delivery": alert.delivery,
    }


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        id=AlertId(row.id),
        story=StoryId(row.lead),
        version=row.version,
        outlets=tuple(row.outlets),
        terms=tuple(row.terms),
        told_at=row.told_at,
        due=row.due,
        renews=None if row.renews is None else AlertId(row.renews),
        known=row.known,
        delivery=None if row.delivery is None else DeliveryId(row.delivery),
    )
