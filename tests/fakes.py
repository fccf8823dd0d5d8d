"""The outside, played: a clock that stands still, feeds and pages that are handed over, a platform that remembers.

Everything inside is real. A fake answers what it was told to answer and writes down what it was asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bot.app.ports import Database, NoPage, NotThere, PageText, Reserved, SamePage, Transaction
from bot.core.delivery import PLAINLY, CannotTell, Destination, Manner, Posted, SendOutcome
from bot.core.desk.lead import Lead
from bot.core.feed import Entry, Failed, Feed, FeedId, Fetched, ParsedFeed, Validators, Visit
from bot.core.identity import identify
from bot.core.message.document import Document
from bot.core.outbox import Abilities, PartId
from tests.core.test_extract import embed
from tests.factories import NOON


@dataclass(slots=True)
class FakeClock:
    """Stands still until it is moved."""

    time: datetime = NOON

    def now(self) -> datetime:
        return self.time

    def advance(self, span: timedelta) -> None:
        self.time += span


@dataclass(slots=True)
class FakeFeeds:
    """`bot.app.ports.FeedReader`: the last visit that was prepared for a feed, or an exception to raise."""

    visits: dict[FeedId, Visit | Exception] = field(default_factory=dict)
    visited: list[FeedId] = field(default_factory=list)

    def publish(self, feed: FeedId, *entries: Entry, etag: str | None = None, deleted: tuple[str, ...] = ()) -> None:
        self.visits[feed] = fetched(*entries, etag=etag, deleted=deleted)

    async def visit(self, feed: Feed) -> Visit:
        self.visited.append(feed.id)
        visit = self.visits.get(feed.id, Failed(reason="no answer"))
        if isinstance(visit, Exception):
            raise visit
        if isinstance(visit, Fetched):  # prepared before it was known for which feed
            return replace(visit, entries=identify(visit.parsed.entries, feed.id, visit.parsed.link))
        return visit


def fetched(*entries: Entry, etag: str | None = None, deleted: tuple[str, ...] = ()) -> Fetched:
    parsed = ParsedFeed(title="", link="", language="en", entries=entries, version="rss20", deleted=deleted)
    return Fetched(parsed=parsed, entries=identify(entries, FeedId(1)), validators=Validators(etag=etag))


@dataclass(slots=True)
class FakePages:
    """`bot.app.ports.PageReader`: the answers prepared for an address one after the other, the last again and again."""

    answers: dict[str, list[PageText | NoPage | Reserved]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    later: dict[str, list[PageText | SamePage | NotThere | NoPage | Reserved]] = field(default_factory=dict)
    """Likewise, to whoever asks again; the same page where nothing is prepared."""
    looked: list[tuple[str, Validators]] = field(default_factory=list)

    async def read(self, url: str, *, trusted: bool) -> PageText | NoPage | Reserved:
        self.asked.append(url)
        answers = self.answers.get(url, [NoPage(reason="no such page", final=True)])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async def again(
        self, url: str, *, trusted: bool, validators: Validators
    ) -> PageText | SamePage | NotThere | NoPage | Reserved:
        self.looked.append((url, validators))
        answers = self.later.get(url, [SamePage.SAME])
        return answers.pop(0) if len(answers) > 1 else answers[0]


REMEMBERS = Abilities(remembers=timedelta(days=36500), edits=True)


@dataclass(slots=True)
class FakePlatform:
    """`bot.app.ports.Platform`: `outcomes` are used up part by part, then everything is taken."""

    name: str = "discord"
    pieces: int = 1
    outcomes: list[SendOutcome | Exception] = field(default_factory=list)
    sent: list[tuple[str, int]] = field(default_factory=list)
    """The address and the part of each message taken, in order."""
    documents: defaultdict[str, list[Document]] = field(default_factory=lambda: defaultdict(list))
    """By address, whatever was taken."""
    manners: list[Manner] = field(default_factory=list)
    """Of each message taken."""
    can: Abilities = REMEMBERS
    edits: list[tuple[str, Document]] = field(default_factory=list)
    """The message and what it was made to show, in order."""
    edited: list[SendOutcome] = field(default_factory=list)
    """What edits are answered with, used up one by one; then every one is made."""
    openings: list[str | None] = field(default_factory=list)
    """What each message taken follows."""

    def abilities(self, manner: Manner) -> Abilities:
        return self.can

    def parts(self, document: Document) -> int:
        return self.pieces

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
        outcome = self.outcomes.pop(0) if self.outcomes else Posted(message=f"{destination.address}/{part}")
        if isinstance(outcome, Exception):
            raise outcome
        if isinstance(outcome, Posted):
            self.sent.append((destination.address, part))
            self.documents[destination.address].append(document)
            self.manners.append(manner)
            self.openings.append(opening)
        return outcome

    async def find(
        self, destination: Destination, part_id: PartId, since: datetime, *, opening: str | None = None
    ) -> Posted | CannotTell | None:
        return CannotTell(reason="nobody looks")

    async def edit(self, destination: Destination, message: str, document: Document, part: int) -> SendOutcome:
        if self.edited:
            return self.edited.pop(0)
        self.edits.append((message, document))
        return Posted(message=message)


@dataclass(slots=True)
class BagOfWords:
    """`bot.app.ports.Embedder`: texts that share words are alike, which is enough for joining in tests."""

    embedded: list[str] = field(default_factory=list)

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded.extend(texts)
        return embed(list(texts))

    async def embed_leads(self, leads: Sequence[Lead]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return await self.embed([one.text for one in leads]), embed([one.text[: one.title or None] for one in leads])


When = Literal["before", "after"]


@dataclass(slots=True)
class Interrupted:
    """A database on which something happens before or after the commit of the `at`-th transaction that writes."""

    database: Database
    at: int
    when: When
    happens: Callable[[], None]
    begun: int = 0

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        self.begun += 1
        now = self.begun == self.at
        async with self.database.begin() as tx:
            yield tx
            if now and self.when == "before":
                self.happens()
        if now and self.when == "after":
            self.happens()

    def read(self) -> AbstractAsyncContextManager[Transaction]:
        return self.database.read()
