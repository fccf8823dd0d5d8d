"""Communities and the roles of their members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from adapters.storage.schema import communities, roles
from adapters.storage.sql import Sql
from bot.app.ports.community import Greeted
from bot.core.community import Community, CommunityId, MemberId, Role
from bot.core.delivery import DeliveryId


class SqlCommunities:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def ensure(self, community: Community) -> None:
        await self._sql.execute(
            self._sql.insert(communities)
            .values(
                id=community.id,
                platform=community.platform,
                name=community.name,
                created_at=community.created_at,
            )
            .on_conflict_do_nothing()
        )

    async def get(self, community: CommunityId) -> Community | None:
        row = await self._sql.row(select(communities).where(communities.c.id == community))
        return None if row is None else _community(row)

    async def set_role(self, community: CommunityId, member: MemberId, role: Role) -> None:
        await self._sql.execute(
            self._sql.insert(roles)
            .values(community=community, member=member, role=int(role))
            .on_conflict_do_update(index_elements=[roles.c.community, roles.c.member], set_={"role": int(role)})
        )

    async def role(self, community: CommunityId, member: MemberId) -> Role:
        statement = select(roles.c.role).where(roles.c.community == community, roles.c.member == member)
        row = await self._sql.row(statement)
        return Role.MEMBER if row is None else Role(row.role)

    async def forget_role(self, community: CommunityId, member: MemberId) -> None:
        await self._sql.execute(delete(roles).where(roles.c.community == community, roles.c.member == member))

    async def leave(self, community: CommunityId, at: datetime) -> None:
        await self._sql.execute(
            update(communities)
            .where(communities.c.id == community, communities.c.left_at.is_(None))
            .values(left_at=at, greeted_at=None, greeting=None)
        )

    async def come_back(self, community: CommunityId) -> bool:
        changed = await self._sql.execute(
            update(communities)
            .where(communities.c.id == community, communities.c.left_at.is_not(None))
            .values(left_at=None)
        )
        return bool(changed.rowcount)

    async def greeted(self, community: CommunityId) -> Greeted | None:
        row = await self._sql.row(select(communities).where(communities.c.id == community))
        if row is None or row.greeted_at is None:
            return None
        return Greeted(row.greeted_at, None if row.greeting is None else DeliveryId(row.greeting))

    async def greet(self, community: CommunityId, *, instead_of: Greeted | None) -> bool:
        stood = (
            (communities.c.greeted_at.is_(None),)
            if instead_of is None
            else (communities.c.greeted_at == instead_of.at, communities.c.greeting == instead_of.by)
        )
        changed = await self._sql.execute(
            update(communities)
            .where(communities.c.id == community, communities.c.left_at.is_(None), *stood)
            .values(greeted_at=self._sql.clock, greeting=None)
        )
        return bool(changed.rowcount)

    async def greeted_by(self, community: CommunityId, delivery: DeliveryId) -> None:
        await self._sql.execute(update(communities).where(communities.c.id == community).values(greeting=delivery))

    async def has_left(self, community: CommunityId) -> bool:
        left = (communities.c.id == community, communities.c.left_at.is_not(None))
        return await self._sql.row(select(communities.c.id).where(*left)) is not None

    async def left_before(self, moment: datetime) -> Sequence[CommunityId]:
        rows = await self._sql.rows(
            select(communities.c.id).where(communities.c.left_at < moment).order_by(communities.c.id)
        )
        return [CommunityId(row.id) for row in rows]

    async def all(self) -> Sequence[Community]:
        return [_community(row) for row in await self._sql.rows(select(communities).order_by(communities.c.id))]


def _community(row: Row[Any]) -> Community:
    return Community(id=CommunityId(row.id), platform=row.platform, name=row.name, created_at=row.created_at)
