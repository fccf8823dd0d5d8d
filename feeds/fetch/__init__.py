"""Getting bytes from strangers, safely: see `feeds.fetch.fetcher`."""

from feeds.fetch.fetcher import ACCEPT_FEED, ACCEPT_PAGE, Fetcher, HostPort
from feeds.fetch.result import (
    FEED_LIMITS,
    PAGE_LIMITS,
    Body,
    Declined,
    FetchResult,
    Limits,
    NoAnswer,
    NotModified,
    Unsafe,
)

__all__ = [
    "ACCEPT_FEED",
    "ACCEPT_PAGE",
    "FEED_LIMITS",
    "PAGE_LIMITS",
    "Body",
    "Declined",
    "FetchResult",
    "Fetcher",
    "HostPort",
    "Limits",
    "NoAnswer",
    "NotModified",
    "Unsafe",
]
