"""Stage 6, review: a digest waits for an editor where its schedule wants one, else it passes straight on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.app.ports import Database, Task
from bot.core.delivery import Digest, DigestId, DigestState
from bot.core.message.document import Document
from bot.core.posting import manner_of


class Review:
    """`document` says what a digest looks like as a message."""

    def __init__(self, database: Database, document: Callable[[Digest], Document]) -> None:
        self._database = database
        self._document = document

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage: approve what needs no editor and queue its delivery, in one transaction."""
        for task in tasks:
            async with self._database.begin() as tx:
                found = None if task.owner is None else await tx.digests.get(task.owner, DigestId(task.key))
                if found is not None:
                    digest, state, schedule = found
                    if state is DigestState.IN_REVIEW and not schedule.review:
                        await tx.digests.set_state(schedule.community, DigestId(task.key), DigestState.APPROVED)
                        await tx.deliveries.queue(
                            schedule.community,
                            schedule.destination,
                            self._document(digest),
                            digest=DigestId(task.key),
                            manner=manner_of(schedule, digest),
                        )
                await tx.tasks.done(task)
