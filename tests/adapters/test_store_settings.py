"""How a community is set up, and who changed what, over both databases."""

from __future__ import annotations

from datetime import timedelta

from adapters.storage import SqlDatabase
from bot.core.community import MemberId
from bot.core.community_settings import CommunitySettings
from tests.factories import GUILD, NOON, new_change, new_community

ANN, BEA = MemberId("ann"), MemberId("bea")


async def test_nothing_is_set_until_it_is_and_each_setting_stays_when_another_changes(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await tx.communities.ensure(new_community(GUILD))
        assert await tx.settings.of(GUILD) == CommunitySettings()
        await tx.settings.set(GUILD, zone="Europe/London")
        await tx.settings.set(GUILD, paused=True, paused_until=NOON)
        assert await tx.settings.of(GUILD) == CommunitySettings(zone="Europe/London", paused=True, paused_until=NOON)


async def test_changes_come_newest_first_and_name_whoever_made_them(database: SqlDatabase) -> None:
    first, second = new_change(ANN), new_change(BEA, what="notices", before="1", after=None, by="Bea\0")
    async with database.begin() as tx:
        await tx.communities.ensure(new_community(GUILD))
        await tx.changes.note(GUILD, first)
        await tx.changes.note(GUILD, second)
        found = await tx.changes.of(GUILD, limit=10)
        assert [change.what for change in found] == ["notices", "zone"]
        assert found[1] == first
        assert await tx.changes.of(GUILD, limit=1) == found[:1]
        assert await tx.changes.of(GUILD, limit=10, before=NOON) == []


async def test_a_forgotten_member_is_named_no_more_and_what_they_changed_stays(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await tx.communities.ensure(new_community(GUILD))
        for member in (ANN, BEA):
            await tx.changes.note(GUILD, new_change(member))
        assert await tx.changes.count_by(GUILD, ANN) == 1
        await tx.changes.forget(GUILD, ANN)
        assert await tx.changes.count_by(GUILD, ANN) == 0
        assert [change.member for change in await tx.changes.of(GUILD, limit=10)] == [BEA, None]


def test_a_pause_ends_at_its_time_or_never() -> None:
    for_a_day = CommunitySettings(paused=True, paused_until=NOON)
    assert for_a_day.is_paused(NOON - timedelta(seconds=1))
    assert not for_a_day.is_paused(NOON)
    assert CommunitySettings(paused=True).is_paused(NOON)
    assert not CommunitySettings(paused_until=NOON).is_paused(NOON - timedelta(days=1))
