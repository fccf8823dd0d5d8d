"""Decisions about one draft."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from bot.app.commands.asked import Asked, Handler
from bot.app.commands.review.decision import Overtaken, became_of, editor, hold_digests, keep, settled_now
from bot.app.commands.review.named import waiting_draft
from bot.app.ports import Clock, Database
from bot.app.review import Rendered, looked_at, policy_in
from bot.core import strings
from bot.core.community import MemberId
from bot.core.errors import InputError
from bot.core.message.document import Answer, Ask, Reply
from bot.core.message.review import (
    TEXTS,
    cut_document,
    decided_document,
    edit_form,
    edited_numbers,
    flag_line,
    overtaken_document,
    sections_document,
)
from bot.core.review import decisions
from bot.core.review.decisions import Decided
from bot.core.review.draft import HEADLINE, Reviewer, Section, StoryDraft
from bot.core.review.flags import Ungrounded, flags_of


class DraftDecisions:
    """`document` says what a digest looks like as a message."""

    def __init__(self, database: Database, document: Rendered, clock: Clock) -> None:
        self._database = database
        self._document = document
        self._clock = clock

    def handlers(self) -> Mapping[tuple[str, ...], Handler]:
        """All but `approve`, which is said of whole digests too."""
        return {
            ("review", "edit"): self.edit,
            ("review", "cut"): self.cut,
            ("review", "drop"): self.drop,
            ("review", "assign"): self.assign,
        }

    async def approve(self, asked: Asked) -> Answer:
        async with self._database.read() as tx:
            approvers = (await policy_in(tx, asked.community)).approvers

        def approve(draft: StoryDraft) -> Decided:
            return decisions.approve(draft, editor(asked), self._clock.now(), approvers=approvers)

        return await self._decide(
            asked, approve, lambda draft: strings.review.approved(draft.id, approvers - len(draft.approvals))
        )

    async def edit(self, asked: Asked) -> Answer:
        given = asked.arguments
        texts = {name: text for name in TEXTS if (text := given.text(name)) is not None}
        section, part, number = given.text("section"), given.number("part") or 1, given.number("sentence")
        if not texts:
            async with self._database.read() as tx:
                draft = await waiting_draft(tx, asked)
            if number is not None:
                raise InputError(strings.deciding.say_what(number))
            if section is None:
                return Reply(document=sections_document(draft))
            try:
                return Ask(edit_form(draft, Section(section), part))
            except IndexError:
                raise InputError(strings.deciding.no_such_part(draft.id, section)) from None

        def edit(draft: StoryDraft) -> Decided:
            wanted = _numbered(draft, section, part, number, texts)
            return decisions.edit(draft, wanted, editor(asked), self._clock.now())

        return await self._decide(
            asked, edit, lambda draft: strings.review.was_edited(draft.id), wrote=list(texts.values())
        )

    async def cut(self, asked: Asked) -> Answer:
        number = asked.arguments.number("sentence")
        if number is None:
            async with self._database.read() as tx:
                return Reply(document=cut_document(await waiting_draft(tx, asked)))

        def cut(draft: StoryDraft) -> Decided:
            return decisions.cut(draft, number, editor(asked), self._clock.now())

        def said(draft: StoryDraft) -> str:
            found = draft.sentence(number)
            assert found is not None
            return strings.review.was_cut(draft.id, found.original.text)

        return await self._decide(asked, cut, said)

    async def drop(self, asked: Asked) -> Answer:
        def drop(draft: StoryDraft) -> Decided:
            return decisions.drop(draft, asked.arguments.text("reason"), editor(asked), self._clock.now())

        return await self._decide(asked, drop, lambda draft: strings.review.was_dropped(draft.id))

    async def assign(self, asked: Asked) -> Answer:
        said = asked.arguments.needed("to")
        to: Reviewer | None = Reviewer(member=MemberId(said), name=said)
        if said.casefold() == "me":
            to = editor(asked)
        elif said.casefold() == "nobody":
            to = None

        def assign(draft: StoryDraft) -> Decided:
            return decisions.assign(draft, to, editor(asked), self._clock.now())

        return await self._decide(
            asked, assign, lambda draft: strings.review.was_assigned(draft.id, None if to is None else to.name)
        )

    async def _decide(
        self,
        asked: Asked,
        decide: Callable[[StoryDraft], Decided],
        said: Callable[[StoryDraft], str],
        *,
        wrote: Sequence[str] = (),
    ) -> Answer:
        """Decide about the draft that is named, save that, and let go what waited for it."""
        try:
            return await self._try(asked, decide, said)
        except Overtaken as overtaken:
            async with self._database.read() as tx:
                draft = await tx.reviews.draft(asked.community, overtaken.draft)
                policy = await policy_in(tx, asked.community)
            assert draft is not None
            looked = await looked_at(self._database, draft)
            return Reply(document=overtaken_document(looked, policy, wrote), private=True)

    async def _try(
        self, asked: Asked, decide: Callable[[StoryDraft], Decided], said: Callable[[StoryDraft], str]
    ) -> Answer:
        """Raises Overtaken, and then nothing is changed."""
        seen = asked.arguments.number("revision")
        async with self._database.begin() as tx:
            digests = await hold_digests(tx, asked.community, [(await waiting_draft(tx, asked)).id])
            draft = await waiting_draft(tx, asked)
            if seen is not None and seen != draft.revision:
                raise Overtaken(draft.id)
            decided = decide(draft)
            if not decided.entries:
                return Reply(document=decided_document(strings.review.same(draft.id), [], draft))
            await keep(tx, draft, decided)
            after = await tx.reviews.draft(asked.community, draft.id)
            assert after is not None
            settled = await settled_now(tx, asked.community, digests, self._clock.now(), self._document)
        lines = [strings.review.APPROVE_AGAIN] if draft.approvals and not after.approvals and not after.dropped else []
        lines += await asyncio.to_thread(_newly_flagged, draft, after)
        lines += became_of(settled)
        return Reply(document=decided_document(said(after), lines, after))


def _newly_flagged(before: StoryDraft, after: StoryDraft) -> list[str]:
    """What of the words just written no source bears out: whoever wrote them hears it at once. Takes some
    milliseconds where there are any."""
    written = {edit.text for edit in after.edits} - {edit.text for edit in before.edits}
    flags = flags_of(after.analysis) if written else ()
    return [flag_line(flag) for flag in flags if isinstance(flag, Ungrounded) and flag.text in written]


def _numbered(
    draft: StoryDraft, section: str | None, part: int, number: int | None, texts: Mapping[str, str]
) -> dict[int, str]:
    """The texts by the number of the sentence that each is for. Raises InputError where that is not said."""
    if number is not None:
        if set(texts) != {"text"}:
            raise InputError(strings.deciding.ONE_TEXT)
        return {number: texts["text"]}
    if section is None:
        raise InputError(strings.deciding.WHICH_SENTENCE_FOR)
    if section == Section.HEADLINE:
        if set(texts) != {"text"}:
            raise InputError(strings.deciding.ONE_HEADLINE)
        return {HEADLINE: texts["text"]}
    try:
        fields = edited_numbers(draft, Section(section), part)
    except IndexError:
        raise InputError(strings.deciding.no_such_part(draft.id, section)) from None
    if beyond := texts.keys() - fields.keys():
        raise InputError(strings.deciding.too_many_texts(section, len(fields), sorted(beyond)))
    return {fields[name]: text for name, text in texts.items()}
