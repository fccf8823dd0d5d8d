"""What a stop of posting covers, and what is no news any more when it is lifted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.core.delivery import DeliveryId
from bot.core.outbox import Priority
from bot.core.posting_stop import EVERYWHERE, Scope, Waiting, is_old
from tests.factories import GUILD, NOON, STUDIO

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def waiting(age: timedelta, priority: Priority = Priority.ALERT, **fields: Any) -> Waiting:
    facts = {"begun": False, "overtaken": False, **fields}
    return Waiting(delivery=DeliveryId(1), priority=priority, queued_at=NOON - age, **facts)


def test_a_scope_covers_what_it_names() -> None:
    assert EVERYWHERE.covers("slack", GUILD)
    assert Scope(platform="slack").covers("slack", GUILD)
    assert not Scope(platform="slack").covers("discord", GUILD)
    assert not Scope(community=STUDIO).covers("slack", GUILD)
    assert not Scope(platform="slack", community=STUDIO).covers("slack", GUILD)
    assert str(Scope(platform="slack", community=GUILD)) == f"on slack for {GUILD}"


@pytest.mark.parametrize(
    ("what", "old"),
    [
        (waiting(DAY - HOUR), False),
        (waiting(DAY + HOUR), True),
        (waiting(DAY + HOUR, Priority.DIGEST), False),
        (waiting(HOUR, Priority.DIGEST, overtaken=True), True),
        (waiting(8 * DAY, Priority.DIGEST), True),
        (waiting(6 * DAY, Priority.NOTICE), False),
        (waiting(8 * DAY, Priority.NOTICE), True),
        (waiting(9 * DAY, begun=True), False),
        (waiting(9 * DAY, Priority.DIGEST, begun=True, overtaken=True), False),
    ],
)
def test_what_is_let_go(what: Waiting, old: bool) -> None:
    assert is_old(what, NOON) is old
