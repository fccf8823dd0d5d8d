"""Which processes run, each for as long as it goes on saying so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select, text

from adapters.storage.migrating import epoch, known_revisions
from adapters.storage.schema import processes
from adapters.storage.sql import Sql
from bot.core.errors import SchemaTooNew
from bot.core.process import Process


class SqlProcesses:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def beat(self, process: Process, lease: timedelta) -> None:
        present = await self._sql.connection.scalar(text("SELECT max(version_num) FROM alembic_version"))
        if epoch(present) > epoch(known_revisions()[-1]):
            raise SchemaTooNew(f"a newer Slugline changed the database (schema {present}); update this one")
        await self._sql.execute(delete(processes).where(processes.c.until < self._sql.clock))
        values = {
            "roles": ",".join(process.roles),
            "platforms": ",".join(process.platforms),
            "version": process.version,
            "since": process.since,
            "until": self._sql.after(lease),
        }
        await self._sql.execute(
            self._sql.insert(processes)
            .values(holder=process.holder, **values)
            .on_conflict_do_update(index_elements=[processes.c.holder], set_=values)
        )

    async def leave(self, holder: str) -> None:
        await self._sql.execute(delete(processes).where(processes.c.holder == holder))

    async def alive(self) -> Sequence[Process]:
        there = select(processes).where(processes.c.until >= self._sql.clock)
        return [
            Process(
                holder=row.holder,
                roles=_list(row.roles),
                platforms=_list(row.platforms),
                version=row.version,
                since=row.since,
            )
            for row in await self._sql.rows(there.order_by(processes.c.since, processes.c.holder))
        ]


def _list(names: str) -> Sequence[str]:
    return tuple(names.split(",")) if names else ()
