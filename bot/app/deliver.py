"""Stage 7, deliver: send a delivery part by part, in order, and write down each part's message as it is taken.

A process that dies after a part was recorded goes on with the next one. Between the platform's answer and the record
there is a moment no transaction covers; what happens to a send that dies there is the platform's to settle (an
idempotency key, or reading back), which is the adapters' and the outbox's work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog

from bot.app.ports import Clock, Database, Delivery, Platform, Task
from bot.core.delivery import Deferred, DeliveryId, DeliveryState, Posted, Refused

ELSEWHERE = timedelta(minutes=1)
"""How long a delivery for a platform this process does not serve is left to others."""
LOOK_AGAIN = timedelta(minutes=1)
"""How soon after a pause, at the latest, what waited for its end is sent."""

log = structlog.get_logger(__name__)


class Deliver:
    """`platforms` by name; a delivery for one that this process does not have is put off."""

    def __init__(self, database: Database, platforms: Mapping[str, Platform], clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._platforms = platforms

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage: each due delivery."""
        for task in tasks:
            async with self._database.read() as tx:
                delivery = None if task.owner is None else await tx.deliveries.get(task.owner, DeliveryId(task.key))
            if delivery is None or delivery.state is not DeliveryState.QUEUED:
                async with self._database.begin() as tx:
                    await tx.tasks.done(task)
                continue
            if await self._is_paused(delivery):
                async with self._database.begin() as tx:
                    await tx.tasks.retry(task, await tx.now() + LOOK_AGAIN, "the community is paused", failed=False)
                continue
            await self._settle(task, delivery, await self._send(delivery))

    async def _is_paused(self, delivery: Delivery) -> bool:
        async with self._database.read() as tx:
            return (await tx.settings.of(delivery.community)).is_paused(self._clock.now())

    async def _send(self, delivery: Delivery) -> Posted | Refused | Deferred:
        """Send what was not sent yet; the last part's outcome, or the first that was not taken."""
        platform = self._platforms.get(delivery.destination.platform)
        if platform is None:
            until = self._clock.now() + ELSEWHERE
            return Deferred(until=until, reason=f"this process does not serve {delivery.destination.platform}")
        outcome: Posted | Refused | Deferred = Posted(message="")
        for part in range(platform.parts(delivery.document)):
            if part in delivery.sent_parts:
                continue
            outcome = await platform.send(delivery.destination, delivery.document, part, delivery.manner)
            if not isinstance(outcome, Posted):
                break
            async with self._database.begin() as tx:
                await tx.deliveries.record_part(delivery.community, delivery.id, part, outcome.message)
        return outcome

    async def _settle(self, task: Task, delivery: Delivery, outcome: Posted | Refused | Deferred) -> None:
        async with self._database.begin() as tx:
            match outcome:
                case Posted():
                    await tx.deliveries.set_state(delivery.community, delivery.id, DeliveryState.SENT, None)
                    await tx.tasks.done(task)
                case Refused(reason=reason):
                    await tx.deliveries.set_state(delivery.community, delivery.id, DeliveryState.REJECTED, reason)
                    await tx.tasks.done(task)
                case Deferred(until=until, reason=reason):
                    await tx.tasks.retry(task, until, reason, failed=False)
        log.info("delivery settled", delivery=delivery.id, outcome=type(outcome).__name__.lower())
