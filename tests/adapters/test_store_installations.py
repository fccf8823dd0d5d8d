"""Where an app is installed: kept, found through an organisation, forgotten; a state used once; a thing heard once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage import SqlDatabase
from bot.app.ports import Installation
from bot.core.community import MemberId
from tests.factories import NOON

OWN = Installation(
    platform="slack",
    place="T1",
    name="Guild office",
    sealed=b"\x00sealed",
    scopes=("chat:write", "commands"),
    installed_at=NOON,
    installer=MemberId("U1"),
    expires_at=NOON + timedelta(hours=12),
)


async def test_an_installation_is_found_as_it_was_saved_and_a_later_one_takes_its_place(database: SqlDatabase) -> None:
    again = replace(OWN, sealed=b"other", expires_at=None, installer=None)
    async with database.begin() as tx:
        await tx.installations.save(OWN)
        assert await tx.installations.find("slack", "T1") == OWN
        await tx.installations.save(again)
    async with database.read() as tx:
        assert await tx.installations.find("slack", "T1") == again
        assert await tx.installations.find("discord", "T1") is None
        assert await tx.installations.find("slack", "T2") is None
        assert list(await tx.installations.all("slack")) == [again]


async def test_a_workspace_that_an_organisation_left_is_reached_no_more_unless_it_came_back(
    database: SqlDatabase,
) -> None:
    minute = timedelta(minutes=1)
    async with database.begin() as tx:
        await tx.installations.save(replace(OWN, place="E1"))
        await tx.installations.save(replace(OWN, place="T3"))
        await tx.installations.reach("slack", "T2", "E1")
        now = await tx.now()
        assert not await tx.installations.leave("slack", "T2", "E1", now - minute), "reached since"
        assert not await tx.installations.leave("slack", "T2", "E9", now + minute)
        assert not await tx.installations.leave("slack", "T3", "E1", now + minute), "it has keys of its own"
        assert await tx.installations.find("slack", "T2") is not None
        assert await tx.installations.leave("slack", "T2", "E1", now + minute)
        assert await tx.installations.find("slack", "T2") is None
        assert await tx.installations.find("slack", "T3") is not None
        await tx.installations.reach("slack", "T2", "E1")
        assert await tx.installations.find("slack", "T2") is not None


async def test_a_workspace_is_reached_through_its_organisation_until_it_has_keys_of_its_own(
    database: SqlDatabase,
) -> None:
    whole = replace(OWN, place="E1")
    async with database.begin() as tx:
        await tx.installations.save(whole)
        await tx.installations.reach("slack", "T1", "E1")
        await tx.installations.reach("slack", "T1", "E1")
        assert await tx.installations.find("slack", "T1") == whole
        await tx.installations.save(OWN)
        await tx.installations.reach("slack", "T1", "E1")
        assert await tx.installations.find("slack", "T1") == OWN
        await tx.installations.reach("slack", "T2", "E1")
        assert await tx.installations.remove("slack", "E1") == ["E1", "T2"]
        assert await tx.installations.find("slack", "T2") is None
        assert await tx.installations.find("slack", "T1") == OWN
        assert await tx.installations.remove("slack", "T1") == ["T1"]
        assert await tx.installations.all("slack") == []


async def test_a_state_is_used_once_and_not_when_it_has_expired(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await tx.installations.issue_state("slack", "late", timedelta(0))
        await tx.installations.issue_state("slack", "fresh", timedelta(minutes=10))

    async def use() -> bool:
        async with database.begin() as tx:
            return await tx.installations.use_state("slack", "fresh")

    assert sorted(await asyncio.gather(*(use() for _ in range(5)))) == [False] * 4 + [True]
    async with database.begin() as tx:
        assert not await tx.installations.use_state("slack", "late")
        assert not await tx.installations.use_state("slack", "never issued")


async def test_what_was_heard_is_heard_first_once_by_whoever_asks(database: SqlDatabase) -> None:
    async def first() -> bool:
        async with database.begin() as tx:
            return "Ev1" in await tx.heard.first("slack", ["Ev1", "Ev1"])

    assert sorted(await asyncio.gather(*(first() for _ in range(5)))) == [False] * 4 + [True]
    async with database.begin() as tx:
        assert await tx.heard.first("slack", ["Ev1", "Ev2"]) == {"Ev2"}
        assert await tx.heard.first("discord", ["Ev1"]) == {"Ev1"}
        await tx.heard.forget("slack", timedelta(days=1))
        assert not await tx.heard.first("slack", ["Ev1"])
        await tx.heard.forget("slack", timedelta(0) - timedelta(seconds=1))
        assert await tx.heard.first("slack", ["Ev1"]) == {"Ev1"}


@pytest.mark.parametrize("keys", [(), ("a",), tuple(str(number) for number in range(500))])
async def test_any_number_of_keys_can_be_asked_for(database: SqlDatabase, keys: tuple[str, ...]) -> None:
    async with database.begin() as tx:
        assert set(await tx.heard.first("slack", keys)) == set(keys)
