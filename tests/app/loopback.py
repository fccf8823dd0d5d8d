"""A platform that behaves as the worst of Discord and Slack, and outlives every process: what it was sent is in a file.

It is told which part of what it is asked fails, by a seed: it answers with Retry-After, loses the connection before or
*after* the message was posted, breaks in the middle (an exception), takes no text it does not like, and has channels
that were deleted. It may or may not know a part id again, let its messages be read back, or let them be edited.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.delivery import (
    PLAINLY,
    CannotTell,
    Deferred,
    Destination,
    Failed,
    Manner,
    Posted,
    Refused,
    SendOutcome,
    Unsure,
)
from bot.core.message.document import Document
from bot.core.outbox import Abilities, PartId

_TABLE = """
CREATE TABLE IF NOT EXISTS messages
    (id INTEGER PRIMARY KEY, channel TEXT, part_id TEXT, part INTEGER, said TEXT, edits INTEGER DEFAULT 0)
"""
_INSERT = "INSERT INTO messages (channel, part_id, part, said) VALUES (?, ?, ?, ?)"

REFUSED = "unspeakable"
"""A document with this summary is never taken."""
DELETED = "deleted"
"""A channel with this address is not there."""


@dataclass(frozen=True, slots=True)
class Faults:
    """How often, from 0 to 1, it answers so; the rest is taken."""

    deferred: float = 0.0
    failed: float = 0.0
    lost_before: float = 0.0
    lost_after: float = 0.0
    broken_after: float = 0.0


CALM = Faults()
FOUL = Faults(deferred=0.05, failed=0.05, lost_before=0.05, lost_after=0.1, broken_after=0.05)


@dataclass(slots=True)
class Loopback:
    """`bot.app.ports.Platform`. `pieces` are the messages a document is split into; `slowness` is spent before and
    after a message is posted, so that a process can be killed there."""

    file: Path
    can: Abilities = Abilities()  # noqa: RUF009 (frozen)
    faults: Faults = CALM
    seed: int = 0
    pieces: int = 1
    slowness: float = 0.0
    name: str = "discord"
    gone: str = DELETED
    unknown: bool = False
    """Whether its messages were deleted, all of them."""
    then: Callable[[], Awaitable[None]] | None = None
    """What happens once, right after the next message was posted."""
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        with self._open() as server:
            server.execute(_TABLE)

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
        await asyncio.sleep(self.slowness * self.chance.random())
        if destination.address == self.gone:
            return Refused(reason="no such channel", gone=True)
        if document.summary == REFUSED:
            return Refused(reason="the message was not taken")
        how = self._how()
        if how == "deferred":
            return Deferred(until=datetime.now(UTC) + timedelta(seconds=2), reason="rate limited")
        if how == "failed":
            return Failed(reason="connection refused")
        if how == "lost_before":
            return Unsure(reason="time-out")
        message = self._post(destination.address, part_id, part, document.summary)
        if self.then is not None:
            happens, self.then = self.then, None
            await happens()
        await asyncio.sleep(self.slowness * self.chance.random())
        if how == "lost_after":
            return Unsure(reason="time-out")
        if how == "broken_after":
            raise ConnectionResetError("connection reset by peer")
        return Posted(message=message)

    async def find(
        self, destination: Destination, part_id: PartId, since: datetime, *, opening: str | None = None
    ) -> Posted | CannotTell | None:
        with self._open() as server:
            row = server.execute(
                "SELECT id FROM messages WHERE channel = ? AND part_id = ?", (destination.address, part_id)
            ).fetchone()
        return None if row is None else Posted(message=str(row[0]))

    async def edit(self, destination: Destination, message: str, document: Document, part: int) -> SendOutcome:
        if self.unknown:
            return Refused(reason="unknown message")
        with self._open() as server:
            edited = server.execute(
                "UPDATE messages SET said = ?, edits = edits + 1 WHERE id = ?", (document.summary, int(message))
            )
        return Posted(message=message) if edited.rowcount else Refused(reason="unknown message")

    def posted(self) -> list[tuple[str, str, int, str]]:
        """Channel, part id, part and what it says, in the order posted."""
        with self._open() as server:
            return server.execute("SELECT channel, part_id, part, said FROM messages ORDER BY id").fetchall()

    def _how(self) -> str:
        drawn = self.chance.random()
        for name in ("deferred", "failed", "lost_before", "lost_after", "broken_after"):
            drawn -= getattr(self.faults, name)
            if drawn < 0:
                return name
        return "taken"

    def _post(self, channel: str, part_id: PartId, part: int, said: str) -> str:
        with self._open() as server:
            server.execute("BEGIN IMMEDIATE")
            if self.can.remembers:
                row = server.execute("SELECT id FROM messages WHERE part_id = ?", (part_id,)).fetchone()
                if row is not None:
                    return str(row[0])
            made = server.execute(_INSERT, (channel, part_id, part, said))
            return str(made.lastrowid)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.file, timeout=30, isolation_level=None)) as server:
            server.execute("PRAGMA synchronous = OFF")  # nobody cuts the power of a test
            yield server
            if server.in_transaction:
                server.execute("COMMIT")
