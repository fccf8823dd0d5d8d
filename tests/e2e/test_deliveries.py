"""`slugline deliveries`, over a store in which messages wait for platforms that nobody serves."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from adapters.storage import open_database
from bot.core.delivery import DeliveryId, DeliveryState
from bot.core.outbox import Closing, Shown
from tests.e2e.program import Program
from tests.factories import GUILD, new_community, new_document, settle


@pytest.fixture
def waiting(slugline: Program) -> Program:
    """The first waits, the second was refused, and the third may have been posted, to a place that is paused."""

    async def fill() -> None:
        async with open_database(f"sqlite+aiosqlite:///{slugline.database}") as database, database.begin() as tx:
            await tx.communities.ensure(new_community())
            one = (await tx.schedules.destination(GUILD, "discord", "channel-1")).id
            other = (await tx.schedules.destination(GUILD, "slack", "channel-2")).id
            document = replace(new_document(), summary="nobody else's business")
            for place in (one, one, other):
                await tx.deliveries.queue(GUILD, place, document, digest=None)
            await settle(tx, DeliveryId(2), DeliveryState.REJECTED, "too long")
            await settle(tx, DeliveryId(3), DeliveryState.UNCERTAIN, "time-out", open=True)
            await tx.outbox.pause(other, "no such channel")

    asyncio.run(fill())
    return slugline


def test_an_operator_sees_where_each_goes_and_why_it_does_not_and_not_what_it_says(waiting: Program) -> None:
    listed = waiting("deliveries", "list", "--json")
    assert [(row["delivery"], row["state"], row["reason"]) for row in listed.rows] == [
        (3, "uncertain", "time-out"),
        (2, "rejected", "too long"),
        (1, "queued", None),
    ]
    lines = [line.split(maxsplit=2) for line in waiting("deliveries", "list").out.splitlines()]
    assert [(number, state, rest.partition(" because ")[2]) for number, state, rest in lines] == [
        ("3", "uncertain", "time-out"),
        ("2", "rejected", "too long"),
        ("1", "queued", ""),
    ]
    shown = waiting("deliveries", "list").out + waiting("deliveries", "show", "3").out
    assert "slack channel-2" in shown
    assert "no such channel" in shown
    assert "business" not in shown + listed.out
    doctor = waiting("doctor")
    assert "PROBLEM  deliveries: 1 queued, 1 rejected, 1 uncertain" in doctor.out


def test_what_could_not_be_sent_is_sent_again_or_dropped(waiting: Program) -> None:
    assert waiting("deliveries", "retry", "2", "3").code == 0
    assert waiting("deliveries", "uncertain", "3", "repeat").out == "slack channel-2: repeat\n"
    assert waiting("deliveries", "drop", "1").out == "1: dropped\n"
    again = waiting("deliveries", "drop", "1")
    assert (again.code, again.out) == (1, "")
    states = {row["delivery"]: row["state"] for row in waiting("deliveries", "list", "--all", "--json").rows}
    assert states == {1: "dropped", 2: "queued", 3: "queued"}
    assert '"if uncertain": "repeat"' in waiting("deliveries", "show", "3", "--json").out


def test_one_that_is_not_there_is_said_in_one_line(slugline: Program) -> None:
    assert slugline("deliveries", "retry", "7").error.startswith("there is no delivery 7")
    assert slugline("deliveries", "list").out == "Nothing waits.\n"


def test_a_refused_part_of_one_that_was_sent_is_shown_until_it_is_let_go(waiting: Program) -> None:
    async def refuse() -> None:
        async with open_database(f"sqlite+aiosqlite:///{waiting.database}") as database, database.begin() as tx:
            first, reason = DeliveryId(1), "1 of 2 parts refused: too long"
            await tx.outbox.take([first])
            await tx.outbox.open([(first, 0, 1), (first, 1, 1)])
            parts = (Shown(message="", revision=1, refused="too long"), Shown(message="m1", revision=1))
            await tx.outbox.note([(first, number, part) for number, part in enumerate(parts)])
            await tx.outbox.close({first: Closing(state=DeliveryState.SENT, reason=reason)})

    asyncio.run(refuse())
    listed = waiting("deliveries", "list").out.splitlines()[-1]
    assert listed.split()[:2] == ["1", "sent"]
    assert listed.endswith("1 of 2 parts refused: too long")
    shown = waiting("deliveries", "show", "1", "--json").out
    assert '"parts": {"1": "m1"}, "refused": {"0": "too long"}' in shown
    assert waiting("deliveries", "drop", "1").code == 0
    assert [row["delivery"] for row in waiting("deliveries", "list", "--json").rows] == [3, 2]
