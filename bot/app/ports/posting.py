"""What is posted where: schedules, digests, deliveries and their outbox, and what an editor passes first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.app.ports.work import Task
from bot.core.analysis import Analysis
from bot.core.article import ArticleId
from bot.core.community import CommunityId, MemberId
from bot.core.community_settings import CommunitySettings
from bot.core.correction.correction import Correction, Quoted
from bot.core.delivery import (
    PLAINLY,
    DeliveryId,
    DeliveryState,
    Destination,
    DestinationId,
    Digest,
    DigestId,
    DigestState,
    Manner,
    Schedule,
    ScheduleId,
    WhenUncertain,
)
from bot.core.message.document import Document
from bot.core.movement import Told
from bot.core.outbox import Closing, OpenPart, Priority, Shown, Standing
from bot.core.posting_stop import Scope, Stop, StopId, Waiting
from bot.core.review.draft import DraftId, StoryDraft
from bot.core.review.entry import ReviewEntry
from bot.core.review.release import Review
from bot.core.story import StoryId


class Schedules(Protocol):
    async def add(self, schedule: Schedule, *, due: datetime) -> ScheduleId:
        """`schedule.id` is ignored. The first slot is at `due` (its task is put here)."""

    async def get(self, community: CommunityId, schedule: ScheduleId) -> Schedule | None:
        """None where it was removed."""

    async def change(self, schedule: Schedule, *, due: datetime) -> bool:
        """Write it down in place of what its `revision` was, which then is the next; its next slot is at `due`. False,
        and nothing is changed, where there is no such revision any more: somebody was faster."""

    async def remove(self, community: CommunityId, schedule: ScheduleId) -> bool:
        """What it posted stays; False if there is none."""

    async def forget(self, community: CommunityId, member: MemberId) -> None:
        """That it was they who set a schedule up."""

    async def of(self, community: CommunityId) -> Sequence[Schedule]:
        """Those that were not removed, by id."""

    async def destination(self, community: CommunityId, platform: str, address: str) -> Destination:
        """Find or make it."""

    async def get_destination(self, community: CommunityId, destination: DestinationId) -> Destination | None: ...

    async def notices(self, community: CommunityId) -> Destination | None:
        """Where a community is told what concerns it: where it wants that, else where its oldest schedule posts; None
        where it has none. In a transaction that writes."""


class Digests(Protocol):
    async def put(self, schedule: Schedule, slot: datetime, digest: Digest, state: DigestState) -> DigestId | None:
        """Keep a digest for that slot; None if the slot has one already (unique)."""

    async def get(self, community: CommunityId, digest: DigestId) -> tuple[Digest, DigestState, Schedule] | None: ...

    async def set_state(self, community: CommunityId, digest: DigestId, state: DigestState) -> None: ...

    async def revise(self, community: CommunityId, digest: DigestId, body: Digest) -> None:
        """Keep it as it is told after review: what is not in it any more was not told."""

    async def last_slot(self, community: CommunityId, schedule: ScheduleId) -> datetime | None:
        """The latest slot that had something to tell; one that passed in silence told nothing."""

    async def posted(self, community: CommunityId, destination: DestinationId) -> Mapping[StoryId, int]:
        """Stories already in a digest for that destination, under the ids they lead to now, with the last version
        told. What an editor rejected was not told."""

    async def told(
        self, community: CommunityId, destination: DestinationId, wanted: Collection[StoryId]
    ) -> Mapping[StoryId, Sequence[Told]]:
        """What that destination was told of these stories, the first time first; likewise."""

    async def telling(self, community: CommunityId, story: StoryId) -> Mapping[DigestId, Sequence[StoryId]]:
        """The digests that were let go and tell that story, each with the ids that lead to it and under which it tells
        it."""

    async def carried(self, community: CommunityId, schedule: ScheduleId) -> Sequence[StoryId]:
        """What did not fit into the latest digest that had something to tell, under the ids they lead to now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """`revision` counts the document's replacements from 1. `shown` are the parts that were posted or refused, `open`
    is one of which nobody knows (`bot.core.outbox`). `attempts` are those of the part that comes next, `reason` is why
    the last was in vain; not tried again before `not_before`. One that `follows` another is said beneath that one's
    first message, `leading`: None while that is not posted. One that was `restored` waited when a backup was taken
    which took the database's place since: whatever is not shown may have been posted meanwhile."""

    id: DeliveryId
    community: CommunityId
    destination: Destination
    document: Document
    manner: Manner
    state: DeliveryState
    priority: Priority
    queued_at: datetime
    digest: DigestId | None = None
    reason: str | None = None
    revision: int = 1
    attempts: int = 0
    not_before: datetime | None = None
    shown: Mapping[int, Shown] = field(default_factory=dict)
    open: OpenPart | None = None
    follows: DeliveryId | None = None
    leading: Shown | None = None
    restored: bool = False

    @property
    def untouched(self) -> bool:
        """Nobody can have read any of it."""
        return self.state is DeliveryState.QUEUED and not self.shown and self.open is None

    @property
    def sent_parts(self) -> Mapping[int, str]:
        """Part index → native message id."""
        return {part: shown.message for part, shown in self.shown.items() if shown.is_posted}

    @property
    def refused_parts(self) -> Mapping[int, str]:
        """Part index → why."""
        return {part: shown.refused for part, shown in self.shown.items() if shown.refused is not None}


class Deliveries(Protocol):
    async def queue(
        self,
        community: CommunityId,
        destination: DestinationId,
        document: Document,
        *,
        digest: DigestId | None,
        manner: Manner = PLAINLY,
        priority: Priority | None = None,
        follows: DeliveryId | None = None,
        quotes: Sequence[Quoted] = (),
    ) -> DeliveryId:
        """Keep it, and let its destination's lane be due. What has a digest is a digest, and anything else a notice,
        where no `priority` says otherwise. With the priority of what it `follows` it is sent after that. `quotes` is
        what it says in outlets' words, where it is no digest. Raises LookupError for another's."""

    async def get(self, community: CommunityId, delivery: DeliveryId) -> Delivery | None: ...

    async def whose(self, platform: str, messages: Collection[str]) -> CommunityId | None:
        """The community whose delivery one of these messages of a platform shows; None where none does. For an adapter
        that was pressed a button in a conversation which does not say whose it is."""

    async def hold(self, community: CommunityId, delivery: DeliveryId) -> Delivery | None:
        """As `get`, and it is neither sent nor changed by anybody else until the transaction ends."""

    async def of_digest(self, community: CommunityId, digest: DigestId) -> Sequence[DeliveryId]: ...

    async def last_digest(self, community: CommunityId) -> Delivery | None:
        """The latest digest of which something was posted, and is there still as far as is known."""

    async def revise(
        self,
        community: CommunityId,
        delivery: DeliveryId,
        document: Document,
        *,
        quotes: Sequence[Quoted] | None = None,
    ) -> bool:
        """Say this instead, wherever it is: what is not posted yet is posted so, and messages that were are edited,
        save those that somebody deleted. `quotes` as for `queue`; None: as before. False where it was set aside:
        nothing of it will change."""

    async def retry(self, community: CommunityId, delivery: DeliveryId) -> bool:
        """Send what of it was not sent, afresh and at once, whatever became of it before: parts that were refused too.
        Its destination is not paused any more. False where all of it was sent."""

    async def drop(self, community: CommunityId, delivery: DeliveryId) -> bool:
        """Never send what of it was not sent. False where it is sent, or is being sent now. Parts that were refused of
        one that was sent are let go likewise."""

    async def resume(self, community: CommunityId, destination: DestinationId) -> bool:
        """Send there again; False where it was not paused."""

    async def set_policy(self, community: CommunityId, destination: DestinationId, policy: WhenUncertain) -> None: ...

    async def refusals(self, community: CommunityId) -> Mapping[DestinationId, str]:
        """The destinations that are paused, or whose latest delivery was refused, and why: nothing can be posted there,
        it seems."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A destination, its community's settings, and the oldest unfinished delivery of each priority. `left`: its
    community removed us."""

    destination: Destination
    settings: CommunitySettings
    heads: Sequence[Delivery]
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A delivery as the operator sees it: everything but what it says. `shown` of its parts were posted."""

    id: DeliveryId
    community: CommunityId
    platform: str
    address: str
    standing: Standing
    priority: Priority
    queued_at: datetime
    attempts: int
    shown: int
    not_before: datetime | None
    reason: str | None


class Outbox(Protocol):
    """The sender's and the operator's view of all deliveries, whoever's: nothing here is for a member's eyes. A lane is
    a destination, and its task (stage DELIVER) is who may work on it."""

    async def held(self, lanes: Collection[Task]) -> Collection[Task]:
        """Those of them that are still held by their holders."""

    async def lanes(self, destinations: Collection[int]) -> Mapping[int, Lane]:
        """By destination; one that is gone is left out."""

    async def take(self, deliveries: Collection[DeliveryId]) -> Mapping[DeliveryId, int]:
        """They are being sent, and that is an attempt: their revisions; without those that were dropped meanwhile."""

    async def open(self, parts: Collection[tuple[DeliveryId, int, int]]) -> None:
        """These parts (delivery, part, revision) are about to be sent: to be committed before they are. One that is
        open stays as it was first. A delivery that was removed meanwhile is passed over, here and below."""

    async def note(self, parts: Collection[tuple[DeliveryId, int, Shown]]) -> None:
        """These parts were posted, refused, or changed."""

    async def count_anew(self, deliveries: Collection[DeliveryId]) -> None:
        """They got further: this is the first attempt of their next part."""

    async def close(self, closings: Mapping[DeliveryId, Closing]) -> None:
        """Write down what became of deliveries that were taken."""

    async def pause(self, destination: DestinationId, reason: str) -> bool:
        """Until `Deliveries.resume`; False where it is paused already."""

    async def get(self, delivery: DeliveryId) -> Delivery | None: ...

    async def listed(
        self,
        now: datetime,
        *,
        community: CommunityId | None,
        unfinished: bool,
        limit: int,
        only: DeliveryId | None = None,
    ) -> Sequence[Listed]:
        """The newest first; with `unfinished` only those that are not sent nor dropped. The `reason` of one that is
        held is what holds it."""

    async def counts(self, now: datetime) -> Mapping[Standing, int]:
        """How many there are of each standing but sent and dropped."""

    async def stuck(self) -> int:
        """How many wait for a place that is paused until a person lifts that."""

    async def waiting(self) -> Mapping[str, int]:
        """How many are still to be sent, by platform; of destinations that are paused none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldUp:
    """A delivery that a stop holds up, and where it goes. `paused`: its community's own pause holds it up as well."""

    waiting: Waiting
    platform: str
    community: CommunityId
    destination: DestinationId
    paused: bool


class Posting(Protocol):
    """The operator's switch (`bot.core.posting_stop`)."""

    async def stop(self, scope: Scope, *, by: str, reason: str) -> Stop:
        """From now, by the database's clock."""

    async def in_force(self) -> Sequence[Stop]: ...

    async def history(self, *, limit: int) -> Sequence[Stop]:
        """The newest first, lifted ones included."""

    async def lift(self, stops: Collection[StopId], *, by: str) -> None: ...

    async def held_up(self, scopes: Collection[Scope]) -> Sequence[HeldUp]:
        """What is not finished within any of these, oldest first; without what its place's own pause holds up."""

    async def let_go(self, deliveries: Collection[DeliveryId]) -> Sequence[DeliveryId]:
        """Drop those of which nothing was sent or is being sent; which. The digests among them were not told, and their
        stories are carried over to the next of their schedule."""

    async def wake(self, lanes: Collection[DestinationId]) -> None:
        """Let these lanes be due now."""


class Corrections(Protocol):
    """What posted messages stand on, and what was corrected of them. The `pipeline` methods look for messages of every
    community that may see the article: nothing of theirs is for a member's eyes."""

    async def pipeline_citing(self, article: ArticleId) -> Sequence[tuple[CommunityId, DigestId]]:
        """Digests that it is a source of."""

    async def pipeline_quoting(self, article: ArticleId) -> Sequence[tuple[CommunityId, DeliveryId]]:
        """Deliveries that quote it and are no digests."""

    async def quotes(self, community: CommunityId, delivery: DeliveryId) -> Sequence[Quoted]: ...

    async def note(
        self,
        community: CommunityId,
        made: Sequence[Correction],
        *,
        digest: DigestId | None,
        delivery: DeliveryId | None,
        member: MemberId | None = None,
    ) -> None:
        """Into the log, not told yet beneath the message; `member` is the editor who decided."""

    async def untold(self, community: CommunityId, delivery: DeliveryId) -> Sequence[Correction]:
        """In the order made."""

    async def told(self, community: CommunityId, delivery: DeliveryId, notice: DeliveryId | None) -> bool:
        """All of them are, by that notice; None where nothing is to be said. False where there were none."""

    async def last_told(self, community: CommunityId, delivery: DeliveryId) -> datetime | None:
        """When the last notice beneath it was queued, by the database's clock."""

    async def of(self, community: CommunityId, delivery: DeliveryId) -> Sequence[Correction]:
        """All of one message, in the order made."""

    async def of_story(self, community: CommunityId, story: StoryId) -> Sequence[Correction]:
        """Of a story, also under ids that lead to it, in the order made."""

    async def log(
        self, community: CommunityId, *, since: datetime | None = None, limit: int
    ) -> Sequence[tuple[Correction, DigestId | None]]:
        """The newest first, each with the digest that it is of."""

    async def forget(self, community: CommunityId, member: MemberId) -> None:
        """That it was they who decided; what was corrected stays on record."""


class Reviews(Protocol):
    """The editor's desk: drafts of stories, the digests that wait for them, and who did what."""

    async def draft_of(self, community: CommunityId, analysis: Analysis, at: datetime) -> tuple[StoryDraft, bool]:
        """The draft of that version in these words, made at `at` where there is none; whether it was made."""

    async def begin(self, community: CommunityId, digest: DigestId, drafts: Sequence[DraftId], at: datetime) -> None:
        """The digest waits for these drafts, in its order. Raises LookupError for another's."""

    async def exchange(self, community: CommunityId, digest: DigestId, before: DraftId, after: DraftId | None) -> None:
        """The digest waits for another draft in that one's place; None: for none. Raises LookupError likewise."""

    async def of(self, community: CommunityId, digest: DigestId) -> Review | None:
        """None where it was never put before an editor."""

    async def hold(self, community: CommunityId, digest: DigestId) -> Review | None:
        """As `of`, and nobody else decides about it until the transaction ends: of two who approve the last two stories
        at once, the later sees both."""

    async def set_card(self, community: CommunityId, digest: DigestId, card: DeliveryId) -> None:
        """That message asks its editors."""

    async def card(self, community: CommunityId, digest: DigestId) -> DeliveryId | None: ...

    async def waiting(self, community: CommunityId, *, draft: DraftId | None = None) -> Sequence[DigestId]:
        """Digests that nobody decided about yet, oldest first: all, or those with that draft."""

    async def draft(self, community: CommunityId, draft: DraftId) -> StoryDraft | None: ...

    async def latest(self, community: CommunityId, story: StoryId) -> StoryDraft | None:
        """The newest draft of that story, also under an id that leads to it."""

    async def before(self, community: CommunityId, draft: DraftId) -> StoryDraft | None:
        """The draft of the same story before this one, also under an id that leads to it."""

    async def save(self, community: CommunityId, before: StoryDraft, after: StoryDraft) -> bool:
        """Write down what is different; approvals by others that came meanwhile stay. False, and nothing is changed,
        where the text is not that of `before` any more: somebody was faster. Raises LookupError for another's."""

    async def note(self, community: CommunityId, entry: ReviewEntry) -> None: ...

    async def history(
        self, community: CommunityId, *, limit: int, draft: DraftId | None = None
    ) -> Sequence[ReviewEntry]:
        """The newest first; of one draft, or all."""

    async def count_by(self, community: CommunityId, member: MemberId) -> int:
        """Entries of theirs."""

    async def forget(self, community: CommunityId, member: MemberId) -> None:
        """What they did stays on record, that it was they does not; what they approved is not approved by them any
        more. What was posted stays as it was."""
