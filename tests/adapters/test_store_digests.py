"""Communities, schedules, digests and deliveries over both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from adapters.storage import SqlDatabase
from bot.app.ports import Delivery, Stage
from bot.core.community import COMMON, MemberId, Role
from bot.core.delivery import DeliveryState, DigestId, DigestState
from tests.factories import (
    GUILD,
    NOON,
    STUDIO,
    add_article,
    add_schedule,
    add_story,
    new_analysis,
    new_community,
    new_digest,
    new_document,
    new_schedule,
)

DAY = timedelta(days=1)


async def test_a_community_is_added_once(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await tx.communities.ensure(new_community(name="First"))
        await tx.communities.ensure(new_community(name="Second"))
        await tx.communities.ensure(new_community(STUDIO))
        assert await tx.communities.get(GUILD) == new_community(name="First")
        assert await tx.communities.all() == [new_community(name="First"), new_community(STUDIO)]


async def test_members_have_the_role_that_was_set_last(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await tx.communities.ensure(new_community())
        for role in (Role.MANAGER, Role.EDITOR):
            await tx.communities.set_role(GUILD, MemberId("u1"), role)
        assert await tx.communities.role(GUILD, MemberId("u1")) is Role.EDITOR
        assert await tx.communities.role(GUILD, MemberId("u2")) is Role.MEMBER


async def test_a_schedule_is_due_when_its_first_slot_is(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        schedule = await add_schedule(tx, GUILD, min_stories=2, max_stories=5, engine="llm", review=True)
        expected = new_schedule(
            GUILD, schedule.destination, id=schedule.id, min_stories=2, max_stories=5, engine="llm", review=True
        )
        assert schedule == expected
        assert await tx.schedules.of(GUILD) == [expected]
        (task,) = await tx.tasks.claim(Stage.COMPOSE, "a", 10, DAY)
        assert (task.key, task.owner, task.due) == (schedule.id, GUILD, NOON)


async def test_a_destination_is_made_once(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await tx.communities.ensure(new_community())
        first = await tx.schedules.destination(GUILD, "discord", "c1")
        assert await tx.schedules.destination(GUILD, "discord", "c1") == first
        assert await tx.schedules.destination(GUILD, "discord", "c2") != first
        assert await tx.schedules.get_destination(GUILD, first.id) == first


async def test_a_slot_has_one_digest_whoever_composes_it(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        schedule = await add_schedule(tx)

    async def compose(number: int) -> DigestId | None:
        async with database.begin() as tx:
            return await tx.digests.put(schedule, NOON, new_digest(title=f"Nr. {number}"), DigestState.APPROVED)

    made = await asyncio.gather(*(compose(number) for number in range(5)))
    (digest,) = [each for each in made if each is not None]
    async with database.begin() as tx:
        assert await tx.digests.put(schedule, NOON + DAY, new_digest(), DigestState.IN_REVIEW) is not None
        assert await tx.digests.put(schedule, NOON + 2 * DAY, new_digest(), DigestState.EMPTY) is not None
        assert await tx.digests.last_slot(GUILD, schedule.id) == NOON + DAY, "silence told nothing"
        stored = await tx.digests.get(GUILD, digest)
    assert stored is not None
    assert stored[0].title in {f"Nr. {number}" for number in range(5)}


async def test_a_digest_comes_back_whole(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        schedule = await add_schedule(tx)
        article = await add_article(tx)
        digest = new_digest(GUILD, new_analysis(await add_story(tx, article), article))
        id_ = await tx.digests.put(schedule, NOON, digest, DigestState.IN_REVIEW)
        assert id_ is not None
        assert await tx.digests.get(GUILD, id_) == (digest, DigestState.IN_REVIEW, schedule)
        await tx.digests.set_state(GUILD, id_, DigestState.APPROVED)
        assert await tx.digests.get(GUILD, id_) == (digest, DigestState.APPROVED, schedule)


async def test_a_destination_has_been_told_stories_with_their_last_version(database: SqlDatabase) -> None:
    """Across its schedules, under the ids that merges lead to, and without what an editor rejected."""
    async with database.begin() as tx:
        schedule, other = await add_schedule(tx), await add_schedule(tx)
        elsewhere = await tx.schedules.destination(GUILD, "discord", "elsewhere")
        article = await add_article(tx)
        kept, absorbed, rejected = await add_story(tx, article), await add_story(tx), await add_story(tx)
        issues = [
            (schedule, DigestState.APPROVED, [new_analysis(kept, article, version=1)]),
            (schedule, DigestState.APPROVED, [new_analysis(absorbed, article, version=2)]),
            (other, DigestState.IN_REVIEW, [new_analysis(kept, article, version=3)]),
            (schedule, DigestState.REJECTED, [new_analysis(rejected, article, version=1)]),
        ]
        for number, (by, state, analyses) in enumerate(issues):
            await tx.digests.put(by, NOON + number * DAY, new_digest(GUILD, *analyses), state)
        assert await tx.digests.posted(GUILD, schedule.destination) == {kept: 3, absorbed: 2}
        await tx.stories.merge(kept, absorbed, NOON)
        assert await tx.digests.posted(GUILD, schedule.destination) == {kept: 3}
        assert await tx.digests.posted(GUILD, elsewhere.id) == {}


async def test_a_queued_delivery_is_due_at_once_and_remembers_its_parts(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        schedule = await add_schedule(tx)
        destination = await tx.schedules.get_destination(GUILD, schedule.destination)
        assert destination is not None
        id_ = await tx.deliveries.queue(GUILD, schedule.destination, new_document("News"), digest=None)
        (task,) = await tx.tasks.claim(Stage.DELIVER, "a", 10, DAY)
        assert (task.key, task.owner) == (id_, GUILD)
        await tx.deliveries.record_part(GUILD, id_, 1, "m1")
        await tx.deliveries.record_part(GUILD, id_, 0, "m0")
        await tx.deliveries.record_part(GUILD, id_, 0, "m0 again")
        await tx.deliveries.set_state(GUILD, id_, DeliveryState.REJECTED, "no such channel")
        assert await tx.deliveries.get(GUILD, id_) == Delivery(
            id=id_,
            community=GUILD,
            destination=destination,
            document=new_document("News"),
            state=DeliveryState.REJECTED,
            sent_parts={0: "m0 again", 1: "m1"},
        )


async def test_nothing_is_told_before_the_first_digest(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        schedule = await add_schedule(tx)
        assert await tx.digests.last_slot(GUILD, schedule.id) is None
        assert await tx.digests.posted(GUILD, schedule.destination) == {}
        assert await tx.stories.updated(COMMON, NOON) == []
