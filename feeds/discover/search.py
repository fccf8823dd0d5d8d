"""Trying the candidates: the one part of discovery that fetches."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Protocol

from bot.core.feed import ParsedFeed
from feeds.discover.candidates import Candidate, Origin, candidates
from feeds.discover.page import READ
from feeds.fetch import Body, FetchResult, Unsafe

MOST_FETCHES = 12
"""For one pasted address, the page itself included. Each waits for its turn at the host."""
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)


class PageFetcher(Protocol):
    """`feeds.fetch.Fetcher`."""

    async def fetch(self, url: str) -> FetchResult: ...


class FeedParser(Protocol):
    """Parses a body where it can do no harm (`feeds.visit.parse_in`); None for what is no feed."""

    def __call__(self, body: Body, /) -> Awaitable[ParsedFeed | None]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """`url` is where the feed really is, after redirects that are for good."""

    url: str
    parsed: ParsedFeed
    origin: Origin | None = None  # None: the address itself was the feed


async def discover(url: str, fetcher: PageFetcher, parse: FeedParser) -> tuple[FoundFeed, ...]:
    """The feeds behind an address, best first; empty where there is none or the address cannot be read."""
    answer = await fetcher.fetch(url)
    if isinstance(answer, Unsafe):  # and so would all others there be, each after its pause
        return ()
    page, here = "", url
    if isinstance(answer, Body):
        if parsed := await parse(answer):
            return (FoundFeed(url=answer.moved_to or url, parsed=parsed),)
        page, here = _text(answer), answer.url
    found: list[FoundFeed] = []
    for candidate in candidates(here, page)[: MOST_FETCHES - 1]:
        if found and candidate.origin is not Origin.DECLARED:
            break
        if feed := await _try(candidate, fetcher, parse):
            found.append(feed)
    return tuple(found)


async def _try(candidate: Candidate, fetcher: PageFetcher, parse: FeedParser) -> FoundFeed | None:
    answer = await fetcher.fetch(candidate.url)
    if not isinstance(answer, Body) or (parsed := await parse(answer)) is None:
        return None
    return FoundFeed(url=answer.moved_to or candidate.url, parsed=parsed, origin=candidate.origin)


def _text(body: Body) -> str:
    """Good enough to find ASCII markup in, whatever the encoding."""
    declared = _CHARSET.search(body.headers.get("content-type", ""))
    try:
        return body.content[:READ].decode(declared[1] if declared else "utf-8", "replace")
    except LookupError:
        return body.content[:READ].decode("utf-8", "replace")
