"""Composing, reviewing, delivering: one digest a slot, each story told once in a place, each part sent once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from adapters.storage import SqlDatabase
from bot.app.compose import GRACE
from bot.app.ports import Database, Delivery, Stage, Vector
from bot.app.setup import settle_in
from bot.core.analysis import Analysis
from bot.core.article import ArticleId
from bot.core.community import LOCAL, CommunityId
from bot.core.delivery import (
    Deferred,
    DeliveryId,
    DeliveryState,
    Digest,
    DigestId,
    DigestState,
    Posted,
    Refused,
    Schedule,
)
from bot.core.errors import InputError
from bot.core.story import Coverage
from tests.app.newsroom import STRIKE, STRIKE_TOO, SUIT, TODAY, Newsroom, entry
from tests.factories import GUILD, STUDIO, add_schedule, new_feed
from tests.fakes import FakeClock, FakePlatform, Interrupted

NINE = TODAY.replace(hour=9)
DAY = timedelta(days=1)


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


# --- review -------------------------------------------------------------------------------------------------


async def test_a_digest_for_an_editor_waits(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database, review=True)
    await newsroom.subscribe(entry(STRIKE, 1))
    await fall_due(newsroom, schedule, NINE)
    assert (await digest(newsroom.database, 1))[1] is DigestState.IN_REVIEW
    assert newsroom.platform.sent == []
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
    async with newsroom.database.begin() as tx:
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
    assert await newsroom.waiting(Stage.DELIVER) == 0, "not due before the time it was told"
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
