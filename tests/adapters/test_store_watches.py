"""Watches, what they were told, and who may see them, over both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from adapters.storage import SqlDatabase, SqlTransaction
from adapters.storage.schema import alerts, deliveries, destinations, reminders, told_moves, watches
from bot.core.community import COMMON, MemberId
from bot.core.delivery import DeliveryState, Destination
from bot.core.story import StoryId
from bot.core.watch.watch import Rhythm, Throttle
from tests.factories import (
    GUILD,
    NOON,
    STUDIO,
    add_article,
    new_alert,
    new_community,
    new_document,
    new_watch,
    settle,
)

ANN, BEA = MemberId("ann"), MemberId("bea")
HOUR = timedelta(hours=1)


async def place(tx: SqlTransaction, address: str = "channel-1") -> Destination:
    await tx.communities.ensure(new_community(GUILD))
    return await tx.schedules.destination(GUILD, "discord", address)


async def story(tx: SqlTransaction) -> StoryId:
    return await tx.stories.found(COMMON, await add_article(tx), relevance=0.9, relevant=True, at=NOON)


async def test_a_watch_comes_back_as_it_was_saved(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        new = new_watch(
            (await place(tx)).id,
            owner=ANN,
            query='"digital replica"\0',
            name="Replicas",
            note="for the board",
            rhythm=Rhythm.DAILY,
            zone="Europe/London",
            throttle=Throttle(most=6, per=HOUR),
            everything=True,
            muted_until=NOON,
        )
        id_ = await tx.watches.add(new)
        found = await tx.watches.get(GUILD, ANN, id_)
    assert found is not None
    assert found.revision == 1
    stored = {name: getattr(found, name) for name in type(new).__dataclass_fields__}
    assert type(new)(**stored) == replace(new, query='"digital replica"\N{REPLACEMENT CHARACTER}')


async def test_a_private_watch_is_there_for_its_owner_alone(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        here, there = await place(tx), await place(tx, "dm-ann")
        private = await tx.watches.add(new_watch(there.id, owner=ANN))
        common = await tx.watches.add(new_watch(here.id))
        assert [watch.id for watch in await tx.watches.of(GUILD, ANN)] == [private, common]
        assert [watch.id for watch in await tx.watches.of(GUILD, BEA)] == [common]
        assert await tx.watches.get(GUILD, BEA, private) is None
        assert not await tx.watches.remove(GUILD, BEA, private)
        with pytest.raises(LookupError):
            await tx.watches.change(GUILD, BEA, private, 1, name="Seized")
        assert (await tx.watches.count(GUILD, ANN), await tx.watches.count(GUILD, None)) == (1, 1)
        assert await tx.watches.count(GUILD, BEA) == 0


async def test_a_watch_is_saved_to_a_place_of_its_community_only(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        here = await place(tx)
        await tx.communities.ensure(new_community(STUDIO))
        with pytest.raises(LookupError):
            await tx.watches.add(new_watch(here.id, STUDIO))
        studios = await tx.schedules.destination(STUDIO, "slack", "C1")
        own = await tx.watches.add(new_watch(here.id))
        with pytest.raises(LookupError):
            await tx.watches.change(GUILD, ANN, own, 1, destination=studios.id)


async def test_of_two_edits_at_once_the_later_is_told(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        id_ = await tx.watches.add(new_watch((await place(tx)).id))
        first = await tx.watches.change(GUILD, ANN, id_, 1, query="strike", paused=True)
        assert first is not None
        assert (first.query, first.paused, first.revision) == ("strike", True, 2)
        assert await tx.watches.change(GUILD, BEA, id_, 1, query="walkout") is None
        assert await tx.watches.get(GUILD, ANN, id_) == first


async def test_the_pipeline_hears_of_what_changed_and_counts_what_is_there(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        assert not await tx.watches.pipeline_any()
        here = await place(tx)
        one, other = [await tx.watches.add(new_watch(here.id, query=query)) for query in ("one", "other")]
        start = await tx.now()
        assert await tx.watches.pipeline_any()
        assert [watch.id for watch in await tx.watches.pipeline_changed(start - HOUR)] == [one, other]
        assert await tx.watches.pipeline_changed(start + HOUR) == []
        assert await tx.watches.remove(GUILD, ANN, one)
        assert (await tx.watches.pipeline_count(), list(await tx.watches.pipeline_ids())) == (1, [other])
        for hold in (False, True):
            assert [watch.id for watch in await tx.watches.pipeline_get([one, other], hold=hold)] == [other]


async def test_a_followed_story_is_followed_once_and_under_the_id_that_it_leads_to(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        here = await place(tx)
        kept, absorbed = await story(tx), await story(tx)
        older = await tx.watches.add(new_watch(here.id, owner=ANN, story=absorbed))
        assert await tx.watches.add(new_watch(here.id, owner=ANN, story=absorbed)) == older
        newer = await tx.watches.add(new_watch(here.id, owner=ANN, story=kept))
        beas = await tx.watches.add(new_watch(here.id, owner=BEA, story=kept))
        assert sorted(await tx.watches.pipeline_followers(kept)) == [newer, beas]
        await tx.stories.merge(kept, absorbed, NOON)
        assert sorted(await tx.watches.pipeline_followers(kept)) == [older, beas], "Ann is told once"
        for named in (kept, absorbed):
            following = await tx.watches.following(GUILD, ANN, named)
            assert following is not None
            assert following.id == older


async def test_alerts_of_merged_stories_are_alerts_of_the_kept_one(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        id_ = await tx.watches.add(new_watch((await place(tx)).id))
        (watch,) = await tx.watches.pipeline_get([id_])
        kept, absorbed, other = await story(tx), await story(tx), await story(tx)
        told = await tx.alerts.add(watch, new_alert(absorbed, told_at=NOON))
        held = await tx.alerts.add(watch, new_alert(other, due=NOON))
        long_ago = await tx.alerts.add(watch, new_alert(other, told_at=NOON - 9 * HOUR))
        await tx.stories.merge(kept, absorbed, NOON)
        found = await tx.alerts.of(watch, kept, NOON - HOUR)
        assert [(alert.id, alert.story) for alert in found] == [(told, kept), (held, other)]
        assert [alert.id for alert in await tx.alerts.of(watch, other, NOON)] == [held, long_ago]
        assert list(await tx.watches.pipeline_told(absorbed)) == [id_]
        changed = replace(found[1], told_at=NOON, due=None, outlets=("A", "B"))
        await tx.alerts.change(watch, changed)
        assert changed in await tx.alerts.of(watch, other, NOON)
        with pytest.raises(LookupError):
            await tx.alerts.change(replace(watch, id=watch.id + 1), changed)  # type: ignore[arg-type]


async def test_a_move_is_told_once_a_place_and_a_day_is_reminded_of_once_a_lead(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        here, there = await place(tx), await place(tx, "channel-2")
        first, second = [await tx.deliveries.queue(GUILD, here.id, new_document(), digest=None) for _ in range(2)]
        await tx.alerts.note_moves(here.id, {"ca-ab-412:signed"}, first)
        await tx.alerts.note_moves(here.id, {"ca-ab-412:signed", "ca-ab-412:law"}, second)
        keys = {"ca-ab-412:signed", "ca-ab-412:vetoed"}
        assert await tx.alerts.moves_told(here.id, keys) == {"ca-ab-412:signed"}
        assert not await tx.alerts.moves_told(here.id, keys, but=first)
        assert await tx.alerts.moves_told(here.id, keys, but=second)
        assert not await tx.alerts.moves_told(there.id, keys)
        (watch,) = await tx.watches.pipeline_get([await tx.watches.add(new_watch(here.id))])
        waits, day = await story(tx), date(2025, 4, 1)
        assert await tx.alerts.remind(watch, waits, day, timedelta(days=7))
        assert not await tx.alerts.remind(watch, waits, day, timedelta(days=7))
        assert await tx.alerts.remind(watch, waits, day, timedelta(days=1))


async def test_what_was_told_by_a_private_watch_goes_with_it(database: SqlDatabase) -> None:
    """Its messages and its address too; what a community's watch posted stays."""
    async with database.begin() as tx:
        here, there = await place(tx), await place(tx, "dm-ann")
        common = await tx.watches.add(new_watch(here.id))
        private = await tx.watches.add(new_watch(there.id, owner=ANN))
        told = await story(tx)
        for watch in await tx.watches.pipeline_get([common, private]):
            for state in (DeliveryState.SENT, DeliveryState.QUEUED):
                delivery = await tx.deliveries.queue(GUILD, watch.destination, new_document(), digest=None)
                await settle(tx, delivery, state, None)
                await tx.alerts.add(watch, new_alert(told, told_at=NOON, delivery=delivery))
            reminder = await tx.deliveries.queue(GUILD, watch.destination, new_document(), digest=None)
            await tx.alerts.remind(watch, told, date(2025, 4, 1), timedelta(days=1), reminder)
            await tx.alerts.note_moves(watch.destination, {"ca-ab-412:signed"}, reminder)
        assert await tx.watches.forget(GUILD, ANN) == 1
        assert await tx.watches.remove(GUILD, ANN, common)
        left = {
            table.name: await tx.sql.connection.scalar(select(func.count()).select_from(table))
            for table in (watches, alerts, reminders, deliveries, destinations, told_moves)
        }
    assert left == {"watches": 0, "alerts": 0, "reminders": 0, "deliveries": 1, "destinations": 1, "told_moves": 1}
