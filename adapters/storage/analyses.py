"""Analyses: made once for a story's version, an engine and a set of visible sources."""

from __future__ import annotations

from sqlalchemy import select

from adapters.storage.owners import owner_value, visible
from adapters.storage.schema import analyses
from adapters.storage.sql import Sql
from bot.app.ports import AnalysisKey
from bot.core.analysis import Analysis
from bot.core.community import Viewer


class SqlAnalyses:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def find(self, owner: Viewer, key: AnalysisKey) -> Analysis | None:
        row = await self._sql.connection.execute(
            select(analyses.c.body)
            .where(
                analyses.c.story == key.story,
                analyses.c.version == key.version,
                analyses.c.engine == key.engine,
                analyses.c.sources == key.sources,
                visible(analyses.c.owner, owner),
            )
            .order_by(analyses.c.owner.desc())  # one's own before the common one
            .limit(1)
        )
        found: Analysis | None = row.scalar_one_or_none()
        return found

    async def put(self, owner: Viewer, key: AnalysisKey, analysis: Analysis) -> None:
        await self._sql.execute(
            self._sql.insert(analyses)
            .values(
                story=key.story,
                version=key.version,
                engine=key.engine,
                sources=key.sources,
                owner=owner_value(owner),
                body=analysis,
            )
            .on_conflict_do_nothing()
        )
