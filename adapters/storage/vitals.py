"""The whole installation in numbers. Counted in the database at each asking, so that any process may be asked and all
say the same; the tables of work are small, and the large ones are estimated by their highest number."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import ColumnElement, case, func, select

from adapters.storage.outbox import SqlOutbox, counted
from adapters.storage.processes import SqlProcesses
from adapters.storage.schema import articles, communities, deliveries, feeds, stories, tasks
from adapters.storage.sql import Sql
from adapters.storage.types import Instant
from bot.app.ports import Stage
from bot.core.outbox import Priority, Standing
from bot.core.process import unserved
from bot.core.vitals import Queue, Vitals


class SqlVitals:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def now(self) -> Vitals:
        running = await SqlProcesses(self._sql).alive()
        return Vitals(
            queues=await self._queues(),
            feeds=await self._by_state(feeds.c.state, feeds.c.url.is_not(None)),
            deliveries=await self._deliveries(),
            waits=await self._waits(),
            articles=await self._highest(articles.c.id),
            stories=await self._highest(stories.c.id),
            communities=await self._count(communities.c.id),
            processes=Counter(role for process in running for role in process.roles),
            unserved=unserved(await SqlOutbox(self._sql).waiting(), running),
        )

    async def _queues(self) -> dict[str, Queue]:
        now = await self._sql.now()
        t = tasks.c
        free = t.holder.is_(None) & t.claimable_at.is_not(None)
        due = t.claimable_at <= now
        statement = select(
            t.stage,
            func.sum(case((due, 1), else_=0)).label("due"),
            func.sum(case((t.holder.is_not(None) & ~due, 1), else_=0)).label("held"),
            func.sum(case((free & ~due, 1), else_=0)).label("later"),
            func.sum(case((t.claimable_at.is_(None), 1), else_=0)).label("parked"),
            func.min(case((due, t.claimable_at))).label("oldest"),
        ).group_by(t.stage)
        rows = {row.stage: row for row in await self._sql.rows(statement)}
        return {
            stage.value: Queue()
            if (row := rows.get(stage.value)) is None
            else Queue(
                due=row.due or 0,
                held=row.held or 0,
                later=row.later or 0,
                parked=row.parked or 0,
                lag=timedelta(0) if row.oldest is None else max(timedelta(0), now - row.oldest),
            )
            for stage in Stage
        }

    async def _deliveries(self) -> dict[Standing, int]:
        """Those that are not finished: an index holds just them, and what was ever sent does not matter."""
        now = await self._sql.now()
        standings = (Standing.QUEUED, Standing.HELD, Standing.SENDING, Standing.DEFERRED)
        return dict.fromkeys(standings, 0) | await counted(self._sql, now, deliveries.c.finished_at.is_(None))

    async def _waits(self) -> dict[Priority, timedelta]:
        now = await self._sql.now()
        oldest = func.min(deliveries.c.queued_at, type_=Instant).label("oldest")
        statement = (
            select(deliveries.c.priority, oldest)
            .where(deliveries.c.finished_at.is_(None))
            .group_by(deliveries.c.priority)
        )
        waits = dict.fromkeys(Priority, timedelta(0))
        for row in await self._sql.rows(statement):
            waits[Priority(row.priority)] = max(timedelta(0), now - row.oldest)
        return waits

    async def _by_state(self, state: ColumnElement[str], *conditions: ColumnElement[bool]) -> dict[str, int]:
        statement = select(state.label("state"), func.count().label("number")).where(*conditions).group_by(state)
        return {row.state: row.number for row in await self._sql.rows(statement)}

    async def _highest(self, id_: ColumnElement[int]) -> int:
        return await self._sql.connection.scalar(select(func.max(id_))) or 0

    async def _count(self, id_: ColumnElement[str]) -> int:
        return await self._sql.connection.scalar(select(func.count(id_))) or 0
