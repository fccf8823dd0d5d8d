"""A digest before its editors: what waits, what goes, and what happens when a process dies over it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from adapters.storage import SqlDatabase
from bot.app.ports import Stage
from bot.app.review import look_again, settle
from bot.core.coming import Coming
from bot.core.community import MemberId
from bot.core.delivery import DigestId, DigestState, Schedule
from bot.core.desk.tracking import WatchState
from bot.core.message.digest import digest_document
from bot.core.message.document import Document
from bot.core.review.decisions import approve, cut, edit
from bot.core.review.draft import DraftId, Reviewer, StoryDraft
from bot.core.review.entry import Action
from bot.core.schedule.quiet import QuietHours
from tests.app.conversation import plain
from tests.app.newsroom import STRIKE, STRIKE_TOO, SUIT, TODAY, Newsroom, entry
from tests.app.test_digests import DAY, NINE, digest, fall_due, schedule_of
from tests.factories import GUILD
from tests.fakes import Interrupted

ANN, BEA = Reviewer(member=MemberId("ann"), name="Ann"), Reviewer(member=MemberId("bea"), name="Bea")
HOUR = timedelta(hours=1)


async def in_review(newsroom: Newsroom, *told: tuple[str, str], at: datetime = NINE, **fields: Any) -> Schedule:
    """A schedule that wants an editor, and its digest of these stories before one."""
    schedule = await schedule_of(newsroom.database, **{"review": True, **fields})
    async with newsroom.database.begin() as tx:
        await tx.settings.set(GUILD, review="channel-1")
    for number, one in enumerate(told or (STRIKE,), 1):
        await newsroom.subscribe(entry(one, number))
    await newsroom.work()
    await fall_due(newsroom, schedule, at)
    return schedule


async def drafts(newsroom: Newsroom, number: int = 1) -> tuple[StoryDraft, ...]:
    async with newsroom.database.read() as tx:
        review = await tx.reviews.of(GUILD, DigestId(number))
    assert review is not None
    return review.drafts


async def decide(newsroom: Newsroom, draft: StoryDraft, after: StoryDraft) -> None:
    async with newsroom.database.begin() as tx:
        assert await tx.reviews.save(GUILD, draft, after)
        for one in await tx.reviews.waiting(GUILD, draft=draft.id):
            await settle(tx, GUILD, one, newsroom.clock.now(), digest_document)
    await newsroom.work(Stage.REVIEW, Stage.DELIVER)


async def approve_it(newsroom: Newsroom, draft: StoryDraft, by: Reviewer = ANN, approvers: int = 1) -> None:
    await decide(newsroom, draft, approve(draft, by, newsroom.clock.now(), approvers=approvers).draft)


async def set_up(newsroom: Newsroom, **values: Any) -> None:
    async with newsroom.database.begin() as tx:
        await tx.settings.set(GUILD, **values)
        await look_again(tx, GUILD)
    await newsroom.work(Stage.REVIEW, Stage.DELIVER)


async def come_due(newsroom: Newsroom, at: datetime, number: int = 1) -> None:
    """The task that looks whether the time is out is due then."""
    newsroom.clock.time = at
    async with newsroom.database.begin() as tx:
        assert await tx.tasks.waiting(Stage.REVIEW, until=at) == 1, "it was to be due by then"
        await tx.tasks.put(Stage.REVIEW, [number], GUILD)
    await newsroom.work(Stage.REVIEW, Stage.DELIVER)


def posted(newsroom: Newsroom, place: str = "channel-1") -> list[Document]:
    return newsroom.platform.documents[place]


def told(newsroom: Newsroom, place: str = "channel-1") -> list[str]:
    """The titles of what was posted there."""
    return [plain(document).splitlines()[0] for document in posted(newsroom, place)]


CARD, DIGEST = "For review: AI and people's work", "AI and people's work"


async def test_a_digest_waits_and_a_card_goes_to_the_editors(newsroom: Newsroom) -> None:
    await in_review(newsroom, STRIKE, SUIT)
    assert (await digest(newsroom.database, 1))[1] is DigestState.IN_REVIEW
    assert told(newsroom) == [CARD]
    card = plain(posted(newsroom)[0])
    for headline in (STRIKE[0], SUIT[0]):
        assert headline in card
    assert "One source only: Outlet" in card
    assert "Legal allegation (sued)" in card
    assert "Waits: until an editor decides" in card


async def test_where_no_place_of_the_editors_is_known_only_that_a_draft_waits_is_said(newsroom: Newsroom) -> None:
    """The digest's own channel is everybody's, and nobody has passed the draft."""
    schedule = await schedule_of(newsroom.database, review=True)
    await newsroom.subscribe(entry(STRIKE, 1))
    await fall_due(newsroom, schedule, NINE)
    said = plain(posted(newsroom)[0])
    assert said.splitlines()[0] == "AI and people's work: 1 story waits for an editor"
    assert "review list" in said
    assert STRIKE[0] not in said
    assert "400" not in said


async def test_the_last_approval_posts_it_once_with_the_editors_name(newsroom: Newsroom) -> None:
    await in_review(newsroom, STRIKE, SUIT)
    first, second = await drafts(newsroom)
    await approve_it(newsroom, first)
    assert told(newsroom) == [CARD]
    await approve_it(newsroom, second, BEA)
    assert told(newsroom) == [CARD, DIGEST]
    text = plain(posted(newsroom)[1])
    assert "By Slugline, reviewed by Ann" in text
    assert "By Slugline, reviewed by Bea" in text
    assert (await digest(newsroom.database, 1))[1] is DigestState.APPROVED
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.REVIEW, [1], GUILD)
        assert await settle(tx, GUILD, DigestId(1), newsroom.clock.now(), digest_document) is None
    await newsroom.work()
    assert told(newsroom) == [CARD, DIGEST]


async def test_the_card_goes_where_the_community_has_its_editors(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database, review=True)
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    async with newsroom.database.begin() as tx:
        await tx.settings.set(GUILD, notices="notices")
    await fall_due(newsroom, schedule, NINE)
    assert told(newsroom, "notices") == [CARD]
    async with newsroom.database.begin() as tx:
        await tx.settings.set(GUILD, review="editors")
    newsroom.clock.time = NINE + HOUR
    await newsroom.subscribe(entry(SUIT, 2))
    await fall_due(newsroom, schedule, NINE + DAY)
    assert told(newsroom, "editors") == [CARD]
    (waiting,) = await drafts(newsroom, 2)
    await approve_it(newsroom, waiting)
    assert told(newsroom) == [DIGEST]


async def test_what_is_edited_and_cut_is_posted_so_and_kept_so(newsroom: Newsroom) -> None:
    await in_review(newsroom)
    (draft,) = await drafts(newsroom)
    texts = [one.original.text for one in draft.sentences]
    changed = edit(draft, {1: "The guild walked out."}, ANN, NINE).draft
    gone = next(one.number for one in draft.sentences if one.original.text != texts[0])
    changed = cut(changed, gone, ANN, NINE).draft
    await decide(newsroom, draft, replace(changed, revision=2))
    await approve_it(newsroom, (await drafts(newsroom))[0])
    text = plain(posted(newsroom)[-1])
    assert "The guild walked out.[1] (an editor's words)" in text
    issue, _ = await digest(newsroom.database, 1)
    kept = [claim.text for claim in issue.analyses[0].claims()]
    assert "The guild walked out." in kept
    assert len(kept) == len(texts) - 1


async def test_the_same_version_is_approved_once_for_the_whole_community(newsroom: Newsroom) -> None:
    await in_review(newsroom)
    async with newsroom.database.begin() as tx:
        elsewhere = await tx.schedules.destination(GUILD, "discord", "channel-2")
    (draft,) = await drafts(newsroom)
    await approve_it(newsroom, draft)
    other = await schedule_of(newsroom.database, review=True)
    async with newsroom.database.begin() as tx:
        await tx.schedules.change(replace(other, destination=elsewhere.id), due=TODAY + 10 * DAY)
    await fall_due(newsroom, other, NINE)
    assert told(newsroom, "channel-2") == [DIGEST], "nobody had to approve it again"
    assert "reviewed by Ann" in plain(posted(newsroom, "channel-2")[0])


async def test_one_approval_lets_go_of_every_digest_that_waited_for_it(newsroom: Newsroom) -> None:
    await in_review(newsroom)
    other = await schedule_of(newsroom.database, review=True)
    async with newsroom.database.begin() as tx:
        elsewhere = await tx.schedules.destination(GUILD, "discord", "channel-2")
        await tx.schedules.change(replace(other, destination=elsewhere.id), due=TODAY + 10 * DAY)
    await fall_due(newsroom, other, NINE)
    (draft,), (same,) = await drafts(newsroom), await drafts(newsroom, 2)
    assert draft.id == same.id
    await approve_it(newsroom, draft)
    assert told(newsroom)[-1] == DIGEST
    assert told(newsroom, "channel-2") == [DIGEST]


async def test_a_new_version_is_under_review_again_with_what_changed(newsroom: Newsroom) -> None:
    await in_review(newsroom)
    (draft,) = await drafts(newsroom)
    await approve_it(newsroom, draft)
    newsroom.clock.time = NINE + HOUR
    await newsroom.subscribe(entry(STRIKE_TOO, 2))
    await newsroom.work()
    other = await schedule_of(newsroom.database, review=True)
    async with newsroom.database.begin() as tx:
        elsewhere = await tx.schedules.destination(GUILD, "discord", "channel-2")
        await tx.schedules.change(replace(other, destination=elsewhere.id), due=TODAY + 10 * DAY)
    await fall_due(newsroom, other, NINE + 2 * HOUR)
    (newer,) = await drafts(newsroom, 2)
    assert newer.id != draft.id
    assert not newer.is_approved(1)
    card = plain(posted(newsroom)[-1])
    assert "What changed since it was last reviewed" in card
    assert "Heard for the first time: Outlet" in card


async def test_a_later_digest_does_not_remind_of_what_was_cut(newsroom: Newsroom) -> None:
    schedule = await in_review(newsroom)
    (draft,) = await drafts(newsroom)
    await decide(newsroom, draft, cut(draft, 1, ANN, NINE).draft)
    await approve_it(newsroom, (await drafts(newsroom))[0])
    issue, _ = await digest(newsroom.database, 1)
    gone, stays = (
        Coming(
            day=NINE.date(),
            claim=claim,
            story=draft.original.story,
            state=WatchState.OPEN,
            outlet="The Example",
            url="https://example.com/a",
        )
        for claim in (draft.sentences[0].original.text, "Another thing happens.")
    )
    later = replace(issue, analyses=(draft.original,), coming=(gone, stays))
    async with newsroom.database.begin() as tx:
        number = await tx.digests.put(schedule, NINE + DAY, later, DigestState.IN_REVIEW)
        assert number is not None
        await tx.tasks.put(Stage.REVIEW, [number], GUILD)
    await newsroom.work(Stage.REVIEW, Stage.DELIVER)
    posted_later, state = await digest(newsroom.database, number)
    assert (posted_later.coming, state) == ((stays,), DigestState.APPROVED)


# --- time ---------------------------------------------------------------------------------------------------------


async def test_a_draft_holds_where_no_time_is_set(newsroom: Newsroom) -> None:
    await in_review(newsroom)
    assert await newsroom.waiting(Stage.REVIEW) == 0
    newsroom.clock.time = NINE + 300 * DAY
    await set_up(newsroom)
    assert told(newsroom) == [CARD]


async def test_out_of_time_it_is_posted_and_says_that_nobody_reviewed_it(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database, review=True)
    await set_up(newsroom, review="channel-1")
    await set_up(newsroom, review_patience=6 * HOUR)
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    await fall_due(newsroom, schedule, NINE)
    assert "then it is posted and says that no editor reviewed it" in plain(posted(newsroom)[0])
    newsroom.clock.time = NINE + 6 * HOUR - timedelta(seconds=1)
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.REVIEW, [1], GUILD)
    await newsroom.work(Stage.REVIEW, Stage.DELIVER)
    assert told(newsroom) == [CARD]
    await come_due(newsroom, NINE + 6 * HOUR)
    assert told(newsroom) == [CARD, DIGEST]
    text = plain(posted(newsroom)[1])
    assert "By Slugline, not reviewed" in text
    assert "An editor was to review this, and none did in time." in text
    async with newsroom.database.read() as tx:
        (latest, _) = await tx.reviews.history(GUILD, limit=9)
    assert latest.action is Action.TIMED_OUT


async def test_a_time_that_is_set_later_holds_for_what_waits_already(newsroom: Newsroom) -> None:
    await in_review(newsroom)
    await set_up(newsroom, review_patience=2 * HOUR)
    await come_due(newsroom, NINE + 2 * HOUR)
    assert told(newsroom) == [CARD, DIGEST]


async def test_nothing_is_posted_unasked_in_quiet_hours(newsroom: Newsroom) -> None:
    night = QuietHours(start=NINE.replace(hour=10).time(), end=NINE.replace(hour=13).time())
    await in_review(newsroom, quiet=night)
    await set_up(newsroom, review_patience=2 * HOUR)
    await come_due(newsroom, NINE + 2 * HOUR)
    assert told(newsroom) == [CARD]
    await come_due(newsroom, NINE + 4 * HOUR)
    assert told(newsroom) == [CARD, DIGEST]


async def test_fewer_approvers_let_go_what_waited_for_more(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database, review=True)
    await set_up(newsroom, review="channel-1")
    await set_up(newsroom, approvers=2)
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    await fall_due(newsroom, schedule, NINE)
    (draft,) = await drafts(newsroom)
    await approve_it(newsroom, draft, approvers=2)
    assert told(newsroom) == [CARD]
    await set_up(newsroom, approvers=1)
    assert told(newsroom) == [CARD, DIGEST]


# --- death --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_process_that_dies_over_a_review_sends_one_card(sqlite: SqlDatabase, when: Any) -> None:
    """Whether its transaction was lost or only its knowledge of it."""

    def die() -> None:
        raise RuntimeError("the power is gone")

    newsroom = Newsroom(sqlite, own={Stage.REVIEW: Interrupted(sqlite, 1, when, die)})
    await in_review(newsroom)
    async with sqlite.begin() as tx:
        await tx.tasks.put(Stage.REVIEW, [1], GUILD)
    await newsroom.work()
    assert told(newsroom) == [CARD]
    (draft,) = await drafts(newsroom)
    await approve_it(newsroom, draft)
    assert told(newsroom) == [CARD, DIGEST]


@pytest.mark.parametrize("happens", ["lost", "kept"])
async def test_an_approval_and_its_delivery_are_one(newsroom: Newsroom, happens: str) -> None:
    await in_review(newsroom)
    (draft,) = await drafts(newsroom)
    after = approve(draft, ANN, NINE, approvers=1).draft

    async def die() -> None:
        async with newsroom.database.begin() as tx:
            await tx.reviews.save(GUILD, draft, after)
            await settle(tx, GUILD, DigestId(1), NINE, digest_document)
            raise RuntimeError("died before the commit")

    with pytest.raises(RuntimeError):
        await die()
    await newsroom.work()
    assert told(newsroom) == [CARD]
    assert await drafts(newsroom) == (draft,)
    if happens == "kept":
        await decide(newsroom, draft, after)
        assert told(newsroom) == [CARD, DIGEST]


async def test_two_processes_open_one_review(database: SqlDatabase) -> None:
    rooms = [Newsroom(database, holder=holder) for holder in ("one", "two")]
    await in_review(rooms[0])
    async with database.begin() as tx:
        await tx.tasks.put(Stage.REVIEW, [1], GUILD)
    await rooms[1].work(Stage.REVIEW, Stage.DELIVER)
    assert [len(room.platform.sent) for room in rooms] == [1, 0]
    async with database.read() as tx:
        assert await tx.reviews.draft(GUILD, DraftId(2)) is None
