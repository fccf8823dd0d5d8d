"""The catalogue: which feeds Slugline reads by default, and what is known about who publishes what.

Two tables, so that a fact stands once:

    outlets.csv    hosts (space-separated), name, owner, owner_source, country, country_source, paywalled (yes or no),
                   paywall_source
    catalogue.csv  address, title, desk, language, host (of its outlet), seen

Beside each fact stands the address of a page that says so, read by whoever wrote the fact down; `seen` is the page or
file in which the feed's address was read (the feed itself, where that was read). A fact without its page is a mistake,
and loading fails: what nobody could find a page for stays empty, and is then not guessed. An outlet of unknown owner
is taken for independent of all others, so none is folded away for a rumour; one not known to be free to read has its
pages left alone and is quoted only from what its own feed carries. So has an unlisted one that a feed of many outlets
leads to; an unlisted outlet whose own feed somebody added is taken for free, since whoever adds a feed knows it.
Loading is pure; the composition root reads the files.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit

from bot.core import strings
from bot.core.errors import InputError
from bot.core.feed import NewFeed, Outlet


class Desk(StrEnum):
    """The groups of feeds that a community switches on and off."""

    TRADES = "trades"
    TECH = "tech"
    LABOUR = "labour"
    GUILDS = "guilds"
    LAW = "law"  # legislation and regulators
    COURTS = "courts"
    PUBLISHING = "publishing"  # publishing and newsrooms
    GAMES = "games"  # games and animation
    GENERAL = "general"


# One host, many publishers: the host says nothing about the outlet.
_SHARED_HOSTS = frozenset(
    """
    feedburner.com feeds.feedburner.com feedproxy.google.com medium.com substack.com wordpress.com blogspot.com
    ghost.io beehiiv.com github.com github.io gitlab.com reddit.com youtube.com tumblr.com mastodon.social
    news.google.com feedly.com rsshub.app rss.app politepol.com libsyn.com podbean.com anchor.fm feedburner.google.com
    """.split()
)
MANY_HOSTS = 3
"""Hosts among its entries from which on a feed is taken for a gatherer; two may be one outlet and its shop."""
_SERVICE_LABELS = frozenset(("www", "feeds", "feed", "rss", "api", "moxie", "newsfeed", "xml", "partners", "blog"))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOutlet:
    """An outlet, the hosts it publishes on (registered names, without `www.`), and the page behind each fact."""

    outlet: Outlet
    hosts: tuple[str, ...]
    owner_source: str | None
    country_source: str | None
    paywall_source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFeed:
    """A feed of the catalogue. `seen` is where its address was read."""

    feed: NewFeed
    desk: Desk
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    outlets: tuple[KnownOutlet, ...]
    feeds: tuple[ListedFeed, ...]
    by_host: Mapping[str, KnownOutlet]

    def outlet_for(self, url: str, title: str = "") -> Outlet:
        """Who publishes the feed at `url`, for feeds that people add: a known outlet by host, else the feed's own
        title, else the host's name. Where the title is an address again, as in many lists of feeds, its host counts:
        the feed may come through a proxy."""
        title = " ".join(title.split())[:100]
        address = title if _host(title) else url
        if known := self._known(url) or self._known(address):
            return known
        return Outlet(name=title if title and address is url else _spoken_host(address))

    def outlet_of(self, url: str, feed: Outlet, *, aggregated: bool) -> Outlet:
        """Who publishes the article at `url`: a known outlet by host; else the feed's, unless the feed gathers
        articles of many (`aggregated`), when the host's name is nearer the truth than the gatherer's, and nobody says
        whether there is a paywall."""
        stranger = aggregated and _host(url)
        return self._known(url) or (Outlet(name=_spoken_host(url), paywalled=None) if stranger else feed)

    def _known(self, url: str) -> Outlet | None:
        for name in _suffixes(_host(url)):
            if known := self.by_host.get(name):
                return known.outlet
        return None


def load(outlets: bytes, feeds: bytes) -> Catalogue:
    """Both tables as UTF-8 CSV with a header. Raises `InputError` naming the line."""
    known = tuple(_outlet(row, line) for line, row in _rows(outlets, "outlets.csv"))
    by_host = {host: one for one in known for host in one.hosts}
    if len(by_host) != sum(len(one.hosts) for one in known):
        twice = [host for one in known for host in one.hosts if by_host[host] is not one]
        raise InputError(f"outlets.csv: {', '.join(sorted(twice))}: listed for two outlets")
    listed = tuple(_feed(row, line, by_host) for line, row in _rows(feeds, "catalogue.csv"))
    if len({one.feed.url for one in listed}) != len(listed):
        raise InputError("catalogue.csv: an address is listed twice")
    return Catalogue(outlets=known, feeds=listed, by_host=by_host)


def _rows(body: bytes, file: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        reader = csv.DictReader(io.StringIO(body.decode("utf-8"), newline=""), strict=True)
        for row in reader:
            if None in row or None in row.values():
                raise InputError(f"{file}: line {reader.line_num}: wrong number of columns")
            yield reader.line_num, {name: value.strip() for name, value in row.items()}
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{file}: not UTF-8 CSV") from error


def _outlet(row: Mapping[str, str], line: int) -> KnownOutlet:
    try:
        owner, owner_source = _sourced(row, "owner", "owner_source")
        country, country_source = _sourced(row, "country", "country_source")
        paywalled, paywall_source = _sourced(row, "paywalled", "paywall_source")
        return KnownOutlet(
            outlet=Outlet(
                name=row["name"],
                owner=owner,
                country=country,
                paywalled=None if paywalled is None else _yes(paywalled),
            ),
            hosts=tuple(row["hosts"].split()),
            owner_source=owner_source,
            country_source=country_source,
            paywall_source=paywall_source,
        )
    except (KeyError, ValueError) as error:
        raise InputError(f"outlets.csv: line {line}: {error}") from error


def _feed(row: Mapping[str, str], line: int, by_host: Mapping[str, KnownOutlet]) -> ListedFeed:
    try:
        desk = Desk(row["desk"])
        return ListedFeed(
            feed=NewFeed(
                url=row["address"],
                outlet=by_host[row["host"]].outlet,
                title=row["title"],
                desk=desk.value,
                language=row["language"] or None,
                trusted=False,
            ),
            desk=desk,
            seen=_address(row["seen"], "seen"),
        )
    except (KeyError, ValueError) as error:
        raise InputError(f"catalogue.csv: line {line}: {error}") from error


def on_host(url: str, hosts: Collection[str]) -> bool:
    """Whether the address is on one of `hosts` (lower case), or below one."""
    return bool(hosts) and any(name in hosts for name in _suffixes(_host(url)))


def gathers(urls: Iterable[str]) -> bool:
    """Whether a feed whose entries have these addresses gathers from many outlets."""
    return len({_host(url).removeprefix("www.") for url in urls if url}) >= MANY_HOSTS


def _sourced(row: Mapping[str, str], fact: str, source: str) -> tuple[str | None, str | None]:
    """A fact and the page that says so, or neither."""
    value = row[fact]
    if not value:
        if row[source]:
            raise ValueError(f"{source} is given, but no {fact}")
        return None, None
    return value, _address(row[source], source)


def _address(value: str, column: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{column} is {value!r}, not the address of a page that was read")
    return value


def _yes(value: str) -> bool:
    if value not in ("yes", "no"):
        raise ValueError(f"paywalled is {value!r}, not yes or no")
    return value == "yes"


@lru_cache(maxsize=1024)  # every new article's address is asked for twice
def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _suffixes(host: str) -> Iterator[str]:
    """`a.b.example.com`, `b.example.com`, `example.com`."""
    labels = host.split(".")
    for start in range(len(labels) - 1):
        yield ".".join(labels[start:])


def _spoken_host(url: str) -> str:
    """`feeds.example.com` is example.com; on a host of many publishers the address goes on."""
    host = _host(url)
    labels = host.split(".")
    while len(labels) > 2 and labels[0] in _SERVICE_LABELS:
        labels = labels[1:]
    name = ".".join(labels)
    if name in _SHARED_HOSTS or host in _SHARED_HOSTS:
        path = [part for part in urlsplit(url).path.split("/") if part]
        return "/".join([name, *path[:2]])
    return name or strings.feeds.UNKNOWN_OUTLET
