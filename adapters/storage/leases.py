"""Named leases: what only one process may do at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, or_, select

from adapters.storage.schema import leases
from adapters.storage.sql import Sql


class SqlLeases:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def acquire(self, name: str, holder: str, lease: timedelta) -> bool:
        until = self._sql.after(lease)
        statement = (
            self._sql.insert(leases)
            .values(name=name, holder=holder, until=until)
            .on_conflict_do_update(
                index_elements=[leases.c.name],
                set_={"holder": holder, "until": until},
                where=or_(leases.c.holder == holder, leases.c.until <= self._sql.clock),
            )
            .returning(leases.c.name)
        )
        return await self._sql.row(statement) is not None

    async def release(self, name: str, holder: str) -> None:
        await self._sql.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))

    async def holders(self) -> Mapping[str, str]:
        return {row.name: row.holder for row in await self._sql.rows(select(leases.c.name, leases.c.holder))}
