"""Composing, reviewing, delivering: one digest a slot, each story told once in a place, each part sent once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from adapters.storage import SqlDatabase
from adapters.storage.database import SqlTransaction
from bot.app.compose import GRACE
from bot.app.drafting import KEPT
from bot.app.ports import Database, Delivery, Stage, Vector
from bot.app.setup import OPERATOR, settle_in
from bot.core.analysis import Analysis
from bot.core.article import ArticleId
from bot.core.community import COMMON, LOCAL, CommunityId
from bot.core.delivery import (
    PLAINLY,
    Deferred,
    DeliveryId,
    DeliveryState,
    Digest,
    DigestId,
    DigestState,
    Empty,
    Manner,
    Post,
    Posted,
    Refused,
    Schedule,
)
from bot.core.errors import InputError
from bot.core.schedule.quiet import QuietHours
from bot.core.story import Coverage
from tests.app.conversation import plain
from tests.app.newsroom import STRIKE, STRIKE_TOO, SUIT, TODAY, Newsroom, entry
from tests.factories import GUILD, STUDIO, add_schedule, new_feed
from tests.fakes import FakeClock, FakePlatform, Interrupted

NINE = TODAY.replace(hour=9)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


async def schedule_of(database: Database, community: CommunityId = GUILD, **fields: Any) -> Schedule:
    """A schedule for nine o'clock every day whose task is not due before a test says so."""
    async with database.begin() as tx:
        schedule = await add_schedule(tx, community, **{"cron": "0 9 * * *", "zone": "UTC", **fields})
        (task,) = [one for one in await tx.tasks.claim(Stage.COMPOSE, "x", 9, DAY) if one.key == schedule.id]
        await tx.tasks.done(task, again=TODAY + 10 * DAY)
    return schedule


async def fall_due(newsroom: Newsroom, schedule: Schedule, at: datetime) -> None:
    """The clock says `at`, and all that is due by then is done."""
    newsroom.clock.time = at
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.COMPOSE, [schedule.id], schedule.community)
    await newsroom.work()


async def digest(database: Database, number: int, community: CommunityId = GUILD) -> tuple[Digest, DigestState]:
    async with database.read() as tx:
        found = await tx.digests.get(community, DigestId(number))
    assert found is not None
    return found[0], found[1]


async def headlines(database: Database, number: int, community: CommunityId = GUILD) -> list[str]:
    return [analysis.headline for analysis in (await digest(database, number, community))[0].analyses]


async def delivery(database: Database, number: int = 1, community: CommunityId = GUILD) -> Delivery:
    async with database.read() as tx:
        found = await tx.deliveries.get(community, DeliveryId(number))
    assert found is not None
    return found


async def last_slot(newsroom: Newsroom, schedule: Schedule) -> datetime | None:
    async with newsroom.database.read() as tx:
        return await tx.digests.last_slot(schedule.community, schedule.id)


# --- compose ------------------------------------------------------------------------------------------------


async def test_a_due_slot_becomes_a_digest_that_is_posted(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database)
    await newsroom.subscribe(entry(STRIKE, 1), entry(SUIT, 2))
    await newsroom.work()
    await fall_due(newsroom, schedule, NINE + timedelta(seconds=3))
    assert sorted(await headlines(newsroom.database, 1)) == sorted([STRIKE[0], SUIT[0]])
    assert (await digest(newsroom.database, 1))[1] is DigestState.APPROVED
    assert await last_slot(newsroom, schedule) == NINE
    assert newsroom.platform.sent == [("channel-1", 0)]
    assert (await delivery(newsroom.database)).state is DeliveryState.SENT


async def test_two_processes_at_one_slot_post_one_digest(database: SqlDatabase) -> None:
    rooms = [Newsroom(database, holder=holder) for holder in ("one", "two")]
    schedule = await schedule_of(database)
    await rooms[0].subscribe(entry(STRIKE, 1))
    await rooms[0].work()
    await asyncio.gather(*(fall_due(room, schedule, NINE) for room in rooms))
    # A third, late: its own claim of the very same slot, as after a lease that ran out.
    await fall_due(rooms[1], schedule, NINE + timedelta(minutes=1))
    assert [len(room.platform.sent) for room in rooms] in ([1, 0], [0, 1])


async def test_a_slot_tried_again_later_keeps_its_name(sqlite: SqlDatabase) -> None:
    """Else two tries of one slot could be two digests."""

    def fail() -> None:
        raise RuntimeError("a bug")

    newsroom = Newsroom(sqlite, own={Stage.COMPOSE: Interrupted(sqlite, 1, "before", fail)})
    schedule = await schedule_of(sqlite)
    await newsroom.subscribe(entry(STRIKE, 1))
    await fall_due(newsroom, schedule, NINE)
    assert await last_slot(newsroom, schedule) is None
    await fall_due(newsroom, schedule, NINE + timedelta(minutes=7))
    assert await last_slot(newsroom, schedule) == NINE


async def test_missed_slots_are_caught_up_once_with_the_latest(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database)
    await newsroom.subscribe(entry(STRIKE, 1))
    await fall_due(newsroom, schedule, NINE + 3 * DAY + GRACE)
    assert await last_slot(newsroom, schedule) == NINE + 3 * DAY
    assert len(newsroom.platform.sent) == 1


async def test_what_is_older_than_the_grace_is_not_caught_up(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database)
    await newsroom.subscribe(entry(STRIKE, 1))
    await fall_due(newsroom, schedule, NINE + GRACE + timedelta(minutes=1))
    assert await last_slot(newsroom, schedule) is None
    assert newsroom.platform.sent == []
    async with newsroom.database.read() as tx:
        assert await tx.tasks.waiting(Stage.COMPOSE, until=NINE + DAY) == 1, "due again at its next slot"


async def test_too_little_passes_in_silence_and_is_told_when_there_is_enough(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database, min_stories=2)
    await newsroom.subscribe(entry(STRIKE, 1))
    await fall_due(newsroom, schedule, NINE)
    assert (await digest(newsroom.database, 1))[1] is DigestState.EMPTY
    assert newsroom.platform.sent == []
    await newsroom.subscribe(entry(SUIT, 2))
    await fall_due(newsroom, schedule, NINE + DAY)
    assert sorted(await headlines(newsroom.database, 2)) == sorted([STRIKE[0], SUIT[0]])
    assert newsroom.platform.sent == [("channel-1", 0)]


async def test_a_story_is_told_once_in_a_place_however_it_grows_and_anew_elsewhere(newsroom: Newsroom) -> None:
    guild, studio = await schedule_of(newsroom.database), await schedule_of(newsroom.database, STUDIO)
    await newsroom.subscribe(entry(STRIKE, 1))
    await fall_due(newsroom, guild, NINE)
    newsroom.clock.time = NINE + timedelta(hours=1)
    await newsroom.subscribe(entry(STRIKE_TOO, 2), entry(SUIT, 3))
    await fall_due(newsroom, guild, NINE + DAY)
    assert await headlines(newsroom.database, 2) == [SUIT[0]]
    await fall_due(newsroom, studio, NINE + DAY)
    assert len(await headlines(newsroom.database, 3, STUDIO)) == 2


async def test_the_heaviest_stories_go_first_and_no_more_than_asked_for(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database, max_stories=1)
    await newsroom.subscribe(entry(SUIT, 1))
    await newsroom.subscribe(entry(STRIKE, 2))
    await newsroom.subscribe(entry(STRIKE_TOO, 3))
    await fall_due(newsroom, schedule, NINE)
    (told,) = (await digest(newsroom.database, 1))[0].analyses
    assert len(told.sources) == 2


class Temperamental:
    """An engine that breaks on stories whose first article has that title."""

    engine = "extractive"

    def __init__(self, newsroom: Newsroom, title: str) -> None:
        self._sound = newsroom.analyses._engines["extractive"]
        self.title = title

    async def analyse(self, coverage: Coverage, vectors: Mapping[ArticleId, Vector], now: datetime) -> Analysis:
        if coverage.members[0].article.title == self.title:
            raise RuntimeError("a bug")
        return await self._sound.analyse(coverage, vectors, now)


async def test_a_story_that_cannot_be_analysed_does_not_cost_the_others_their_digest(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database)
    engine = Temperamental(newsroom, STRIKE[0])
    newsroom.analyses._engines = {"extractive": engine}
    await newsroom.subscribe(entry(STRIKE, 1), entry(SUIT, 2))
    await fall_due(newsroom, schedule, NINE)
    assert await headlines(newsroom.database, 1) == [SUIT[0]]
    engine.title = ""
    await fall_due(newsroom, schedule, NINE + timedelta(minutes=1))
    async with newsroom.database.read() as tx:
        assert len(await tx.digests.posted(GUILD, schedule.destination)) == 1, "the other one is still to tell"


async def test_an_engine_that_is_no_longer_there_gives_way_to_the_extractive_one(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database, engine="llm")
    await newsroom.subscribe(entry(STRIKE, 1))
    await fall_due(newsroom, schedule, NINE)
    (told,) = (await digest(newsroom.database, 1))[0].analyses
    assert told.disclosure.engine == "extractive"


async def test_asking_for_an_engine_that_is_not_there_says_which_are(newsroom: Newsroom) -> None:
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    with pytest.raises(InputError, match="there is extractive"):
        await newsroom.telling.digest(GUILD, TODAY - DAY, TODAY + DAY, most=7, engine="oracle")


async def test_two_who_ask_for_one_analysis_at_once_get_the_same(database: SqlDatabase) -> None:
    rooms = [Newsroom(database, holder=holder) for holder in ("one", "two")]
    rooms[1].clock.advance(timedelta(hours=1))  # what is made later would differ
    await rooms[0].subscribe(entry(STRIKE, 1))
    await rooms[0].work(Stage.POLL, Stage.SCORE, Stage.JOIN)
    (coverage,) = await rooms[0].stories()
    made = await asyncio.gather(*(room.analyses.of(GUILD, coverage) for room in rooms))
    assert made[0] == made[1]


async def test_looking_at_a_stretch_of_time_tells_nothing_to_anybody(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database)
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    shown = await newsroom.telling.digest(GUILD, TODAY - DAY, TODAY, most=7)
    assert [analysis.headline for analysis in shown.analyses] == [STRIKE[0]]
    earlier = await newsroom.telling.digest(GUILD, TODAY - 3 * DAY, TODAY - 2 * DAY, most=7)
    assert earlier.analyses == ()
    await fall_due(newsroom, schedule, NINE)
    assert await headlines(newsroom.database, 1) == [STRIKE[0]]


# --- what a schedule asks for -----------------------------------------------------------------------------------


VOTE = (
    "Orbit Pictures screenwriters ratify contract with limits on AI",
    "Members approved a three-year contract with limits on artificial intelligence by 92 percent on Thursday. Cameras"
    " roll again next week.",
)


async def stories_by_title(newsroom: Newsroom) -> dict[str, Coverage]:
    return {coverage.members[0].article.title: coverage for coverage in await newsroom.stories(GUILD)}


async def into_story(newsroom: Newsroom, title: str, told: tuple[str, str], number: int, **fields: Any) -> None:
    """Another outlet tells of it, in whatever words: joining is not what is tested here."""
    await newsroom.subscribe(entry(told, number, **fields))
    await newsroom.work()
    stories = await stories_by_title(newsroom)
    async with newsroom.database.begin() as tx:
        (member,) = stories[told[0]].members
        await tx.stories.attach(
            COMMON, stories[title].story.id, member.article.id, copy_of=None, at=newsroom.clock.now()
        )


async def test_a_story_that_moved_is_told_again_as_an_update_with_what_is_new(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database)
    await newsroom.subscribe(entry(STRIKE, 1))
    await fall_due(newsroom, schedule, NINE)
    newsroom.clock.time = NINE + timedelta(hours=2)
    await into_story(newsroom, STRIKE[0], VOTE, 2)
    await fall_due(newsroom, schedule, NINE + DAY)
    issue, _ = await digest(newsroom.database, 2)
    (update,) = issue.updates
    assert [claim.text for claim in update.claims][:1] == [
        "Members approved a three-year contract with limits on artificial intelligence by 92 percent on Thursday."
    ]
    assert (update.told, len(update.articles)) == (NINE, 1)
    (_, document) = newsroom.platform.documents["channel-1"]
    text = repr(document)
    assert "Update: " in text
    assert "400 screenwriters" not in text, "what was told is not told again"
    await fall_due(newsroom, schedule, NINE + 2 * DAY)
    assert (await digest(newsroom.database, 3))[1] is DigestState.EMPTY, "an update is told once too"


async def test_what_did_not_fit_comes_in_the_next_digest_although_it_did_not_change(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database, max_stories=1)
    await newsroom.subscribe(entry(STRIKE, 1), entry(SUIT, 2))
    newsroom.clock.time = NINE - timedelta(hours=1)
    await newsroom.work()
    await fall_due(newsroom, schedule, NINE)
    (first,) = await headlines(newsroom.database, 1)
    assert "did not fit and is kept for the next digest" in repr(newsroom.platform.documents["channel-1"][0])
    await fall_due(newsroom, schedule, NINE + DAY)
    assert {first, *await headlines(newsroom.database, 2)} == {STRIKE[0], SUIT[0]}
    assert "did not fit" not in repr(newsroom.platform.documents["channel-1"][1])


async def test_what_did_not_fit_waits_for_the_next_slot_and_not_for_the_next_start(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database, max_stories=1)
    await newsroom.subscribe(entry(STRIKE, 1), entry(SUIT, 2))
    newsroom.clock.time = NINE - timedelta(hours=3)
    await newsroom.work()
    newsroom.clock.advance(timedelta(hours=1))
    first = await newsroom.compose.now(schedule)
    newsroom.clock.advance(timedelta(minutes=1))
    assert (await newsroom.compose.now(schedule)).analyses == ()
    await newsroom.subscribe(entry(VOTE, 3))
    newsroom.clock.advance(timedelta(minutes=1))
    await newsroom.work()
    assert len((await newsroom.compose.now(schedule)).analyses) == 1
    await fall_due(newsroom, schedule, NINE)
    told = {analysis.headline for analysis in first.analyses}
    assert told | set(await headlines(newsroom.database, 4)) == {STRIKE[0], SUIT[0]}


async def test_what_was_kept_for_too_long_is_no_news_any_more(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database, max_stories=1)
    await newsroom.subscribe(entry(STRIKE, 1), entry(SUIT, 2))
    newsroom.clock.time = NINE - timedelta(hours=1)
    await newsroom.work()
    await fall_due(newsroom, schedule, NINE)
    await fall_due(newsroom, schedule, NINE + KEPT + DAY)
    assert (await digest(newsroom.database, 2))[1] is DigestState.EMPTY


async def test_a_digest_keeps_to_its_length_in_whole_stories(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database, max_words=1)
    await newsroom.subscribe(entry(STRIKE, 1), entry(SUIT, 2))
    newsroom.clock.time = NINE - timedelta(hours=1)
    await newsroom.work()
    await fall_due(newsroom, schedule, NINE)
    issue, _ = await digest(newsroom.database, 1)
    assert (len(issue.analyses), len(issue.carried)) == (1, 1), "the first is told however long it is"
    await fall_due(newsroom, schedule, NINE + DAY)
    assert len(await headlines(newsroom.database, 2)) == 1


async def test_a_digest_keeps_to_its_topic_and_its_desks(newsroom: Newsroom) -> None:
    by_topic = await schedule_of(newsroom.database, topic="novelists OR playwrights")
    by_desk = await schedule_of(newsroom.database, STUDIO, desks=("guilds",))
    await newsroom.subscribe(entry(STRIKE, 1), desk="guilds")
    await newsroom.subscribe(entry(SUIT, 2), desk="courts")
    await fall_due(newsroom, by_topic, NINE)
    await fall_due(newsroom, by_desk, NINE)
    assert await headlines(newsroom.database, 1) == [SUIT[0]]
    assert await headlines(newsroom.database, 2, STUDIO) == [STRIKE[0]]


async def test_with_nothing_new_a_digest_says_so_where_it_is_asked_to(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database, empty=Empty.SAY, mention="4711", min_stories=2)
    await fall_due(newsroom, schedule, NINE)
    await newsroom.subscribe(entry(STRIKE, 1))
    await fall_due(newsroom, schedule, NINE + DAY)
    nothing, little = newsroom.platform.documents["channel-1"]
    assert "Nothing new" in nothing.summary
    assert "1\u00a0story so far" in little.summary
    assert newsroom.platform.manners == [PLAINLY, PLAINLY], "nobody is called for that"
    await newsroom.subscribe(entry(SUIT, 2))
    await fall_due(newsroom, schedule, NINE + 2 * DAY)
    assert len(await headlines(newsroom.database, 3)) == 2, "and it was not told"


async def test_a_digest_is_posted_in_the_manner_that_was_chosen(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database, name="Guilds", post=Post.FORUM, mention="4711")
    await newsroom.subscribe(entry(STRIKE, 1))
    await fall_due(newsroom, schedule, NINE)
    forum = Manner(post=Post.FORUM, mention="4711", title="Guilds, 10\u00a0March 2100", tags=("Guilds",))
    assert newsroom.platform.manners == [forum]


async def test_a_slot_in_quiet_hours_is_posted_once_at_their_end(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database, cron="0 */2 * * *", quiet=QuietHours(time(22), time(9)))
    await newsroom.subscribe(entry(STRIKE, 1))
    for hour in range(-3, 3):
        await fall_due(newsroom, schedule, NINE + timedelta(hours=hour))
    assert await last_slot(newsroom, schedule) == NINE
    assert len(newsroom.platform.sent) == 1


async def test_what_was_missed_is_not_caught_up_in_quiet_hours_but_after_them(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database, cron="0 18 * * *", quiet=QuietHours(time(20), time(9)))
    await newsroom.subscribe(entry(STRIKE, 1))
    await fall_due(newsroom, schedule, NINE - timedelta(hours=2))
    assert newsroom.platform.sent == []
    await fall_due(newsroom, schedule, NINE)
    assert await last_slot(newsroom, schedule) == NINE - timedelta(hours=15)


async def test_nothing_is_posted_while_the_community_is_paused_and_what_there_was_comes_after(
    newsroom: Newsroom,
) -> None:
    schedule = await schedule_of(newsroom.database)
    async with newsroom.database.begin() as tx:
        await tx.settings.set(GUILD, paused=True, paused_until=NINE + timedelta(hours=1))
    await newsroom.subscribe(entry(STRIKE, 1))
    await fall_due(newsroom, schedule, NINE)
    assert newsroom.platform.sent == []
    await fall_due(newsroom, schedule, NINE + DAY)
    assert await headlines(newsroom.database, 1) == [STRIKE[0]]


async def test_a_schedule_removed_before_its_slot_posts_nothing(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database)
    await newsroom.subscribe(entry(STRIKE, 1))
    async with newsroom.database.begin() as tx:
        await tx.schedules.remove(GUILD, schedule.id)
    await fall_due(newsroom, schedule, NINE)
    assert (newsroom.platform.sent, await newsroom.waiting(Stage.COMPOSE)) == ([], 0)


# --- review -------------------------------------------------------------------------------------------------


async def test_a_digest_for_an_editor_waits(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database, review=True)
    await newsroom.subscribe(entry(STRIKE, 1))
    await fall_due(newsroom, schedule, NINE)
    assert (await digest(newsroom.database, 1))[1] is DigestState.IN_REVIEW
    assert STRIKE[0] not in "".join(plain(document) for document in newsroom.platform.documents["channel-1"])
    assert await newsroom.waiting(Stage.REVIEW) == await newsroom.waiting(Stage.DELIVER) == 0


# --- deliver ------------------------------------------------------------------------------------------------


async def posted(newsroom: Newsroom, *outcomes: Posted | Refused | Deferred | Exception, pieces: int = 3) -> None:
    """A digest on its way in that many parts, sent as far as these outcomes let it."""
    schedule = await schedule_of(newsroom.database)
    newsroom.platform.pieces = pieces
    newsroom.platform.outcomes = list(outcomes)
    await newsroom.subscribe(entry(STRIKE, 1))
    await fall_due(newsroom, schedule, NINE)


async def deliver_again(newsroom: Newsroom) -> None:
    """After whatever time it was put off for."""
    async with newsroom.database.begin() as tx:
        assert isinstance(tx, SqlTransaction)
        await tx.sql.execute(text("UPDATE deliveries SET not_before = NULL"))
        await tx.tasks.put(Stage.DELIVER, [1], GUILD)
    await newsroom.work(Stage.DELIVER)


async def test_a_delivery_goes_on_after_the_parts_that_were_taken(newsroom: Newsroom) -> None:
    await posted(newsroom, Posted(message="first"), RuntimeError("the connection broke"))
    assert (await delivery(newsroom.database)).sent_parts == {0: "first"}
    await deliver_again(newsroom)
    assert newsroom.platform.sent == [("channel-1", 0), ("channel-1", 1), ("channel-1", 2)]
    done = await delivery(newsroom.database)
    assert (done.state, sorted(done.sent_parts)) == (DeliveryState.SENT, [0, 1, 2])


async def test_what_is_put_off_waits_and_is_never_given_up(newsroom: Newsroom) -> None:
    later = Deferred(until=TODAY + DAY, reason="rate limited")
    await posted(newsroom, *[later] * 12)
    ahead = later.until - newsroom.clock.now()
    assert await newsroom.waiting(Stage.DELIVER, within=ahead - MINUTE) == 0, "not due before the time it was told"
    assert await newsroom.waiting(Stage.DELIVER, within=ahead + MINUTE) == 1
    for _ in range(11):
        await deliver_again(newsroom)
    assert (await newsroom.parked(), newsroom.platform.sent) == ([], [])
    await deliver_again(newsroom)
    assert len(newsroom.platform.sent) == 3


async def test_what_is_refused_is_kept_with_the_reason_and_not_sent_again(sqlite: SqlDatabase) -> None:
    newsroom = Newsroom(sqlite)
    await posted(newsroom, Posted(message="first"), Refused(reason="the channel is gone"))
    assert (await delivery(newsroom.database)).state is DeliveryState.REJECTED
    async with sqlite.read() as tx:
        assert (await tx.sql.connection.scalar(text("SELECT reason FROM deliveries"))) == "the channel is gone"
    await deliver_again(newsroom)
    assert newsroom.platform.sent == [("channel-1", 0)]


async def test_a_platform_served_elsewhere_is_left_to_the_process_that_serves_it(sqlite: SqlDatabase) -> None:
    newsroom, elsewhere = Newsroom(sqlite), FakePlatform(name="discord")
    newsroom.platform.name = "slack"
    newsroom.deliver._platforms = {"slack": newsroom.platform}
    await posted(newsroom)
    assert newsroom.platform.sent == []
    other = Newsroom(sqlite, holder="two")
    other.deliver._platforms = {"discord": elsewhere}
    await deliver_again(other)
    assert elsewhere.sent == [("channel-1", 0)]


# --- a new installation -------------------------------------------------------------------------------------


async def test_a_new_installation_gets_the_defaults_once(database: SqlDatabase) -> None:
    """Two processes may start at the same moment."""
    feeds = [new_feed(), new_feed()]
    settled = await asyncio.gather(*(settle_in(database, feeds, FakeClock(TODAY), "UTC") for _ in range(3)))
    async with database.read() as tx:
        assert len(await tx.feeds.visible(LOCAL)) == 2
        assert list(await tx.schedules.of(LOCAL)) == [settled[0]]
    assert settled[0] == settled[1] == settled[2]


async def test_the_terminals_digest_follows_the_installations_zone_until_somebody_changes_it(
    sqlite: SqlDatabase,
) -> None:
    clock = FakeClock(TODAY)
    await settle_in(sqlite, [], clock, "UTC")
    moved = await settle_in(sqlite, [], clock, "Asia/Kolkata")
    async with sqlite.begin() as tx:
        assert list(await tx.schedules.of(LOCAL)) == [moved]
        assert moved.zone == "Asia/Kolkata"
        assert await tx.tasks.waiting(Stage.COMPOSE, until=moved.next_slot(TODAY)) == 1
        assert await tx.tasks.waiting(Stage.COMPOSE, until=moved.next_slot(TODAY) - timedelta(minutes=1)) == 0
        ours = replace(moved, max_stories=3, created_by=OPERATOR)
        await tx.schedules.change(ours, due=ours.next_slot(TODAY))
    assert (await settle_in(sqlite, [], clock, "Europe/London")).zone == "Asia/Kolkata"
