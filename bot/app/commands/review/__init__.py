"""`review`: the editor's desk. What is decided stands in `bot.core.review`; here is who, about which draft, in one
transaction.

Every decision is saved against the text that its editor saw. A form and a button carry that text's revision; of two who
are at it at once the later is told, shown what stands now, and what they wrote is shown with it.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.app.commands.asked import Asked, Completing, Completion, Handler
from bot.app.commands.review.digests import DigestDecisions
from bot.app.commands.review.drafts import DraftDecisions
from bot.app.commands.review.reading import ReviewReading
from bot.app.commands.review.retelling import Retelling
from bot.app.ports import Clock, Database
from bot.app.recasting import Recasting
from bot.app.review import Rendered
from bot.core.message.document import Answer


class ReviewDesk:
    """`document` says what a digest looks like as a message."""

    def __init__(self, database: Database, document: Rendered, recasting: Recasting, clock: Clock) -> None:
        self._reading = ReviewReading(database)
        self._drafts = DraftDecisions(database, document, clock)
        self._digests = DigestDecisions(database, document, clock)
        self._retelling = Retelling(database, document, recasting, clock)

    def handlers(self) -> Mapping[tuple[str, ...], Handler]:
        return {
            **self._reading.handlers(),
            **self._drafts.handlers(),
            **self._retelling.handlers(),
            ("review", "approve"): self.approve,
            ("review", "reject"): self._digests.reject,
        }

    async def approve(self, asked: Asked) -> Answer:
        """A draft where one is named, else all of a digest."""
        whole = asked.arguments.text("draft") is None
        return await (self._digests.approve(asked) if whole else self._drafts.approve(asked))

    async def drafts_named(self, completing: Completing) -> list[Completion]:
        return await self._reading.drafts_named(completing)
