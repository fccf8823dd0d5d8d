"""Where platforms' apps are installed, who is about to install one, and what was heard already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, or_, select

from adapters.storage.schema import heard, install_states, installations
from adapters.storage.sql import Sql
from bot.app.ports.installing import Installation
from bot.core.community import MemberId


class SqlInstallations:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def save(self, installation: Installation) -> None:
        values = {
            "through": None,
            "name": installation.name,
            "sealed": installation.sealed,
            "scopes": list(installation.scopes),
            "installer": installation.installer,
            "installed_at": installation.installed_at,
            "expires_at": installation.expires_at,
        }
        await self._sql.execute(
            self._sql.insert(installations)
            .values(platform=installation.platform, place=installation.place, **values)
            .on_conflict_do_update(index_elements=[installations.c.platform, installations.c.place], set_=values)
        )

    async def find(self, platform: str, place: str) -> Installation | None:
        row = await self._row(platform, place)
        if row is not None and row.through is not None:
            row = await self._row(platform, row.through)
        return None if row is None or row.sealed is None else _installation(row)

    async def reach(self, platform: str, place: str, through: str) -> None:
        await self._sql.execute(
            self._sql.insert(installations)
            .values(platform=platform, place=place, through=through, name="", scopes=[], installed_at=self._sql.clock)
            .on_conflict_do_update(
                index_elements=[installations.c.platform, installations.c.place],
                set_={"through": through, "installed_at": self._sql.clock},
                where=installations.c.sealed.is_(None),
            )
        )

    async def leave(self, platform: str, place: str, through: str, before: datetime) -> bool:
        reached = (installations.c.platform == platform, installations.c.place == place)
        since = or_(installations.c.installed_at.is_(None), installations.c.installed_at < before)
        gone = delete(installations).where(*reached, installations.c.through == through, since)
        return await self._sql.row(gone.returning(installations.c.place)) is not None

    async def remove(self, platform: str, place: str) -> Sequence[str]:
        its = (installations.c.place == place) | (installations.c.through == place)
        statement = delete(installations).where(installations.c.platform == platform, its)
        return sorted(row.place for row in await self._sql.rows(statement.returning(installations.c.place)))

    async def all(self, platform: str) -> Sequence[Installation]:
        statement = select(installations).where(
            installations.c.platform == platform, installations.c.sealed.is_not(None)
        )
        return [_installation(row) for row in await self._sql.rows(statement.order_by(installations.c.place))]

    async def issue_state(self, platform: str, state: str, lifetime: timedelta) -> None:
        await self._sql.execute(delete(install_states).where(install_states.c.until <= self._sql.clock))
        await self._sql.execute(
            self._sql.insert(install_states).values(platform=platform, state=state, until=self._sql.after(lifetime))
        )

    async def use_state(self, platform: str, state: str) -> bool:
        statement = delete(install_states).where(
            install_states.c.platform == platform,
            install_states.c.state == state,
            install_states.c.until > self._sql.clock,
        )
        return await self._sql.row(statement.returning(install_states.c.state)) is not None

    async def _row(self, platform: str, place: str) -> Row[Any] | None:
        statement = select(installations).where(installations.c.platform == platform, installations.c.place == place)
        return await self._sql.row(statement)


class SqlHeard:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def first(self, platform: str, keys: Collection[str]) -> Collection[str]:
        if not keys:
            return ()
        statement = (
            self._sql.insert(heard)
            .values([{"platform": platform, "key": key, "at": self._sql.clock} for key in sorted(set(keys))])
            .on_conflict_do_nothing()
            .returning(heard.c.key)
        )
        return {row.key for row in await self._sql.rows(statement)}

    async def forget(self, platform: str, older: timedelta) -> None:
        await self._sql.execute(delete(heard).where(heard.c.platform == platform, heard.c.at < self._sql.after(-older)))


def _installation(row: Row[Any]) -> Installation:
    return Installation(
        platform=row.platform,
        place=row.place,
        name=row.name,
        sealed=row.sealed,
        scopes=tuple(row.scopes),
        installed_at=row.installed_at,
        installer=None if row.installer is None else MemberId(row.installer),
        expires_at=row.expires_at,
    )
