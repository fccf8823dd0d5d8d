"""Due work, claimed with leases by the database's clock.

A row is in one of three states, told by two columns (`schema.tasks`): free (`claimable_at` is when it is due), held
(`holder` is set, `claimable_at` is when the lease runs out) or parked (`claimable_at` is NULL). A claim walks the index
(stage, claimable_at) from its start and takes what it meets, so its cost does not depend on how many rows wait, are
held or are parked. On PostgreSQL rows that another transaction is claiming are skipped; SQLite has one writer. A lane
carries its destination's platform, and whoever serves one platform walks the index (platform, claimable_at): lanes that
wait for a platform that nobody serves are in nobody's way.

A lease that ran out is still its holder's until somebody else claims the task: late work is good work. What makes it
another's is a claim, and (holder, attempt) then differs.

`unreturned` rises with every claim and falls back to nothing with every orderly end, a failure included. So it tells
what nobody could write down: that a holder vanished with the task, and how often in a row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    type_coerce,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from adapters.storage.owners import owner_of, owner_value
from adapters.storage.schema import destinations, tasks
from adapters.storage.sql import CLOCKS, Sql, Upsert, chunks, earlier, insert_into, padded
from adapters.storage.types import Instant, microseconds
from bot.app.ports import SUSPECT, Stage, Task
from bot.core.community import Viewer
from bot.core.errors import LeaseLost


class SqlTasks:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql
        self._put_at: datetime | None = None

    async def put(self, stage: Stage, keys: Collection[int], owner: Viewer, *, due: datetime | None = None) -> None:
        if not keys:
            return
        if due is None:  # asked once a transaction: joining an article puts for two stages or three
            self._put_at = self._put_at or await self._sql.now()
            due = self._put_at
        times = {"due": due, "claimable_at": due}
        common = {"stage": stage, "owner": owner_value(owner), **times, "attempt": 0, "unreturned": 0}
        # In order, so that two processes that put the same tasks cannot wait for each other.
        lane = stage is Stage.DELIVER
        rows = [{"key": key, **common, **({"lane": key} if lane else {})} for key in sorted(set(keys))]
        await self._sql.execute(_put(self._sql.connection.dialect.name, lane), rows)
        self._sql.rung.add(stage)

    async def move(self, stage: Stage, key: int, owner: Viewer, due: datetime) -> None:
        await self.put(stage, [key], owner, due=due)
        held = tasks.c.holder.is_not(None)
        await self._sql.execute(
            update(tasks)
            .where(tasks.c.stage == stage, tasks.c.key == key)
            .values(
                due=case((held, tasks.c.due), else_=_time(due)),
                claimable_at=case((held, tasks.c.claimable_at), else_=_time(due)),
                again=case((held, _time(due)), else_=null()),
            )
        )

    async def claim(
        self,
        stage: Stage,
        holder: str,
        limit: int,
        lease: timedelta,
        *,
        suspect: bool | None = None,
        platform: str | None = None,
    ) -> Sequence[Task]:
        statement = _claim(self._sql.connection.dialect.name, suspect, platform is not None)
        of: Mapping[str, object] = {"of": stage} if platform is None else {"for": platform}
        values = {**of, "most": limit, "by": holder, "lease": microseconds(lease)}
        claimed = [
            Task(
                stage=stage,
                key=row.key,
                owner=owner_of(row.owner),
                attempt=row.attempt,
                lost=row.unreturned - 1,
                holder=holder,
                due=row.due,
            )
            for row in await self._sql.execute(statement, values)
        ]
        return sorted(claimed, key=lambda task: (task.due, task.key))

    async def done(self, task: Task, *, again: datetime | None = None) -> None:
        if again is None:
            finished = delete(tasks).where(self._held(task), tasks.c.again.is_(None))
            if (await self._sql.execute(finished)).rowcount:
                return
        due = tasks.c.again if again is None else earlier(_time(again), tasks.c.again)
        await self._give_back(task, due=due, claimable_at=due, attempt=0, unreturned=0, error=None)

    async def done_many(self, finished: Sequence[tuple[Task, datetime | None]]) -> None:
        rows: list[dict[str, object]] = []
        ended = await self._end([task for task, again in finished if again is None])
        for task, again in finished:
            if again is None:
                if task not in ended:
                    await self.done(task)
            else:
                held = {"of": task.stage, "task": task.key, "by": task.holder, "time": task.attempt}
                rows.append({**held, "next": again})
        if not await self._sql.change_each(_DONE_AGAIN, rows):
            raise LeaseLost(f"another holder has one of {len(rows)} tasks")

    async def _end(self, finished: Sequence[Task]) -> Collection[Task]:
        """Remove those that are not due again, in a statement for each number of attempts; which were."""
        ended: set[Task] = set()
        alike: dict[tuple[Stage, str, int], dict[int, Task]] = {}
        for task in finished:
            alike.setdefault((task.stage, task.holder, task.attempt), {})[task.key] = task
        for (stage, holder, attempt), keys in alike.items():
            for chunk in chunks(sorted(keys)):
                theirs = (tasks.c.stage == stage, tasks.c.holder == holder, tasks.c.attempt == attempt)
                gone = await self._sql.rows(
                    delete(tasks)
                    .where(*theirs, tasks.c.key.in_(padded(chunk)), tasks.c.again.is_(None))
                    .returning(tasks.c.key)
                )
                ended |= {keys[row.key] for row in gone}
        return ended

    async def retry(self, task: Task, due: datetime, error: str, *, failed: bool = True) -> None:
        sooner = earlier(_time(due), tasks.c.again)
        attempt = task.attempt if failed else task.attempt - 1
        await self._give_back(task, due=sooner, claimable_at=sooner, attempt=attempt, unreturned=0, error=error)

    async def park(self, task: Task, error: str) -> None:
        # Somebody may have put it again while it was held: then it is due, and starts afresh.
        put_again = tasks.c.again.is_not(None)
        await self._give_back(
            task,
            due=case((put_again, tasks.c.again), else_=tasks.c.due),
            claimable_at=tasks.c.again,
            attempt=case((put_again, 0), else_=tasks.c.attempt),
            unreturned=0,
            error=error,
        )

    async def release(self, holder: str) -> None:
        await self._let_go(holder, unreturned=tasks.c.unreturned - 1)

    async def take_from(self, holder: str) -> None:
        await self._let_go(holder)

    async def _let_go(self, holder: str, **values: object) -> None:
        let_go = await self._sql.rows(
            update(tasks)
            .where(tasks.c.holder == holder)
            .values(
                holder=None,
                claimable_at=tasks.c.due,
                again=None,
                attempt=tasks.c.attempt - 1,  # it was stopped, it did not fail
                **values,
            )
            .returning(tasks.c.stage)
        )
        self._sql.rung.update(Stage(row.stage) for row in let_go)

    async def holders(self) -> Collection[str]:
        statement = select(tasks.c.holder).where(tasks.c.holder.is_not(None)).distinct()
        return [row.holder for row in await self._sql.rows(statement)]

    async def waiting(self, stage: Stage, *, until: datetime | None = None, platform: str | None = None) -> int:
        horizon = self._sql.clock if until is None else _time(until)
        which = tasks.c.stage == stage if platform is None else tasks.c.platform == platform
        free = and_(which, tasks.c.claimable_at <= horizon)
        held = and_(which, tasks.c.holder.is_not(None), tasks.c.due <= horizon)
        count = select(func.count()).select_from(tasks).where(or_(free, held))
        return await self._sql.connection.scalar(count) or 0

    async def due(self, of: Collection[tuple[Stage, str | None]]) -> Collection[tuple[Stage, str | None]]:
        asked = sorted(set(of), key=str)
        if not asked:
            return ()
        found = (await self._sql.execute(_due(self._sql.connection.dialect.name, tuple(asked)))).one()
        return [each for each, is_due in zip(asked, found, strict=True) if is_due]

    async def parked(self) -> Sequence[tuple[Stage, int, str]]:
        statement = (
            select(tasks.c.stage, tasks.c.key, tasks.c.error)
            .where(tasks.c.claimable_at.is_(None))
            .order_by(tasks.c.stage, tasks.c.key)
        )
        return [(Stage(row.stage), row.key, row.error) for row in await self._sql.rows(statement)]

    @staticmethod
    def _held(task: Task) -> ColumnElement[bool]:
        return and_(
            tasks.c.stage == task.stage,
            tasks.c.key == task.key,
            tasks.c.holder == task.holder,
            tasks.c.attempt == task.attempt,
        )

    async def _give_back(self, task: Task, **values: object) -> None:
        statement = update(tasks).where(self._held(task)).values(holder=None, again=None, **values)
        if not (await self._sql.execute(statement)).rowcount:
            raise LeaseLost(f"another holder has {task.stage} {task.key}")


@lru_cache
def _put(dialect: str, lane: bool) -> Upsert:
    """Made once: making it takes longer than running it."""
    held, parked = tasks.c.holder.is_not(None), tasks.c.claimable_at.is_(None)
    insert = insert_into(dialect, tasks)
    if lane:
        where = destinations.c.id == bindparam("lane", type_=BigInteger)
        insert = insert.values(platform=select(destinations.c.platform).where(where).scalar_subquery())
    new = insert.excluded
    moved = case((parked, new.due), else_=earlier(new.due, tasks.c.due))
    return insert.on_conflict_do_update(
        index_elements=[tasks.c.stage, tasks.c.key],
        set_={
            "due": case((held, tasks.c.due), else_=moved),
            "claimable_at": case((held, tasks.c.claimable_at), else_=moved),
            "again": case((held, earlier(new.due, tasks.c.again)), else_=null()),
            "attempt": case((parked, 0), else_=tasks.c.attempt),
            "unreturned": case((parked, 0), else_=tasks.c.unreturned),
            "error": case((parked, null()), else_=tasks.c.error),
        },
    )


@lru_cache
def _claim(dialect: str, suspect: bool | None, lane: bool) -> ReturningUpdate[Any]:
    """Made once, as `_put`."""
    clock = CLOCKS[dialect]
    # "+ 0" keeps SQLite from looking for suspects by time, among all that is due.
    time = type_coerce(tasks.c.claimable_at + literal_column("0"), Instant) if suspect else tasks.c.claimable_at
    which = {None: true(), True: ~_USUAL, False: _USUAL}[suspect]
    # What has a platform is a lane: not to name the stage as well leaves databases one index to choose.
    of = tasks.c.platform == bindparam("for") if lane else tasks.c.stage == bindparam("of")
    picked = (
        select(tasks.c.stage, tasks.c.key)
        .where(of, time <= clock, which)
        .order_by(tasks.c.claimable_at)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
        .cte("picked")
        # Else PostgreSQL may run the sub-query once a row and claim more than the limit.
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return (
        update(tasks)
        .where(tasks.c.stage == picked.c.stage, tasks.c.key == picked.c.key)
        .values(
            holder=bindparam("by"),
            claimable_at=type_coerce(type_coerce(clock, BigInteger) + bindparam("lease", type_=BigInteger), Instant),
            attempt=tasks.c.attempt + 1,
            unreturned=tasks.c.unreturned + 1,
            # What was put while a dead holder had it is covered by this claim, which starts after the put.
            again=case((tasks.c.again <= clock, null()), else_=tasks.c.again),
        )
        .returning(tasks.c.key, tasks.c.owner, tasks.c.attempt, tasks.c.unreturned, tasks.c.due)
    )


@lru_cache
def _due(dialect: str, asked: tuple[tuple[Stage, str | None], ...]) -> Select[Any]:
    """A column each, looked up at the start of its index."""
    columns: list[ColumnElement[Any]] = [
        exists(
            select(tasks.c.key).where(
                tasks.c.stage == stage if platform is None else tasks.c.platform == platform,
                tasks.c.claimable_at <= CLOCKS[dialect],
            )
        ).label(f"due_{number}")
        for number, (stage, platform) in enumerate(asked)
    ]
    return select(*columns)


# A literal, so that both databases see that the index of suspects (`schema`) holds all that is asked for.
_USUAL = tasks.c.unreturned <= literal_column(str(SUSPECT - 1))


def _time(moment: datetime) -> ColumnElement[datetime]:
    return literal(moment, Instant)


_NEXT = earlier(bindparam("next", type_=Instant), tasks.c.again)
_DONE_AGAIN = (
    update(tasks)
    .where(
        tasks.c.stage == bindparam("of"),
        tasks.c.key == bindparam("task"),
        tasks.c.holder == bindparam("by"),
        tasks.c.attempt == bindparam("time"),
    )
    .values(
        due=_NEXT,
        claimable_at=_NEXT,
        holder=null(),
        again=null(),
        attempt=literal(0),
        unreturned=literal(0),
        error=null(),
    )
)
