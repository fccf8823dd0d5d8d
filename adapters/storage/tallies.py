"""Sums of what all processes counted (`bot.app.tallies`)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import select

from adapters.storage.schema import tallies
from adapters.storage.sql import Sql
from bot.app.ports import Tally


class SqlTallies:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def add(self, counts: Mapping[Tally, float]) -> None:
        # In order, so that two processes that add to the same sums cannot wait for each other.
        rows = sorted((name, json.dumps(labels), amount) for (name, labels), amount in counts.items())
        if not rows:
            return
        adding = self._sql.insert(tallies)
        await self._sql.execute(
            adding.on_conflict_do_update(
                index_elements=[tallies.c.name, tallies.c.labels],
                set_={"total": tallies.c.total + adding.excluded.total},
            ),
            [{"name": name, "labels": labels, "total": amount} for name, labels, amount in rows],
        )

    async def all(self) -> Mapping[Tally, float]:
        rows = await self._sql.rows(select(tallies))
        return {(row.name, tuple(json.loads(row.labels))): row.total for row in rows}
