"""The reader of JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from bot.core import strings
from bot.core.errors import NotAFeed
from feeds.parse.dates import UnknownFormat, parse_date
from feeds.parse.limits import Limits
from feeds.parse.raw import NO_TEXT, RawEntry, RawFeed, Text

_VERSIONS = {"1": "json1", "1.0": "json1", "1.1": "json11"}


def read(body: bytes, limits: Limits) -> RawFeed:
    """Raises `NotAFeed` for JSON that is broken or another format. Fields of a wrong type count as missing."""
    try:
        document = json.loads(body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise NotAFeed(strings.fetching.BROKEN_JSON) from error
    feed = _object(document)
    version, _, number = _string(feed, "version").rpartition("/version/")
    if "jsonfeed.org" not in version:
        raise NotAFeed(strings.fetching.NO_JSON_FEED)
    return RawFeed(
        version=_VERSIONS.get(number.strip("/"), "json"),
        title=Text(_string(feed, "title"), False),
        link=_string(feed, "home_page_url"),
        language=_string(feed, "language"),
        entries=[_entry(_object(item)) for item in _list(feed, "items")[: limits.entries]],
        hub=next((_string(_object(hub), "url") for hub in _list(feed, "hubs")), ""),
    )


def _entry(item: dict[str, Any]) -> RawEntry:
    html, text = _string(item, "content_html"), _string(item, "content_text")
    content = Text(html, True) if html else Text(text, False)
    summary = Text(_string(item, "summary"), False)
    published = _time(item, "date_published")
    updated = _time(item, "date_modified")
    authors = [*_list(item, "authors"), item.get("author")]  # 1.1, then 1.0
    return RawEntry(
        guid=_identifier(item.get("id")),
        link=_string(item, "url") or _string(item, "external_url"),
        title=Text(_string(item, "title"), False),
        summary=summary if summary.value else content,
        content=content if summary.value else NO_TEXT,
        published=published or updated,
        updated=updated,
        authors=[_string(_object(author), "name") for author in authors],
        categories=[tag for tag in _list(item, "tags") if isinstance(tag, str)],
        language=_string(item, "language"),
        image=_string(item, "image") or _string(item, "banner_image"),
    )


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _string(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    return value if isinstance(value, str) else ""


def _time(record: dict[str, Any], key: str) -> datetime | None:
    try:
        return parse_date(_string(record, key))
    except UnknownFormat:
        return None


def _list(record: dict[str, Any], key: str) -> list[Any]:
    value = record.get(key)
    return value if isinstance(value, list) else []


def _identifier(value: Any) -> str:
    """Ids should be strings; numbers are read as strings, as version 1.0 asks."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
