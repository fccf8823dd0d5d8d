"""The job of a feed child: a body in; a pickled `ParsedFeed` out and, of each entry, its keys and wordings. Runs in
`feeds.hand` only."""

from __future__ import annotations

import pickle
from typing import Any

from bot.core.feed import FeedId
from bot.core.identity import identify
from feeds.parse import parse


def run(header: dict[str, Any], body: bytes) -> bytes:
    """Entries are identified as those of the feed that `feed` numbers. Raises `NotAFeed`."""
    parsed = parse(body, content_type=header.get("content_type"), url=header["url"])
    identified = identify(parsed.entries, FeedId(header["feed"]), parsed.link)
    return pickle.dumps((parsed, [(one.keys, one.words) for one in identified]), protocol=5)
