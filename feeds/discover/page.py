"""What a page says about its feeds: `<link rel="alternate">` in its head (RSS Autodiscovery, HTML "alternate")."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import urljoin

from feeds.parse.text import one_line

READ = 1_000_000
"""Characters of a page that are looked at."""

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_SCRIPT = re.compile(r"<(script|style)\b[^<>]*+>.*?(?:</\1|\Z)", re.S | re.I)
_LINK = re.compile(r"<link\s([^<>]{1,4000})>", re.I)
_BASE = re.compile(r"<base\s([^<>]{1,4000})>", re.I)
_ATTRIBUTE = re.compile(r"([A-Za-z-]{1,30}+)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")
_FEED_TYPES = frozenset(
    """application/rss+xml application/atom+xml application/rdf+xml application/feed+json application/rss
    application/atom text/xml application/xml text/rss+xml""".split()
)


@dataclass(frozen=True, slots=True)
class DeclaredFeed:
    href: str
    title: str

    @property
    def is_of_comments(self) -> bool:
        return "comment" in self.href.lower() or "comment" in self.title.lower()


def declared(page: str) -> tuple[DeclaredFeed, ...]:
    """In the page's order. `application/json` is left out: with WordPress it is the interface for programs."""
    found = []
    for attributes in _each(_LINK, page):
        rel = attributes.get("rel", "").lower().split()
        kind = attributes.get("type", "").partition(";")[0].strip().lower()
        if attributes.get("href") and kind in _FEED_TYPES and ("alternate" in rel or "feed" in rel):
            found.append(DeclaredFeed(attributes["href"], one_line(attributes.get("title", ""))[:200]))
    return tuple(found)


def page_base(page: str, url: str) -> str:
    """What the page's relative links are relative to."""
    for attributes in _each(_BASE, page):
        if attributes.get("href"):
            try:
                return urljoin(url, attributes["href"].strip())
            except ValueError:
                return url
    return url


def _each(element: re.Pattern[str], page: str) -> list[dict[str, str]]:
    if not element.search(page):
        return []
    head = _SCRIPT.sub("", _COMMENT.sub("", page[:READ]))
    return [
        {name.lower(): html.unescape(one or other or bare) for name, one, other, bare in _ATTRIBUTE.findall(tag)}
        for tag in element.findall(head)
    ]
