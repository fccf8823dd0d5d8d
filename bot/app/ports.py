"""What the use cases need of the outside, and what each promises.

Storage is one `Database` that opens transactions; a transaction offers one collection an aggregate, and the use case
decides what commits together. Every method that touches what a community owns takes the viewer or the community.
No transaction is held across a network, model or chat call.

Work is handed from stage to stage as rows of due `Task`s in the same transaction as the facts they follow from, so
a stage can die anywhere and restart: a claimed task whose lease runs out, by the database's clock, is due again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.core.analysis import Analysis
from bot.core.article import Article, ArticleId, BodySource, NewArticle, Revision
from bot.core.bygones import Bygones
from bot.core.choices import Choices
from bot.core.community import Community, CommunityId, MemberId, Role, Viewer
from bot.core.community_settings import Change, CommunitySettings
from bot.core.delivery import (
    PLAINLY,
    CannotTell,
    DeliveryId,
    DeliveryState,
    Destination,
    DestinationId,
    Digest,
    DigestId,
    DigestState,
    Manner,
    Posted,
    Schedule,
    ScheduleId,
    SendOutcome,
    WhenUncertain,
)
from bot.core.desk.lead import Lead
from bot.core.desk.taste import Opinion
from bot.core.desk.tracking import NewTrackedItem, TrackedId, TrackedItem
from bot.core.feed import Feed, FeedId, NewFeed, Visit, VisitRecord
from bot.core.message.document import Document
from bot.core.movement import Told
from bot.core.outbox import Abilities, Closing, OpenPart, PartId, Priority, Shown, Standing
from bot.core.review.draft import DraftId, StoryDraft
from bot.core.review.entry import ReviewEntry
from bot.core.review.release import Review
from bot.core.story import Coverage, StoryId
from bot.core.vitals import Vitals
from bot.core.watch.alerting import Alert, AlertId
from bot.core.watch.watch import NewWatch, Watch, WatchId

Vector = NDArray[np.float32]
"""Shape (384,), unit length."""


# --- work ---------------------------------------------------------------------------------------------------


class Stage(StrEnum):
    POLL = "poll"  # key: feed id
    SCORE = "score"  # key: article id
    PAGE = "page"  # key: article id
    JOIN = "join"  # key: article id
    ANALYSE = "analyse"  # key: story id
    COMPOSE = "compose"  # key: schedule id
    REVIEW = "review"  # key: digest id
    DELIVER = "deliver"  # key: destination id (a lane of the outbox)
    ALERT = "alert"  # key: story id
    BUNDLE = "bundle"  # key: watch id
    REMIND = "remind"  # key: story id


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A claimed piece of work. `attempt` counts from 1; `owner` is as whom it is done; `due` is when it fell due;
    `lost` is how many claims in a row before this one were never given back."""

    stage: Stage
    key: int
    owner: Viewer
    attempt: int
    holder: str
    due: datetime
    lost: int = 0


SUSPECT = 2
"""A task whose holder vanished this often in a row may be what ends them."""


class Tasks(Protocol):
    """Due work. (stage, key) is unique: putting a task that is there moves it to the earlier time."""

    async def put(self, stage: Stage, keys: Collection[int], owner: Viewer, *, due: datetime | None = None) -> None:
        """Make work due (now by the database's clock where `due` is None). A claimed task that is put again is due
        again after its present holder is done, so no change is lost."""

    async def move(self, stage: Stage, key: int, owner: Viewer, due: datetime) -> None:
        """Make it due then and not before, later than it was too. One that is held is due then after its holder is
        done, where that does not ask for it sooner."""

    async def claim(
        self, stage: Stage, holder: str, limit: int, lease: timedelta, *, suspect: bool | None = None
    ) -> Sequence[Task]:
        """Take up to `limit` due tasks nobody holds, oldest due first, until now + lease by the database's clock: only
        those with `SUSPECT` lost claims or more, only the others, or (None) either."""

    async def done(self, task: Task, *, again: datetime | None = None) -> None:
        """Finish it; `again` makes it due anew then. Raises `LeaseLost` if another holder has it."""

    async def done_many(self, finished: Sequence[tuple[Task, datetime | None]]) -> None:
        """As `done`, for several tasks, each with its `again`. Raises `LeaseLost` if another holder has one of them."""

    async def retry(self, task: Task, due: datetime, error: str, *, failed: bool = True) -> None:
        """Give it back with what went wrong. Where it was not `failed` but put off, through no fault of its own, the
        attempt does not count. Raises `LeaseLost` likewise."""

    async def park(self, task: Task, error: str) -> None:
        """Set it aside for good, kept for `doctor`, until somebody puts it again. Raises `LeaseLost` likewise."""

    async def release(self, holder: str) -> None:
        """Give back all that this holder holds, due at once (a clean stop)."""

    async def take_from(self, holder: str) -> None:
        """Make all that a dead holder held due at once; as with a lease that ran out, its claims count as lost."""

    async def holders(self) -> Collection[str]:
        """Whoever holds work, or held it when the lease ran out."""

    async def waiting(self, stage: Stage, *, until: datetime | None = None) -> int:
        """How many tasks are due by `until` (now by the database's clock where None), held ones included."""

    async def parked(self) -> Sequence[tuple[Stage, int, str]]:
        """What was set aside: stage, key, error."""


class Leases(Protocol):
    """Named leases for what only one process may do at a time (joining)."""

    async def acquire(self, name: str, holder: str, lease: timedelta) -> bool:
        """Take or extend it; False if another holds it."""

    async def release(self, name: str, holder: str) -> None: ...

    async def holders(self) -> Mapping[str, str]:
        """Who holds which, by name; who held it last where the lease ran out."""


# --- aggregates ---------------------------------------------------------------------------------------------


# Changing a row that its owner does not have raises LookupError: a bug of the caller, or a reach for another's row.


class Communities(Protocol):
    async def ensure(self, community: Community) -> None:
        """Add it if it is not there."""

    async def get(self, community: CommunityId) -> Community | None: ...

    async def set_role(self, community: CommunityId, member: MemberId, role: Role) -> None: ...

    async def role(self, community: CommunityId, member: MemberId) -> Role:
        """MEMBER where nothing else was set."""

    async def all(self) -> Sequence[Community]: ...

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


class Feeds(Protocol):
    async def add(self, feed: NewFeed, *, visited: bool = True) -> tuple[FeedId, bool]:
        """Add it, due at once (never where not `visited`: a file from disk), or find the one with that address and
        owner; the bool says whether it is new. One that was gone is due again: somebody knows better."""

    async def get(self, viewer: Viewer, feed: FeedId) -> Feed | None: ...

    async def several(self, viewer: Viewer, feeds: Collection[FeedId]) -> Sequence[Feed]:
        """Those of them the viewer may see, in no particular order."""

    async def visible(self, viewer: Viewer) -> Sequence[Feed]:
        """Common feeds and the viewer's own, by title."""

    async def remove(self, owner: Viewer, feed: FeedId) -> bool:
        """Stop reading it and forget its address; its articles stay. False if that owner has no such feed."""

    async def record(self, owner: Viewer, feed: FeedId, record: VisitRecord) -> None:
        """Write down a visit; when it is due again is for its task to say. A feed that moved to an address which
        another feed of that owner has keeps its own. Raises `LeaseLost` if the feed was removed meanwhile."""

    async def record_many(self, owner: Viewer, records: Mapping[FeedId, VisitRecord]) -> None:
        """As `record`, for visits to several feeds."""

    async def bygones(self, owner: Viewer, feeds: Collection[FeedId]) -> Mapping[FeedId, Bygones]:
        """What of these feeds of that owner was too old; nothing for a feed of which that is not known."""

    async def set_bygones(self, owner: Viewer, bygones: Mapping[FeedId, Bygones]) -> None:
        """Replace it."""

    async def read_elsewhere(self, feed: FeedId, after: datetime) -> bool | None:
        """Whether any other feed, whoever's, was read after that; None where too few others are visited to tell."""


class Articles(Protocol):
    """Articles of outlets on the operator's opt-out list come back `reserved` everywhere, coverages included, from the
    moment they are on it until they are off it."""

    async def by_keys(self, owner: Viewer, keys: Collection[str]) -> Mapping[str, Article]:
        """Articles of exactly that owner, by identity key."""

    async def add(self, article: NewArticle) -> ArticleId:
        """Keep it, or find the article of that owner which has one of its keys already."""

    async def add_many(self, new: Sequence[NewArticle]) -> Sequence[ArticleId]:
        """As `add`, for all of a visit (or of several) at once; ids in the order given. Two of `new` that share a
        key are one article: the first."""

    async def seen_in(self, owner: Viewer, article: ArticleId, feed: FeedId, keys: Collection[str]) -> None:
        """Note that a feed carries it, and learn further identity keys, save those another article of that owner
        has. Repeatable."""

    async def revise(
        self, owner: Viewer, article: ArticleId, *, title: str, summary: str, content: str, at: datetime
    ) -> int:
        """Keep the present text as a `Revision` and replace it; returns the new revision number. What was set aside
        is no longer: that was said of the text before."""

    async def revisions(self, viewer: Viewer, article: ArticleId) -> Sequence[Revision]: ...

    async def withdraw(self, owner: Viewer, article: ArticleId, reason: str, at: datetime) -> None: ...

    async def get(self, viewer: Viewer, articles: Collection[ArticleId]) -> Sequence[Article]:
        """Those of them the viewer may see, in no particular order."""

    async def set_body(self, owner: Viewer, article: ArticleId, text: str, source: BodySource) -> None: ...

    async def set_score(
        self,
        owner: Viewer,
        article: ArticleId,
        *,
        relevance: float,
        mentions_ai: bool,
        reasons: Sequence[str],
        vector: Vector | None,
    ) -> None:
        """Keep what the gate found; what was set aside is no longer. The vector is kept as float16; None takes away
        the one that was there."""

    async def set_aside(self, owner: Viewer, article: ArticleId, reason: str) -> None: ...

    async def set_reserved(self, owner: Viewer, article: ArticleId, reason: str) -> None:
        """Link it by title only from now on."""

    async def reasons(self, viewer: Viewer, article: ArticleId) -> Sequence[str]: ...

    async def vectors(self, viewer: Viewer, articles: Collection[ArticleId]) -> Mapping[ArticleId, Vector]: ...

    async def search(
        self, viewer: Viewer, words: str, *, limit: int, since: datetime | None = None, outlet: str | None = None
    ) -> Sequence[Article]:
        """Articles that hold every one of `words` (a "quoted phrase" counts as one), published since then, by the
        outlet of that name where one is given (looked for in the newest 30,000 that hold the words), not withdrawn and
        not chosen away by the viewer. Of the newest 500 that match: those with more of the words in the title first,
        then the later published. Case and accents do not matter; no text is a syntax error."""

    async def mentions(
        self, viewer: Viewer, words: str, since: datetime, *, limit: int
    ) -> Sequence[tuple[datetime, StoryId | None]]:
        """When each article that `search` could find was published, and its story; the newest `limit` of them."""

    async def outlets(self, viewer: Viewer, since: datetime) -> Sequence[str]:
        """The names of outlets with an article published since then, whether hidden or not, in order."""

    async def count(self, viewer: Viewer) -> int: ...


class Stories(Protocol):
    async def found(
        self,
        owner: Viewer,
        article: ArticleId,
        *,
        relevance: float,
        relevant: bool,
        at: datetime,
        follows: StoryId | None = None,
    ) -> StoryId:
        """`follows` is the story before it in its saga, one that `owner` may see. Raises ValueError for another's."""

    async def attach(
        self, owner: Viewer, story: StoryId, article: ArticleId, *, copy_of: ArticleId | None, at: datetime
    ) -> None:
        """Put an article (of `owner`) into a story, out of any other it was in; both get a new version, seen only by
        those who may see the article. Repeatable. Raises ValueError for a story that is another's, and for a common
        article and a private story."""

    async def merge(self, kept: StoryId, absorbed: StoryId, at: datetime) -> None:
        """Move all of `absorbed` into `kept`; the absorbed id leads to the kept one for ever. The kept story's version
        rises above both. Raises ValueError unless the kept one is common or both have the same owner."""

    async def decide(self, story: StoryId, *, relevance: float, relevant: bool) -> bool:
        """Write the decision down; whether it turned (relevant now and not before, or the reverse)."""

    async def touch(self, owner: Viewer, article: ArticleId, at: datetime) -> StoryId | None:
        """The article's text changed or it was withdrawn: its story gets a new version."""

    async def get(self, viewer: Viewer, story: StoryId) -> Coverage | None:
        """As the viewer sees it, following merges; None if there is none of its articles the viewer may see and did not
        choose away (`Preferences`), here and below.

        In no coverage, here and below, is an article that was withdrawn or set aside: it is no evidence."""

    async def of_article(self, viewer: Viewer, article: ArticleId) -> StoryId | None: ...

    async def of_articles(self, viewer: Viewer, articles: Collection[ArticleId]) -> Mapping[ArticleId, StoryId]:
        """As `of_article`, for several; nothing for one that is in no story."""

    async def titles(self, viewer: Viewer, since: datetime) -> Sequence[tuple[StoryId, str]]:
        """The titles of the articles of stories about AI and work that changed since then, by Slugline's clock, as the
        viewer sees them: the story that changed last first, in it the oldest article."""

    async def whole(self, story: StoryId) -> Coverage | None:
        """For joining: with *all* its articles, whoever's, following merges; None if it has none."""

    async def window(self, since: datetime) -> Sequence[Coverage]:
        """For joining: every story with an article published since then, with *all* its articles."""

    async def published(
        self,
        viewer: Viewer,
        since: datetime,
        until: datetime,
        *,
        least: float | None = None,
        also: Collection[StoryId] = (),
    ) -> Sequence[Coverage]:
        """Stories that are about AI and work, with a visible article published in [since, until). Where `least` is
        given, those of at least that probability too, and of `also` any: what a community's taste may admit."""

    async def around(self, viewer: Viewer, since: datetime, until: datetime) -> Sequence[Coverage]:
        """Every story, about AI and work or not, with a visible article published in [since, until)."""

    async def updated(
        self, viewer: Viewer, since: datetime, *, least: float | None = None, also: Collection[StoryId] = ()
    ) -> Sequence[Coverage]:
        """Stories about AI and work that changed since then, by Slugline's own clock; `least` and `also` as above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisKey:
    """`sources` identifies the set of visible articles and their revisions (a hash)."""

    story: StoryId
    version: int
    engine: str
    sources: str


class Analyses(Protocol):
    async def find(self, owner: Viewer, key: AnalysisKey) -> Analysis | None:
        """Of that owner, or else a common one: it was made of the same sources."""

    async def put(self, owner: Viewer, key: AnalysisKey, analysis: Analysis) -> None:
        """Keep it unless that key is there already (the first one stays). `owner` is set where a private article
        is among its sources."""


class Tracked(Protocol):
    """What analyses told readers to watch, and what became of it. Owned as analyses are."""

    async def of(self, viewer: Viewer, story: StoryId) -> Sequence[TrackedItem]:
        """The items of a story that the viewer may see, following merges, oldest first; none whose evidence no longer
        stands. States are as they were last written: `tracking.as_of` says what the date has changed since."""

    async def coming(self, viewer: Viewer, first: date, last: date) -> Sequence[TrackedItem]:
        """As `of`, of every story about AI and work: those due between the two days, both included, by their day; none
        whose evidence the viewer chose away."""

    async def add(self, owner: Viewer, items: Collection[NewTrackedItem]) -> None:
        """An item in the same words that the story has already is left as it is. Raises LookupError for evidence its
        owner may not see."""

    async def change(self, owner: Viewer, item: TrackedItem) -> None:
        """Write it down anew. Raises LookupError likewise."""

    async def remove(self, owner: Viewer, items: Collection[TrackedId]) -> None: ...


class Feedback(Protocol):
    """What a community says of stories; nobody else ever sees it."""

    async def say(self, community: CommunityId, opinion: Opinion) -> None:
        """Keep it in place of what it said of that story before. Raises LookupError for a story it cannot see."""

    async def take_back(self, community: CommunityId, story: StoryId) -> bool:
        """As if nothing had been said of that story; False if nothing was."""

    async def of(self, community: CommunityId) -> Sequence[Opinion]:
        """All that stands, under the ids that stories lead to now, oldest first; one opinion a story, the last."""


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
        """Where a community is told what concerns it: where its oldest schedule posts; None where it has none."""


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

    async def carried(self, community: CommunityId, schedule: ScheduleId) -> Sequence[StoryId]:
        """What did not fit into the latest digest that had something to tell, under the ids they lead to now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """`revision` counts the document's replacements from 1. `shown` are the parts that were posted, `open` is one of
    which nobody knows (`bot.core.outbox`). `attempts` are those of the part that comes next, `reason` is why the last
    was in vain; not tried again before `not_before`."""

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

    @property
    def sent_parts(self) -> Mapping[int, str]:
        """Part index → native message id."""
        return {part: shown.message for part, shown in self.shown.items()}


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
    ) -> DeliveryId:
        """Keep it, and let its destination's lane be due. What has a digest is a digest, and anything else a notice,
        where no `priority` says otherwise."""

    async def get(self, community: CommunityId, delivery: DeliveryId) -> Delivery | None: ...

    async def revise(self, community: CommunityId, delivery: DeliveryId, document: Document) -> bool:
        """Say this instead, wherever it is: what is not posted yet is posted so, and messages that were are edited.
        False where it was set aside: nothing of it will change."""

    async def retry(self, community: CommunityId, delivery: DeliveryId) -> bool:
        """Send what of it was not sent, afresh and at once, whatever became of it before; its destination is not paused
        any more. False where all of it was sent."""

    async def drop(self, community: CommunityId, delivery: DeliveryId) -> bool:
        """Never send what of it was not sent. False where it is sent, or is being sent now."""

    async def resume(self, community: CommunityId, destination: DestinationId) -> bool:
        """Send there again; False where it was not paused."""

    async def set_policy(self, community: CommunityId, destination: DestinationId, policy: WhenUncertain) -> None: ...

    async def refusals(self, community: CommunityId) -> Mapping[DestinationId, str]:
        """The destinations that are paused, or whose latest delivery was refused, and why: nothing can be posted there,
        it seems."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A destination, its community's settings, and the oldest unfinished delivery of each priority."""

    destination: Destination
    settings: CommunitySettings
    heads: Sequence[Delivery]


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

    async def take(self, deliveries: Collection[DeliveryId]) -> Collection[DeliveryId]:
        """They are being sent, and that is an attempt; without those that were dropped meanwhile."""

    async def open(self, parts: Collection[tuple[DeliveryId, int, int]]) -> None:
        """These parts (delivery, part, revision) are about to be sent: to be committed before they are. One that is
        open stays as it was first. A delivery that was removed meanwhile is passed over, here and below."""

    async def note(self, parts: Collection[tuple[DeliveryId, int, Shown]]) -> None:
        """These parts were posted, or changed."""

    async def count_anew(self, deliveries: Collection[DeliveryId]) -> None:
        """They got further: this is the first attempt of their next part."""

    async def close(self, closings: Mapping[DeliveryId, Closing]) -> None:
        """Write down what became of deliveries that were taken."""

    async def pause(self, destination: DestinationId, reason: str) -> bool:
        """Until `Deliveries.resume`; False where it is paused already."""

    async def get(self, delivery: DeliveryId) -> Delivery | None: ...

    async def listed(
        self, now: datetime, *, community: CommunityId | None, unfinished: bool, limit: int
    ) -> Sequence[Listed]:
        """The newest first; with `unfinished` only those that are not sent nor dropped."""

    async def counts(self, now: datetime) -> Mapping[Standing, int]:
        """How many there are of each standing but sent and dropped."""


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


class VitalsStore(Protocol):
    """Of the whole installation, for whoever runs it."""

    async def now(self) -> Vitals: ...


class Transaction(Protocol):
    @property
    def tasks(self) -> Tasks: ...
    @property
    def leases(self) -> Leases: ...
    @property
    def communities(self) -> Communities: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def changes(self) -> Changes: ...
    @property
    def preferences(self) -> Preferences: ...
    @property
    def feeds(self) -> Feeds: ...
    @property
    def articles(self) -> Articles: ...
    @property
    def stories(self) -> Stories: ...
    @property
    def analyses(self) -> Analyses: ...
    @property
    def tracked(self) -> Tracked: ...
    @property
    def feedback(self) -> Feedback: ...
    @property
    def schedules(self) -> Schedules: ...
    @property
    def digests(self) -> Digests: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def reviews(self) -> Reviews: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def watches(self) -> Watches: ...
    @property
    def alerts(self) -> Alerts: ...

    @property
    def vitals(self) -> VitalsStore: ...

    async def now(self) -> datetime:
        """The database's clock, aware UTC."""


class Database(Protocol):
    """Commits on a clean exit, rolls back on an exception. Raises `StoreBusy`, `StoreFull`, `StoreError`."""

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """Read and write (SQLite: BEGIN IMMEDIATE)."""

    def read(self) -> AbstractAsyncContextManager[Transaction]:
        """Read only, a consistent snapshot; never waits for writers."""


# --- the outside --------------------------------------------------------------------------------------------


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware UTC."""


class FeedReader(Protocol):
    """Visits feeds politely and safely. Every failure is a `Failed`, never an exception."""

    async def visit(self, feed: Feed) -> Visit: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A feed as a list of feeds has it."""

    url: str
    title: str = ""
    desk: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that answered, with how many entries."""

    subscription: Subscription
    entries: int


class FeedFinder(Protocol):
    """Feeds behind what a member typed: fetched as safely as everything else, and no private network for anybody."""

    async def find(self, url: str) -> Sequence[FoundFeed]:
        """The feeds of a page, channel or profile, or the feed itself; best first, at least one. Raises InputError,
        which names the host only: the rest of an address may hold a token."""

    async def list_at(self, url: str) -> Sequence[Subscription]:
        """What an OPML list there has. Raises InputError likewise."""

    def list_of(self, subscriptions: Sequence[Subscription]) -> bytes:
        """As an OPML list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    text: str  # paragraphs separated by blank lines
    title: str
    language: str | None
    published: date | None = None  # as the page says


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPage:
    """`reason` is for people; `final` where asking again is useless or unwelcome. With `rest` the page was not asked
    for at all, since its host takes no visits for that long."""

    reason: str
    final: bool
    rest: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """The outlet keeps this page from machines (noai, noindex, a TDM reservation); `reason` is for people."""

    reason: str


class PageReader(Protocol):
    """Fetches an article's page and extracts its text. `trusted` as for feeds. Never raises for a bad page."""

    async def read(self, url: str, *, trusted: bool) -> PageText | NoPage | Reserved: ...


class Embedder(Protocol):
    """Never blocks the event loop. Deterministic."""

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), 384), rows of unit length; an empty text gives a row all the same."""

    async def embed_leads(self, leads: Sequence[Lead]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Two arrays as `embed` gives them: of each lead's whole text, the same that `embed` would give; and of its
        title, as read in front of that text. Without a title, the second is the first."""


class Analyst(Protocol):
    """An engine. Gets one story's visible coverage, oldest article first; never raises for what articles say."""

    @property
    def engine(self) -> str: ...

    async def analyse(self, coverage: Coverage, vectors: Mapping[ArticleId, Vector], now: datetime) -> Analysis: ...


class Platform(Protocol):
    """Sends documents to one kind of place. What it raises counts as `Unsure`."""

    @property
    def name(self) -> str: ...

    def abilities(self, manner: Manner) -> Abilities:
        """What it can do for what is posted in that manner."""

    def parts(self, document: Document) -> int:
        """Into how many messages it is split; the same document always gives the same parts."""

    async def send(
        self,
        destination: Destination,
        document: Document,
        part: int,
        manner: Manner = PLAINLY,
        *,
        part_id: PartId,
        opening: str | None = None,
    ) -> SendOutcome:
        """In that manner, as far as the platform has it. What `manner` does not mention is never mentioned. `opening`
        is the message of the first part, which the others follow; `part_id` the platform's idempotency key, where it
        has one, and what `find` knows the message by."""

    async def find(self, destination: Destination, part_id: PartId, since: datetime) -> Posted | CannotTell | None:
        """The message that was sent with that id since then; None where there surely is none. Asked only where
        `abilities` say that messages can be read back."""

    async def edit(self, destination: Destination, message: str, document: Document, part: int) -> SendOutcome:
        """Let a message show that part; repeatable. Asked only where `abilities` say that it can be edited. `Refused`
        where that message is gone."""
