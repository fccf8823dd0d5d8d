"""The next free slot of each platform's budgets (`bot.core.budget`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update

from adapters.storage.schema import budgets
from adapters.storage.sql import Sql, chunks
from adapters.storage.types import Instant

IDLE = timedelta(days=1)
"""A budget that was not drawn from for so long is as one that never was."""


class SqlBudgets:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def levels(self, keys: Collection[str]) -> Mapping[str, datetime | None]:
        levels: dict[str, datetime | None] = {}
        for chunk in chunks(sorted(set(keys))):
            # In order, so that two processes that draw from the same budgets cannot wait for each other.
            rows = [{"key": key, "next_slot": None} for key in chunk]
            await self._sql.execute(self._sql.insert(budgets).on_conflict_do_nothing(), rows)
            locked = select(budgets).where(budgets.c.key.in_(chunk)).order_by(budgets.c.key).with_for_update()
            levels |= {row.key: row.next_slot for row in await self._sql.rows(locked)}
        return levels

    async def set(self, levels: Mapping[str, datetime]) -> None:
        rows = [{"of": key, "next": level} for key, level in sorted(levels.items())]
        if rows:
            await self._sql.execute(_SET, rows)

    async def sweep(self) -> None:
        # Those that others are drawing from are passed over: they are not idle.
        idle = select(budgets.c.key).where(budgets.c.next_slot < self._sql.after(-IDLE))
        idle = idle.with_for_update(skip_locked=True)
        await self._sql.execute(delete(budgets).where(budgets.c.key.in_(idle)))


_SET = update(budgets).where(budgets.c.key == bindparam("of")).values(next_slot=bindparam("next", type_=Instant))
