"""What the bytes of a feed say: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed 1.x.

    bytes ─▶ one of three readers ─▶ RawFeed ─▶ clean ─▶ ParsedFeed
             strict     well-formed XML it is sure about
             lenient    feedparser, for everything else
             json_feed  what starts with "{"

Bytes are hostile. Nothing here opens a file or a connection, resolves an external entity, or returns markup, and the
time taken grows no faster than the size of the body.
"""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

from bot.core import strings
from bot.core.errors import NotAFeed
from bot.core.feed import ParsedFeed
from feeds.parse import json_feed, strict
from feeds.parse.clean import clean_feed
from feeds.parse.limits import DEFAULT_LIMITS, Limits
from feeds.parse.raw import RawFeed

__all__ = ["DEFAULT_LIMITS", "Limits", "NotAFeed", "parse"]

_BYTE_ORDER_MARKS = (BOM_UTF8, BOM_UTF32_LE, BOM_UTF32_BE, BOM_UTF16_LE, BOM_UTF16_BE)  # the longer first


def parse(
    body: bytes, *, content_type: str | None = None, url: str = "", limits: Limits = DEFAULT_LIMITS
) -> ParsedFeed:
    """Read a feed. Raises `NotAFeed`, with a reason of one line, and nothing else.

    `content_type` is the HTTP header as it came; it is believed only where the body itself says nothing better.
    `url` is where the body came from, for relative links ("" where unknown). Entries keep the feed's order.
    """
    return clean_feed(_read(body, content_type, limits), url, limits)


def _read(body: bytes, content_type: str | None, limits: Limits) -> RawFeed:
    if len(body) > limits.body:
        raise NotAFeed(strings.fetching.feed_too_large(limits.body / 1_000_000))
    start = body[:1_000]
    mark = next((mark for mark in _BYTE_ORDER_MARKS if start.startswith(mark)), b"")
    start = start.removeprefix(mark).replace(b"\0", b"").lstrip()
    if not start:
        raise NotAFeed(strings.fetching.EMPTY_FEED)
    if start.startswith(b"{"):
        return json_feed.read(body, limits)
    if start[:9].lower() == b"<!doctype"[:9] and start[9:].lstrip()[:4].lower() == b"html":
        raise NotAFeed(strings.fetching.FEED_IS_PAGE)
    if start[:5].lower() == b"<html":
        raise NotAFeed(strings.fetching.FEED_IS_PAGE)
    try:
        return strict.read(body, limits)
    except strict.Unsure:
        from feeds.parse import lenient  # feedparser takes a third of a child's start, and few feeds need it

        return lenient.read(body, content_type, limits)
