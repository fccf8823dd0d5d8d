"""Stage 6, review: a digest waits for an editor where its schedule wants one, else it passes straight on.

Where it waits, its stories become drafts (those whose very words were approved in this community before are approved
already), and a card goes to where the community's editors are. Whatever an editor then decides, `settle` looks whether
the digest may go: its delivery is queued in the transaction of that decision. The task comes again when the digest's
time is out, so a time-out needs no clock of its own, and a change of the community's rules puts it anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.app.ports import Clock, Database, Stage, Task, Transaction
from bot.core.community import CommunityId
from bot.core.delivery import DestinationId, Digest, DigestId, DigestState, Schedule
from bot.core.message.document import Document
from bot.core.message.review import Card, Looked, call_document, card_document, closed_card_document
from bot.core.message.schedules import schedule_name
from bot.core.posting import manner_of
from bot.core.review.changes import changed
from bot.core.review.draft import DraftId, StoryDraft
from bot.core.review.entry import Action, ReviewEntry
from bot.core.review.flags import Flag, flags_of
from bot.core.review.release import ReviewPolicy, cleared, out_of_time, policy_of, published, undecided
from bot.core.story import StoryId

Rendered = Callable[[Digest], Document]
"""What a digest looks like as a message."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of a digest: `posted` is on its way; not `posted` with nobody left to decide means that every story
    was dropped."""

    digest: DigestId
    posted: bool = False
    waits_for: tuple[DraftId, ...] = ()


class Review:
    def __init__(self, database: Database, document: Rendered, clock: Clock) -> None:
        self._database = database
        self._document = document
        self._clock = clock

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage: approve what needs no editor and queue its delivery; put the rest before the editors; and let go
        what waited for its time. Each in one transaction."""
        for task in tasks:
            now = max(self._clock.now(), task.due)  # it fell due by the database's clock
            community, digest = task.owner, DigestId(task.key)
            flags = {} if community is None else await self._look(community, digest)
            async with self._database.begin() as tx:
                again = None if community is None else await self._advance(tx, community, digest, flags, now)
                await tx.tasks.done(task, again=again)

    async def _look(self, community: CommunityId, number: DigestId) -> Mapping[StoryId, tuple[Flag, ...]]:
        """Each story's flags, where the digest comes in for review: found before anything is held."""
        async with self._database.read() as tx:
            found = await tx.digests.get(community, number)
            if found is None or not found[2].review or await tx.reviews.of(community, number) is not None:
                return {}
        return await asyncio.to_thread(lambda: {one.story: flags_of(one) for one in found[0].analyses})

    async def _advance(
        self,
        tx: Transaction,
        community: CommunityId,
        number: DigestId,
        flags: Mapping[StoryId, tuple[Flag, ...]],
        now: datetime,
    ) -> datetime | None:
        """When to look at it again; None: no more by itself."""
        review = await tx.reviews.hold(community, number)
        found = await tx.digests.get(community, number)
        if found is None or found[1] is not DigestState.IN_REVIEW:
            return None
        digest, _, schedule = found
        if review is None and not schedule.review:
            await _post(tx, number, digest, schedule, self._document)
            return None
        opened = review is None
        if review is None:
            digest = await _open(tx, number, digest, now)
            review = await tx.reviews.of(community, number)
            assert review is not None
        policy = policy_of(await tx.settings.of(community))
        until = out_of_time(review, policy)
        quiet = schedule.quiet_until(now)
        if until is not None and now >= until and quiet is not None and undecided(review.drafts, policy):
            return quiet  # nobody asked for it at this hour
        settled = await settle(tx, community, number, now, self._document)
        if settled is None or not settled.waits_for:
            return None
        if opened:
            looked = {draft.id: await _looked(tx, draft, flags, digest) for draft in review.drafts}
            card = Card(digest=digest, review=review, schedule=schedule_name(schedule), policy=policy, looked=looked)
            editors = await _editors_place(tx, schedule)
            # A draft is for editors: where the community named no place of theirs, only that one waits is said.
            shown = card_document(card) if editors else call_document(card)
            place = editors or await _notices_place(tx, schedule)
            sent = await tx.deliveries.queue(community, place, shown, digest=None)
            if editors:
                await tx.reviews.set_card(community, number, sent)
        return until

    async def redraw(self, tasks: Sequence[Task]) -> None:
        """The stage card: a posted card shows what became of its digest, so that nobody is offered what is done."""
        for task in tasks:
            community, number = task.owner, DigestId(task.key)
            document = None if community is None else await self._card_now(community, number)
            async with self._database.begin() as tx:
                card = None if community is None else await tx.reviews.card(community, number)
                if community is not None and card is not None and document is not None:
                    before = await tx.deliveries.hold(community, card)
                    if before is not None and before.document != document:
                        await tx.deliveries.revise(community, card, document)
                await tx.tasks.done(task)

    async def _card_now(self, community: CommunityId, number: DigestId) -> Document | None:
        async with self._database.read() as tx:
            card = await card_of(tx, community, number, decided=True)
            state = await tx.digests.get(community, number)
            posted = await tx.reviews.card(community, number) is not None
        if card is None or state is None or not posted:
            return None
        if not card.review.waiting:
            return closed_card_document(card, posted=state[1] is DigestState.APPROVED)
        looked = {draft.id: await looked_at(self._database, draft) for draft in card.review.drafts}
        return card_document(replace(card, looked=looked))


async def settle(
    tx: Transaction, community: CommunityId, number: DigestId, now: datetime, document: Rendered
) -> Settled | None:
    """Let a digest go where everything about it is decided, or its time is out; None where nothing waits under that
    number. Whoever decided something calls it in the same transaction, last."""
    review = await tx.reviews.hold(community, number)
    found = await tx.digests.get(community, number)
    if review is None or not review.waiting or found is None:
        return None
    digest, _, schedule = found
    if await tx.reviews.card(community, number) is not None:
        await tx.tasks.put(Stage.CARD, [number], community)
    policy = policy_of(await tx.settings.of(community))
    waits = undecided(review.drafts, policy)
    told = published(digest, review, policy, now)
    if told is None:
        return Settled(digest=number, waits_for=tuple(draft.id for draft in waits))
    await tx.digests.revise(community, number, told)
    action = Action.EMPTIED if not told.analyses else Action.TIMED_OUT if waits else Action.RELEASED
    await tx.reviews.note(community, ReviewEntry(action=action, at=now, digest=number))
    if told.analyses:
        await _post(tx, number, told, schedule, document)
    else:
        await tx.digests.set_state(community, number, DigestState.REJECTED)
    log.info("review ended", digest=number, posted=bool(told.analyses), unreviewed=len(waits))
    return Settled(digest=number, posted=bool(told.analyses))


async def look_again(tx: Transaction, community: CommunityId) -> None:
    """The community's rules changed: what waits may go by now, or at another time."""
    await tx.tasks.put(Stage.REVIEW, await tx.reviews.waiting(community), community)


async def card_of(tx: Transaction, community: CommunityId, number: DigestId, *, decided: bool = False) -> Card | None:
    """A digest that waits, without its flags; or one that was `decided` about."""
    review, found = await tx.reviews.of(community, number), await tx.digests.get(community, number)
    if review is None or found is None or not (review.waiting or decided):
        return None
    policy = policy_of(await tx.settings.of(community))
    return Card(digest=found[0], review=review, schedule=schedule_name(found[2]), policy=policy)


async def looked_at(database: Database, draft: StoryDraft) -> Looked:
    """The draft with what to look at, as it stands now."""
    async with database.read() as tx:
        before = await tx.reviews.before(draft.community, draft.id)
    present = draft.analysis
    return Looked(
        draft=draft,
        flags=await asyncio.to_thread(flags_of, present),
        changed=None if before is None else changed(before.analysis, draft.original),
    )


async def policy_in(tx: Transaction, community: CommunityId) -> ReviewPolicy:
    return policy_of(await tx.settings.of(community))


async def _open(tx: Transaction, number: DigestId, digest: Digest, now: datetime) -> Digest:
    """The digest as it is put before the editors."""
    before = {story: await tx.reviews.latest(digest.community, story) for story in {one.story for one in digest.coming}}
    coming = cleared(digest.coming, {story: draft for story, draft in before.items() if draft is not None})
    if coming != digest.coming:
        digest = replace(digest, coming=coming)
        await tx.digests.revise(digest.community, number, digest)
    drafts: dict[StoryId, DraftId] = {}
    # Always in this order, so that two digests that share stories do not wait for each other.
    for analysis in sorted(digest.analyses, key=lambda one: one.story):
        draft, made = await tx.reviews.draft_of(digest.community, analysis, now)
        drafts[analysis.story] = draft.id
        if made:
            opened = ReviewEntry(action=Action.OPENED, at=now, draft=draft.id, digest=number)
            await tx.reviews.note(digest.community, opened)
    await tx.reviews.begin(digest.community, number, [drafts[story] for story in digest.stories], now)
    return digest


async def _looked(
    tx: Transaction, draft: StoryDraft, flags: Mapping[StoryId, tuple[Flag, ...]], digest: Digest
) -> Looked:
    present = draft.analysis
    before = await tx.reviews.before(digest.community, draft.id)
    found = flags.get(present.story)
    return Looked(
        draft=draft,
        flags=flags_of(present) if draft.edits or found is None else found,
        changed=None if before is None else changed(before.analysis, draft.original),
    )


async def _editors_place(tx: Transaction, schedule: Schedule) -> DestinationId | None:
    """Where the community's editors are: as it set it, else where it has its notices; None where it set neither."""
    settings = await tx.settings.of(schedule.community)
    community = await tx.communities.get(schedule.community)
    address = settings.review or settings.notices
    if community is None or address is None:
        return None
    return (await tx.schedules.destination(schedule.community, community.platform, address)).id


async def _notices_place(tx: Transaction, schedule: Schedule) -> DestinationId:
    notices = await tx.schedules.notices(schedule.community)
    return schedule.destination if notices is None else notices.id


async def _post(tx: Transaction, number: DigestId, digest: Digest, schedule: Schedule, document: Rendered) -> None:
    await tx.digests.set_state(schedule.community, number, DigestState.APPROVED)
    await tx.deliveries.queue(
        schedule.community,
        schedule.destination,
        document(digest),
        digest=number,
        manner=manner_of(schedule, digest),
    )
