"""Communities: who owns what, and who may see it.

A community is a Discord server, a Slack workspace, or the local one of the terminal. Whatever a community owns
carries its `CommunityId`, and whoever reads says as whom: a `Viewer` sees the common rows plus its own, and the
viewer `COMMON` (None) sees the common rows only. The pipeline itself acts as the owner of the row it works on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import NewType

CommunityId = NewType("CommunityId", str)
"""`PLATFORM:NATIVE_ID`, such as `discord:81384788765712384`; the terminal's is `local`."""

MemberId = NewType("MemberId", str)
"""The platform's own id of a person, unique within a community."""

Viewer = CommunityId | None
"""As whom something is read or owned: a community, or `COMMON`."""

COMMON: Viewer = None
LOCAL = CommunityId("local")


class Role(IntEnum):
    """What a member may do; each role includes the ones below it."""

    MEMBER = 1
    EDITOR = 2
    MANAGER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    id: CommunityId
    platform: str
    name: str
    created_at: datetime


def may_see(viewer: Viewer, owner: Viewer) -> bool:
    """Whether `viewer` sees a row of `owner`: common rows are everybody's, private rows their owner's."""
    return owner is COMMON or owner == viewer
