"""The editor's desk: drafts with their edits and approvals, the digests that wait for them, and the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, delete, func, insert, or_, select, update

from adapters.storage.schema import (
    digests,
    draft_approvals,
    draft_edits,
    drafts,
    review_drafts,
    review_entries,
    reviews,
    stories,
)
from adapters.storage.sql import Sql, missing
from bot.core.analysis import Analysis
from bot.core.community import CommunityId, MemberId
from bot.core.delivery import DeliveryId, DigestId, DigestState
from bot.core.review.draft import Approval, DraftId, Edit, Reviewer, StoryDraft, material_of
from bot.core.review.entry import Action, ReviewEntry
from bot.core.review.release import Review
from bot.core.story import StoryId


class SqlReviews:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def draft_of(self, community: CommunityId, analysis: Analysis, at: datetime) -> tuple[StoryDraft, bool]:
        material = material_of(analysis)
        made = await self._sql.row(
            self._sql.insert(drafts)
            .values(
                community=community,
                story=analysis.story,
                version=analysis.version,
                material=material,
                original=analysis,
                opened_at=at,
                dropped=False,
                revision=1,
            )
            .on_conflict_do_nothing()
            .returning(drafts.c.id)
        )
        (found,) = await self._drafts(
            drafts.c.community == community,
            drafts.c.story == analysis.story,
            drafts.c.version == analysis.version,
            drafts.c.material == material,
        )
        return found, made is not None

    async def begin(self, community: CommunityId, digest: DigestId, drafts: Sequence[DraftId], at: datetime) -> None:
        own = select(digests.c.id).where(digests.c.community == community, digests.c.id == digest)
        if await self._sql.row(own) is None:
            raise missing("digest", digest)
        for draft in drafts:
            if await self.draft(community, draft) is None:
                raise missing("draft", draft)
        await self._sql.execute(insert(reviews).values(digest=digest, community=community, opened_at=at))
        if drafts:
            places = [{"digest": digest, "draft": draft, "place": place} for place, draft in enumerate(drafts, 1)]
            await self._sql.execute(insert(review_drafts), places)

    async def exchange(self, community: CommunityId, digest: DigestId, before: DraftId, after: DraftId | None) -> None:
        if after is not None and await self.draft(community, after) is None:
            raise missing("draft", after)
        own = select(reviews.c.digest).where(reviews.c.community == community, reviews.c.digest == digest)
        place = (review_drafts.c.digest.in_(own), review_drafts.c.draft == before)
        changed = await self._sql.execute(
            delete(review_drafts).where(*place)
            if after is None
            else update(review_drafts).where(*place).values(draft=after)
        )
        if not changed.rowcount:
            raise missing("draft", before)

    async def of(self, community: CommunityId, digest: DigestId) -> Review | None:
        row = await self._sql.row(
            select(reviews.c.opened_at, digests.c.state)
            .join(digests, digests.c.id == reviews.c.digest)
            .where(reviews.c.community == community, reviews.c.digest == digest)
        )
        if row is None:
            return None
        places = await self._sql.rows(
            select(review_drafts.c.draft).where(review_drafts.c.digest == digest).order_by(review_drafts.c.place)
        )
        found = {draft.id: draft for draft in await self._drafts(drafts.c.id.in_([place.draft for place in places]))}
        return Review(
            digest=digest,
            opened_at=row.opened_at,
            drafts=tuple(found[DraftId(place.draft)] for place in places),
            waiting=row.state == DigestState.IN_REVIEW,
        )

    async def hold(self, community: CommunityId, digest: DigestId) -> Review | None:
        # On SQLite there is one writer at a time anyway. A statement after the lock sees what was committed before it.
        await self._sql.row(
            select(digests.c.id).where(digests.c.community == community, digests.c.id == digest).with_for_update()
        )
        return await self.of(community, digest)

    async def set_card(self, community: CommunityId, digest: DigestId, card: DeliveryId) -> None:
        changed = await self._sql.execute(
            update(reviews).where(reviews.c.community == community, reviews.c.digest == digest).values(card=card)
        )
        if not changed.rowcount:
            raise missing("review", digest)

    async def card(self, community: CommunityId, digest: DigestId) -> DeliveryId | None:
        card = await self._sql.connection.scalar(
            select(reviews.c.card).where(reviews.c.community == community, reviews.c.digest == digest)
        )
        return None if card is None else DeliveryId(card)

    async def waiting(self, community: CommunityId, *, draft: DraftId | None = None) -> Sequence[DigestId]:
        statement = (
            select(reviews.c.digest)
            .join(digests, digests.c.id == reviews.c.digest)
            .where(reviews.c.community == community, digests.c.state == DigestState.IN_REVIEW)
            .order_by(reviews.c.digest)
        )
        if draft is not None:
            named = select(review_drafts.c.digest).where(review_drafts.c.draft == draft)
            statement = statement.where(reviews.c.digest.in_(named))
        return [DigestId(row.digest) for row in await self._sql.rows(statement)]

    async def draft(self, community: CommunityId, draft: DraftId) -> StoryDraft | None:
        found = await self._drafts(drafts.c.community == community, drafts.c.id == draft)
        return found[0] if found else None

    async def latest(self, community: CommunityId, story: StoryId) -> StoryDraft | None:
        kept = select(func.coalesce(stories.c.merged_into, stories.c.id)).where(stories.c.id == story)
        return await self._newest(community, kept.scalar_subquery())

    async def before(self, community: CommunityId, draft: DraftId) -> StoryDraft | None:
        kept = (
            select(func.coalesce(stories.c.merged_into, stories.c.id))
            .join(drafts, drafts.c.story == stories.c.id)
            .where(drafts.c.community == community, drafts.c.id == draft)
        )
        return await self._newest(community, kept.scalar_subquery(), drafts.c.id < draft)

    async def _newest(
        self, community: CommunityId, story: ScalarSelect[Any], *conditions: ColumnElement[bool]
    ) -> StoryDraft | None:
        same = select(stories.c.id).where(or_(stories.c.id == story, stories.c.merged_into == story))
        newest = await self._sql.connection.scalar(
            select(func.max(drafts.c.id)).where(drafts.c.community == community, drafts.c.story.in_(same), *conditions)
        )
        return None if newest is None else await self.draft(community, DraftId(newest))

    async def save(self, community: CommunityId, before: StoryDraft, after: StoryDraft) -> bool:
        own = (drafts.c.community == community, drafts.c.id == before.id)
        values: dict[str, Any] = {"revision": after.revision, "dropped": after.dropped}
        if after.assigned != before.assigned:
            values["assigned"] = None if after.assigned is None else after.assigned.member
            values["assigned_name"] = None if after.assigned is None else after.assigned.name
        changed = await self._sql.execute(
            update(drafts).where(*own, drafts.c.revision == before.revision).values(**values)
        )
        if not changed.rowcount:
            if await self.draft(community, before.id) is None:
                raise missing("draft", before.id)
            return False
        if after.revision != before.revision:
            await self._sql.execute(delete(draft_edits).where(draft_edits.c.draft == before.id))
            await self._sql.execute(delete(draft_approvals).where(draft_approvals.c.draft == before.id))
            if after.edits:
                edits = [{"draft": before.id, "number": edit.number, "text": edit.text} for edit in after.edits]
                await self._sql.execute(insert(draft_edits), edits)
        for approval in after.approvals:
            await self._sql.execute(
                self._sql.insert(draft_approvals)
                .values(draft=before.id, member=approval.by.member, name=approval.by.name, at=approval.at)
                .on_conflict_do_nothing()
            )
        return True

    async def note(self, community: CommunityId, entry: ReviewEntry) -> None:
        await self._sql.execute(
            insert(review_entries).values(
                community=community,
                draft=entry.draft,
                digest=entry.digest,
                action=entry.action,
                at=entry.at,
                member=None if entry.by is None else entry.by.member,
                name="" if entry.by is None else entry.by.name,
                part=entry.part,
                before=entry.before,
                after=entry.after,
            )
        )

    async def history(
        self, community: CommunityId, *, limit: int, draft: DraftId | None = None
    ) -> Sequence[ReviewEntry]:
        statement = select(review_entries).where(review_entries.c.community == community)
        if draft is not None:
            statement = statement.where(review_entries.c.draft == draft)
        rows = await self._sql.rows(statement.order_by(review_entries.c.id.desc()).limit(limit))
        return [_entry(row) for row in rows]

    async def count_by(self, community: CommunityId, member: MemberId) -> int:
        theirs = (review_entries.c.community == community, review_entries.c.member == member)
        return await self._sql.connection.scalar(select(func.count()).select_from(review_entries).where(*theirs)) or 0

    async def forget(self, community: CommunityId, member: MemberId) -> None:
        here = select(drafts.c.id).where(drafts.c.community == community)
        await self._sql.execute(
            delete(draft_approvals).where(draft_approvals.c.draft.in_(here), draft_approvals.c.member == member)
        )
        await self._sql.execute(
            update(drafts)
            .where(drafts.c.community == community, drafts.c.assigned == member)
            .values(assigned=None, assigned_name=None)
        )
        await self._sql.execute(
            update(review_entries)
            .where(review_entries.c.community == community, review_entries.c.member == member)
            .values(member=None, name="")
        )

    async def _drafts(self, *conditions: Any) -> list[StoryDraft]:
        rows = await self._sql.rows(select(drafts).where(*conditions).order_by(drafts.c.id))
        ids = [row.id for row in rows]
        edits = await self._sql.rows(
            select(draft_edits).where(draft_edits.c.draft.in_(ids)).order_by(draft_edits.c.draft, draft_edits.c.number)
        )
        approvals = await self._sql.rows(
            select(draft_approvals)
            .where(draft_approvals.c.draft.in_(ids))
            .order_by(draft_approvals.c.at, draft_approvals.c.member)
        )
        return [
            StoryDraft(
                id=DraftId(row.id),
                community=CommunityId(row.community),
                original=row.original,
                opened_at=row.opened_at,
                edits=tuple(Edit(edit.number, edit.text) for edit in edits if edit.draft == row.id),
                approvals=tuple(_approval(approval) for approval in approvals if approval.draft == row.id),
                dropped=row.dropped,
                assigned=None
                if row.assigned is None
                else Reviewer(member=MemberId(row.assigned), name=row.assigned_name or ""),
                revision=row.revision,
            )
            for row in rows
        ]


def _approval(row: Row[Any]) -> Approval:
    return Approval(by=Reviewer(member=MemberId(row.member), name=row.name), at=row.at)


def _entry(row: Row[Any]) -> ReviewEntry:
    return ReviewEntry(
        action=Action(row.action),
        at=row.at,
        by=None if row.member is None else Reviewer(member=MemberId(row.member), name=row.name),
        draft=None if row.draft is None else DraftId(row.draft),
        digest=None if row.digest is None else DigestId(row.digest),
        part=row.part,
        before=row.before,
        after=row.after,
    )
