"""Stages correct and erratum: what was posted, when what it stands on changes (editorial.md, "Corrections").

A change of an article puts a task for it, due a while later (`errata.GATHER`): what an outlet edits in several steps is
then one change, and a digest that was being composed from the text before is there to be found. What each message says
then is decided by `bot.core.correction`, from that message as it is kept; so doing it again, at any point, changes
nothing more. The message, the log and the task for the reply beneath it are written in one transaction.

What nobody can have read yet is changed without a word: it never said anything else. So is what waits for an editor,
who is shown what changed, and whose approval of the words before does not count for the new ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from bot.app.alert import Alerting
from bot.app.errata import BETWEEN, is_posted, keep, wrong_in
from bot.app.ports import Clock, Database, Stage, Task, Transaction
from bot.app.remind import retell
from bot.app.review import Rendered, settle
from bot.core import strings
from bot.core.article import ArticleId
from bot.core.community import CommunityId, MemberId
from bot.core.correction.amending import Amended, amend_digest
from bot.core.correction.correction import Correction
from bot.core.correction.standing import Present
from bot.core.delivery import DeliveryId, Digest, DigestId, DigestState
from bot.core.errors import StoreBusy
from bot.core.message.correction import erratum_document
from bot.core.review.entry import Action, ReviewEntry
from bot.core.review.recast import carried

TRIES = 5
"""Times that a message is decided about anew because somebody changed it meanwhile."""

log = structlog.get_logger(__name__)


class Correcting:
    """`document` is what a digest looks like as a message."""

    def __init__(self, database: Database, document: Rendered, alerting: Alerting, clock: Clock) -> None:
        self._database = database
        self._document = document
        self._alerting = alerting
        self._clock = clock

    # --- an article changed ---------------------------------------------------------------------------------------

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage correct: each article that changed, message by message."""
        for task in tasks:
            article = ArticleId(task.key)
            async with self._database.read() as tx:
                found = next(iter(await tx.articles.get(task.owner, [article])), None)
                before = await tx.articles.revisions(task.owner, article)
                digests = await tx.corrections.pipeline_citing(article)
                messages = await tx.corrections.pipeline_quoting(article)
            if found is not None:
                present = Present(article=found, revisions=before)
                for community, digest in digests:
                    await self._correct(community, digest, present)
                for community, message in messages:
                    await self._correct_message(community, message)
            async with self._database.begin() as tx:
                await tx.tasks.done(task)

    async def _correct(self, community: CommunityId, number: DigestId, present: Present) -> None:
        for _ in range(TRIES):
            async with self._database.read() as tx:
                seen = await _as_told(tx, community, number)
            if seen is None:
                return
            digest, posted = seen
            amended = await asyncio.to_thread(
                amend_digest,
                digest,
                present,
                self._clock.now(),
                posted=posted,
                nothing=strings.correction.WITHDRAWN_STORY,
            )
            if amended.digest is digest:
                return
            async with self._database.begin() as tx:
                await tx.reviews.hold(community, number)
                for delivery in await tx.deliveries.of_digest(community, number):
                    await tx.deliveries.hold(community, delivery)
                if await _as_told(tx, community, number) == seen:
                    await self._say(tx, community, number, digest, amended)
                    return
        raise StoreBusy(f"digest {number} was changed at every try to correct it")

    async def _say(
        self, tx: Transaction, community: CommunityId, number: DigestId, digest: Digest, amended: Amended
    ) -> None:
        await tx.digests.revise(community, number, amended.digest)
        deliveries = await tx.deliveries.of_digest(community, number)
        if not deliveries:
            await self._at_the_desk(tx, community, number, digest, amended.digest)
        for delivery in deliveries:
            await say_instead(tx, community, number, delivery, amended.digest, amended.corrections, self._document)
        log.info("corrected", digest=number, corrections=len(amended.corrections))

    async def _at_the_desk(
        self, tx: Transaction, community: CommunityId, number: DigestId, before: Digest, after: Digest
    ) -> None:
        """Put the new telling in place of the draft before, where the digest waits for an editor."""
        review = await tx.reviews.of(community, number)
        if review is None:
            return  # it comes in for review as it is now
        now = self._clock.now()
        drafts = {draft.original.story: draft for draft in review.drafts}
        told = {analysis.story: analysis for analysis in after.analyses}
        for analysis in before.analyses:
            draft, fresh = drafts.get(analysis.story), told.get(analysis.story)
            if draft is None or fresh == analysis:
                continue
            named = {draft.id}
            if fresh is None:
                await tx.reviews.exchange(community, number, draft.id, None)
            else:
                new, made = await tx.reviews.draft_of(community, fresh, now)
                if made and (edits := carried(draft, fresh)):
                    await tx.reviews.save(community, new, replace(new, edits=edits, revision=2))
                await tx.reviews.exchange(community, number, draft.id, new.id)
                named.add(new.id)
            for one in sorted(named):
                entry = ReviewEntry(action=Action.SOURCE_CHANGED, at=now, draft=one, digest=number)
                await tx.reviews.note(community, entry)
        await tx.tasks.put(Stage.CARD, [number], community)
        await settle(tx, community, number, now, self._document)

    # --- other messages -------------------------------------------------------------------------------------------

    async def _correct_message(self, community: CommunityId, number: DeliveryId) -> None:
        """An alert: it tells its story anew, where what it quotes is not right any more. A reminder: it loses that."""
        async with self._database.begin() as tx:
            if await tx.alerts.pipeline_reminded(number) is not None:
                if await retell(tx, community, number, self._clock.now()):
                    log.info("corrected", delivery=number)
                return
            quotes = await tx.corrections.quotes(community, number)
            if await wrong_in(tx, community, quotes, self._clock.now()):
                await self._alerting.retell(tx, community, number)
                log.info("corrected", delivery=number)

    # --- the reply beneath ----------------------------------------------------------------------------------------

    async def tell(self, tasks: Sequence[Task]) -> None:
        """The stage erratum: one reply beneath a message, for all that was corrected in it since the last one."""
        for task in tasks:
            async with self._database.begin() as tx:
                again = None if task.owner is None else await self._tell(tx, task.owner, DeliveryId(task.key))
                await tx.tasks.done(task, again=again)

    async def _tell(self, tx: Transaction, community: CommunityId, number: DeliveryId) -> datetime | None:
        """When to look again."""
        delivery = await tx.deliveries.hold(community, number)
        untold = await tx.corrections.untold(community, number)
        if delivery is None or not untold:
            return None
        last = await tx.corrections.last_told(community, number)
        if last is not None and await tx.now() < last + BETWEEN:
            return last + BETWEEN
        notice = None
        if is_posted(delivery):
            notice = await tx.deliveries.queue(
                community,
                delivery.destination.id,
                erratum_document(untold),
                digest=None,
                manner=replace(delivery.manner, mention=None),
                priority=delivery.priority,
                follows=number,
            )
        await tx.corrections.told(community, number, notice)
        return None


async def say_instead(
    tx: Transaction,
    community: CommunityId,
    digest: DigestId,
    delivery: DeliveryId,
    body: Digest,
    corrections: Sequence[Correction],
    document: Rendered,
    *,
    member: MemberId | None = None,
) -> None:
    """Have a digest's message say `body`; where it was posted, keep what was corrected and have it told beneath."""
    found = await tx.deliveries.get(community, delivery)
    await tx.deliveries.revise(community, delivery, document(body))
    if found is not None and is_posted(found):
        await keep(tx, community, delivery, corrections, digest=digest, member=member)


async def _as_told(tx: Transaction, community: CommunityId, number: DigestId) -> tuple[Digest, bool] | None:
    """A digest that is told, or will be, and whether somebody may have read it."""
    found = await tx.digests.get(community, number)
    if found is None or found[1] not in (DigestState.APPROVED, DigestState.IN_REVIEW):
        return None
    deliveries = [await tx.deliveries.get(community, one) for one in await tx.deliveries.of_digest(community, number)]
    return found[0], any(delivery is not None and is_posted(delivery) for delivery in deliveries)
