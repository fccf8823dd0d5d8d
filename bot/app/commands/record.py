"""Writing down who changed what, for `settings history`."""

from __future__ import annotations

from datetime import datetime

from bot.app.commands.asked import Asked
from bot.app.ports import Database, Transaction
from bot.core.community_settings import Change


async def record(
    database: Database, asked: Asked, now: datetime, what: str, before: str | None, after: str | None
) -> None:
    """In a transaction of its own: for changes that a use case has committed already."""
    async with database.begin() as tx:
        await note(tx, asked, now, what, before, after)


async def note(tx: Transaction, asked: Asked, now: datetime, what: str, before: str | None, after: str | None) -> None:
    """With the change itself. Nothing where nothing changed."""
    if before == after:
        return
    change = Change(what=what, before=before, after=after, member=asked.member.id, by=asked.member.name, at=now)
    await tx.changes.note(asked.community, change)
