"""What a community is, chose and said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.core.choices import Choices
from bot.core.community import Community, CommunityId, MemberId, Role
from bot.core.community_settings import Change, CommunitySettings
from bot.core.delivery import DeliveryId
from bot.core.desk.taste import Opinion
from bot.core.feed import FeedId
from bot.core.story import StoryId


@dataclass(frozen=True, slots=True)
class Greeted:
    """`by` is the delivery that greets; None where it was said at once."""

    at: datetime
    by: DeliveryId | None


class Communities(Protocol):
    async def ensure(self, community: Community) -> None:
        """Add it if it is not there."""

    async def get(self, community: CommunityId) -> Community | None: ...

    async def set_role(self, community: CommunityId, member: MemberId, role: Role) -> None: ...

    async def role(self, community: CommunityId, member: MemberId) -> Role:
        """MEMBER where nothing else was set."""

    async def all(self) -> Sequence[Community]: ...

    async def leave(self, community: CommunityId, at: datetime) -> None:
        """Slugline was removed there. Nothing is composed for it or posted, and all that it owns is purged later,
        unless it comes back. Repeatable: the first time counts."""

    async def come_back(self, community: CommunityId) -> bool:
        """Everything is as it was; False where it had not left. What waited is let go or sent as with the operator's
        switch: see `bot.app.leaving`."""

    async def has_left(self, community: CommunityId) -> bool: ...

    async def greeted(self, community: CommunityId) -> Greeted | None:
        """That somebody there was greeted since Slugline came there."""

    async def greet(self, community: CommunityId, *, instead_of: Greeted | None) -> bool:
        """That somebody is greeted now, in place of what stood; False where something else stands, or it left."""

    async def greeted_by(self, community: CommunityId, delivery: DeliveryId) -> None: ...

    async def left_before(self, moment: datetime) -> Sequence[CommunityId]: ...

    async def forget_role(self, community: CommunityId, member: MemberId) -> None:
        """MEMBER again, and no row that names them."""


class Settings(Protocol):
    """How a community is set up as a whole."""

    async def of(self, community: CommunityId) -> CommunitySettings: ...

    async def set(self, community: CommunityId, **values: Any) -> CommunitySettings:
        """With these fields of `CommunitySettings` changed; as it then is."""


class Changes(Protocol):
    """Who changed what in a community. Never what a member does for themselves alone: a private watch is nobody else's
    business."""

    async def note(self, community: CommunityId, change: Change) -> None: ...

    async def of(self, community: CommunityId, *, limit: int, before: datetime | None = None) -> Sequence[Change]:
        """The newest first."""

    async def count_by(self, community: CommunityId, member: MemberId) -> int: ...

    async def forget(self, community: CommunityId, member: MemberId) -> None:
        """What they changed stays on record, that it was they does not."""


class Preferences(Protocol):
    """What a community chose not to read. Every coverage and search that names it as its viewer keeps to that."""

    async def of(self, community: CommunityId) -> Choices: ...

    async def switch_desk(self, community: CommunityId, desk: str, *, on: bool) -> None: ...

    async def switch_feed(self, community: CommunityId, feed: FeedId, *, on: bool | None) -> None:
        """None: as its desk is. Raises LookupError for a feed that the community does not see."""

    async def show_outlet(self, community: CommunityId, outlet: str, *, shown: bool) -> None:
        """`outlet` is the name that its articles carry."""


class Feedback(Protocol):
    """What a community says of stories; nobody else ever sees it."""

    async def say(self, community: CommunityId, opinion: Opinion) -> None:
        """Keep it in place of what it said of that story before. Raises LookupError for a story it cannot see."""

    async def take_back(self, community: CommunityId, story: StoryId) -> bool:
        """As if nothing had been said of that story; False if nothing was."""

    async def of(self, community: CommunityId) -> Sequence[Opinion]:
        """All that stands, under the ids that stories lead to now, oldest first; one opinion a story, the last."""
