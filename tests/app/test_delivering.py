"""The deliver stage over both databases: order, priorities, dead places, edits, and what people can do about it."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from adapters.storage import SqlDatabase
from bot.app import ledger
from bot.app.deliver import Deliver
from bot.app.ledger import Answer, Ledger, Note
from bot.app.ports import Delivery, Stage
from bot.app.recovery import take_over
from bot.app.work import Worker
from bot.core.backoff import backoff
from bot.core.community import LOCAL, MemberId
from bot.core.delivery import DeliveryId, DeliveryState, Destination, DestinationId, SendOutcome, WhenUncertain
from bot.core.errors import StoreBusy
from bot.core.message.document import Document
from bot.core.outbox import Abilities, Priority, Standing
from bot.core.posting_stop import Scope
from tests.app.loopback import DELETED, REFUSED, Faults, Loopback
from tests.factories import GUILD, add_schedule, new_community, new_document, new_watch, settle
from tests.fakes import FakeClock, FakePlatform
from tests.senders import time_passes

EDITS = Abilities(remembers=timedelta(hours=1), edits=True)


@pytest.fixture
def server(tmp_path: Path) -> Loopback:
    return Loopback(tmp_path / "server.db", can=EDITS)


async def place(database: SqlDatabase, address: str = "channel-1") -> DestinationId:
    async with database.begin() as tx:
        await tx.communities.ensure(new_community())
        return (await tx.schedules.destination(GUILD, "discord", address)).id


async def queue(database: SqlDatabase, where: DestinationId, said: str, **fields: Any) -> DeliveryId:
    async with database.begin() as tx:
        return await tx.deliveries.queue(GUILD, where, replace(new_document(), summary=said), digest=None, **fields)


async def deliver(database: SqlDatabase, server: Loopback, holder: str = "one") -> None:
    handler = Deliver(database, {"discord": server, "console": server}, FakeClock()).handle
    await Worker(database, Stage.DELIVER, handler, holder=holder, concurrency=8, lost=None).drain()


async def get(database: SqlDatabase, delivery: DeliveryId) -> Delivery:
    async with database.read() as tx:
        found = await tx.outbox.get(delivery)
    assert found is not None
    return found


def said(server: Loopback) -> list[str]:
    return [message for *_, message in server.posted()]


async def test_an_alert_waits_in_a_rush_only_for_what_is_in_hand(database: SqlDatabase) -> None:
    """A platform's limit is shared by all places: hundreds of digests wait for it, and an alert overtakes them."""
    places, rush, at_once = 120, 40, 8
    for number in range(places):
        await queue(database, await place(database, f"channel-{number}"), "digest", priority=Priority.DIGEST)
    watched = await place(database, "watched")
    sent: list[str] = []

    class OneByOne(FakePlatform):
        turn = asyncio.Lock()

        async def send(self, destination: Destination, document: Document, *others: Any, **more: Any) -> SendOutcome:
            async with self.turn:
                if len(sent) == rush:
                    await queue(database, watched, "alert", priority=Priority.ALERT)
                sent.append(document.summary)
                return await super().send(destination, document, *others, **more)

    handler = Deliver(database, {"discord": OneByOne()}, FakeClock()).handle
    await Worker(database, Stage.DELIVER, handler, holder="one", concurrency=at_once, lost=None).drain()
    assert Counter(sent) == {"digest": places, "alert": 1}
    # Those in hand, and those that took their places before a quarter of these was free.
    assert sent.index("alert") - rush <= 2 * at_once


async def test_each_place_gets_all_of_its_own_in_order_and_alerts_first(
    database: SqlDatabase, server: Loopback
) -> None:
    one, other = await place(database), await place(database, "channel-2")
    for number in range(30):
        await queue(database, one, f"one {number}", priority=Priority.DIGEST)
        await queue(database, other, f"other {number}", priority=Priority.DIGEST)
    await queue(database, one, "alert", priority=Priority.ALERT)
    await deliver(database, server)
    posted = said(server)
    assert [each for each in posted if "other" not in each] == ["alert", *(f"one {number}" for number in range(30))]
    assert [each for each in posted if "other" in each] == [f"other {number}" for number in range(30)]
    async with database.read() as tx:
        assert await tx.tasks.waiting(Stage.DELIVER) == 0
        assert await tx.outbox.counts(await tx.now()) == {}


async def test_what_a_message_says_is_in_no_log_where_it_cannot_be_written_down_at_once(
    database: SqlDatabase, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[Note] = []
    write = Ledger._write

    async def busy_once(self: Ledger, notes: Sequence[Note]) -> Sequence[Answer]:
        if not refused and any(note.posted for note in notes):
            refused.extend(notes)
            raise StoreBusy("locked")
        return await write(self, notes)

    monkeypatch.setattr(Ledger, "_write", busy_once)
    monkeypatch.setattr(ledger, "PAUSES", (0.0,))
    delivery = await queue(database, await place(database), "for members only")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with capture_logs() as logged:
        await deliver(database, server)
    assert said(server) == ["for members only"]
    assert [line["delivery"] for line in logged if line["log_level"] == "warning"] == [delivery]
    assert "for members only" not in str(logged)


async def test_one_that_is_refused_holds_up_no_other(database: SqlDatabase, server: Loopback) -> None:
    where = await place(database)
    poison, next_ = await queue(database, where, REFUSED), await queue(database, where, "next")
    await deliver(database, server)
    refused = await get(database, poison)
    assert (refused.state, refused.reason) == (DeliveryState.REJECTED, "the message was not taken")
    assert said(server) == ["next"]
    assert (await get(database, next_)).state is DeliveryState.SENT


async def test_a_part_that_is_refused_is_kept_with_the_reason_and_the_others_go(
    database: SqlDatabase, server: Loopback
) -> None:
    async with database.begin() as tx:
        where = (await add_schedule(tx)).destination
    server.pieces, server.refuses = 3, frozenset({1})
    delivery = await queue(database, where, "digest", priority=Priority.DIGEST)
    server.split = lambda document: 3 if document.summary == "digest" else 1
    await deliver(database, server)
    told = "Not all of a message could be posted"
    assert [(part, text) for _, _, part, text in server.posted()] == [(0, "digest"), (2, "digest"), (0, told)]
    kept = await get(database, delivery)
    assert (kept.state, kept.reason) == (DeliveryState.SENT, "1 of 3 parts refused: no 1 is taken")
    assert (sorted(kept.sent_parts), kept.refused_parts) == ([0, 2], {1: "no 1 is taken"})
    async with database.read() as tx:
        (listed,) = await tx.outbox.listed(await tx.now(), community=None, unfinished=True, limit=9)
    assert (listed.id, listed.standing, listed.shown) == (delivery, Standing.SENT, 2)
    server.refuses = frozenset()
    async with database.begin() as tx:
        assert await tx.deliveries.retry(GUILD, delivery)
    await deliver(database, server)
    assert [part for _, _, part, _ in server.posted()] == [0, 2, 0, 1]
    whole = await get(database, delivery)
    assert (whole.state, whole.reason, sorted(whole.sent_parts)) == (DeliveryState.SENT, None, [0, 1, 2])
    async with database.begin() as tx:
        assert await tx.outbox.listed(await tx.now(), community=None, unfinished=True, limit=9) == []
        assert not await tx.deliveries.retry(GUILD, delivery), "all of it was sent"


async def test_where_the_first_part_is_refused_the_next_leads_and_edits_pass_over_it(
    database: SqlDatabase, server: Loopback
) -> None:
    async with database.begin() as tx:
        where = (await add_schedule(tx)).destination
    server.refuses = frozenset({0})
    server.split = lambda document: 2 if document.summary in ("digest", "edited") else 1
    delivery = await queue(database, where, "digest", priority=Priority.DIGEST)
    reply = await queue(database, where, "reply", priority=Priority.DIGEST, follows=delivery)
    await deliver(database, server)
    assert [(part, text) for _, _, part, text in server.posted()] == [(1, "digest")]
    found = await get(database, reply)
    assert found.leading is not None
    assert found.leading.message == (await get(database, delivery)).sent_parts[1]
    async with database.begin() as tx:
        assert await tx.deliveries.revise(GUILD, delivery, replace(new_document(), summary="edited"))
    server.refuses = frozenset()
    await deliver(database, server)
    notices = ["A message could not be posted", "Not all of a message could be posted"]
    assert said(server) == ["edited"], "and what could not be told is not told of"
    async with database.begin() as tx:
        assert (await tx.outbox.get(delivery) or found).refused_parts == {0: "no 0 is taken"}
        assert await tx.deliveries.drop(GUILD, delivery)
        assert not await tx.deliveries.drop(GUILD, delivery)
        left = await tx.outbox.listed(await tx.now(), community=None, unfinished=True, limit=9)
    assert delivery not in {each.id for each in left}
    assert set(said(server)).isdisjoint(notices)


async def test_one_of_which_every_part_is_refused_is_set_aside_and_told_of_once(
    database: SqlDatabase, server: Loopback
) -> None:
    async with database.begin() as tx:
        where = (await add_schedule(tx)).destination
    server.split = lambda document: 3 if document.summary == REFUSED else 1
    delivery = await queue(database, where, REFUSED, priority=Priority.DIGEST)
    await deliver(database, server)
    found = await get(database, delivery)
    assert (found.state, found.reason) == (DeliveryState.REJECTED, "the message was not taken")
    assert (found.sent_parts, sorted(found.refused_parts)) == ({}, [0, 1, 2])
    assert said(server) == ["A message could not be posted"]


async def test_one_that_fails_holds_up_its_own_kind_until_it_is_tried_again(
    database: SqlDatabase, server: Loopback
) -> None:
    where = await place(database)
    server.faults = Faults(failed=1)
    first = await queue(database, where, "first")
    await deliver(database, server)
    failed = await get(database, first)
    assert (failed.state, failed.attempts, failed.open) == (DeliveryState.QUEUED, 1, None)
    assert failed.not_before is not None
    server.faults = Faults()
    await queue(database, where, "second")
    await queue(database, where, "alert", priority=Priority.ALERT)
    await deliver(database, server)
    assert said(server) == ["alert"]
    async with database.begin() as tx:
        assert await tx.deliveries.retry(GUILD, first)
    await deliver(database, server)
    assert said(server) == ["alert", "first", "second"]


async def test_a_dead_place_is_paused_told_of_once_and_served_again_when_its_schedule_is_edited(
    database: SqlDatabase, server: Loopback
) -> None:
    dead = await place(database, DELETED)
    async with database.begin() as tx:
        alive = await add_schedule(tx)
        schedule = replace(await add_schedule(tx), destination=dead)
        assert await tx.schedules.change(schedule, due=await tx.now() + timedelta(days=1))
    for number in range(3):
        await queue(database, dead, f"digest {number}", priority=Priority.DIGEST)
    await deliver(database, server)
    await queue(database, dead, "digest 3", priority=Priority.DIGEST)
    await deliver(database, server)
    async with database.read() as tx:
        told = await tx.schedules.get_destination(GUILD, alive.destination)
        assert told is not None
        assert [(channel, text) for channel, _, _, text in server.posted()] == [
            (told.address, "Nothing can be posted there")
        ]
        assert (await tx.deliveries.refusals(GUILD))[dead] == "no such channel"
        assert await tx.outbox.counts(await tx.now()) == {Standing.HELD: 4}
    async with database.begin() as tx:
        moved = replace(schedule, max_stories=3, revision=2)
        assert await tx.schedules.change(moved, due=await tx.now() + timedelta(days=1))
    server.gone = ""
    await deliver(database, server)
    assert said(server)[1:] == [f"digest {number}" for number in range(4)]


async def test_a_place_only_a_members_watch_posts_to_is_not_told_of(database: SqlDatabase, server: Loopback) -> None:
    private = await place(database, DELETED)
    async with database.begin() as tx:
        await add_schedule(tx)
        await tx.communities.ensure(new_community(LOCAL))
        await tx.watches.add(new_watch(private, owner=MemberId("user-1"), private=True))
    await queue(database, private, "alert", priority=Priority.ALERT)
    await deliver(database, server)
    assert server.posted() == []


async def test_a_place_only_the_communitys_own_watch_posts_to_is_told_of_once_where_it_wants_notices(
    database: SqlDatabase, server: Loopback
) -> None:
    watched = await place(database, DELETED)
    async with database.begin() as tx:
        await add_schedule(tx)
        await tx.settings.set(GUILD, notices="newsroom")
        await tx.watches.add(new_watch(watched, owner=None, private=False))
    for number in range(2):
        await queue(database, watched, f"alert {number}", priority=Priority.ALERT)
        await deliver(database, server)
    assert [(channel, text) for channel, _, _, text in server.posted()] == [("newsroom", "Nothing can be posted there")]


async def test_what_holds_a_delivery_is_said_and_ends_for_all_of_them(database: SqlDatabase) -> None:
    where, paused = await place(database), await place(database, "paused")
    waits, dead, refused = [
        await queue(database, each, "digest", priority=Priority.DIGEST) for each in (where, paused, where)
    ]

    async def listed() -> dict[DeliveryId, tuple[Standing, str | None]]:
        async with database.read() as tx:
            now = await tx.now()
            found = await tx.outbox.listed(now, community=None, unfinished=True, limit=10)
            counts = await tx.outbox.counts(now)
            assert counts == dict(Counter(each.standing for each in found))
            unfinished = {standing: number for standing, number in counts.items() if standing is not Standing.REJECTED}
            assert {standing: n for standing, n in (await tx.vitals.now()).deliveries.items() if n} == unfinished
        return {each.id: (each.standing, each.reason) for each in found}

    async with database.begin() as tx:
        await tx.outbox.pause(paused, "no such channel")
        await settle(tx, refused, DeliveryState.REJECTED, "too long")
    gone = (Standing.HELD, "no such channel")
    rejected = (Standing.REJECTED, "too long")
    assert await listed() == {waits: (Standing.QUEUED, None), dead: gone, refused: rejected}
    async with database.begin() as tx:
        assert await tx.outbox.stuck() == 1
        await tx.settings.set(GUILD, paused=True, paused_until=await tx.now() + timedelta(hours=1))
    assert await listed() == {waits: (Standing.HELD, "the community is paused"), dead: gone, refused: rejected}
    async with database.begin() as tx:
        assert await tx.outbox.stuck() == 1, "what a community holds is as it wants it"
        await tx.settings.set(GUILD, paused=True, paused_until=await tx.now() - timedelta(hours=1))
    assert (await listed())[waits] == (Standing.QUEUED, None), "the pause is over"
    async with database.begin() as tx:
        await tx.posting.stop(Scope(platform="slack"), by="somebody", reason="elsewhere")
    assert (await listed())[waits] == (Standing.QUEUED, None)
    async with database.begin() as tx:
        await tx.posting.stop(Scope(community=GUILD), by="somebody", reason="a wrong name")
    assert await listed() == {
        waits: (Standing.HELD, "posting is stopped: a wrong name"),
        dead: gone,
        refused: rejected,
    }


async def test_what_may_be_there_is_left_and_told_where_nobody_can_find_out(
    database: SqlDatabase, server: Loopback
) -> None:
    async with database.begin() as tx:
        where = (await add_schedule(tx)).destination
    server.can, server.faults = Abilities(), Faults(lost_after=1)
    delivery = await queue(database, where, "digest", priority=Priority.DIGEST)
    await deliver(database, server)
    left = await get(database, delivery)
    assert (left.state, left.reason) == (DeliveryState.UNCERTAIN, "time-out")
    assert said(server)[:2] == ["digest", "A message may not have been posted"]
    assert len(server.posted()) == 2, "of a notice that may not be there nobody is told"
    async with database.begin() as tx:
        await tx.deliveries.set_policy(GUILD, where, WhenUncertain.REPEAT)
        assert await tx.deliveries.retry(GUILD, delivery)
    server.faults = Faults()
    await deliver(database, server)
    assert said(server)[2:] == ["digest"]


async def test_a_replaced_document_is_posted_instead_or_edited_in_place(
    database: SqlDatabase, server: Loopback
) -> None:
    where = await place(database)
    server.pieces = 2
    delivery = await queue(database, where, "early")
    async with database.begin() as tx:
        assert await tx.deliveries.revise(GUILD, delivery, replace(new_document(), summary="first"))
    await deliver(database, server)
    assert said(server) == ["first", "first"]
    async with database.begin() as tx:
        assert await tx.deliveries.revise(GUILD, delivery, replace(new_document(), summary="second"))
    server.pieces = 3
    await deliver(database, server)
    assert said(server) == ["second", "second", "second"]
    async with database.begin() as tx:
        assert await tx.deliveries.revise(GUILD, delivery, replace(new_document(), summary="short"))
    server.pieces = 1
    await deliver(database, server)
    gone = "This message is not needed any more: what it said is told above."
    assert said(server) == ["short", gone, gone]
    assert (await get(database, delivery)).state is DeliveryState.SENT


async def test_where_messages_cannot_be_edited_a_replaced_one_stays_and_that_is_said(
    database: SqlDatabase, server: Loopback
) -> None:
    where = await place(database)
    server.can = Abilities(remembers=timedelta(hours=1))
    delivery = await queue(database, where, "first")
    await deliver(database, server)
    async with database.begin() as tx:
        assert await tx.deliveries.revise(GUILD, delivery, replace(new_document(), summary="second"))
    await deliver(database, server)
    kept = await get(database, delivery)
    assert (said(server), kept.state) == (["first"], DeliveryState.SENT)
    assert "edits no messages" in (kept.reason or "")


@pytest.mark.parametrize("can", [EDITS, Abilities(reads_back=True, edits=True)], ids=["key", "reads back"])
@pytest.mark.parametrize("posted", [True, False])
async def test_a_part_that_may_be_there_and_is_not_needed_any_more(
    database: SqlDatabase, server: Loopback, can: Abilities, posted: bool
) -> None:
    """A time-out at the second part; then the document is replaced by one of a single part."""
    where = await place(database)
    server.can, server.pieces = can, 2

    async def turn_foul() -> None:
        server.faults = Faults(lost_after=1) if posted else Faults(lost_before=1)

    server.then = turn_foul
    delivery = await queue(database, where, "long")
    await deliver(database, server)
    half = await get(database, delivery)
    assert (sorted(half.shown), half.open is None) == ([0], False)
    server.pieces, server.faults = 1, Faults()
    async with database.begin() as tx:
        assert await tx.deliveries.revise(GUILD, delivery, replace(new_document(), summary="short"))
        await tx.sql.connection.exec_driver_sql("UPDATE deliveries SET not_before = NULL")
    await deliver(database, server)
    gone = "This message is not needed any more: what it said is told above."
    assert said(server) == (["short", gone] if posted or can.remembers else ["short"])
    after = await get(database, delivery)
    assert (after.state, after.open) == (DeliveryState.SENT, None)


async def test_what_is_dropped_is_never_sent_and_what_is_sent_cannot_be_dropped(
    database: SqlDatabase, server: Loopback
) -> None:
    where = await place(database)
    one, other = await queue(database, where, "one"), await queue(database, where, "other")
    async with database.begin() as tx:
        assert await tx.deliveries.drop(GUILD, one)
        assert not await tx.deliveries.drop(GUILD, one)
    await deliver(database, server)
    assert said(server) == ["other"]
    async with database.begin() as tx:
        assert not await tx.deliveries.drop(GUILD, other)
        assert not await tx.deliveries.retry(GUILD, other)
        assert await tx.deliveries.retry(GUILD, one)
    await deliver(database, server)
    assert said(server) == ["other", "one"]


async def test_an_edit_that_is_refused_holds_up_nothing(sqlite: SqlDatabase, server: Loopback) -> None:
    where = await place(sqlite)
    delivery = await queue(sqlite, where, "first")
    await deliver(sqlite, server)
    server.unknown = True
    async with sqlite.begin() as tx:
        assert await tx.deliveries.revise(GUILD, delivery, replace(new_document(), summary="second"))
    await deliver(sqlite, server)
    kept = await get(sqlite, delivery)
    assert (kept.state, kept.reason) == (DeliveryState.SENT, "a message could not be edited: unknown message")


async def test_a_delivery_that_was_removed_while_it_was_sent_troubles_no_other(
    database: SqlDatabase, server: Loopback
) -> None:
    """As when its watch is removed with all that was told by it."""
    where = await place(database)
    first, second = await queue(database, where, "first"), await queue(database, where, "second")

    async def remove(delivery: DeliveryId) -> None:
        async with database.begin() as tx:
            await tx.sql.connection.exec_driver_sql(f"DELETE FROM deliveries WHERE id = {delivery}")

    server.then = lambda: remove(first)
    await deliver(database, server)
    assert said(server) == ["first", "second"]
    assert (await get(database, second)).state is DeliveryState.SENT


async def test_a_second_part_that_fails_is_counted_by_itself(database: SqlDatabase, server: Loopback) -> None:
    where = await place(database)
    server.pieces = 2
    delivery = await queue(database, where, "digest")

    async def turn_foul() -> None:
        server.faults = Faults(failed=1)

    server.then = turn_foul
    await deliver(database, server)
    for tried in (1, 2):
        half = await get(database, delivery)
        assert (sorted(half.shown), half.open, half.attempts) == ([0], None, tried)
        async with database.begin() as tx:
            await tx.sql.connection.exec_driver_sql("UPDATE deliveries SET not_before = NULL")
            await tx.tasks.put(Stage.DELIVER, [where], GUILD)
        await deliver(database, server)


@pytest.mark.parametrize("ahead", [timedelta(hours=-1), timedelta(0), timedelta(hours=1)])
async def test_how_long_a_platform_says_to_wait_is_kept_to_whatever_the_time_here(
    database: SqlDatabase, server: Loopback, ahead: timedelta
) -> None:
    """The platform's adapter goes by this machine's clock, and lanes rest by the database's."""
    async with database.read() as tx:
        clock = FakeClock(await tx.now() + ahead)
    server.faults, server.clock = Faults(deferred=1), clock
    delivery = await queue(database, await place(database), "digest")
    await Worker(
        database, Stage.DELIVER, Deliver(database, {"discord": server}, clock).handle, holder="one", lost=None
    ).drain()
    async with database.read() as tx:
        now = await tx.now()
    due = (await get(database, delivery)).not_before
    assert due is not None
    assert timedelta(0) < due - now <= timedelta(seconds=2)


async def test_after_a_time_out_the_wait_begins_when_it_is_over(
    sqlite: SqlDatabase, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.sending.random.random", lambda: 0.0)
    patience = timedelta(seconds=0.5)

    async def stall() -> None:
        await asyncio.sleep(60)

    server.then = stall
    delivery = await queue(sqlite, await place(sqlite), "digest")
    async with sqlite.read() as tx:
        began = await tx.now()
    handler = Deliver(sqlite, {"discord": server}, FakeClock(), patience=patience).handle
    await Worker(sqlite, Stage.DELIVER, handler, holder="one", lost=None).drain()
    due = (await get(sqlite, delivery)).not_before
    assert due is not None
    assert due - began >= patience + backoff(1, 0.0)


# --- edits that come late -----------------------------------------------------------------------------------


async def revise(database: SqlDatabase, delivery: DeliveryId, says: str) -> None:
    async with database.begin() as tx:
        assert await tx.deliveries.revise(GUILD, delivery, replace(new_document(), summary=says))


async def settle_in_time(database: SqlDatabase, server: Loopback, delivery: DeliveryId) -> None:
    for _ in range(14):
        await deliver(database, server, "two")
        await time_passes(database, server, timedelta(seconds=5))
    assert (await get(database, delivery)).state is DeliveryState.SENT


async def test_what_somebody_who_vanished_was_editing_never_takes_the_place_of_what_was_said_since(
    database: SqlDatabase, server: Loopback
) -> None:
    """As when a process is killed, or told to stop and out of time."""
    delivery = await queue(database, await place(database), "first")
    await deliver(database, server)
    await revise(database, delivery, "second")
    server.faults, editing = Faults(late=1), asyncio.Event()

    async def hang() -> None:
        editing.set()
        await asyncio.Event().wait()

    server.then = hang
    going = asyncio.create_task(deliver(database, server, "one"))
    await editing.wait()
    going.cancel()
    with suppress(asyncio.CancelledError):
        await going
    await take_over(database, lambda holder: holder == "one")
    server.faults = Faults()
    await revise(database, delivery, "third")
    await settle_in_time(database, server, delivery)
    assert said(server) == ["third"]


async def test_nor_does_an_edit_that_nothing_was_heard_of(
    database: SqlDatabase, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.sending.random.random", lambda: 1.0)  # tried again as soon as may be
    delivery = await queue(database, await place(database), "first")
    await deliver(database, server)
    await revise(database, delivery, "second")
    server.faults = Faults(late=1)
    await deliver(database, server)
    server.faults = Faults()
    await revise(database, delivery, "third")
    await settle_in_time(database, server, delivery)
    assert said(server) == ["third"]


async def test_a_message_that_nothing_was_heard_of_is_not_looked_for_before_it_must_be_there(
    database: SqlDatabase, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.sending.random.random", lambda: 1.0)
    server.can, server.faults = Abilities(reads_back=True), Faults(late=1)
    delivery = await queue(database, await place(database), "first")
    await deliver(database, server)
    server.faults = Faults()
    await settle_in_time(database, server, delivery)
    assert said(server) == ["first"]
