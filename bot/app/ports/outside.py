"""The world outside: clock, feeds, pages, models, platforms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.app.ports.news import Vector
from bot.core.analysis import Analysis
from bot.core.article import ArticleId
from bot.core.delivery import (
    PLAINLY,
    CannotTell,
    Destination,
    Manner,
    Posted,
    SendOutcome,
)
from bot.core.desk.lead import Lead
from bot.core.feed import NO_VALIDATORS, Feed, Validators, Visit
from bot.core.message.document import Document
from bot.core.outbox import Abilities, PartId
from bot.core.story import Coverage


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
    validators: Validators = field(default=NO_VALIDATORS, compare=False)  # for asking again


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPage:
    """`reason` is for people; `final` where asking again is useless or unwelcome. With `rest` the page was not asked
    for at all, since its host takes no visits for that long. `scrap` is what little text a page has that is no article:
    perhaps the notice that there was one."""

    reason: str
    final: bool
    rest: timedelta | None = None
    scrap: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotThere:
    """The server has no such page: not now, or (`for_good`) by its own word never again. `reason` is for people."""

    reason: str
    for_good: bool


class SamePage(Enum):
    """It is as it was when its validators were given."""

    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """The outlet keeps this page from machines (noai, noindex, a TDM reservation); `reason` is for people."""

    reason: str


class PageReader(Protocol):
    """Fetches an article's page and extracts its text. `trusted` as for feeds. Never raises for a bad page."""

    async def read(self, url: str, *, trusted: bool) -> PageText | NoPage | Reserved: ...

    async def again(
        self, url: str, *, trusted: bool, validators: Validators
    ) -> PageText | SamePage | NotThere | NoPage | Reserved:
        """As `read`, of a page that was there: on condition, and telling a page that is gone from one that cannot be
        had."""


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
        is the message of the first part that was taken, which the others follow (None: this is to be it), or one of
        another document, beneath which all of this one is said, its first part too; `part_id` the platform's
        idempotency key, where it has one, and what `find` knows the message by."""

    async def find(
        self, destination: Destination, part_id: PartId, since: datetime, *, opening: str | None = None
    ) -> Posted | CannotTell | None:
        """The message that was sent with that id since then; None where there surely is none. `opening` as for `send`:
        the others may stand in a thread of it. Asked only where `abilities` say that messages can be read back."""

    async def edit(self, destination: Destination, message: str, document: Document, part: int) -> SendOutcome:
        """Let a message show that part; repeatable. Asked only where `abilities` say that it can be edited. `Refused`
        where that message is gone, and `deleted` where it surely is."""
