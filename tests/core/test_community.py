"""Who may see what."""

from __future__ import annotations

from bot.core.community import COMMON, LOCAL, CommunityId, may_see


def test_common_rows_are_seen_by_everybody() -> None:
    assert may_see(COMMON, COMMON)
    assert may_see(LOCAL, COMMON)


def test_private_rows_are_seen_by_their_owner_only() -> None:
    assert may_see(LOCAL, LOCAL)
    assert not may_see(CommunityId("discord:1"), LOCAL)
    assert not may_see(COMMON, LOCAL)
