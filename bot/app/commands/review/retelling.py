"""Telling a draft anew, with other articles, in place of the one that waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.app.commands.asked import Asked, Handler
from bot.app.commands.review.decision import became_of, editor, hold_digests, settled_now
from bot.app.commands.review.named import drafts_beside, waiting_draft
from bot.app.ports import Clock, Database
from bot.app.recasting import Recasting
from bot.app.review import Rendered
from bot.core import strings
from bot.core.analysis import Analysis
from bot.core.errors import InputError
from bot.core.message.document import Answer, Reply
from bot.core.message.notice import notice_document
from bot.core.message.review import decided_document, merge_document, split_document
from bot.core.review.draft import DraftId, StoryDraft
from bot.core.review.entry import Action, ReviewEntry
from bot.core.review.recast import carried, recast


class Retelling:
    """`document` says what a digest looks like as a message."""

    def __init__(self, database: Database, document: Rendered, recasting: Recasting, clock: Clock) -> None:
        self._database = database
        self._document = document
        self._recasting = recasting
        self._clock = clock

    def handlers(self) -> Mapping[tuple[str, ...], Handler]:
        return {
            ("review", "merge"): self.merge,
            ("review", "split"): self.split,
            ("review", "add"): self.add,
        }

    async def merge(self, asked: Asked) -> Answer:
        async with self._database.read() as tx:
            draft = await waiting_draft(tx, asked)
            if asked.arguments.text("other") is None:
                return Reply(document=merge_document(draft, await drafts_beside(tx, draft)))
            other = await waiting_draft(tx, asked, "other")
            if other.id == draft.id:
                raise InputError(strings.deciding.into_itself(draft.id))
            if other.id not in {one.id for one in await drafts_beside(tx, draft)}:
                raise InputError(strings.deciding.not_beside(draft.id, other.id))
        await asked.tell(notice_document(strings.review.LONG, []))
        told = await self._recasting.together(draft, other)
        entry = strings.review.named_draft(other.id, other.analysis.headline)
        return await self._recast(
            asked,
            draft,
            told,
            Action.MERGED,
            entry,
            lambda new: strings.review.was_merged(draft.id, other.id, new),
            other,
        )

    async def split(self, asked: Asked) -> Answer:
        place = asked.arguments.number("article")
        async with self._database.read() as tx:
            draft = await waiting_draft(tx, asked)
        sources = draft.original.sources
        if place is None:
            return Reply(document=split_document(draft))
        if place > len(sources):
            raise InputError(strings.deciding.no_article(draft.id, place, len(sources)))
        source = sources[place - 1]
        await asked.tell(notice_document(strings.review.LONG, []))
        told = await self._recasting.without(draft, source.article)
        return await self._recast(
            asked,
            draft,
            told,
            Action.SPLIT,
            f"{source.outlet}: {source.title}",
            lambda new: strings.review.was_split(draft.id, source.outlet, new),
        )

    async def add(self, asked: Asked) -> Answer:
        async with self._database.read() as tx:
            draft = await waiting_draft(tx, asked)
        await asked.tell(notice_document(strings.review.LONG, []))
        told = await self._recasting.with_article(draft, asked.arguments.needed("address"))
        known = {source.article for source in draft.original.sources}
        source = next((one for one in told.sources if one.article not in known), None)
        if source is None:
            raise InputError(strings.deciding.NOTHING_TO_TELL)
        return await self._recast(
            asked,
            draft,
            told,
            Action.ADDED,
            f"{source.outlet}: {source.title}",
            lambda new: strings.review.was_added(draft.id, source.outlet, new),
        )

    async def _recast(
        self,
        asked: Asked,
        draft: StoryDraft,
        told: Analysis,
        action: Action,
        what: str,
        said: Callable[[DraftId], str],
        absorbed: StoryDraft | None = None,
    ) -> Answer:
        """Put the new telling in place of the draft wherever that waits (with the absorbed one, where given)."""
        now, seen = self._clock.now(), asked.arguments.number("revision")
        async with self._database.begin() as tx:
            digests = await hold_digests(tx, asked.community, [draft.id])
            if absorbed is not None:
                others = await tx.reviews.waiting(asked.community, draft=absorbed.id)
                digests = [digest for digest in digests if digest in others]
            present = await tx.reviews.draft(asked.community, draft.id)
            if not digests or present is None:
                raise InputError(strings.deciding.draft_waits_no_more(draft.id))
            if present.revision != (seen or draft.revision):
                raise InputError(strings.deciding.look_again(draft.id))
            fresh, made = await tx.reviews.draft_of(asked.community, told, now)
            if fresh.id == draft.id:
                return Reply(document=decided_document(strings.review.SAME_TELLING, [], draft))
            if made and (edits := carried(present, told)):
                await tx.reviews.save(asked.community, fresh, replace(fresh, edits=edits, revision=2))
            for digest in digests:
                found = await tx.digests.get(asked.community, digest)
                assert found is not None
                body = recast(found[0], told, None if absorbed is None else absorbed.original)
                await tx.digests.revise(asked.community, digest, body)
                await tx.reviews.exchange(asked.community, digest, draft.id, fresh.id)
                if absorbed is not None:
                    await tx.reviews.exchange(asked.community, digest, absorbed.id, None)
            for one in {draft.id, fresh.id}:
                entry = ReviewEntry(action=action, at=now, by=editor(asked), draft=one, after=what)
                await tx.reviews.note(asked.community, entry)
            settled = await settled_now(tx, asked.community, digests, self._clock.now(), self._document)
            after = await tx.reviews.draft(asked.community, fresh.id)
        return Reply(document=decided_document(said(fresh.id), [strings.review.TELL_AGAIN, *became_of(settled)], after))
