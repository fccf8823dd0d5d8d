"""Stage 5, compose: a due slot of a schedule becomes one digest.

A slot's digest is unique in the database, so two processes at one slot make one digest. What was missed while nobody
ran is caught up once, with the latest slot, unless that is older than `GRACE`. A slot with too little to tell passes,
and what little there was is still to be told; so is what did not fit into the digest before. One story that cannot be
analysed does not cost the others their digest. While a community is paused its slots pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.app.drafting import Draft, Drafting
from bot.app.ports import Clock, Database, Stage, Task, Transaction
from bot.core.delivery import Digest, DigestState, Empty, Schedule, ScheduleId
from bot.core.message.digest import nothing_new_document
from bot.core.posting import manner_of

GRACE = timedelta(hours=12)

log = structlog.get_logger(__name__)


class Compose:
    """Makes the digests of schedules."""

    def __init__(self, database: Database, drafting: Drafting, clock: Clock) -> None:
        self._database = database
        self._drafting = drafting
        self._clock = clock

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage: each due schedule."""
        for task in tasks:
            now = max(self._clock.now(), task.due)  # it fell due by the database's clock
            async with self._database.read() as tx:
                schedule = None if task.owner is None else await tx.schedules.get(task.owner, ScheduleId(task.key))
                paused = schedule is not None and (
                    (await tx.settings.of(schedule.community)).is_paused(now)
                    or await tx.communities.has_left(schedule.community)
                )
            # What was missed is not caught up in the night either.
            waits = None if schedule is None or paused else schedule.quiet_until(now)
            slot = None if schedule is None or paused or waits else schedule.current_slot(now, GRACE)
            draft = None if schedule is None or slot is None else await self._drafting.draft(schedule, now)
            async with self._database.begin() as tx:
                if schedule is not None and slot is not None and draft is not None:
                    await keep(tx, schedule, slot, draft)
                # As it is by now: somebody may have changed or removed it meanwhile.
                left = None if schedule is None else await tx.schedules.get(schedule.community, schedule.id)
                await tx.tasks.done(task, again=None if left is None else waits or left.next_slot(now))

    async def now(self, schedule: Schedule) -> Digest:
        """Compose outside the schedule's times (a first fill, `run --once`): the slot is this very moment. What did not
        fit into a digest stays for the schedule's next slot: else every start would bring another issue."""
        now = self._clock.now()
        draft = await self._drafting.draft(schedule, now, with_kept=False)
        async with self._database.begin() as tx:
            await keep(tx, schedule, now, draft)
        return draft.digest


async def keep(tx: Transaction, schedule: Schedule, slot: datetime, draft: Draft) -> None:
    """Write a digest down for its slot and hand it to review; a slot that has one already is left as it is."""
    digest = draft.digest
    if draft.enough:
        kept = await tx.digests.put(schedule, slot, digest, DigestState.IN_REVIEW)
        if kept is not None:
            await tx.tasks.put(Stage.REVIEW, [kept], schedule.community)
    else:
        # Nothing was told, so it must not count as told.
        passed = replace(digest, analyses=(), updates=(), coming=(), carried=())
        kept = await tx.digests.put(schedule, slot, passed, DigestState.EMPTY)
        if kept is not None and schedule.empty is Empty.SAY:
            document = nothing_new_document(schedule, digest)
            manner = manner_of(schedule, digest)
            await tx.deliveries.queue(
                schedule.community, schedule.destination, document, digest=kept, manner=replace(manner, mention=None)
            )
    log.info("composed", digest=kept, schedule=schedule.id, stories=len(digest.analyses), told=draft.enough)
