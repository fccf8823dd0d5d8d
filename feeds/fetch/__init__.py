"""Getting bytes from strangers, safely: see `feeds.fetch.fetcher`."""

from feeds.fetch.fetcher import ACCEPT_FEED, ACCEPT_PAGE, Fetcher
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
from feeds.host_gate import HostPort

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
