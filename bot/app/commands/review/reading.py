"""What waits at the editor's desk, what it says, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.app.commands.asked import Asked, Completing, Completion, Handler
from bot.app.commands.pages import page_of
from bot.app.commands.review.named import any_draft, card_meant, cards_waiting
from bot.app.ports import Database
from bot.app.review import looked_at, policy_in
from bot.core import strings
from bot.core.errors import InputError
from bot.core.message.document import Answer
from bot.core.message.review import card_document, draft_document, evidence_document, trail_document, waiting_document

SHOWN = 200
"""Entries that the history shows."""


class ReviewReading:
    def __init__(self, database: Database) -> None:
        self._database = database

    def handlers(self) -> Mapping[tuple[str, ...], Handler]:
        return {
            ("review", "list"): self.listed,
            ("review", "show"): self.show,
            ("review", "evidence"): self.evidence,
            ("review", "history"): self.history,
        }

    async def listed(self, asked: Asked) -> Answer:
        async with self._database.read() as tx:
            cards = await cards_waiting(tx, asked.community)
        return page_of(asked, waiting_document(cards))

    async def show(self, asked: Asked) -> Answer:
        if asked.arguments.text("draft") is None:
            async with self._database.read() as tx:
                card = await card_meant(tx, asked)
            looked = {draft.id: await looked_at(self._database, draft) for draft in card.review.drafts}
            return page_of(asked, card_document(replace(card, looked=looked)))
        async with self._database.read() as tx:
            draft = await any_draft(tx, asked)
            policy = await policy_in(tx, asked.community)
        return page_of(asked, draft_document(await looked_at(self._database, draft), policy))

    async def evidence(self, asked: Asked) -> Answer:
        number = asked.arguments.number("sentence")
        async with self._database.read() as tx:
            draft = await any_draft(tx, asked)
        if number is not None and draft.sentence(number) is None:
            raise InputError(strings.deciding.no_sentence(draft.id, number, len(draft.sentences)))
        return page_of(asked, evidence_document(draft, number))

    async def history(self, asked: Asked) -> Answer:
        async with self._database.read() as tx:
            number = None if asked.arguments.text("draft") is None else (await any_draft(tx, asked)).id
            entries = await tx.reviews.history(asked.community, limit=SHOWN, draft=number)
        return page_of(asked, trail_document(entries, number))

    async def drafts_named(self, completing: Completing) -> list[Completion]:
        async with self._database.read() as tx:
            cards = await cards_waiting(tx, completing.community)
        drafts = {draft.id: draft for card in cards for draft in card.review.drafts}
        labels = [Completion(f"{one.id}: {one.analysis.headline}"[:100], str(one.id)) for one in drafts.values()]
        typed = completing.typed.casefold().strip()
        return [one for one in labels if typed in one.label.casefold()]
