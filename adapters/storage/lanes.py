"""A destination's lane in the outbox: when it is due, and lifting what holds it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update

from adapters.storage.schema import destinations
from adapters.storage.sql import Sql, chunks, padded
from adapters.storage.tasks import SqlTasks
from bot.app.ports import Stage
from bot.core.community import CommunityId
from bot.core.delivery import DestinationId
from bot.core.outbox import HEAD_START, Priority


async def lane_due(sql: Sql, community: CommunityId, destination: DestinationId, priority: Priority) -> None:
    """Something of that priority waits there."""
    due = await sql.now() - HEAD_START[priority]
    await SqlTasks(sql).put(Stage.DELIVER, [destination], community, due=due)


async def lanes_due(sql: Sql, lanes: Collection[DestinationId]) -> None:
    """Look at these again, now."""
    owners: dict[str, list[int]] = {}
    for chunk in chunks(sorted(lanes)):
        rows = await sql.rows(
            select(destinations.c.id, destinations.c.community).where(destinations.c.id.in_(padded(chunk)))
        )
        for row in rows:
            owners.setdefault(row.community, []).append(row.id)
    now = await sql.now()
    for community, theirs in sorted(owners.items(), key=lambda owner: owner[1]):
        await SqlTasks(sql).put(Stage.DELIVER, theirs, CommunityId(community), due=now)


async def resume(sql: Sql, community: CommunityId, destination: DestinationId) -> bool:
    """Lift the pause of a destination; False where it has none."""
    changed = await sql.execute(
        update(destinations)
        .where(
            destinations.c.community == community,
            destinations.c.id == destination,
            destinations.c.paused.is_not(None),
        )
        .values(paused=None)
    )
    if not changed.rowcount:
        return False
    await lane_due(sql, community, destination, Priority.DIGEST)
    return True
