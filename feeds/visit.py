"""One visit to one feed: fetch on condition, compare, parse in a child, and say what came of it."""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.app.ports import Clock
from bot.core import strings
from bot.core.feed import Failed, Feed, FeedId, Fetched, Identified, ParsedFeed, Unchanged, Validators, Visit
from feeds.crew import Crew, JobFailed
from feeds.fetch import (
    ACCEPT_FEED,
    FEED_LIMITS,
    Body,
    Declined,
    Fetcher,
    HostPort,
    Limits,
    NoAnswer,
    NotModified,
    Unsafe,
)
from feeds.fetch.headers import keep_for

FEED_MEMORY = 2**30
FEED_TIME = timedelta(seconds=10)
NO_FEED = FeedId(0)
"""Of a body that belongs to no feed we keep."""
BLOCKED = (401, 402, 403, 451)
"""Statuses by which an outlet refuses us."""


def feed_crew(*, size: int = 2, within: timedelta = FEED_TIME, memory: int = FEED_MEMORY) -> Crew:
    """The children that parse feeds: two, so that one hostile feed does not hold up all the others for its time."""
    return Crew("feed", size=size, memory=memory, within=within, renew_after=5000)


def parse_in(crew: Crew) -> Callable[[Body], Awaitable[ParsedFeed | None]]:
    """A parser for `feeds.discover`: None for what is no feed, or too much for a child."""

    async def parse(body: Body) -> ParsedFeed | None:
        try:
            parsed, _ = await _parse(crew, body, NO_FEED)
        except JobFailed:
            return None
        return parsed

    return parse


class WebFeedReader:
    """`bot.app.ports.FeedReader`. `allow` holds for trusted feeds only. The crew is closed by whoever made it."""

    def __init__(
        self,
        fetcher: Fetcher,
        crew: Crew,
        clock: Clock,
        *,
        allow: frozenset[HostPort] = frozenset(),
        limits: Limits = FEED_LIMITS,
    ) -> None:
        self._fetcher = fetcher
        self._crew = crew
        self._clock = clock
        self._allow = allow
        self._limits = limits

    async def visit(self, feed: Feed) -> Visit:
        allow = self._allow if feed.trusted else frozenset()
        match await self._fetcher.fetch(
            feed.url, allow=allow, validators=feed.validators, accept=ACCEPT_FEED, limits=self._limits
        ):
            case Body() as body:
                return await self._compare(feed, body)
            case NotModified(headers=headers, moved_to=moved_to):
                return Unchanged(
                    validators=_validators(headers, feed.validators),
                    moved_to=moved_to,
                    keep_for=keep_for(headers, self._clock.now()),
                )
            case Declined(status=410, reason=reason):
                return Failed(reason=reason, gone=True)
            case Declined(status=status, reason=reason, retry_after=span):
                return Failed(reason=reason, retry_after=span, blocked=status in BLOCKED)
            case NoAnswer(reason=reason, retry_after=span, asked=asked):
                return Failed(reason=reason, retry_after=span, asked=asked)
            case Unsafe(reason=reason):
                return Failed(reason=reason)

    async def _compare(self, feed: Feed, body: Body) -> Visit:
        body_hash = hashlib.sha256(body.content).hexdigest()
        validators = replace(_validators(body.headers, Validators()), body_hash=body_hash)
        rest = keep_for(body.headers, self._clock.now())
        if body_hash == feed.validators.body_hash:
            return Unchanged(validators=validators, moved_to=body.moved_to, keep_for=rest)
        try:
            parsed, entries = await _parse(self._crew, body, feed.id)
        except JobFailed as error:
            return Failed(reason=str(error))
        return Fetched(parsed=parsed, entries=entries, validators=validators, moved_to=body.moved_to, keep_for=rest)


_Parsed = tuple[ParsedFeed, tuple[Identified, ...]]


async def _parse(crew: Crew, body: Body, feed: FeedId) -> _Parsed:
    """Raises `JobFailed`."""
    header = {"url": body.url, "content_type": body.headers.get("content-type"), "feed": feed}
    return _parsed(await crew.do(header, body.content))


def _validators(headers: Mapping[str, str], last: Validators) -> Validators:
    """A 304 repeats only what changed (RFC 9110 §15.4.5)."""
    return replace(
        last,
        etag=headers.get("etag", last.etag),
        last_modified=headers.get("last-modified", last.last_modified),
    )


class _Values(pickle.Unpickler):
    """Takes only the values a parsed feed is made of: a child that was taken over must not give us orders."""

    _known = frozenset(
        {("bot.core.feed", "ParsedFeed"), ("bot.core.feed", "Entry")}
        | {("datetime", name) for name in ("datetime", "timedelta", "timezone")}
    )

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self._known:
            raise JobFailed(strings.fetching.PARSER_ELSE)
        return super().find_class(module, name)


def _parsed(answer: bytes) -> _Parsed:
    try:
        parsed, identities = _Values(io.BytesIO(answer)).load()
        if isinstance(parsed, ParsedFeed):
            named = zip(parsed.entries, identities, strict=True)
            return parsed, tuple(Identified(entry, keys, words) for entry, (keys, words) in named)
    except (pickle.UnpicklingError, EOFError, TypeError, ValueError, AttributeError) as error:
        raise JobFailed(strings.fetching.PARSER_ELSE) from error
    raise JobFailed(strings.fetching.PARSER_ELSE)
