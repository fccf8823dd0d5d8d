"""What adapters of the outside keep in mind."""

from __future__ import annotations

from sqlalchemy import select

from adapters.storage.schema import marks
from adapters.storage.sql import Sql


class SqlMarks:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def get(self, name: str) -> str | None:
        row = await self._sql.row(select(marks.c.value).where(marks.c.name == name))
        return None if row is None else str(row.value)

    async def put(self, name: str, value: str) -> None:
        await self._sql.execute(
            self._sql.insert(marks)
            .values(name=name, value=value)
            .on_conflict_do_update(index_elements=[marks.c.name], set_={"value": value})
        )
