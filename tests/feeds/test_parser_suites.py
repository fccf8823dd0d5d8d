"""The parser suites of others, as tests of ours.

Three claims over thousands of files: nothing crashes; over feedparser's own well-formed cases the fields Slugline
uses agree with feedparser's in at least 99 of 100; and the strict reader gives what the lenient one would wherever
it is sure. The exceptions are listed in `differences.csv` with their reasons, and the list is exact: a difference
that appears or goes away fails the test.
"""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest

from bot.core.errors import NotAFeed
from bot.core.feed import Entry, ParsedFeed
from feeds.parse import DEFAULT_LIMITS, lenient, parse, strict
from feeds.parse.addresses import web_address
from feeds.parse.clean import clean_feed
from feeds.parse.text import html_to_text, plain
from tests.shared import shared

HERE = "http://example.com/feed/"
LISTED = Path(__file__).with_name("differences.csv")
FEED_FIELDS = ("title", "link", "language", "version", "hint", "hub")
ENTRY_FIELDS = (
    *("guid", "url", "title", "summary", "content", "published", "updated"),
    *("authors", "categories", "language", "image"),
)


def listed(comparison: str) -> dict[str, str]:
    """File → the fields that differ, as one word each."""
    with LISTED.open(newline="", encoding="utf-8") as lines:
        return {row["file"]: row["fields"] for row in csv.DictReader(lines) if row["comparison"] == comparison}


def files(folder: str) -> Iterator[Path]:
    yield from sorted(path for path in shared(folder).rglob("*") if path.is_file())


@pytest.mark.slow
def test_every_file_of_every_suite_is_read_or_refused() -> None:
    read = refused = 0
    for path in files("data/feeds"):
        try:
            parsed = parse(path.read_bytes(), url=HERE)
        except NotAFeed:
            refused += 1
        else:
            read += 1
            assert len(parsed.entries) <= DEFAULT_LIMITS.entries
    assert read > 4_000 > refused, "most files of the suites are feeds"


# --- feedparser's own well-formed cases ---------------------------------------------------------------------


@pytest.mark.slow
def test_fields_agree_with_feedparser_over_its_own_cases() -> None:
    root = shared("data/feeds/suites/feedparser/tests/wellformed")
    different: dict[str, str] = {}
    count = 0
    for path in files("data/feeds/suites/feedparser/tests/wellformed"):
        if path.suffix != ".xml":
            continue
        count += 1
        body = path.read_bytes()
        try:
            ours = [as_used(entry) for entry in parse(body, url=HERE).entries]
        except NotAFeed:
            ours = []
        theirs = feedparsers(body)
        fields = differing(ours, theirs)
        if fields:
            different[path.relative_to(root).as_posix()] = fields
    assert different == listed("feedparser")
    assert count > 1_700
    assert len(different) <= count * 0.01


def as_used(entry: Entry) -> dict[str, object]:
    return {
        "guid": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "text": entry.content or entry.summary,
        "published": entry.published,
        "updated": entry.updated,
    }


def feedparsers(body: bytes) -> list[dict[str, object]]:
    """What feedparser says of the entries that say something. Of its texts the longest counts, as of ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        parsed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    entries = []
    for entry in parsed.entries:
        texts = [words(entry, "summary")]
        texts += [words({"value": one.value, "value_detail": one}, "value") for one in entry.get("content", [])]
        said = {
            "guid": entry.get("id", ""),
            "url": web_address(entry.get("link", ""), HERE, DEFAULT_LIMITS.address),
            "title": " ".join(words(entry, "title").split()),
            "text": max(texts, key=len),
            "published": time(entry, "published") or time(entry, "created") or time(entry, "updated"),
            "updated": time(entry, "updated"),
        }
        if said["title"] or said["text"] or said["url"]:
            entries.append(said)
    return entries


def words(record: Any, key: str) -> str:
    value = record.get(key) or ""
    kind = (record.get(f"{key}_detail") or {}).get("type")
    return plain(value) if kind == "text/plain" else html_to_text(value)


def time(record: Any, key: str) -> datetime | None:
    parsed = record[f"{key}_parsed"] if f"{key}_parsed" in record else None  # noqa: SIM401 (`get` guesses)
    if not parsed:
        return None
    try:
        year, month, day, hour, minute, second = parsed[:6]
        moment = datetime(year, month, day, hour, minute, tzinfo=UTC) + timedelta(seconds=second)
    except (ValueError, OverflowError):
        return None
    return moment if 1971 <= moment.year < 2200 else None


def differing(ours: list[dict[str, object]], theirs: list[dict[str, object]]) -> str:
    if len(ours) != len(theirs):
        return "entries"
    pairs = zip(ours, theirs, strict=True)
    return " ".join(sorted({key for one, other in pairs for key in one if one[key] != other[key]}))


# --- the two readers ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_strict_reader_gives_what_the_lenient_one_would() -> None:
    root = shared("data/feeds")
    different: dict[str, str] = {}
    sure = 0
    for path in files("data/feeds"):
        body = path.read_bytes()
        try:
            fast = clean_feed(strict.read(body, DEFAULT_LIMITS), HERE, DEFAULT_LIMITS)
        except strict.Unsure:
            continue
        sure += 1
        slow = clean_feed(lenient.read(body, None, DEFAULT_LIMITS), HERE, DEFAULT_LIMITS)
        if fields := readers_differ(fast, slow):
            different[path.relative_to(root).as_posix()] = fields
    assert different == listed("readers")
    assert sure > 2_500
    assert len(different) <= sure * 0.01


def readers_differ(fast: ParsedFeed, slow: ParsedFeed) -> str:
    fields = {f"feed.{name}" for name in FEED_FIELDS if getattr(fast, name) != getattr(slow, name)}
    if len(fast.entries) != len(slow.entries):
        fields.add("entries")
    else:
        for one, other in zip(fast.entries, slow.entries, strict=True):
            fields |= {name for name in ENTRY_FIELDS if getattr(one, name) != getattr(other, name)}
    return " ".join(sorted(fields))
