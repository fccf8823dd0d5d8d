"""Addresses at which a site's feed may be, best first, from an address and the page behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urljoin, urlsplit

from feeds.discover.page import declared, page_base
from feeds.discover.sites import site_feeds
from feeds.parse.addresses import web_address

LONGEST_ADDRESS = 2_048
MOST_DECLARED = 10
"""Links of one page; real pages declare one to five."""

# In the order of how often sites use them: WordPress, static site generators, Ghost, Blogger, older systems.
USUAL_PATHS = (
    *("/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/rss", "/index.xml", "/feed.json"),
    *("/feeds/posts/default", "/blog/feed", "/news/feed", "/rss/index.xml", "/?feed=rss2"),
)


class Origin(StrEnum):
    """How an address was come by."""

    SITE = "site"  # a rule of the site's kind: certain where the site is that kind
    DECLARED = "declared"  # the page says so
    USUAL = "usual"  # a guess


@dataclass(frozen=True, slots=True)
class Candidate:
    url: str
    origin: Origin
    title: str = ""


def candidates(url: str, page: str = "") -> tuple[Candidate, ...]:
    """Each address once: what the page declares (feeds of comments last), what its kind of site is known by, then
    guesses. `page` is the HTML behind `url`, "" where there is none. Only http(s), never `url` itself."""
    url = web_address(url, "", LONGEST_ADDRESS)
    if not url:
        return ()
    found: dict[str, Candidate] = {}
    for candidate in _all(url, page):
        address = web_address(candidate.url, url, LONGEST_ADDRESS).partition("#")[0]
        if address and address != url:
            found.setdefault(address, Candidate(address, candidate.origin, candidate.title))
    return tuple(found.values())


def _all(url: str, page: str) -> Iterator[Candidate]:
    base = page_base(page, url)
    links = declared(page)[:MOST_DECLARED]
    for link in sorted(links, key=lambda link: link.is_of_comments):
        yield Candidate(_joined(base, link.href), Origin.DECLARED, link.title)
    for address in site_feeds(url, page):
        yield Candidate(address, Origin.SITE)
    parts = urlsplit(url)
    home = f"{parts.scheme}://{parts.netloc}"
    section = parts.path.rstrip("/")
    if section and "." not in section.rpartition("/")[2]:
        yield Candidate(f"{home}{section}/feed", Origin.USUAL)
        yield Candidate(f"{home}{section}/rss", Origin.USUAL)
    for path in USUAL_PATHS:
        yield Candidate(home + path, Origin.USUAL)


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return ""
