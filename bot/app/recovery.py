"""What a process that died had in hand, due again at once.

Leases bring it back by themselves, minutes later. Where somebody can tell that a holder is dead, nothing is gained by
waiting: a run that was killed and is started again goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.app.ports import Database

log = structlog.get_logger(__name__)


async def take_over(database: Database, ended: Callable[[str], bool]) -> None:
    """Take what is held by holders of which `ended` is true. It must be true of none that may still be at
    work: its work would be done twice. Repeatable."""
    async with database.begin() as tx:
        leases = await tx.leases.holders()
        for holder in sorted({*await tx.tasks.holders(), *leases.values()}):
            if ended(holder):
                await tx.tasks.take_from(holder)
                for name in (name for name, held_by in leases.items() if held_by == holder):
                    await tx.leases.release(name, holder)
                log.info("taken over", holder=holder)
