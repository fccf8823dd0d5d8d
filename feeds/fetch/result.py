"""What one fetch can come to. Reasons are whole sentences for people and name no address: it may carry a token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on one fetch. `body` is bytes after decompression; `total` covers all redirects but not our own wait
    for the host's turn. `cut` keeps the beginning of what is larger instead of refusing it."""

    body: int
    connect: timedelta = timedelta(seconds=10)
    read: timedelta = timedelta(seconds=20)  # the longest silence
    total: timedelta = timedelta(seconds=60)
    redirects: int = 5
    cut: bool = False


FEED_LIMITS = Limits(body=8_000_000)
PAGE_LIMITS = Limits(body=2_000_000, total=timedelta(seconds=30))


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An answer with content. `headers` are the few we read, names in lower case, repeated ones a line each; `url` is
    where redirects ended; `moved_to` the last address that only permanent redirects led to, None without one."""

    url: str
    headers: Mapping[str, str]
    content: bytes
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """304 to a conditional request."""

    headers: Mapping[str, str]
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """The server answered, but not with what was asked for. `status` is its last HTTP status."""

    status: int
    reason: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """No usable answer: no such host, no connection, too slow, too large, cut off.

    `asked` is False where we did not even ask, since the host wants rest: that says nothing about the address.
    """

    reason: str
    retry_after: timedelta | None = None
    asked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsafe:
    """We do not go there: not http(s), no address at all, or a private network."""

    reason: str


FetchResult = Body | NotModified | Declined | NoAnswer | Unsafe
