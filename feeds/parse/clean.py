"""From what a reader found to what Slugline keeps: plain text, absolute addresses, plausible times, all bounded.

Summary and content. Feeds put their text where they like: a teaser in `description` and the article in
`content:encoded`, the article in `description`, the article in both. Here one long text alone is the content, and its
opening the summary; one short text is the summary. So "has content" always means "we hold more than a teaser".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.core.feed import Entry, ParsedFeed
from feeds.parse.addresses import web_address
from feeds.parse.limits import Limits
from feeds.parse.raw import RawEntry, RawFeed, Text
from feeds.parse.text import html_to_text, one_line, plain

TEASER = 1_000
"""Characters. A text longer than this is an article, not a teaser (editorial.md's extract budget is 120 words)."""
OPENING = 500
"""Characters of an article's opening used as its summary where the feed gives none."""

# Feeds began in 1999 and some carry archives; zero timestamps (1970) and placeholder years are no dates.
_EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_ADDRESS = ("http://", "https://", "/")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_BYLINE = re.compile(r"by\s+", re.I)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def clean_feed(raw: RawFeed, url: str, limits: Limits) -> ParsedFeed:
    """`url` is where the body came from; relative links are relative to it, or else to the feed's own link."""
    here = web_address(raw.base, url, limits.address) or web_address(url, "", limits.address)
    link = web_address(raw.link, here, limits.address)
    here = here or link
    language = _language(raw.language)
    entries = (_entry(entry, here, language, limits) for entry in raw.entries[: limits.entries])
    return ParsedFeed(
        title=_title(raw.title, limits),
        link=link,
        language=language,
        entries=tuple(entry for entry in entries if entry.title or entry.summary or entry.url),
        version=raw.version,
        hint=raw.hint,
        hub=web_address(raw.hub, here, limits.address) or None,
        deleted=tuple(one_line(ref)[: limits.guid] for ref in raw.deleted[: limits.entries]),
        bozo=one_line(raw.bozo) if raw.bozo else None,
    )


def _entry(raw: RawEntry, here: str, language: str | None, limits: Limits) -> Entry:
    base = web_address(raw.base, here, limits.address) or here
    guid = one_line(raw.guid)[: limits.guid]
    # A guid may stand for the link; but one that is not absolute is the number of an article, not a relative link.
    is_link = raw.link != raw.guid or raw.link.lower().startswith(_ADDRESS)
    url = web_address(raw.link, base, limits.address) if is_link else ""
    summary, content = _summary_and_content(_words(raw.summary), _words(raw.content))
    return Entry(
        guid=guid,
        url=url,
        title=_title(raw.title, limits),
        summary=_cut(summary, limits.summary),
        content=_cut(content, limits.content),
        published=_plausible(raw.published),
        updated=_plausible(raw.updated),
        authors=_unique((_author(name) for name in raw.authors), limits),
        categories=_unique((one_line(name) for name in raw.categories), limits),
        language=_language(raw.language) or language,
        image=web_address(raw.image, base, limits.address) or None,
    )


def _title(text: Text, limits: Limits) -> str:
    # Character references in a plain title are an outlet's mistake, never its words: "Writers&#8217; strike".
    title = _words(text)
    if not text.markup and _REFERENCE.search(title):
        title = html_to_text(title.replace("<", "&lt;"))
    return _cut(" ".join(title.split()), limits.title, "…")


def _words(text: Text) -> str:
    return html_to_text(text.value) if text.markup else plain(text.value)


def _summary_and_content(summary: str, content: str) -> tuple[str, str]:
    if len(content) <= len(summary):
        content = ""  # a copy, or the caption of a picture that feedparser takes for content
    longer = content or summary
    if len(longer) <= TEASER:
        return (summary or content), (content if summary else "")
    return (summary if content and 0 < len(summary) <= TEASER else _opening(summary or content)), longer


def _opening(text: str) -> str:
    """The first sentences, up to `OPENING` characters: always the outlet's words in the outlet's order."""
    head = text[: OPENING + 1]
    ends = [found.end() for found in _SENTENCE_END.finditer(head)]
    return head[: ends[-1]].strip() if ends else _cut(text, OPENING)


def _cut(text: str, limit: int, mark: str = "") -> str:
    """At most `limit` characters, cut between words where there are any, then `mark`."""
    if len(text) <= limit:
        return text
    head = text[: limit - len(mark)]
    space = max(head.rfind(" "), head.rfind("\n"))
    return (head[:space] if space > limit // 2 else head).rstrip() + mark


def _plausible(time: datetime | None) -> datetime | None:
    return time if time is not None and _EARLIEST <= time < _LATEST else None


def _language(tag: str) -> str | None:
    tag = tag.strip()
    return tag.replace("_", "-").lower() if _LANGUAGE.fullmatch(tag) else None


def _author(name: str) -> str:
    """A name without "By" and without an e-mail address: `jane@example.org (Jane Doe)` is Jane Doe."""
    name = one_line(html_to_text(name[:2_000]))
    if "@" in name:
        name = _EMAIL.sub("", name).replace("()", "").replace("<>", "").strip()
        name = name.removeprefix("(").removesuffix(")").strip()
    if byline := _BYLINE.match(name):
        name = name[byline.end() :]
    return name


def _unique(names: Iterable[str], limits: Limits) -> tuple[str, ...]:
    kept = dict.fromkeys(name[: limits.name] for name in names if name)
    return tuple(kept)[: limits.names]
