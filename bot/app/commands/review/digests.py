"""Decisions about a whole digest that waits."""

from __future__ import annotations

from dataclasses import replace

from bot.app.commands.asked import Asked
from bot.app.commands.review.decision import Overtaken, became_of, editor, hold_digests, keep, settled_now
from bot.app.commands.review.named import card_meant
from bot.app.ports import Clock, Database, Stage
from bot.app.review import Rendered
from bot.core import strings
from bot.core.delivery import DigestState
from bot.core.errors import InputError
from bot.core.message.document import Answer, Ask, Document, Reply
from bot.core.message.review import card_document, decided_document, reject_form
from bot.core.review import decisions
from bot.core.review.entry import Action, ReviewEntry


class DigestDecisions:
    """`document` says what a digest looks like as a message."""

    def __init__(self, database: Database, document: Rendered, clock: Clock) -> None:
        self._database = database
        self._document = document
        self._clock = clock

    async def approve(self, asked: Asked) -> Answer:
        try:
            return await self._approve_all(asked)
        except Overtaken as overtaken:
            raise InputError(strings.deciding.look_again(overtaken.draft)) from None

    async def _approve_all(self, asked: Asked) -> Answer:
        by, now = editor(asked), self._clock.now()
        seen = asked.arguments.number("revision")
        async with self._database.begin() as tx:
            card = await card_meant(tx, asked)
            drafts = [draft.id for draft in card.review.drafts]
            digests = await hold_digests(tx, asked.community, drafts)
            review = await tx.reviews.of(asked.community, card.review.digest)
            if review is None or not review.waiting:
                raise InputError(strings.deciding.decided_meanwhile(card.review.digest))
            if seen is not None and seen != review.revision:
                said = decided_document(
                    strings.review.digest_overtaken(review.digest), [strings.review.OVERTAKEN_MEANS]
                )
                stands = card_document(replace(card, review=review))
                return Reply(document=Document(said.summary, (*said.blocks, *stands.blocks)), private=True)
            mine = [
                draft
                for draft in review.drafts
                if not draft.is_settled(card.policy.approvers)
                and all(approval.by.member != by.member for approval in draft.approvals)
            ]
            if not mine:
                raise InputError(strings.deciding.nothing_to_approve(review.digest))
            for draft in mine:
                await keep(tx, draft, decisions.approve(draft, by, now, approvers=card.policy.approvers))
            settled = await settled_now(tx, asked.community, digests, self._clock.now(), self._document)
        waits = next(one.waits_for for one in settled if one.digest == review.digest)
        title = strings.review.all_approved(review.digest, len(mine), len(waits))
        return Reply(document=decided_document(title, became_of(settled)))

    async def reject(self, asked: Asked) -> Answer:
        reason, now = asked.arguments.text("reason"), self._clock.now()
        if reason is None:
            async with self._database.read() as tx:
                return Ask(reject_form((await card_meant(tx, asked)).review.digest))
        async with self._database.begin() as tx:
            number = (await card_meant(tx, asked)).review.digest
            review = await tx.reviews.hold(asked.community, number)
            if review is None or not review.waiting:
                raise InputError(strings.deciding.decided_meanwhile_so_gone(number))
            await tx.digests.set_state(asked.community, number, DigestState.REJECTED)
            entry = ReviewEntry(action=Action.REJECTED, at=now, by=editor(asked), digest=number, after=reason)
            await tx.reviews.note(asked.community, entry)
            await tx.tasks.put(Stage.CARD, [number], asked.community)
        return Reply(document=decided_document(strings.review.was_rejected(number), []))
