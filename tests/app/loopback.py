"""A platform that behaves as the worst of Discord and Slack, and outlives every process: what it was sent is in a file.

How often it fails, and how, is drawn from a seed (`tests.far_side.Faults`). It limits what it takes, in all and a
place; it knows a message's id again for some minutes at most; it lets fifteen messages be read back, once a minute; it
takes no text it does not like, and has channels that were deleted. Messages are deleted by people. It may or may not
know ids again, let its messages be read back, or let them be edited.

Its clock is in the file too, and stands still until it is moved (`Loopback.passes`). What comes late is there when that
clock says so, whatever became of whoever sent it.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from adapters.clock import SystemClock
from bot.app.ports import Clock, Platform
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
from bot.core.message.document import Document, Heading
from bot.core.outbox import Abilities, PartId
from tests.far_side import CALM, FOUL, LATENESS, Faults, Knows, Post

__all__ = ["CALM", "DELETED", "FOUL", "LIMITS", "NO_LIMITS", "REFUSED", "Faults", "Limits", "Loopback", "LoopbackSide"]

_TABLES = """
CREATE TABLE IF NOT EXISTS messages
    (id INTEGER PRIMARY KEY, channel TEXT, part_id TEXT, part INTEGER, said TEXT, edits INTEGER DEFAULT 0,
     at REAL, seen_at REAL, deleted INTEGER DEFAULT 0);
CREATE INDEX IF NOT EXISTS by_part ON messages (part_id);
CREATE INDEX IF NOT EXISTS by_time ON messages (at);
CREATE TABLE IF NOT EXISTS late_edits (id INTEGER PRIMARY KEY, message INTEGER, said TEXT, at REAL);
CREATE TABLE IF NOT EXISTS clock (one INTEGER PRIMARY KEY, now REAL);
INSERT OR IGNORE INTO clock VALUES (1, 0);
CREATE TABLE IF NOT EXISTS looks (channel TEXT PRIMARY KEY, at REAL);
CREATE TABLE IF NOT EXISTS happened (what TEXT PRIMARY KEY, times INTEGER);
CREATE TABLE IF NOT EXISTS manners (what TEXT PRIMARY KEY, value REAL);
"""
_INSERT = "INSERT INTO messages (channel, part_id, part, said, at, seen_at, deleted) VALUES (?, ?, ?, ?, ?, ?, ?)"

_EDIT = "UPDATE messages SET said = ?, edits = edits + 1 WHERE id = ? AND NOT deleted"

REFUSED = "unspeakable"
"""A document with this summary is never taken."""
DELETED = "deleted"
"""A channel with this address is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """By the platform's own clock. `globally` and `a_channel` are messages a second."""

    globally: float | None = None
    a_channel: float | None = None
    memory: timedelta | None = None
    """How long a part id is known again, where they are; for ever where None."""
    looks: int | None = None
    """Times a minute that a channel may be read back."""
    page: int = 15
    """Messages that are read back at a time."""
    lateness: timedelta = LATENESS
    """How long what comes late is under way."""


NO_LIMITS = Limits()
LIMITS = Limits(globally=50, a_channel=1, memory=timedelta(minutes=12), looks=1)
"""Discord's global limit and nonce, Slack's messages a channel and conversations.history (platforms.md). Ids are known
again for longer than `ABILITIES` say: time runs fast in chaos, and a busy machine stalls whoever has just made sure."""


@dataclass(slots=True)
class Loopback:
    """`bot.app.ports.Platform`. `pieces` are the messages a document is split into; `slowness` is spent before and
    after a message is posted, so that a process can be killed there. `clock` is the adapter's."""

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
    limits: Limits = NO_LIMITS
    clock: Clock = field(default_factory=SystemClock)
    then: Callable[[], Awaitable[None]] | None = None
    """What happens once, right after the next message was posted or edited."""
    split: Callable[[Document], int] | None = None
    """Into how many messages a document is split, in place of `pieces`."""
    refuses: frozenset[int] = frozenset()
    """Parts that are not taken for what they say."""
    told: bool = False
    """Whether how it behaves is looked up in the file, where `LoopbackSide` says it, at each call."""
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        with self._open() as server:
            server.executescript(_TABLES)

    def abilities(self, manner: Manner) -> Abilities:
        return self.can

    def parts(self, document: Document) -> int:
        return self.pieces if self.split is None else self.split(document)

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
        self._listen()
        await asyncio.sleep(self.slowness * self.chance.random())
        if destination.address == self.gone:
            return Refused(reason="no such channel", gone=True)
        if document.summary == REFUSED:
            return Refused(reason="the message was not taken", content=True)
        if part in self.refuses:
            return Refused(reason=f"no {part} is taken", content=True)
        wait = self._over_the_limit(destination.address)
        if wait is not None:
            return wait
        how = self._how()
        if how == "closed":
            return Refused(reason="missing access", gone=True)
        if how == "deferred":
            return self._later(timedelta(seconds=2))
        if how == "failed":
            return Failed(reason="connection refused")
        if how == "lost_before":
            return Unsure(reason="time-out")
        message = self._post(destination.address, part_id, part, document.summary, how)
        await self._happens()
        await asyncio.sleep(self.slowness * self.chance.random())
        if how == "lost_after":
            return Unsure(reason="time-out")
        if how == "late":
            return Unsure(reason="connection reset")
        if how == "broken_after":
            raise ConnectionResetError("connection reset by peer")
        return Posted(message=message)

    async def find(
        self, destination: Destination, part_id: PartId, since: datetime, *, opening: str | None = None
    ) -> Posted | CannotTell | None:
        self._listen()
        with self._open() as server:
            server.execute("BEGIN IMMEDIATE")
            now = _now(server)
            if self.limits.looks is not None:
                (last,) = server.execute(
                    "SELECT max(at) FROM looks WHERE channel = ?", (destination.address,)
                ).fetchone()
                free = now if last is None else last + 60 / self.limits.looks
                if free > now:
                    _count(server, "reading limited")
                    return CannotTell(reason="rate limited", until=self.clock.now() + timedelta(seconds=free - now))
                server.execute("REPLACE INTO looks VALUES (?, ?)", (destination.address, now))
            page = server.execute(
                "SELECT id, part_id FROM messages WHERE channel = ? AND seen_at <= ? AND NOT deleted"
                " ORDER BY id DESC LIMIT ?",
                (destination.address, now, self.limits.page),
            ).fetchall()
        return next((Posted(message=str(id_)) for id_, of in page if of == part_id), None)

    async def edit(self, destination: Destination, message: str, document: Document, part: int) -> SendOutcome:
        self._listen()
        await asyncio.sleep(self.slowness * self.chance.random())
        if self.unknown:
            return Refused(reason="unknown message")
        how = self._how()
        if how == "deferred":
            return self._later(timedelta(seconds=2))
        if how in ("failed", "lost_before"):
            return Failed(reason="connection refused") if how == "failed" else Unsure(reason="time-out")
        there = self._change(int(message), document.summary, how)
        await self._happens()
        await asyncio.sleep(self.slowness * self.chance.random())
        if how == "lost_after":
            return Unsure(reason="time-out")
        if how == "late":
            return Unsure(reason="connection reset")
        if how == "broken_after":
            raise ConnectionResetError("connection reset by peer")
        return Posted(message=message) if there else Refused(reason="unknown message")

    async def passes(self, span: timedelta) -> None:
        """Its clock goes on by so much."""
        with self._open() as server:
            server.execute("BEGIN IMMEDIATE")
            server.execute("UPDATE clock SET now = now + ?", (span.total_seconds(),))
            now = _now(server)
            due = server.execute(
                "SELECT said, message FROM late_edits WHERE at <= ? ORDER BY at, id", (now,)
            ).fetchall()
            server.executemany(_EDIT, due)
            server.execute("DELETE FROM late_edits WHERE at <= ?", (now,))

    def posted(self) -> list[tuple[str, str, int, str]]:
        """Channel, part id, part and what it says, in the order posted."""
        with self._open() as server:
            return server.execute("SELECT channel, part_id, part, said FROM messages ORDER BY id").fetchall()

    async def _happens(self) -> None:
        if self.then is not None:
            happens, self.then = self.then, None
            await happens()

    def _how(self) -> str:
        drawn = self.chance.random()
        for name in self.faults.names:
            drawn -= getattr(self.faults, name)
            if drawn < 0:
                with self._open() as server:
                    _count(server, name)
                return name
        return "taken"

    def _over_the_limit(self, channel: str) -> Deferred | None:
        if self.limits.globally is None and self.limits.a_channel is None:
            return None
        with self._open() as server:
            now = _now(server)
            (all_,) = server.execute("SELECT count(*) FROM messages WHERE at > ?", (now - 1,)).fetchone()
            (last,) = server.execute("SELECT max(at) FROM messages WHERE channel = ?", (channel,)).fetchone()
            if self.limits.globally is not None and all_ >= self.limits.globally:
                _count(server, "limited, all")
                return self._later(timedelta(seconds=1))
            if self.limits.a_channel is not None and last is not None and now - last < 1 / self.limits.a_channel:
                _count(server, "limited, a channel")
                return self._later(timedelta(seconds=1 / self.limits.a_channel))
        return None

    def _post(self, channel: str, part_id: PartId, part: int, said: str, how: str = "taken") -> str:
        with self._open() as server:
            server.execute("BEGIN IMMEDIATE")
            now = _now(server)
            if self.can.remembers:
                since = -1.0 if self.limits.memory is None else now - self.limits.memory.total_seconds()
                row = server.execute(
                    "SELECT id FROM messages WHERE part_id = ? AND at > ?", (part_id, since)
                ).fetchone()
                if row is not None:
                    return str(row[0])
            seen = now + self.limits.lateness.total_seconds() if how == "late" else now
            made = server.execute(_INSERT, (channel, part_id, part, said, now, seen, how == "deleted"))
            return str(made.lastrowid)

    def _change(self, message: int, said: str, how: str) -> bool:
        """Whether it is there."""
        with self._open() as server:
            if how == "late":
                due = _now(server) + self.limits.lateness.total_seconds()
                server.execute("INSERT INTO late_edits (message, said, at) VALUES (?, ?, ?)", (message, said, due))
                return True
            return bool(server.execute(_EDIT, (said, message)).rowcount)

    def _later(self, wait: timedelta) -> Deferred:
        return Deferred(until=self.clock.now() + wait, reason="rate limited")

    def _listen(self) -> None:
        if not self.told:
            return
        with self._open() as server:
            said = dict(server.execute("SELECT what, value FROM manners").fetchall())
        self.slowness = said.pop("slow", 0.0)
        self.faults = Faults(**said)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.file, timeout=30, isolation_level=None)) as server:
            server.execute("PRAGMA synchronous = OFF")  # nobody cuts the power of a test
            yield server
            if server.in_transaction:
                server.execute("COMMIT")


def _now(server: sqlite3.Connection) -> float:
    """Seconds by the platform's clock."""
    (now,) = server.execute("SELECT now FROM clock").fetchone()
    return float(now)


def _count(server: sqlite3.Connection, what: str) -> None:
    server.execute("INSERT INTO happened VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1", (what,))


# --- as the fault suite sees it -----------------------------------------------------------------------------

ABILITIES: Mapping[Knows, Abilities] = {
    Knows.KEY: Abilities(remembers=timedelta(minutes=4), edits=True),
    Knows.READ: Abilities(reads_back=True, edits=True),
    Knows.NEITHER: Abilities(),
}


@dataclass(frozen=True, slots=True)
class LoopbackLine:
    """`tests.far_side.Line`."""

    file: Path
    knows: Knows
    limits: Limits

    @asynccontextmanager
    async def connected(self, seed: int) -> AsyncIterator[Platform]:
        yield self.platform(seed)

    def platform(self, seed: int = 0) -> Loopback:
        can = ABILITIES[self.knows]
        return Loopback(self.file, can, seed=seed, limits=self.limits, told=True, split=_parts_of)


class LoopbackSide:
    """`tests.far_side.FarSide`."""

    platform = "discord"
    nowhere = DELETED

    def __init__(self, folder: Path, knows: Knows, *, limits: Limits = NO_LIMITS) -> None:
        self.line = LoopbackLine(folder / "far-side.db", knows, limits)
        self._server = self.line.platform()

    async def passes(self, span: timedelta) -> None:
        await self._server.passes(span)  # whoever calls it carries out the call, and ends with it: none is under way

    def channel(self, number: int) -> str:
        return f"channel-{number}"

    def document(self, said: str, parts: int = 1) -> Document:
        return Document(summary=said, blocks=tuple(Heading(said) for _ in range(parts)))

    def misbehave(self, faults: Faults, *, slow: float = 0.0) -> None:
        with self._server._open() as server:
            manners = {**asdict(faults), "slow": slow}
            server.executemany("REPLACE INTO manners VALUES (?, ?)", manners.items())

    def misbehaved(self) -> Mapping[str, int]:
        with self._server._open() as server:
            return dict(server.execute("SELECT what, times FROM happened"))

    def posted(self) -> list[Post]:
        with self._server._open() as server:
            rows = server.execute("SELECT channel, part_id, said, deleted FROM messages ORDER BY id").fetchall()
        return [Post(channel, part_id, said, not deleted) for channel, part_id, said, deleted in rows]


def _parts_of(document: Document) -> int:
    """As `LoopbackSide.document` wants it; anything else is one message."""
    return max(1, sum(block == Heading(document.summary) for block in document.blocks))
