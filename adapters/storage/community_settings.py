"""How communities are set up, and who changed what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from adapters.storage.schema import changes, community_settings
from adapters.storage.sql import Sql
from bot.core.community import CommunityId, MemberId
from bot.core.community_settings import Change, CommunitySettings


class SqlSettings:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def of(self, community: CommunityId) -> CommunitySettings:
        row = await self._sql.row(select(community_settings).where(community_settings.c.community == community))
        if row is None:
            return CommunitySettings()
        return CommunitySettings(**{field.name: getattr(row, field.name) for field in fields(CommunitySettings)})

    async def set(self, community: CommunityId, **values: Any) -> CommunitySettings:
        whole = replace(await self.of(community), **values)
        stored = {field.name: getattr(whole, field.name) for field in fields(CommunitySettings)}
        await self._sql.execute(
            self._sql.insert(community_settings)
            .values(community=community, **stored)
            .on_conflict_do_update(index_elements=[community_settings.c.community], set_=stored)
        )
        return whole


class SqlChanges:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def note(self, community: CommunityId, change: Change) -> None:
        await self._sql.execute(
            insert(changes).values(
                community=community,
                what=change.what,
                before=change.before,
                after=change.after,
                member=change.member,
                name=change.by,
                at=change.at,
            )
        )

    async def of(self, community: CommunityId, *, limit: int, before: datetime | None = None) -> Sequence[Change]:
        statement = select(changes).where(changes.c.community == community)
        if before is not None:
            statement = statement.where(changes.c.at < before)
        rows = await self._sql.rows(statement.order_by(changes.c.id.desc()).limit(limit))
        return [_change(row) for row in rows]

    async def count_by(self, community: CommunityId, member: MemberId) -> int:
        theirs = (changes.c.community == community, changes.c.member == member)
        return await self._sql.connection.scalar(select(func.count()).select_from(changes).where(*theirs)) or 0

    async def forget(self, community: CommunityId, member: MemberId) -> None:
        await self._sql.execute(
            update(changes)
            .where(changes.c.community == community, changes.c.member == member)
            .values(member=None, name="")
        )


def _change(row: Row[Any]) -> Change:
    return Change(
        what=row.what,
        before=row.before,
        after=row.after,
        member=None if row.member is None else MemberId(row.member),
        by=row.name,
        at=row.at,
    )
