"""Communities, schedules, digests and deliveries over both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from adapters.storage import SqlDatabase
from bot.app.ports import Stage
from bot.core.community import COMMON, MemberId, Role
from bot.core.delivery import (
    DeliveryState,
    DigestId,
    DigestState,
    Empty,
    Manner,
    Post,
)
from bot.core.movement import Told
from bot.core.outbox import Shown
from bot.core.schedule.quiet import QuietHours
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
    post_part,
    settle,
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


FULL: dict[str, Any] = {
    "name": "Guilds",
    "topic": "guild:wga strike",
    "desks": ("guilds", "law"),
    "min_stories": 2,
    "max_words": 900,
    "empty": Empty.SAY,
    "quiet": QuietHours(time(22), time(7)),
    "mention": "4711",
    "post": Post.FORUM,
    "created_by": MemberId("u1"),
}


async def test_a_schedule_comes_back_whole(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        schedule = await add_schedule(tx, GUILD, **FULL)
    assert schedule == new_schedule(GUILD, schedule.destination, id=schedule.id, **FULL)


async def test_of_two_edits_at_once_the_later_is_told_and_changes_nothing(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        schedule = await add_schedule(tx)
    one, other = replace(schedule, cron="0 7 * * *"), replace(schedule, cron="0 8 * * *", **FULL)
    async with database.begin() as tx:
        assert await tx.schedules.change(one, due=NOON + DAY)
    async with database.begin() as tx:
        assert not await tx.schedules.change(other, due=NOON + 2 * DAY)
        assert await tx.schedules.get(GUILD, schedule.id) == replace(one, revision=2)
        assert await tx.schedules.change(replace(other, revision=2), due=NOON + 2 * DAY)
        assert await tx.schedules.of(GUILD) == [replace(other, revision=3)]


async def test_an_edit_moves_the_next_slot_to_later_as_to_sooner(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        schedule, far = await add_schedule(tx), (await tx.now()) + DAY
        await tx.schedules.change(schedule, due=far)
        assert await tx.tasks.claim(Stage.COMPOSE, "a", 10, DAY) == []
        await tx.schedules.change(replace(schedule, revision=2), due=NOON)
        (task,) = await tx.tasks.claim(Stage.COMPOSE, "a", 10, DAY)
        assert task.due == NOON
        # Edited while the slot is being composed: due when the edit says, after it.
        await tx.schedules.change(replace(schedule, revision=3), due=far)
        await tx.tasks.done(task, again=far + DAY)
        assert await tx.tasks.waiting(Stage.COMPOSE, until=far) == 1
        assert await tx.tasks.waiting(Stage.COMPOSE, until=far - DAY / 2) == 0


async def test_a_removed_schedule_is_gone_and_what_it_posted_stays(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        schedule, other = await add_schedule(tx), await add_schedule(tx)
        article = await add_article(tx)
        story = await add_story(tx, article)
        issue = new_digest(GUILD, new_analysis(story, article))
        digest = await tx.digests.put(schedule, NOON, issue, DigestState.APPROVED)
        assert digest is not None
        assert await tx.schedules.remove(GUILD, schedule.id)
        assert not await tx.schedules.remove(GUILD, schedule.id)
        assert await tx.schedules.get(GUILD, schedule.id) is None
        assert await tx.schedules.of(GUILD) == [other]
        assert not await tx.schedules.change(schedule, due=NOON)
        assert await tx.digests.posted(GUILD, schedule.destination) == {story: 1}
        assert await tx.digests.get(GUILD, digest) is not None


async def test_what_did_not_fit_is_known_until_the_next_digest_and_does_not_count_as_told(
    database: SqlDatabase,
) -> None:
    async with database.begin() as tx:
        schedule, article = await add_schedule(tx), await add_article(tx)
        story, kept, absorbed = await add_story(tx, article), await add_story(tx), await add_story(tx)
        full = new_digest(GUILD, new_analysis(story, article), carried=(kept, absorbed))
        await tx.digests.put(schedule, NOON, full, DigestState.APPROVED)
        await tx.digests.put(schedule, NOON + DAY, new_digest(), DigestState.EMPTY)
        assert await tx.digests.carried(GUILD, schedule.id) == [kept, absorbed]
        assert await tx.digests.posted(GUILD, schedule.destination) == {story: 1}
        await tx.stories.merge(kept, absorbed, NOON)
        assert await tx.digests.carried(GUILD, schedule.id) == [kept]
        await tx.digests.put(schedule, NOON + 2 * DAY, new_digest(), DigestState.APPROVED)
        assert await tx.digests.carried(GUILD, schedule.id) == []


async def test_a_destination_remembers_all_that_it_was_told_of_a_story(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        schedule = await add_schedule(tx)
        article = await add_article(tx)
        kept, absorbed, other = await add_story(tx, article), await add_story(tx), await add_story(tx)
        first, second = new_analysis(kept, article, version=1), new_analysis(absorbed, article, version=1)
        third = new_analysis(kept, article, version=2)
        issues = [
            (new_digest(GUILD, first, new_analysis(other, article)), DigestState.APPROVED),
            (new_digest(GUILD, second), DigestState.APPROVED),
            (new_digest(GUILD, third), DigestState.REJECTED),
        ]
        for number, (issue, state) in enumerate(issues):
            await tx.digests.put(schedule, NOON + number * DAY, issue, state)
        await tx.stories.merge(kept, absorbed, NOON)
        told = await tx.digests.told(GUILD, schedule.destination, [kept])
    assert told == {kept: [Told(at=NOON, analysis=first), Told(at=NOON + DAY, analysis=second)]}


async def test_a_destination_is_said_to_refuse_until_something_arrives_again(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        place = (await add_schedule(tx)).destination
        for state, reason in ((DeliveryState.SENT, None), (DeliveryState.REJECTED, "no such channel")):
            number = await tx.deliveries.queue(GUILD, place, new_document(), digest=None)
            await settle(tx, number, state, reason)
        waiting = await tx.deliveries.queue(GUILD, place, new_document(), digest=None)
        assert await tx.deliveries.refusals(GUILD) == {place: "no such channel"}
        await settle(tx, waiting, DeliveryState.SENT)
        assert await tx.deliveries.refusals(GUILD) == {}


async def test_a_delivery_keeps_its_manner(database: SqlDatabase) -> None:
    manner = Manner(post=Post.THREAD, mention="4711", title="Guilds, 10 March")
    async with database.begin() as tx:
        place = (await add_schedule(tx)).destination
        number = await tx.deliveries.queue(GUILD, place, new_document(), digest=None, manner=manner)
        kept = await tx.deliveries.get(GUILD, number)
    assert kept is not None
    assert kept.manner == manner


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


async def test_nothing_is_told_before_the_first_digest(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        schedule = await add_schedule(tx)
        assert await tx.digests.last_slot(GUILD, schedule.id) is None
        assert await tx.digests.posted(GUILD, schedule.destination) == {}
        assert await tx.stories.updated(COMMON, NOON) == []


async def test_a_message_leads_to_the_community_it_was_posted_for(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await tx.communities.ensure(new_community())
        destination = await tx.schedules.destination(GUILD, "discord", "dm:1")
        delivery = await tx.deliveries.queue(GUILD, destination.id, new_document(), digest=None)
        await post_part(tx, delivery, 0, "81384788765712384")
    async with database.read() as tx:
        assert await tx.deliveries.whose("discord", ["1/81384788765712384", "81384788765712384"]) == GUILD
        assert await tx.deliveries.whose("discord", ["81384788765712385"]) is None
        assert await tx.deliveries.whose("slack", ["81384788765712384"]) is None


async def test_the_last_digest_is_the_latest_of_which_somebody_saw_something(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        schedule = await add_schedule(tx)
        assert await tx.deliveries.last_digest(GUILD) is None
        made = []
        for day in range(4):
            number = await tx.digests.put(schedule, NOON + day * DAY, new_digest(), DigestState.APPROVED)
            made.append(await tx.deliveries.queue(GUILD, schedule.destination, new_document(str(day)), digest=number))
        alert = await tx.deliveries.queue(GUILD, schedule.destination, new_document("alert"), digest=None)
        await post_part(tx, alert, 0, "m-alert")
        assert await tx.deliveries.last_digest(GUILD) is None
        await post_part(tx, made[0], 0, "m-0")
        await post_part(tx, made[1], 0, "m-1")
        await tx.outbox.open([(made[2], 0, 1), (made[3], 0, 1)])
        await tx.outbox.note([(made[2], 0, Shown(message="m-2", revision=1, deleted=True))])
        await tx.outbox.note([(made[3], 0, Shown(message="", revision=1, refused="too long"))])
        last = await tx.deliveries.last_digest(GUILD)
        assert last is not None
        assert (last.id, last.document) == (made[1], new_document("1"))
        await tx.communities.ensure(new_community(STUDIO))
        assert await tx.deliveries.last_digest(STUDIO) is None
