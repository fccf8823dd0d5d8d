"""The lenient reader: feedparser, for whatever is not well-formed or uses what the strict reader does not know.

feedparser is the yardstick of what real feeds mean. Its sanitiser and its resolver of links inside markup are off,
as only the words are kept (`text`). Three of its habits need care:

- Given bytes it first tries to open a file of that name, so it only ever gets a stream.
- It guesses the encoding from HTTP headers before the bytes; see `_headers`.
- It is pure Python, takes up to 80 µs a tag and holds the interpreter, so it gets no more than it can read in a few
  seconds (`_cut`). Whoever reads feeds of strangers should all the same do it in a process that can be ended.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import feedparser

from bot.core import strings
from bot.core.errors import NotAFeed
from feeds.parse.limits import Limits
from feeds.parse.raw import NO_TEXT, RawEntry, RawFeed, Text
from feeds.parse.rest import asked_rest

_ENTRY = re.compile(rb"<(?:[A-Za-z][\w.-]{0,30}:)?(?:item|entry)[\s>]", re.I)
_TAG = re.compile(rb"<")
# feedparser looks for an e-mail address in such runs in a time that grows with their square. Real feeds have
# some of up to 700 characters, in addresses; where there are many that are longer they are broken up.
_LONG_WORD = re.compile(rb"[\w.+-]{1000}", re.A)
_LONG_WORDS = 10
_PART_OF_WORD = re.compile(rb"[\w.+-]{200}", re.A)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)
_TELLING = {"title", "link", "summary"}
_PLAIN = "text/plain"


def read(body: bytes, content_type: str | None, limits: Limits) -> RawFeed:
    """Raises `NotAFeed` where feedparser finds neither a known format nor an entry."""
    body = _cut(body, limits)
    try:
        parsed = feedparser.parse(
            io.BytesIO(body),
            response_headers=_headers(content_type),
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # feedparser promises nothing about errors, and the input is hostile
        raise NotAFeed(strings.fetching.feed_unreadable(type(error).__name__)) from error
    entries = parsed.entries[: limits.entries]
    if not parsed.version and not any(_TELLING & entry.keys() for entry in entries):
        raise NotAFeed(strings.fetching.NO_FORMAT)
    feed = parsed.feed
    return RawFeed(
        version=parsed.version or "unknown",
        title=_text(feed, "title"),
        link=_string(feed, "link"),
        language=_string(feed, "language"),
        entries=[_entry(entry) for entry in entries],
        hint=asked_rest(_string(feed, "ttl"), _string(feed, "sy_updateperiod"), _string(feed, "sy_updatefrequency")),
        hub=next(
            (_string(link, "href") for link in feed.get("links", ()) if link.get("rel") == "hub"),
            "",
        ),
        bozo=_why(parsed.get("bozo_exception")) if parsed.bozo else None,
    )


def _cut(body: bytes, limits: Limits) -> bytes:
    """The beginning of the body: as many bytes, tags and entries as the limits allow."""
    body = body[: limits.lenient_body]
    if body.count(b"<") > limits.lenient_tags:
        body = body[: next(islice(_TAG.finditer(body), limits.lenient_tags, None)).start()]
    following = next(islice(_ENTRY.finditer(body), limits.entries, None), None)
    body = body[: following.start()] if following else body
    too_long = next(islice(_LONG_WORD.finditer(body), _LONG_WORDS, None), None)
    return _PART_OF_WORD.sub(rb"\g<0> ", body) if too_long else body


def _headers(content_type: str | None) -> Mapping[str, str]:
    """Only the charset, as a type of feed: `text/html; charset=…` and `text/xml` would change how bytes are read."""
    charset = _CHARSET.search(content_type or "")
    return {"content-type": f"application/xml; charset={charset[1]}"} if charset else {}


def _entry(entry: Any) -> RawEntry:
    contents = [
        Text(value, content.get("type") != _PLAIN)
        for content in entry.get("content", ())
        if isinstance(value := content.get("value"), str)
    ]
    published = _time(entry, "published") or _time(entry, "created")
    updated = _time(entry, "updated")
    return RawEntry(
        guid=_string(entry, "id"),
        link=_string(entry, "link"),
        title=_text(entry, "title"),
        # Without its detail it is feedparser's copy of the content.
        summary=_text(entry, "summary") if "summary_detail" in entry else NO_TEXT,
        content=max(contents, key=lambda text: len(text.value), default=NO_TEXT),
        published=published or updated,
        updated=updated,
        authors=[_string(author, "name") for author in entry.get("authors", ()) if author],
        categories=[_string(tag, "label") or _string(tag, "term") for tag in entry.get("tags", ())],
        language=_string(entry, "language"),
        image=_image(entry),
    )


def _string(record: Any, key: str) -> str:
    value = record.get(key)
    return value if isinstance(value, str) else ""


def _text(record: Any, key: str) -> Text:
    detail = record.get(f"{key}_detail")
    kind = detail.get("type") if isinstance(detail, dict) else None
    return Text(_string(record, key), kind != _PLAIN)


def _time(record: Any, key: str) -> datetime | None:
    # Not `get`: feedparser answers with the date of publication, and a warning, where an entry has no update.
    if f"{key}_parsed" not in record or not (parsed := record[f"{key}_parsed"]):
        return None
    try:
        year, month, day, hour, minute, second = parsed[:6]
        return datetime(year, month, day, hour, minute, tzinfo=UTC) + timedelta(seconds=second)
    except (TypeError, ValueError, OverflowError):
        return None


def _image(entry: Any) -> str:
    for thumbnail in (*entry.get("media_thumbnail", ()), *entry.get("media_content", ())):
        if _is_image(thumbnail):
            return _string(thumbnail, "url")
    for link in entry.get("links", ()):
        if link.get("rel") == "enclosure" and str(link.get("type", "")).startswith("image/"):
            return _string(link, "href")
    return ""


def _is_image(media: Any) -> bool:
    kind = _string(media, "medium") or _string(media, "type")
    return bool(_string(media, "url")) and (not kind or kind.startswith("image"))


def _why(problem: Any) -> str:
    return " ".join(str(problem).split())[:200] or "not well-formed"
