"""Killed with SIGKILL at every step of send-and-record, in each thing that sending may be doing.

The platform outlives whoever sends (`tests.far_side`). Where it knows a message's id again, or can be read back,
nothing is lost and nothing is there twice; where it can do neither, what is not known is marked uncertain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from adapters.storage import SqlDatabase, open_database
from bot.app.ports import Delivery, Stage, Transaction
from bot.app.recovery import take_over
from bot.core.delivery import DeliveryId, DeliveryState, DestinationId
from bot.core.outbox import Priority, part_id
from tests.factories import GUILD, new_community, new_schedule
from tests.fakes import When
from tests.far_side import CALM, FarSide, Faults, Knows
from tests.far_sides import FAR_SIDES
from tests.senders import Step, What, killed_at, quiet, send_all, time_passes

PARTS = 2
WHENS: tuple[When, When] = ("before", "after")


@pytest.fixture(autouse=True)
def no_log() -> None:
    quiet()


@pytest.fixture(params=FAR_SIDES)
def far_sides(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[Knows], FarSide]]:
    """Makes far sides of one kind, a new one each time."""
    numbers, stack = count(), []

    def make(knows: Knows) -> FarSide:
        folder = tmp_path / f"far-side-{next(numbers)}"
        folder.mkdir()
        stack.append(FAR_SIDES[request.param](folder, knows, None))
        return stack[-1].__enter__()

    yield make
    for each in reversed(stack):
        each.__exit__(None, None, None)


# --- what is going on when somebody dies --------------------------------------------------------------------


async def place(tx: Transaction, far_side: FarSide, address: str) -> DestinationId:
    await tx.communities.ensure(new_community())
    return (await tx.schedules.destination(GUILD, far_side.platform, address)).id


async def post(url: str, far_side: FarSide) -> DeliveryId:
    """A message of two parts is to be sent."""
    async with open_database(url) as database, database.begin() as tx:
        where = await place(tx, far_side, far_side.channel(0))
        return await tx.deliveries.queue(GUILD, where, far_side.document("first", PARTS), digest=None)


async def edit(url: str, far_side: FarSide) -> DeliveryId:
    """A message of two parts was sent, and now says something else, in three."""
    delivery = await post(url, far_side)
    async with open_database(url) as database:
        await send_all(database, far_side.line)
        async with database.begin() as tx:
            assert await tx.deliveries.revise(GUILD, delivery, far_side.document("second", PARTS + 1))
    return delivery


async def find_there(url: str, far_side: FarSide) -> DeliveryId:
    """Whoever sent the first part died after it was posted; that has to be found out."""
    return await _left_open(url, far_side, Step("call", 1, "after"))


async def find_absent(url: str, far_side: FarSide) -> DeliveryId:
    return await _left_open(url, far_side, Step("call", 1, "before"))


async def _left_open(url: str, far_side: FarSide, step: Step) -> DeliveryId:
    delivery = await post(url, far_side)
    await killed_at(url, far_side.line, step)
    async with open_database(url) as database:
        await take_over(database, lambda holder: holder == "dead")
        await send_all(database, far_side.line)  # not before what was sent surely arrived
        await time_passes(database, far_side, timedelta(minutes=1))
    return delivery


async def gone(url: str, far_side: FarSide) -> DeliveryId:
    """The place was deleted: it is paused, and its setter told, elsewhere and once."""
    async with open_database(url) as database, database.begin() as tx:
        elsewhere = await place(tx, far_side, far_side.channel(0))
        nowhere = await place(tx, far_side, far_side.nowhere)
        for where in (elsewhere, nowhere):
            due = await tx.now() + timedelta(days=1)
            await tx.schedules.add(new_schedule(GUILD, where), due=due)
        document = far_side.document("first", PARTS)
        return await tx.deliveries.queue(GUILD, nowhere, document, digest=None, priority=Priority.ALERT)


Scene = Callable[[str, FarSide], Awaitable[DeliveryId]]


@dataclass(frozen=True, slots=True)
class After:
    """What is to be seen in the end. `parts` are those that can be seen, each with what it says."""

    state: DeliveryState
    parts: Sequence[tuple[int, str]]
    told: int
    """Messages elsewhere."""


async def settle(url: str, far_side: FarSide, delivery: DeliveryId) -> tuple[After, Delivery]:
    """Somebody else goes on, until nothing waits."""
    async with open_database(url) as database:
        await take_over(database, lambda holder: holder == "dead")
        for _ in range(5):
            await send_all(database, far_side.line)
            async with database.read() as tx:
                waiting = await tx.tasks.waiting(Stage.DELIVER, until=await tx.now() + timedelta(days=1))
                after = await tx.outbox.get(delivery)
            if not waiting:
                break
            await time_passes(database, far_side, timedelta(minutes=1))
        assert not waiting
    assert after is not None
    there = [post for post in far_side.posted() if post.there]
    assert max(Counter(post.part_id for post in there).values(), default=1) == 1, "nothing twice"
    numbers = {part_id(delivery, part): part for part in range(9)}
    parts = [(numbers[post.part_id], post.said) for post in there if post.part_id in numbers]  # type: ignore[index]
    return After(after.state, parts, len(there) - len(parts)), after


async def steps_of(url: str, far_side: FarSide, scene: Scene) -> tuple[After, list[Step]]:
    """What comes of it undisturbed, and each step on the way."""
    delivery = await scene(url, far_side)
    async with open_database(url) as database:
        transactions, calls = await send_all(database, far_side.line)
    counted: dict[What, int] = {"transaction": transactions, "call": calls}
    steps = [Step(what, at, when) for what, most in counted.items() for at in range(1, most + 1) for when in WHENS]
    return (await settle(url, far_side, delivery))[0], steps


# --- the tests ----------------------------------------------------------------------------------------------


async def test_what_was_replaced_is_to_be_seen_in_each_of_its_messages(
    sqlite_url: str, far_sides: Callable[[Knows], FarSide]
) -> None:
    """Else no test that compares what is shown after a kill with what is shown without could tell."""
    far_side = far_sides(Knows.READ)
    delivery = await edit(sqlite_url, far_side)
    assert [post.said for post in far_side.posted()] == ["first"] * PARTS
    after, _ = await settle(sqlite_url, far_side, delivery)
    assert after == After(DeliveryState.SENT, [(part, "second") for part in range(PARTS + 1)], 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scene", "knows"),
    [
        *((post, knows) for knows in Knows),
        *((scene, Knows.READ) for scene in (edit, find_there, find_absent, gone)),
    ],
    ids=lambda value: value.name.lower() if isinstance(value, Knows) else value.__name__,
)
async def test_killed_at_any_step_nothing_is_lost_and_nothing_posted_twice(
    sqlite_copies: Callable[[], str], far_sides: Callable[[Knows], FarSide], scene: Scene, knows: Knows
) -> None:
    expected, steps = await steps_of(sqlite_copies(), far_sides(knows), scene)
    assert len(steps) >= 8
    uncertain = 0
    for step in steps:
        url, far_side = sqlite_copies(), far_sides(knows)
        delivery = await scene(url, far_side)
        await killed_at(url, far_side.line, step)
        after, row = await settle(url, far_side, delivery)
        if after.state is DeliveryState.UNCERTAIN:
            uncertain += 1
            assert row.open is not None
            assert after.parts in ([], [(0, "first")], [(0, "first"), (1, "first")]), step
        else:
            assert after == expected, step
    # Nothing is in question before the first part was opened and after the last answer was written down.
    assert uncertain == (len(steps) - 2 if knows is Knows.NEITHER else 0)


@pytest.mark.slow
@pytest.mark.parametrize("scene", [post, edit, find_there, find_absent], ids=lambda scene: scene.__name__)
async def test_likewise_on_postgresql(postgresql_url: str, far_sides: Callable[[Knows], FarSide], scene: Scene) -> None:
    for step in (Step("call", 1, "after"), Step("transaction", 2, "before")):
        far_side = far_sides(Knows.READ)
        delivery = await scene(postgresql_url, far_side)
        await killed_at(postgresql_url, far_side.line, step)
        after, _ = await settle(postgresql_url, far_side, delivery)
        said = "second" if scene is edit else "first"
        parts = PARTS + 1 if scene is edit else PARTS
        assert after == After(DeliveryState.SENT, [(part, said) for part in range(parts)], 0)


async def test_what_whoever_died_sent_may_still_be_under_way_and_is_not_looked_for_at_once(
    sqlite: SqlDatabase, sqlite_url: str, far_sides: Callable[[Knows], FarSide]
) -> None:
    far_side = far_sides(Knows.READ)
    delivery = await post(sqlite_url, far_side)
    await killed_at(sqlite_url, far_side.line, Step("call", 1, "before"))
    await take_over(sqlite, lambda holder: holder == "dead")
    for span, calls in ((timedelta(seconds=5), 0), (timedelta(seconds=30), 0), (timedelta(0), 3)):
        assert (await send_all(sqlite, far_side.line))[1] == calls, "once looked for, twice sent"
        await time_passes(sqlite, far_side, span)
    assert (await settle(sqlite_url, far_side, delivery))[0].state is DeliveryState.SENT


async def test_what_whoever_died_was_editing_comes_late_and_takes_the_place_of_nothing_said_since(
    sqlite: SqlDatabase, sqlite_url: str, far_sides: Callable[[Knows], FarSide]
) -> None:
    far_side = far_sides(Knows.READ)
    delivery = await edit(sqlite_url, far_side)
    far_side.misbehave(Faults(late=1))
    await killed_at(sqlite_url, far_side.line, Step("call", 1, "after"))
    far_side.misbehave(CALM)
    async with sqlite.begin() as tx:
        assert await tx.deliveries.revise(GUILD, delivery, far_side.document("third", PARTS + 1))
    await take_over(sqlite, lambda holder: holder == "dead")
    for _ in range(10):
        await send_all(sqlite, far_side.line)
        await time_passes(sqlite, far_side, timedelta(seconds=5))
    after, _ = await settle(sqlite_url, far_side, delivery)
    assert after == After(DeliveryState.SENT, [(part, "third") for part in range(PARTS + 1)], 0)
