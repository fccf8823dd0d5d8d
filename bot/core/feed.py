"""Feeds and what a visit to one brings back.

The types name the stage a thing comes from: an `Entry` is what one parse of a feed said, an `Article`
(`bot.core.article`) is what Slugline made of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from bot.core.community import COMMON, Viewer

FeedId = NewType("FeedId", int)


class FeedState(StrEnum):
    """The health of a feed, in the words shown to people."""

    NEW = "new"  # never visited
    HEALTHY = "healthy"
    EMPTY = "empty"  # answers, is a feed, has no entries
    FAILING = "failing"
    MOVED = "moved"  # permanently redirected; the new address is in use
    BLOCKED = "blocked"  # the outlet refuses us (401, 403, 451 or robots.txt)
    GONE = "gone"  # 410: not asked again


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Who publishes: the name shown, the company behind it where known, and how its text may be used.

    Behind a paywall (`paywalled` is True) nothing beyond the feed's own teaser is quoted. Where it is not known (None),
    all that the outlet puts into its feed is, but its pages are not asked for: they may be behind one.
    """

    name: str
    owner: str | None = None
    country: str | None = None  # ISO 3166-1 alpha-2
    paywalled: bool | None = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server needs to answer "not modified" (RFC 9110 §13), and the hash of the last body we stored.

    `body_hash` is the SHA-256 (hex) of the decoded body. It moves only in the transaction that stores the
    articles, so a crash in between fetches again rather than loses.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """`since` is when the present state began, or the trouble where the feed went from failing to blocked or back;
    `error` is in plain words, without addresses; `told` says that whoever added the feed knows of the trouble."""

    state: FeedState = FeedState.NEW
    since: datetime | None = None
    last_success: datetime | None = None
    failures: int = 0  # in a row
    error: str | None = None
    told: bool = False


class News(StrEnum):
    """What whoever added a feed is told of it, once each."""

    LOST = "lost"  # it has failed for a day, or is gone
    BACK = "back"  # it can be read again, after it was told lost
    STOPPED = "stopped"  # it is not visited any more, since what it says is too much for us


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFeed:
    """A feed to be added. `trusted` feeds were configured by the operator: only they may use SLUGLINE_ALLOW_HOSTS."""

    url: str
    outlet: Outlet
    title: str = ""
    desk: str | None = None  # trades, tech, labour, guilds, law, courts, publishing, games …
    language: str | None = None  # BCP 47
    owner: Viewer = COMMON
    trusted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed(NewFeed):
    """A stored feed. The address of a private feed (`owner` is set) may carry a token: never log or show it."""

    id: FeedId
    validators: Validators = Validators()
    health: Health = Health()
    interval: timedelta | None = None  # the present cadence; None before the first visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as a feed gave it, cleaned: plain text, absolute http(s) links, aware UTC times.

    `title`, `summary` and `content` are plain text without markup. `content` is the full text where the feed
    carries one beyond the summary. `guid` is empty where the feed gave none. `published` is None where the feed
    gave no usable date.
    """

    guid: str
    url: str  # "" where there is none
    title: str
    summary: str = ""
    content: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str | None = None
    image: str | None = None  # absolute http(s) address


@dataclass(frozen=True, slots=True)
class Identified:
    """An entry and its keys, strongest first (`bot.core.identity`). `words` is the wording of its title and of its
    summary."""

    entry: Entry
    keys: tuple[str, ...]
    words: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What one body said. `hint` is how long the feed asks to be left alone (`ttl`, `sy:updatePeriod`).

    `deleted` names entries, by guid, that the outlet took back (RFC 6721 `at:deleted-entry`).
    """

    title: str
    link: str
    language: str | None
    entries: tuple[Entry, ...]
    version: str  # feedparser's names: "rss20", "atom10", "rss10", "json11" …
    hint: timedelta | None = None
    hub: str | None = None  # WebSub hub (W3C WebSub §4)
    deleted: tuple[str, ...] = ()
    bozo: str | None = None  # why it was not well-formed, None where it was


# --- what a visit brings back ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """New content. `entries` are those of `parsed`, identified: that takes as long as reading them, so whoever reads
    does it too. `moved_to` is the new address after permanent redirects only (301, 308)."""

    parsed: ParsedFeed
    entries: tuple[Identified, ...]
    validators: Validators
    moved_to: str | None = None
    keep_for: timedelta | None = None  # Cache-Control max-age or Expires


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """304, or the very body of last time."""

    validators: Validators
    moved_to: str | None = None
    keep_for: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """No usable answer. `reason` is for people; `blocked` where the outlet refused us; `gone` for a 410; `asked` is
    False where another feed of the host was told to wait, so that this one was not asked for at all."""

    reason: str
    retry_after: timedelta | None = None
    blocked: bool = False
    gone: bool = False
    asked: bool = True


Visit = Fetched | Unchanged | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRecord:
    """What is written down about a feed after a visit, in the transaction that stores its articles."""

    validators: Validators
    health: Health
    interval: timedelta
    next_due: datetime | None  # None: never again (gone)
    url: str | None = None  # the new address after a permanent redirect
    news: News | None = None
    title: str | None = field(default=None)
