"""`review`: the editor's desk. What is decided stands in `bot.core.review`; here is who, about which draft, in one
transaction.

Every decision is saved against the text that its editor saw. A form and a button carry that text's revision; of two who
are at it at once the later is told, shown what stands now, and what they wrote is shown with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.app.commands.asked import Asked, Completing, Completion, Handler
from bot.app.ports import Clock, Database, Stage, Transaction
from bot.app.recasting import Recasting
from bot.app.review import Rendered, Settled, card_of, looked_at, policy_in, settle
from bot.core import strings
from bot.core.analysis import Analysis
from bot.core.command.invocation import invocation
from bot.core.community import CommunityId, MemberId
from bot.core.delivery import DigestId, DigestState
from bot.core.desk.lexicon import words
from bot.core.errors import InputError
from bot.core.message.document import Answer, Ask, Document, Reply
from bot.core.message.notice import notice_document
from bot.core.message.pages import paged
from bot.core.message.review import (
    TEXTS,
    Card,
    card_document,
    cut_document,
    decided_document,
    draft_document,
    edit_form,
    edited_numbers,
    evidence_document,
    merge_document,
    overtaken_document,
    reject_form,
    sections_document,
    split_document,
    trail_document,
    waiting_document,
)
from bot.core.review import decisions
from bot.core.review.decisions import Decided
from bot.core.review.draft import HEADLINE, DraftId, Reviewer, Section, StoryDraft
from bot.core.review.entry import Action, ReviewEntry
from bot.core.review.recast import carried, recast

SHOWN = 200
"""Entries that the history shows."""


class Overtaken(Exception):
    """The text is not the one that was seen any more."""

    def __init__(self, draft: DraftId) -> None:
        super().__init__(draft)
        self.draft = draft


class ReviewDesk:
    """`document` says what a digest looks like as a message."""

    def __init__(self, database: Database, document: Rendered, recasting: Recasting, clock: Clock) -> None:
        self._database = database
        self._document = document
        self._recasting = recasting
        self._clock = clock

    def handlers(self) -> Mapping[tuple[str, ...], Handler]:
        return {
            ("review", "list"): self.listed,
            ("review", "show"): self.show,
            ("review", "evidence"): self.evidence,
            ("review", "approve"): self.approve,
            ("review", "edit"): self.edit,
            ("review", "cut"): self.cut,
            ("review", "merge"): self.merge,
            ("review", "split"): self.split,
            ("review", "add"): self.add,
            ("review", "drop"): self.drop,
            ("review", "assign"): self.assign,
            ("review", "reject"): self.reject,
            ("review", "history"): self.history,
        }

    # --- looking --------------------------------------------------------------------------------------------------

    async def listed(self, asked: Asked) -> Answer:
        async with self._database.read() as tx:
            cards = await _cards(tx, asked.community)
        return _page(asked, waiting_document(cards))

    async def show(self, asked: Asked) -> Answer:
        if asked.arguments.text("draft") is None:
            async with self._database.read() as tx:
                card = await _card(tx, asked)
            looked = {draft.id: await looked_at(self._database, draft) for draft in card.review.drafts}
            return _page(asked, card_document(replace(card, looked=looked)))
        async with self._database.read() as tx:
            draft = await _any_draft(tx, asked)
            policy = await policy_in(tx, asked.community)
        return _page(asked, draft_document(await looked_at(self._database, draft), policy))

    async def evidence(self, asked: Asked) -> Answer:
        number = asked.arguments.number("sentence")
        async with self._database.read() as tx:
            draft = await _any_draft(tx, asked)
        if number is not None and draft.sentence(number) is None:
            raise InputError(strings.deciding.no_sentence(draft.id, number, len(draft.sentences)))
        return _page(asked, evidence_document(draft, number))

    async def history(self, asked: Asked) -> Answer:
        async with self._database.read() as tx:
            number = None if asked.arguments.text("draft") is None else (await _any_draft(tx, asked)).id
            entries = await tx.reviews.history(asked.community, limit=SHOWN, draft=number)
        return _page(asked, trail_document(entries, number))

    # --- deciding -------------------------------------------------------------------------------------------------

    async def approve(self, asked: Asked) -> Answer:
        if asked.arguments.text("draft") is None:
            try:
                return await self._approve_all(asked)
            except Overtaken as overtaken:
                raise InputError(strings.deciding.look_again(overtaken.draft)) from None
        async with self._database.read() as tx:
            approvers = (await policy_in(tx, asked.community)).approvers

        def approve(draft: StoryDraft) -> Decided:
            return decisions.approve(draft, _editor(asked), self._clock.now(), approvers=approvers)

        return await self._decide(
            asked, approve, lambda draft: strings.review.approved(draft.id, approvers - len(draft.approvals))
        )

    async def _approve_all(self, asked: Asked) -> Answer:
        by, now = _editor(asked), self._clock.now()
        seen = asked.arguments.number("revision")
        async with self._database.begin() as tx:
            card = await _card(tx, asked)
            drafts = [draft.id for draft in card.review.drafts]
            digests = await _hold(tx, asked.community, drafts)
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
                await self._keep(tx, draft, decisions.approve(draft, by, now, approvers=card.policy.approvers))
            settled = await self._settle(tx, asked.community, digests)
        waits = next(one.waits_for for one in settled if one.digest == review.digest)
        title = strings.review.all_approved(review.digest, len(mine), len(waits))
        return Reply(document=decided_document(title, _told(settled)))

    async def edit(self, asked: Asked) -> Answer:
        given = asked.arguments
        texts = {name: text for name in TEXTS if (text := given.text(name)) is not None}
        section, part, number = given.text("section"), given.number("part") or 1, given.number("sentence")
        if not texts:
            async with self._database.read() as tx:
                draft = await _waiting_draft(tx, asked)
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
            return decisions.edit(draft, wanted, _editor(asked), self._clock.now())

        return await self._decide(
            asked, edit, lambda draft: strings.review.was_edited(draft.id), wrote=list(texts.values())
        )

    async def cut(self, asked: Asked) -> Answer:
        number = asked.arguments.number("sentence")
        if number is None:
            async with self._database.read() as tx:
                return Reply(document=cut_document(await _waiting_draft(tx, asked)))

        def cut(draft: StoryDraft) -> Decided:
            return decisions.cut(draft, number, _editor(asked), self._clock.now())

        def said(draft: StoryDraft) -> str:
            found = draft.sentence(number)
            assert found is not None
            return strings.review.was_cut(draft.id, found.original.text)

        return await self._decide(asked, cut, said)

    # --- telling it anew ------------------------------------------------------------------------------------------

    async def merge(self, asked: Asked) -> Answer:
        async with self._database.read() as tx:
            draft = await _waiting_draft(tx, asked)
            if asked.arguments.text("other") is None:
                return Reply(document=merge_document(draft, await _beside(tx, draft)))
            other = await _waiting_draft(tx, asked, "other")
            if other.id == draft.id:
                raise InputError(strings.deciding.into_itself(draft.id))
            if other.id not in {one.id for one in await _beside(tx, draft)}:
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
            draft = await _waiting_draft(tx, asked)
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
            draft = await _waiting_draft(tx, asked)
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
            digests = await _hold(tx, asked.community, [draft.id])
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
                entry = ReviewEntry(action=action, at=now, by=_editor(asked), draft=one, after=what)
                await tx.reviews.note(asked.community, entry)
            settled = await self._settle(tx, asked.community, digests)
            after = await tx.reviews.draft(asked.community, fresh.id)
        return Reply(document=decided_document(said(fresh.id), [strings.review.TELL_AGAIN, *_told(settled)], after))

    # --- the rest -------------------------------------------------------------------------------------------------

    async def drop(self, asked: Asked) -> Answer:
        def drop(draft: StoryDraft) -> Decided:
            return decisions.drop(draft, asked.arguments.text("reason"), _editor(asked), self._clock.now())

        return await self._decide(asked, drop, lambda draft: strings.review.was_dropped(draft.id))

    async def assign(self, asked: Asked) -> Answer:
        said = asked.arguments.needed("to")
        to: Reviewer | None = Reviewer(member=MemberId(said), name=said)
        if said.casefold() == "me":
            to = _editor(asked)
        elif said.casefold() == "nobody":
            to = None

        def assign(draft: StoryDraft) -> Decided:
            return decisions.assign(draft, to, _editor(asked), self._clock.now())

        return await self._decide(
            asked, assign, lambda draft: strings.review.was_assigned(draft.id, None if to is None else to.name)
        )

    async def reject(self, asked: Asked) -> Answer:
        reason, now = asked.arguments.text("reason"), self._clock.now()
        if reason is None:
            async with self._database.read() as tx:
                return Ask(reject_form((await _card(tx, asked)).review.digest))
        async with self._database.begin() as tx:
            number = (await _card(tx, asked)).review.digest
            review = await tx.reviews.hold(asked.community, number)
            if review is None or not review.waiting:
                raise InputError(strings.deciding.decided_meanwhile_so_gone(number))
            await tx.digests.set_state(asked.community, number, DigestState.REJECTED)
            entry = ReviewEntry(action=Action.REJECTED, at=now, by=_editor(asked), digest=number, after=reason)
            await tx.reviews.note(asked.community, entry)
            await tx.tasks.put(Stage.CARD, [number], asked.community)
        return Reply(document=decided_document(strings.review.was_rejected(number), []))

    async def drafts_named(self, completing: Completing) -> list[Completion]:
        async with self._database.read() as tx:
            cards = await _cards(tx, completing.community)
        drafts = {draft.id: draft for card in cards for draft in card.review.drafts}
        labels = [Completion(f"{one.id}: {one.analysis.headline}"[:100], str(one.id)) for one in drafts.values()]
        typed = completing.typed.casefold().strip()
        return [one for one in labels if typed in one.label.casefold()]

    # --- one decision ---------------------------------------------------------------------------------------------

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
            digests = await _hold(tx, asked.community, [(await _waiting_draft(tx, asked)).id])
            draft = await _waiting_draft(tx, asked)
            if seen is not None and seen != draft.revision:
                raise Overtaken(draft.id)
            decided = decide(draft)
            if not decided.entries:
                return Reply(document=decided_document(strings.review.same(draft.id), [], draft))
            await self._keep(tx, draft, decided)
            after = await tx.reviews.draft(asked.community, draft.id)
            assert after is not None
            settled = await self._settle(tx, asked.community, digests)
        lines = [strings.review.APPROVE_AGAIN] if draft.approvals and not after.approvals and not after.dropped else []
        lines += _told(settled)
        return Reply(document=decided_document(said(after), lines, after))

    async def _settle(self, tx: Transaction, community: CommunityId, digests: Sequence[DigestId]) -> list[Settled]:
        now = self._clock.now()
        settled = [await settle(tx, community, digest, now, self._document) for digest in digests]
        return [one for one in settled if one is not None]

    async def _keep(self, tx: Transaction, before: StoryDraft, decided: Decided) -> None:
        if not await tx.reviews.save(before.community, before, decided.draft):
            raise Overtaken(before.id)
        for entry in decided.entries:
            await tx.reviews.note(before.community, entry)


def _editor(asked: Asked) -> Reviewer:
    return Reviewer(member=asked.member.id, name=asked.member.name)


def _told(settled: Sequence[Settled]) -> list[str]:
    """What became of the digests that waited."""
    lines = []
    for one in settled:
        if one.waits_for:
            lines.append(strings.review.still_waits(one.digest, one.waits_for))
        else:
            lines.append(
                strings.review.on_its_way(one.digest) if one.posted else strings.review.nothing_left(one.digest)
            )
    return lines


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


async def _hold(tx: Transaction, community: CommunityId, drafts: Sequence[DraftId]) -> list[DigestId]:
    """All digests that wait for any of these, held before any of them is changed and always in the same order: two
    editors then wait for each other, and not both for ever."""
    named = {digest for draft in drafts for digest in await tx.reviews.waiting(community, draft=draft)}
    for digest in sorted(named):
        await tx.reviews.hold(community, digest)
    return sorted(named)


async def _cards(tx: Transaction, community: CommunityId) -> list[Card]:
    cards = [await card_of(tx, community, digest) for digest in await tx.reviews.waiting(community)]
    return [card for card in cards if card is not None]


async def _card(tx: Transaction, asked: Asked) -> Card:
    """The digest that is named, or the only one that waits."""
    number = asked.arguments.number("digest")
    waiting = await tx.reviews.waiting(asked.community)
    if number is None and len(waiting) == 1:
        number = waiting[0]
    card = None if number is None else await card_of(tx, asked.community, DigestId(number))
    if card is not None:
        return card
    if number is None:
        raise InputError(strings.deciding.which_digest(waiting))
    raise InputError(strings.deciding.no_digest(number, waiting))


async def _beside(tx: Transaction, draft: StoryDraft) -> list[StoryDraft]:
    """The other drafts of the digests that wait for this one."""
    found: dict[DraftId, StoryDraft] = {}
    for digest in await tx.reviews.waiting(draft.community, draft=draft.id):
        review = await tx.reviews.of(draft.community, digest)
        assert review is not None
        found |= {one.id: one for one in review.drafts if one.id != draft.id and not one.dropped}
    return list(found.values())


async def _waiting_draft(tx: Transaction, asked: Asked, name: str = "draft") -> StoryDraft:
    draft = await _any_draft(tx, asked, name)
    if not await tx.reviews.waiting(asked.community, draft=draft.id):
        raise InputError(strings.deciding.draft_waits_no_more(draft.id))
    return draft


async def _any_draft(tx: Transaction, asked: Asked, name: str = "draft") -> StoryDraft:
    """By its number; by words of its headline, as it was or is, only one that waits. Raises InputError otherwise."""
    said = " ".join((asked.arguments.text(name) or "").split())
    digits = said.casefold().removeprefix("draft").strip().removeprefix("#")
    if digits.isascii() and digits.isdecimal() and len(digits) <= 18:
        draft = await tx.reviews.draft(asked.community, DraftId(int(digits)))
        if draft is not None:
            return draft
    elif wanted := set(words(said)):
        for card in await _cards(tx, asked.community):
            for draft in card.review.drafts:
                if wanted <= set(words(f"{draft.original.headline} {draft.analysis.headline}")):
                    return draft
    raise InputError(strings.deciding.no_draft(said))


def _page(asked: Asked, document: Document) -> Reply:
    number = asked.arguments.number("page")
    said = {name: given for name, given in asked.said.arguments if name != "page"}
    shown = paged(document, number or 1, lambda page: invocation(*asked.said.path, **{**said, "page": page}))
    return Reply(document=shown, replaces=number is not None)
