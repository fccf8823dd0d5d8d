"""Where a page's feeds are: any address that somebody pastes becomes the feeds behind it.

    address ─▶ fetch ─▶ a feed? that is it
                        a page? links the page declares ─▶ addresses the site's kind is known by ─▶ usual addresses

`candidates` only thinks; `discover` fetches. Declared links are all tried; guesses only until the first that is a feed.
"""

from __future__ import annotations

from feeds.discover.candidates import Candidate, Origin, candidates
from feeds.discover.search import FeedParser, FoundFeed, PageFetcher, discover

__all__ = ["Candidate", "FeedParser", "FoundFeed", "Origin", "PageFetcher", "candidates", "discover"]
