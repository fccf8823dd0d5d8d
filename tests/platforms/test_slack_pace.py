"""Slack's limits hold for all processes of a database together."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.clock import SystemClock
from adapters.slack.pace import METHODS, POST, Later, Limit, OwnBudget, Pace, SharedBudget
from adapters.storage import SqlDatabase, open_database
from bot.app.budget import Budget
from bot.core.errors import StoreBusy
from tests.fakes import Interrupted

RARELY = Limit(1, timedelta(seconds=30))
"""In place of a limit of a second, so that it does not matter how busy the machine is."""
NONE = timedelta(0)
ADAPTER = Path(__file__).resolve().parents[2] / "adapters/slack"


def pace(database: SqlDatabase) -> Pace:
    budget = SharedBudget(Budget(database), SystemClock())
    return Pace(budget, budget, distributed=True)


@pytest.fixture
async def processes(url: str) -> AsyncIterator[tuple[Pace, Pace]]:
    """Two of them, on one database of each kind."""
    async with AsyncExitStack() as stack:
        one, other = [await stack.enter_async_context(open_database(url)) for _ in range(2)]
        yield pace(one), pace(other)


def is_about(later: Later | None, limit: Limit) -> bool:
    return later is not None and 0.8 * limit.gap < later.wait < 1.1 * limit.gap


async def test_a_channels_turn_is_everybodys(processes: tuple[Pace, Pace], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.pace.CHANNEL", RARELY)
    one, other = processes
    assert await one.turn("T1", POST, "C1", NONE) is None
    assert is_about(await other.turn("T1", POST, "C1", NONE), RARELY)
    assert await other.turn("T1", POST, "C2", NONE) is None, "another channel's is its own"
    assert await other.turn("T2", POST, "C1", NONE) is None, "and so is a channel's of another workspace"


async def test_a_workspaces_messages_are_counted_together(
    processes: tuple[Pace, Pace], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.pace.WORKSPACE", RARELY)
    one, other = processes
    assert await one.turn("T1", POST, "C1", NONE) is None
    assert is_about(await other.turn("T1", POST, "C2", NONE), RARELY)
    assert await other.turn("T2", POST, "C2", NONE) is None


async def test_what_slack_says_to_one_holds_for_the_other(processes: tuple[Pace, Pace]) -> None:
    one, other = processes
    await one.refused("T1", POST, "C1", timedelta(minutes=1))
    later = await other.turn("T1", POST, "C2", NONE)
    assert later is not None, "as long as that it is the workspace's"
    assert later.wait > timedelta(seconds=50)
    await one.refused("T1", "chat.update", "C1", timedelta(minutes=1))
    assert await other.turn("T1", "chat.update", "C1", NONE) is not None
    assert await other.turn("T2", "chat.update", "C1", NONE) is None


async def test_the_channels_turn_comes_last_so_that_nothing_is_waited_for_after_it() -> None:
    asked: list[str] = []

    class Noting(OwnBudget):
        async def take(self, kind: str, of: str, limit: Limit, patience: timedelta) -> Later | None:
            asked.append(of)
            return await super().take(kind, of, limit, patience)

    budget = Noting(lambda: 1e6)
    assert await Pace(budget, budget, distributed=True).turn("T1", POST, "C1", NONE) is None
    assert asked == ["T1", "T1:C1"]


def busy() -> None:
    raise StoreBusy("asked")


async def test_who_posts_alone_asks_nobody_before_a_message(sqlite: SqlDatabase) -> None:
    shared = SharedBudget(Budget(Interrupted(sqlite, 1, "before", busy)), SystemClock())
    alone = Pace(shared, OwnBudget(lambda: 1e6), distributed=True)
    assert await alone.turn("T1", POST, "C1", NONE) is None
    assert await alone.turn("T1", POST, "C1", NONE) == Later(timedelta(seconds=1))
    with pytest.raises(StoreBusy):
        await alone.turn("T1", "users.info", None, NONE)


def test_every_method_that_is_called_has_its_limit_here() -> None:
    named = re.compile(r'"((?:auth|apps|bots|chat|conversations|files|oauth|users|views|team)\.[\w.]+\w)"')
    by_sdk = re.compile(r"_?client\.((?:auth|apps|bots|chat|conversations|oauth|users|views|team)_\w+)\(")
    called = set()
    for file in set(ADAPTER.glob("*.py")) - {ADAPTER / "pace.py"}:
        text = file.read_text()
        called |= set(named.findall(text)) | {each.replace("_", ".") for each in by_sdk.findall(text)}
    assert {"chat.update", "auth.test", "oauth.v2.access", "files.completeUploadExternal"} <= called
    assert called - {POST} == set(METHODS)
