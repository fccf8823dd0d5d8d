"""Feeds behind whatever address somebody typed, and lists of feeds: the port `FeedFinder` over the one fetcher.

An operator's command may reach the hosts of SLUGLINE_ALLOW_HOSTS; what a member types reaches no private network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.app.ports import FoundFeed, Subscription
from bot.core import strings
from bot.core.errors import InputError
from feeds import discover, opml
from feeds.discover import FeedParser
from feeds.fetch import ACCEPT_FEED, FEED_LIMITS, Body, Fetcher, FetchResult, HostPort

NOWHERE: frozenset[HostPort] = frozenset()


class WebFeedFinder:
    """`bot.app.ports.FeedFinder`; `allow` are hosts on a private network that may be asked all the same."""

    def __init__(self, fetcher: Fetcher, parse: FeedParser, *, allow: frozenset[HostPort] = NOWHERE) -> None:
        self._fetcher = fetcher
        self._parse = parse
        self._allow = allow

    async def find(self, url: str) -> Sequence[FoundFeed]:
        return [
            FoundFeed(
                subscription=Subscription(url=one.url, title=one.parsed.title, language=one.parsed.language),
                entries=len(one.parsed.entries),
            )
            for one in await self.discovered(url)
        ]

    async def discovered(self, url: str) -> Sequence[discover.FoundFeed]:
        """As `find`, each with what it said."""
        asking = _Asking(self._fetcher, self._allow)
        if found := await discover.discover(url, asking, self._parse):
            return found
        there = isinstance(asking.first, Body)
        reason = (
            strings.fetching.NO_FEED_THERE if there else getattr(asking.first, "reason", strings.fetching.NO_ANSWER)
        )
        raise InputError(strings.fetching.at_host(urlsplit(url).hostname, reason))

    async def list_at(self, url: str) -> Sequence[Subscription]:
        listed = opml.read(await self.download(url))
        return [Subscription(url=one.url, title=one.title, desk=one.desk, language=one.language) for one in listed]

    async def download(self, url: str) -> bytes:
        """Raises InputError, which names the host only."""
        result = await self._fetcher.fetch(url, allow=self._allow, accept=ACCEPT_FEED, limits=FEED_LIMITS)
        if isinstance(result, Body):
            return result.content
        reason = getattr(result, "reason", strings.fetching.NO_ANSWER)
        raise InputError(strings.fetching.at_host(urlsplit(url).hostname, reason))

    def list_of(self, subscriptions: Sequence[Subscription]) -> bytes:
        return opml.write(
            opml.Subscription(url=one.url, title=one.title, desk=one.desk, language=one.language)
            for one in subscriptions
        )


@dataclass(slots=True)
class _Asking:
    """Remembers the first answer, which says what is wrong with an address behind which there is no feed."""

    fetcher: Fetcher
    allow: frozenset[HostPort]
    first: FetchResult | None = None

    async def fetch(self, url: str) -> FetchResult:
        answer = await self.fetcher.fetch(url, allow=self.allow)
        self.first = self.first or answer
        return answer
