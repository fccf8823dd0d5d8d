"""The job of a feed child: a body in, a pickled `ParsedFeed` out. Runs in `feeds.hand` only."""

from __future__ import annotations

import pickle
from typing import Any

from feeds.parse import parse


def run(header: dict[str, Any], body: bytes) -> bytes:
    """Raises `NotAFeed`."""
    return pickle.dumps(parse(body, content_type=header.get("content_type"), url=header["url"]), protocol=5)
