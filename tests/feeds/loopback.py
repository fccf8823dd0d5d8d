"""A scripted HTTP server on loopback: each path answers with raw bytes of the test's choice, however wrong."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)

Talk = Callable[[asyncio.StreamWriter], Awaitable[None]]
"""Writes an answer, at whatever pace."""


class FixedClock:
    def __init__(self, now: datetime = NOW) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time


class Time:
    """A monotonic clock in seconds; sleeping moves it on."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def answer(
    body: bytes = b"", *, status: str = "200 OK", length: int | None = None, headers: Mapping[str, str] | None = None
) -> bytes:
    """A whole response. `length` is the Content-Length claimed, the true one where None."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    return answer(status=status, headers={"Location": to})


@dataclass
class Server:
    """`requests` holds the head of every request, in order."""

    host: str
    port: int = 0
    answers: dict[str, bytes | Talk] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    open_now: int = 0
    open_most: int = 0

    @property
    def where(self) -> tuple[str, int]:
        return self.host, self.port

    def url(self, path: str) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open_now += 1
        self.open_most = max(self.open_most, self.open_now)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.requests.append(head)
            path = head.split(" ")[1]
            scripted = self.answers.get(path, answer(status="404 Not Found"))
            if isinstance(scripted, bytes):
                writer.write(scripted)
                await writer.drain()
            else:
                await scripted(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open_now -= 1
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


@asynccontextmanager
async def serving(host: str = "127.0.0.1", **answers: bytes | Talk) -> AsyncIterator[Server]:
    """Serve each keyword's answer under its name as the path: `feed=…` answers `/feed`."""
    server = Server(host, answers={f"/{name}": value for name, value in answers.items()})
    listener = await asyncio.start_server(server.serve, host, 0)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()


def header_of(request: str, name: str) -> str | None:
    """A header of a recorded request, None where it was not sent."""
    for line in request.split("\r\n")[1:]:
        key, _, value = line.partition(":")
        if key.strip().lower() == name.lower():
            return value.strip()
    return None
