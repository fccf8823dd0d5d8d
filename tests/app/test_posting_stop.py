"""The operator's switch over both databases: nothing leaves while it is off, and nothing is lost by it but old news."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from adapters.storage import SqlDatabase
from adapters.storage.schema import deliveries
from bot.app.deliver import Deliver
from bot.app.ports import Stage, Transaction
from bot.app.posting import Gate, resume_posting, stop_posting
from bot.app.work import Worker
from bot.core.community import COMMON
from bot.core.delivery import DeliveryId, DeliveryState, DigestId, DigestState, Schedule
from bot.core.outbox import Abilities, Priority
from bot.core.posting_stop import EVERYWHERE, Scope
from bot.core.story import StoryId
from tests.app.loopback import Loopback
from tests.app.test_delivering import deliver, get, place, queue, said
from tests.factories import (
    GUILD,
    NOON,
    STUDIO,
    add_article,
    add_schedule,
    new_analysis,
    new_community,
    new_digest,
    new_document,
)
from tests.fakes import FakeClock

EDITS = Abilities(remembers=timedelta(hours=1), edits=True)
DAY = timedelta(days=1)


@pytest.fixture
def server(tmp_path: Path) -> Loopback:
    return Loopback(tmp_path / "server.db", can=EDITS)


async def stop(database: SqlDatabase, scope: Scope = EVERYWHERE) -> None:
    assert await stop_posting(database, scope, by="ann", reason="a wrong name") is not None


async def resume(database: SqlDatabase, scope: Scope | None = EVERYWHERE) -> Collection[DeliveryId]:
    _, gone = await resume_posting(database, scope, by="ben")
    return gone


async def age(database: SqlDatabase, delivery: DeliveryId, span: timedelta) -> None:
    """It was queued so long ago."""
    async with database.begin() as tx:
        queued = await tx.now() - span
        await tx.sql.execute(update(deliveries).where(deliveries.c.id == delivery).values(queued_at=queued))


async def test_nothing_is_posted_while_it_is_off_and_all_of_it_in_order_afterwards(
    database: SqlDatabase, server: Loopback
) -> None:
    where = await place(database)
    first = await queue(database, where, "first")
    await stop(database)
    await deliver(database, server)
    await queue(database, where, "second")
    await deliver(database, server)
    assert said(server) == []
    async with database.read() as tx:
        assert await tx.tasks.waiting(Stage.DELIVER) == 0, "lanes rest, and are not asked again and again"
    held = await get(database, first)
    assert (held.state, held.attempts) == (DeliveryState.QUEUED, 0)
    assert await resume(database) == []
    await deliver(database, server)
    assert said(server) == ["first", "second"]


async def test_a_long_message_stops_between_its_parts_and_is_finished_later(
    database: SqlDatabase, server: Loopback
) -> None:
    server.pieces = 3
    where = await place(database)
    long = await queue(database, where, "long")

    async def then() -> None:
        await stop(database)

    server.then = then
    handler = Deliver(database, {"discord": server}, FakeClock(), gate=Gate(database, fresh=timedelta(0))).handle
    await Worker(database, Stage.DELIVER, handler, holder="one", lost=None).drain()
    assert [part for _, _, part, _ in server.posted()] == [0]
    half = await get(database, long)
    assert (half.state, half.open, half.attempts) == (DeliveryState.QUEUED, None, 0)
    await age(database, long, 30 * DAY)
    assert await resume(database) == [], "what was begun is finished, however old"
    await deliver(database, server)
    assert [part for _, _, part, _ in server.posted()] == [0, 1, 2]
    assert (await get(database, long)).state is DeliveryState.SENT


async def test_nothing_that_was_posted_is_edited_either(database: SqlDatabase, server: Loopback) -> None:
    where = await place(database)
    posted = await queue(database, where, "as it was")
    await deliver(database, server)
    await stop(database)
    async with database.begin() as tx:
        assert await tx.deliveries.revise(GUILD, posted, replace(new_document(), summary="corrected"))
    await deliver(database, server)
    assert said(server) == ["as it was"]
    await resume(database)
    await deliver(database, server)
    assert said(server) == ["corrected"]


async def test_one_community_or_platform_alone(database: SqlDatabase, server: Loopback) -> None:
    async with database.begin() as tx:
        await tx.communities.ensure(new_community(STUDIO))
        studios = (await tx.schedules.destination(STUDIO, "discord", "studio")).id
        await tx.deliveries.queue(STUDIO, studios, replace(new_document(), summary="studio"), digest=None)
    guilds = await place(database)
    await queue(database, guilds, "guild")
    await stop(database, Scope(community=STUDIO))
    await stop(database, Scope(platform="slack"))
    await deliver(database, server)
    assert said(server) == ["guild"]
    assert await stop_posting(database, Scope(community=STUDIO), by="ben", reason="again") is None
    await stop(database)
    await queue(database, guilds, "guild too")
    await resume(database, Scope(community=STUDIO))
    await deliver(database, server)
    assert said(server) == ["guild"], "another stop still covers it"
    await resume(database, None)
    await deliver(database, server)
    assert sorted(said(server)) == ["guild", "guild too", "studio"]
    async with database.read() as tx:
        assert await tx.posting.in_force() == []
        history = await tx.posting.history(limit=10)
    assert [(each.by, each.lifted_by, each.reason) for each in history] == [("ann", "ben", "a wrong name")] * 3


async def test_old_alerts_are_let_go_and_the_record_says_why(database: SqlDatabase, server: Loopback) -> None:
    where = await place(database)
    old = await queue(database, where, "yesterday's", priority=Priority.ALERT)
    await queue(database, where, "today's", priority=Priority.ALERT)
    await stop(database)
    await age(database, old, DAY + timedelta(hours=1))
    assert await resume(database) == [old]
    await deliver(database, server)
    assert said(server) == ["today's"]
    let_go = await get(database, old)
    assert (let_go.state, let_go.reason) == (DeliveryState.DROPPED, "too old to be news when posting was resumed")


async def test_what_a_pause_of_its_own_holds_up_is_left_to_that(database: SqlDatabase, server: Loopback) -> None:
    where = await place(database)
    held = await queue(database, where, "held", priority=Priority.ALERT)
    async with database.begin() as tx:
        await tx.outbox.pause(where, "no such channel")
    await stop(database)
    await age(database, held, 3 * DAY)
    assert await resume(database) == []
    async with database.begin() as tx:
        await tx.deliveries.resume(GUILD, where)
    await deliver(database, server)
    assert said(server) == ["held"]


@pytest.mark.parametrize("hours", [-1, 1, None], ids=["over", "for an hour", "for good"])
async def test_a_pause_of_its_community_ends_as_it_would_have_ended_without_the_stop(
    database: SqlDatabase, server: Loopback, hours: int | None
) -> None:
    where = await place(database)
    old = await queue(database, where, "old", priority=Priority.ALERT)
    await age(database, old, 3 * DAY)
    await stop(database)
    async with database.begin() as tx:
        ends = None if hours is None else await tx.now() + timedelta(hours=hours)
        await tx.settings.set(GUILD, paused=True, paused_until=ends)
    await deliver(database, server)
    over = hours is not None and hours < 0
    assert await resume(database) == ([old] if over else []), "what a community's pause holds is never too old"
    async with database.read() as tx:
        assert await tx.tasks.waiting(Stage.DELIVER) == 1, "somebody looks whether the pause is over"


async def test_of_a_schedules_digests_the_latest_is_posted_and_carries_what_the_others_told(
    database: SqlDatabase, server: Loopback
) -> None:
    async with database.begin() as tx:
        schedule = await add_schedule(tx, GUILD)
        made = [await add_digest(tx, schedule, NOON + number * DAY) for number in range(3)]
    numbers, stories = [number for number, _ in made], [story for _, story in made]
    await stop(database)
    async with database.read() as tx:
        waiting = [each.waiting.delivery for each in await tx.posting.held_up([EVERYWHERE])]
    assert await resume(database) == waiting[:2]
    async with database.read() as tx:
        states = [(await tx.digests.get(GUILD, number) or (None, None))[1] for number in numbers]
        assert states == [DigestState.REJECTED, DigestState.REJECTED, DigestState.APPROVED]
        assert await tx.digests.posted(GUILD, schedule.destination) == {stories[-1]: 1}
        assert await tx.digests.carried(GUILD, schedule.id) == stories[:2]
    await deliver(database, server)
    assert said(server) == [str(numbers[-1])]


async def add_digest(tx: Transaction, schedule: Schedule, slot: datetime) -> tuple[DigestId, StoryId]:
    """A digest that tells a story of its own, approved and queued."""
    article = await add_article(tx)
    story = await tx.stories.found(COMMON, article, relevance=0.9, relevant=True, at=NOON)
    body = new_digest(GUILD, new_analysis(story, article))
    number = await tx.digests.put(schedule, slot, body, DigestState.APPROVED)
    assert number is not None
    document = replace(new_document(), summary=str(number))
    await tx.deliveries.queue(GUILD, schedule.destination, document, digest=number)
    return number, story
