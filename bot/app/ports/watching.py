"""Watches and what they were told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from bot.core.community import CommunityId, MemberId
from bot.core.delivery import (
    DeliveryId,
    DestinationId,
)
from bot.core.story import StoryId
from bot.core.watch.alerting import Alert, AlertId
from bot.core.watch.watch import NewWatch, Watch, WatchId


class Watches(Protocol):
    """What members and communities want to be told of. Whoever speaks for a member gives both, and a private watch is
    there for its owner only; the methods of the pipeline, which are named so, see all and show nobody."""

    async def add(self, watch: NewWatch) -> WatchId:
        """Raises LookupError for a destination that the community does not have. A story that its owner follows
        already is not followed twice: the id is that watch's."""

    async def get(self, community: CommunityId, member: MemberId, watch: WatchId) -> Watch | None: ...

    async def of(self, community: CommunityId, member: MemberId) -> Sequence[Watch]:
        """Theirs and the community's own, by id."""

    async def change(
        self, community: CommunityId, member: MemberId, watch: WatchId, revision: int, **values: Any
    ) -> Watch | None:
        """With these fields of `NewWatch` changed, one revision further; None where `revision` is not the present one:
        somebody else was faster. Raises LookupError for a watch that they may not see."""

    async def remove(self, community: CommunityId, member: MemberId, watch: WatchId) -> bool:
        """With its alerts, and whatever of it was not sent yet; what a private one was told goes too. False if there is
        none that they may see."""

    async def following(self, community: CommunityId, member: MemberId, story: StoryId) -> Watch | None:
        """Theirs, of the story that this id leads to."""

    async def count(self, community: CommunityId, member: MemberId | None) -> int:
        """Theirs; where None, the community's own."""

    async def forget(self, community: CommunityId, member: MemberId) -> int:
        """Remove all of theirs, with all that was told by them and the address they were told at; how many."""

    async def pipeline_common(self, community: CommunityId, destination: DestinationId) -> bool:
        """Whether a watch of the community's own posts there."""

    async def pipeline_any(self) -> bool:
        """Whether there is any watch, whoever's."""

    async def pipeline_count(self) -> int: ...

    async def pipeline_ids(self) -> Collection[WatchId]: ...

    async def pipeline_changed(self, since: datetime) -> Sequence[Watch]:
        """Those saved or changed since then, by the database's clock, by id."""

    async def pipeline_get(self, wanted: Collection[WatchId], *, hold: bool = False) -> Sequence[Watch]:
        """Those that are still there, by id. With `hold` nobody else decides for them until the transaction ends."""

    async def pipeline_followers(self, story: StoryId) -> Collection[WatchId]:
        """The watches that follow it, also under an id that leads to it; of two of one member the older."""

    async def pipeline_told(self, story: StoryId) -> Collection[WatchId]:
        """The watches that were told of it, or follow it, also under an id that leads to it."""


class Alerts(Protocol):
    """What watches were told, for the pipeline: nothing here is for a member's eyes. Stories go by the ids they lead to
    now. A watch is named as `pipeline_get` gave it."""

    async def of(self, watch: Watch, story: StoryId, since: datetime) -> Sequence[Alert]:
        """What `alerting.decide` needs: all of this story, what was told of any since then, and what waits; by id."""

    async def add(self, watch: Watch, alert: Alert) -> AlertId:
        """`alert.id` is ignored."""

    async def change(self, watch: Watch, alert: Alert) -> None: ...

    async def pipeline_watch(self, delivery: DeliveryId) -> WatchId | None:
        """The watch whose alerts that message tells; None where it tells none, or the watch was removed."""

    async def told_with(self, watch: Watch, delivery: DeliveryId) -> Sequence[Alert]:
        """The alerts that one message tells, by id."""

    async def moves_told(
        self, destination: DestinationId, keys: Collection[str], *, but: DeliveryId | None = None
    ) -> Collection[str]:
        """Which of these moves (`Move.key`) were told there, `but` by that message."""

    async def note_moves(self, destination: DestinationId, keys: Collection[str], delivery: DeliveryId) -> None:
        """That message tells them; what another has told already stays that one's."""

    async def remind(
        self, watch: Watch, story: StoryId, day: date, lead: timedelta, delivery: DeliveryId | None = None
    ) -> bool:
        """Note that the watch is told so long before that day of what its story waits for; False if it was before. With
        `delivery`, which message says so."""

    async def pipeline_reminded(self, delivery: DeliveryId) -> tuple[StoryId, date, timedelta] | None:
        """Of which story's day that message reminds, and how long before it; None where it reminds of none."""
