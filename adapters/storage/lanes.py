"""A destination's lane in the outbox: when it is due, and lifting what holds it."""

from __future__ import annotations

from sqlalchemy import update

from adapters.storage.schema import destinations
from adapters.storage.sql import Sql
from adapters.storage.tasks import SqlTasks
from bot.app.ports import Stage
from bot.core.community import CommunityId
from bot.core.delivery import DestinationId
from bot.core.outbox import HEAD_START, Priority


async def lane_due(sql: Sql, community: CommunityId, destination: DestinationId, priority: Priority) -> None:
    """Something of that priority waits there."""
    due = await sql.now() - HEAD_START[priority]
    await SqlTasks(sql).put(Stage.DELIVER, [destination], community, due=due)


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
