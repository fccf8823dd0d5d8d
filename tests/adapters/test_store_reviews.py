"""The editor's desk over both databases: drafts are shared by their words, nobody's change is lost, and what was done
stays on record."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from adapters.storage import SqlDatabase, SqlTransaction
from adapters.storage.schema import digest_stories
from bot.core.analysis import Analysis
from bot.core.community import COMMON, MemberId
from bot.core.community_settings import CommunitySettings
from bot.core.delivery import DigestId, DigestState
from bot.core.review.draft import Approval, Edit, Reviewer, StoryDraft
from bot.core.review.entry import Action, ReviewEntry
from tests.factories import GUILD, NOON, STUDIO, add_article, add_schedule, new_analysis, new_community, new_digest

ANN, BEA = Reviewer(member=MemberId("ann"), name="Ann"), Reviewer(member=MemberId("bea"), name="Bea\0")
HOUR = timedelta(hours=1)


async def analysis(tx: SqlTransaction) -> Analysis:
    article = await add_article(tx)
    story = await tx.stories.found(COMMON, article, relevance=0.9, relevant=True, at=NOON)
    return new_analysis(story, article)


async def draft(tx: SqlTransaction) -> StoryDraft:
    await tx.communities.ensure(new_community(GUILD))
    return (await tx.reviews.draft_of(GUILD, await analysis(tx), NOON))[0]


async def in_review(tx: SqlTransaction, told: Analysis) -> DigestId:
    schedule = await add_schedule(tx)
    digest = await tx.digests.put(schedule, NOON, new_digest(GUILD, told), DigestState.IN_REVIEW)
    assert digest is not None
    return digest


def approved(draft: StoryDraft, by: Reviewer = ANN) -> StoryDraft:
    return replace(draft, approvals=(*draft.approvals, Approval(by=by, at=NOON)))


def put_so(draft: StoryDraft, text: str | None) -> StoryDraft:
    return replace(draft, edits=(Edit(1, text),), approvals=(), revision=draft.revision + 1)


async def test_the_same_words_of_a_version_are_one_draft_in_a_community(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        for community in (GUILD, STUDIO):
            await tx.communities.ensure(new_community(community))
        told = await analysis(tx)
        first, made = await tx.reviews.draft_of(GUILD, told, NOON)
        again, made_again = await tx.reviews.draft_of(GUILD, told, NOON + HOUR)
        others, _ = await tx.reviews.draft_of(STUDIO, told, NOON)
        newer, _ = await tx.reviews.draft_of(GUILD, replace(told, version=2), NOON)
        reworded, _ = await tx.reviews.draft_of(GUILD, replace(told, headline="Talks end"), NOON)
    assert (made, made_again, again) == (True, False, first)
    assert len({first.id, others.id, newer.id, reworded.id}) == 4
    assert (first.original, first.opened_at, first.revision) == (told, NOON, 1)


async def test_a_draft_comes_back_as_it_was_saved(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        before = await draft(tx)
        after = replace(put_so(before, "In other\0 words."), assigned=ANN)
        assert await tx.reviews.save(GUILD, before, after)
        assert await tx.reviews.save(GUILD, after, approved(after, BEA))
        found = await tx.reviews.draft(GUILD, before.id)
    tidy = Reviewer(member=BEA.member, name="Bea\N{REPLACEMENT CHARACTER}")
    stored = replace(after, edits=(Edit(1, "In other\N{REPLACEMENT CHARACTER} words."),))
    assert found == approved(stored, tidy)


async def test_of_two_who_edit_at_once_the_later_changes_nothing(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        seen = await draft(tx)
        assert await tx.reviews.save(GUILD, seen, put_so(seen, "Ann's words."))
        assert not await tx.reviews.save(GUILD, seen, put_so(seen, "Bea's words."))
        assert not await tx.reviews.save(GUILD, seen, approved(seen, BEA)), "she has not seen what it says now"
        found = await tx.reviews.draft(GUILD, seen.id)
    assert found == put_so(seen, "Ann's words.")


async def test_two_who_approve_at_once_both_count_and_none_takes_a_draft_from_its_editor(
    database: SqlDatabase,
) -> None:
    async with database.begin() as tx:
        seen = await draft(tx)
        assert await tx.reviews.save(GUILD, seen, replace(seen, assigned=ANN))
        for by in (ANN, replace(BEA, name="Bea")):
            assert await tx.reviews.save(GUILD, seen, approved(seen, by))
        found = await tx.reviews.draft(GUILD, seen.id)
    assert found is not None
    assert {approval.by.name for approval in found.approvals} == {"Ann", "Bea"}
    assert found.assigned == ANN


async def test_an_edit_takes_approvals_back(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        seen = await draft(tx)
        await tx.reviews.save(GUILD, seen, approved(seen))
        assert await tx.reviews.save(GUILD, approved(seen), put_so(seen, None))
        found = await tx.reviews.draft(GUILD, seen.id)
    assert found == put_so(seen, None)


async def test_the_draft_before_is_of_the_same_story_even_after_a_merge(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await tx.communities.ensure(new_community(GUILD))
        told, other = await analysis(tx), await analysis(tx)
        first, _ = await tx.reviews.draft_of(GUILD, told, NOON)
        assert await tx.reviews.before(GUILD, first.id) is None
        newer, _ = await tx.reviews.draft_of(GUILD, replace(told, version=2), NOON)
        assert await tx.reviews.before(GUILD, newer.id) == first
        elsewhere, _ = await tx.reviews.draft_of(GUILD, other, NOON)
        assert await tx.reviews.before(GUILD, elsewhere.id) is None
        await tx.stories.merge(other.story, told.story, NOON)
        assert await tx.reviews.before(GUILD, elsewhere.id) == newer
        assert await tx.reviews.latest(GUILD, told.story) == elsewhere
        assert await tx.reviews.latest(GUILD, other.story) == elsewhere


async def test_a_digest_waits_for_its_drafts_until_it_is_decided(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await tx.communities.ensure(new_community(GUILD))
        one, other = await analysis(tx), await analysis(tx)
        digest = await in_review(tx, one)
        assert await tx.reviews.of(GUILD, digest) is None
        drafts = [(await tx.reviews.draft_of(GUILD, each, NOON))[0] for each in (other, one)]
        await tx.reviews.begin(GUILD, digest, [draft.id for draft in drafts], NOON)
        review = await tx.reviews.hold(GUILD, digest)
        assert review is not None
        assert (review.drafts, review.opened_at, review.waiting, review.revision) == (tuple(drafts), NOON, True, 2)
        assert await tx.reviews.waiting(GUILD) == [digest]
        assert await tx.reviews.waiting(GUILD, draft=drafts[0].id) == [digest]
        stray, _ = await tx.reviews.draft_of(GUILD, replace(one, version=2), NOON)
        assert await tx.reviews.waiting(GUILD, draft=stray.id) == []
        await tx.digests.set_state(GUILD, digest, DigestState.APPROVED)
        assert await tx.reviews.waiting(GUILD) == []
        decided = await tx.reviews.of(GUILD, digest)
    assert decided is not None
    assert not decided.waiting


async def test_of_two_who_approve_the_last_two_stories_at_once_one_sees_both(database: SqlDatabase) -> None:
    """Else each would leave the digest to the other."""
    async with database.begin() as tx:
        await tx.communities.ensure(new_community(GUILD))
        both = [(await tx.reviews.draft_of(GUILD, await analysis(tx), NOON))[0] for _ in range(2)]
        digest = await in_review(tx, both[0].original)
        await tx.reviews.begin(GUILD, digest, [draft.id for draft in both], NOON)
    arrived = asyncio.Barrier(2)
    saw: list[int] = []

    async def approve(draft: StoryDraft, *, together: bool) -> None:
        async with database.begin() as tx:
            assert await tx.reviews.save(GUILD, draft, approved(draft))
            if together:
                await arrived.wait()
            review = await tx.reviews.hold(GUILD, digest)
            assert review is not None
            saw.append(sum(draft.is_approved(1) for draft in review.drafts))

    together = database._turn is None  # SQLite lets one in at a time anyway
    await asyncio.gather(*(approve(draft, together=together) for draft in both))
    assert sorted(saw) == [1, 2]


async def test_a_digest_is_kept_as_it_was_told(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await tx.communities.ensure(new_community(GUILD))
        one, other = await analysis(tx), await analysis(tx)
        schedule = await add_schedule(tx)
        whole = new_digest(GUILD, one, other)
        digest = await tx.digests.put(schedule, NOON, whole, DigestState.IN_REVIEW)
        assert digest is not None
        left = replace(whole, analyses=(replace(one, headline="Talks end"),), carried=(other.story,))
        await tx.digests.revise(GUILD, digest, left)
        found = await tx.digests.get(GUILD, digest)
        assert found is not None
        assert found[0] == left
        assert await tx.digests.posted(GUILD, schedule.destination) == {one.story: 1}
        held = await tx.sql.rows(select(digest_stories.c.story).where(digest_stories.c.carried.is_(True)))
        assert [row.story for row in held] == [other.story]


async def test_what_was_done_is_on_record_the_newest_first(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        seen = await draft(tx)
        edited = ReviewEntry(
            action=Action.EDITED, at=NOON, by=ANN, draft=seen.id, part="deck", before="Was.", after="Is."
        )
        released = ReviewEntry(action=Action.RELEASED, at=NOON + HOUR, digest=DigestId(3))
        for entry in (edited, released):
            await tx.reviews.note(GUILD, entry)
        assert list(await tx.reviews.history(GUILD, limit=9)) == [released, edited]
        assert list(await tx.reviews.history(GUILD, limit=1)) == [released]
        assert list(await tx.reviews.history(GUILD, limit=9, draft=seen.id)) == [edited]
        assert await tx.reviews.count_by(GUILD, ANN.member) == 1


async def test_a_member_is_forgotten_and_what_they_approved_is_not_approved_by_them(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        seen = await draft(tx)
        await tx.reviews.save(GUILD, seen, approved(replace(seen, assigned=ANN)))
        await tx.reviews.note(GUILD, ReviewEntry(action=Action.APPROVED, at=NOON, by=ANN, draft=seen.id))
        await tx.communities.ensure(new_community(STUDIO))
        await tx.reviews.forget(STUDIO, ANN.member)
        assert await tx.reviews.draft(GUILD, seen.id) == approved(replace(seen, assigned=ANN))
        await tx.reviews.forget(GUILD, ANN.member)
        assert await tx.reviews.draft(GUILD, seen.id) == seen
        (entry,) = await tx.reviews.history(GUILD, limit=9)
    assert (entry.action, entry.by) == (Action.APPROVED, None)


async def test_how_review_goes_is_a_setting(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await tx.communities.ensure(new_community(GUILD))
        await tx.settings.set(GUILD, review="channel-9", approvers=2, review_patience=6 * HOUR)
        assert await tx.settings.of(GUILD) == CommunitySettings(
            review="channel-9", approvers=2, review_patience=6 * HOUR
        )
    with pytest.raises(LookupError):
        async with database.begin() as tx:
            await tx.digests.revise(STUDIO, DigestId(1), new_digest(STUDIO))
