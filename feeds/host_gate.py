"""One connection a host at a time, a pause between two, and silence while a host asked for it.

Every host has a line of its own, so a slow one holds up nobody else's. A host that asked us to wait, or that did
not answer at all, is closed for a while: whoever stands in its line is sent away at once instead of each waiting
for the same time-out (a hundred feeds on one dead server would hold their leases for an hour). So is whoever would have
to stand in a line for too long: he holds a lease, and one of the few places in this process.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from bot.core import strings

HostPort = tuple[str, int]

PATIENCE = timedelta(minutes=2)
"""How long anybody stands in a line: with the visit itself that is well within a lease (`bot.app.work.LEASE`)."""
_SWEEP = 1024  # lines; above it idle ones are dropped now and then


def line_of(where: HostPort) -> str:
    """In whose line to stand: a name's, whatever the port; a bare number's with its port, since many servers may
    share one."""
    host, port = where
    if ":" in host or host.replace(".", "").isdigit():
        return f"{host}:{port}"
    return host.lower().rstrip(".")


class HostClosed(Exception):
    """The host takes no visits for `remaining`; the message says why, for people. `down` where it did not answer,
    False where it asked for rest."""

    def __init__(self, reason: str, remaining: timedelta, *, down: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remaining = remaining
        self.down = down


@dataclass(slots=True)
class _Line:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    left_at: float = float("-inf")  # when the last visit ended
    pace: float = 0.0  # the host's own wish, above our gap
    paced_until: float = 0.0
    closed_until: float = 0.0
    reason: str = ""
    down: bool = False


class HostGate:
    """Hands out turns. `monotonic` is in seconds. `own` are the operator's own hosts: still one connection at
    a time, but no pause."""

    def __init__(
        self,
        gap: timedelta = timedelta(seconds=1),
        *,
        own: Collection[HostPort] = (),
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._gap = gap.total_seconds()
        self._own = frozenset(map(line_of, own))
        self._monotonic = monotonic
        self._sleep = sleep
        self._lines: dict[str, _Line] = {}
        self._sweep_at = _SWEEP

    @asynccontextmanager
    async def turn(self, where: HostPort) -> AsyncIterator[None]:
        """Wait for this host's turn and hold it. Raises `HostClosed`."""
        host = line_of(where)
        line = self._line(host)
        self._raise_if_closed(line)
        if line.waiting * self._gap_of(host, line) > PATIENCE.total_seconds():
            raise _busy()
        line.waiting += 1
        try:
            try:
                async with asyncio.timeout(PATIENCE.total_seconds()):
                    await line.turn.acquire()
            except TimeoutError:
                raise _busy() from None
            try:
                self._raise_if_closed(line)
                if (wait := line.left_at + self._gap_of(host, line) - self._monotonic()) > 0:
                    await self._sleep(wait)
                try:
                    yield
                finally:
                    line.left_at = self._monotonic()
            finally:
                line.turn.release()
        finally:
            line.waiting -= 1

    def pace(self, where: HostPort, gap: timedelta, life: timedelta) -> None:
        """Leave at least `gap` between two visits to this host for `life`, as it asked for."""
        line = self._line(line_of(where))
        line.pace = gap.total_seconds()
        line.paced_until = self._monotonic() + life.total_seconds()

    def close(self, where: HostPort, span: timedelta, reason: str, *, down: bool) -> None:
        """Let nobody in for `span`, those already in line included; a longer closing stays."""
        line = self._line(line_of(where))
        until = self._monotonic() + span.total_seconds()
        if until > line.closed_until:
            line.closed_until, line.reason, line.down = until, reason, down

    def _gap_of(self, host: str, line: _Line) -> float:
        if host in self._own:
            return 0.0
        return max(self._gap, line.pace) if line.paced_until > self._monotonic() else self._gap

    def _raise_if_closed(self, line: _Line) -> None:
        if (remaining := line.closed_until - self._monotonic()) > 0:
            raise HostClosed(line.reason, timedelta(seconds=remaining), down=line.down)

    def _line(self, host: str) -> _Line:
        line = self._lines.get(host)
        if line is None:
            if len(self._lines) >= self._sweep_at:
                self._sweep()
            line = self._lines[host] = _Line()
        return line

    def _sweep(self) -> None:
        now = self._monotonic()
        self._lines = {
            host: line
            for host, line in self._lines.items()
            if line.waiting or max(line.left_at + self._gap, line.paced_until, line.closed_until) > now
        }
        self._sweep_at = max(_SWEEP, 2 * len(self._lines))


def _busy() -> HostClosed:
    return HostClosed(strings.fetching.OTHERS_WAIT, PATIENCE, down=False)
