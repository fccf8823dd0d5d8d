"""What goes between the played Discord and who speaks to it: requests, limits, sessions, sockets, interactions."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(slots=True)
class Fault:
    """For the next `times` requests whose "METHOD path" matches: this status instead of an answer, after `delay`
    seconds. With `done` the request is carried out first. `drop` breaks the connection instead. A 429 says `after`
    seconds, with Discord's `via` header or, as from the network in front of it, without."""

    match: str
    times: int = 1
    status: int = 0
    code: int = 0
    delay: float = 0.0
    done: bool = False
    drop: bool = False
    after: float = 0.05
    via: bool = True
    everywhere: bool = False


@dataclass(slots=True)
class Asked:
    """`at` is the server's monotonic time."""

    method: str
    path: str
    body: Any
    files: int
    at: float
    status: int = 0


@dataclass(slots=True)
class Bucket:
    limit: int
    span: float
    left: int = 0
    until: float = 0.0

    def take(self, now: float) -> bool:
        if now >= self.until:
            self.left, self.until = self.limit, now + self.span
        if self.left == 0:
            return False
        self.left -= 1
        return True


@dataclass(slots=True)
class Session:
    id: str
    shard: tuple[int, int]
    sequence: int = 0
    events: list[tuple[int, str, Any]] = field(default_factory=list)
    socket: Socket | None = None


class Socket:
    """One connection; compressed as the client asked."""

    def __init__(self, response: web.WebSocketResponse, compress: bool) -> None:
        self.response = response
        self.silent = False
        self._zlib = zlib.compressobj() if compress else None

    async def send(self, payload: dict[str, Any]) -> None:
        if self.response.closed or self.silent:
            return
        text = json.dumps(payload)
        if self._zlib is None:
            await self.response.send_str(text)
        else:
            data = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
            await self.response.send_bytes(data)


class Interaction:
    """Something a member did; what was answered to it."""

    def __init__(self, payload: dict[str, Any]) -> None:
        self.payload = payload
        self.token = str(payload["token"])
        self.began = time.monotonic()
        self.callback: dict[str, Any] | None = None
        self.acknowledged_after: float | None = None
        self.messages: dict[int, dict[str, Any]] = {}
        self.original: dict[str, Any] | None = None
        self._acknowledged = asyncio.Event()
        self._said = asyncio.Event()

    def answered(self, callback: dict[str, Any]) -> None:
        self.callback = callback
        self.acknowledged_after = time.monotonic() - self.began
        self._acknowledged.set()
        if callback["type"] in (4, 7, 8, 9):
            self._said.set()

    def followed(self, message: dict[str, Any]) -> None:
        self.messages[int(message["id"])] = message
        self._said.set()

    async def acknowledged(self, within: float = 5.0) -> dict[str, Any]:
        await asyncio.wait_for(self._acknowledged.wait(), within)
        assert self.callback is not None
        return self.callback

    async def said(self, within: float = 5.0) -> dict[str, Any]:
        """The first message, or the immediate answer."""
        await asyncio.wait_for(self._said.wait(), within)
        if self.messages:
            return next(iter(self.messages.values()))
        assert self.callback is not None
        return dict(self.callback.get("data") or {})
