"""Whether a page may be fetched at all: robots.txt and tdmrep.json of its origin, remembered for a day.

Asked for article pages only. A feed is fetched because somebody subscribed to it, at most once an hour or so; like
other feed readers (RFC 9309 speaks of crawlers, which find addresses by themselves) we take its being published as
the permission, and an outlet that refuses us by status code is left alone. A pace that robots.txt asks for
(Crawl-delay, Request-rate) is kept by everybody who visits that host, feeds included.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego
from yarl import URL

from bot.app.ports import Clock
from bot.core import strings
from feeds import reservations
from feeds.fetch import Body, Declined, Fetcher, HostPort, Limits, NoAnswer, Unsafe

LIFE = timedelta(hours=24)
"""RFC 9309 §2.4: not longer than a day."""
SHORT_LIFE = timedelta(hours=1)
"""How long an origin whose rules could not be read counts as closed (RFC 9309 §2.3.1.4)."""
ORIGINS = 512
"""Rules kept at most, least recently used dropped first."""
LONGEST_GAP = timedelta(minutes=1)
"""The slowest pace that is kept. No standard bounds it. Some files ask for hours, which says no; but for that
robots.txt has a word, and with a minute between two visits an outlet's few feeds and pages a day still pass through its
line without anybody's lease running out."""
ROBOTS_LIMITS = Limits(body=512 * 1024, total=timedelta(seconds=20), cut=True)
"""RFC 9309 §2.5: at least 500 kibibytes are read."""
TDMREP_LIMITS = Limits(body=512 * 1024, total=timedelta(seconds=20))


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The page must not be fetched. `final` where tomorrow's answer will be the same."""

    reason: str
    final: bool
    reserved: bool = False  # by a reservation of the outlet's text, not only of this page
    rest: timedelta | None = None  # nobody was asked: the host takes no visits for that long


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    until: datetime
    robots: Protego | None  # None: nothing is forbidden
    tdmrep: bytes
    gap: timedelta | None = None  # what it asks for between two visits
    unreadable: bool = False
    unsafe: str | None = None  # why nothing of that host is fetched at all
    rest: timedelta | None = None  # as in `Closed`; then it is unreadable


class Robots:
    """Asks each origin once a day. Safe to call concurrently."""

    def __init__(self, fetcher: Fetcher, clock: Clock) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._rules: OrderedDict[str, _Rules] = OrderedDict()
        self._asking: dict[str, asyncio.Lock] = {}

    async def closed(self, url: str, allow: frozenset[HostPort]) -> Closed | None:
        """Why `url` must not be fetched, or None. Raises nothing."""
        try:
            origin = URL(url).origin()
        except ValueError:
            return Closed(reason=strings.fetching.NO_USABLE_ADDRESS, final=True)
        rules = await self._rules_of(origin, allow)
        if rules.unsafe is not None:
            return Closed(reason=rules.unsafe, final=False)
        if rules.unreadable:
            return Closed(reason=strings.fetching.ROBOTS_UNREADABLE, final=False, rest=rules.rest)
        self._keep_pace(origin, rules.gap)
        if rules.robots is not None and not rules.robots.can_fetch(url, reservations.AGENT):
            return Closed(reason=strings.fetching.ROBOTS_CLOSED, final=True)
        if reason := reservations.by_tdmrep(rules.tdmrep, url):
            return Closed(reason=reason, final=True, reserved=True)
        return None

    async def _rules_of(self, origin: URL, allow: frozenset[HostPort]) -> _Rules:
        """Remembered, or asked for once however many pages wait for the answer."""
        key = str(origin)
        async with self._asking.setdefault(key, asyncio.Lock()):
            rules = self._rules.get(key)
            if rules is None or rules.until <= self._clock.now():
                rules = self._rules[key] = await self._ask(origin, allow)
                while len(self._rules) > ORIGINS:
                    forgotten, _ = self._rules.popitem(last=False)
                    self._asking.pop(forgotten, None)
            self._rules.move_to_end(key)
            return rules

    async def _ask(self, origin: URL, allow: frozenset[HostPort]) -> _Rules:
        robots: Protego | None = None
        match await self._fetcher.fetch(
            str(origin.with_path("/robots.txt")), allow=allow, accept="text/plain, */*;q=0.1", limits=ROBOTS_LIMITS
        ):
            case Body(content=content):
                text = content.decode("utf-8", "replace").removeprefix("\ufeff").replace("\0", "")
                robots = await asyncio.to_thread(Protego.parse, text)
                self._keep_pace(origin, _gap(robots))
            case Declined(status=status) if 300 <= status < 500 and status != 429:
                pass  # RFC 9309 §2.3.1.3: no rules
            case NoAnswer(asked=False, retry_after=rest):
                until = self._clock.now() + (rest or timedelta(0))
                return _Rules(until=until, robots=None, tdmrep=b"", unreadable=True, rest=rest or timedelta(0))
            case Unsafe(reason=reason):
                return _Rules(until=self._clock.now() + SHORT_LIFE, robots=None, tdmrep=b"", unsafe=reason)
            case _:
                return _Rules(until=self._clock.now() + SHORT_LIFE, robots=None, tdmrep=b"", unreadable=True)
        tdmrep = b""
        match await self._fetcher.fetch(
            str(origin.with_path("/.well-known/tdmrep.json")),
            allow=allow,
            accept="application/json, */*;q=0.1",
            limits=TDMREP_LIMITS,
        ):
            case Body(content=content):
                tdmrep = content
            case _:
                pass
        gap = None if robots is None else _gap(robots)
        return _Rules(until=self._clock.now() + LIFE, robots=robots, tdmrep=tdmrep, gap=gap)

    def _keep_pace(self, origin: URL, gap: timedelta | None) -> None:
        if gap is not None:
            self._fetcher.pace((origin.host or "", origin.port or 0), gap, LIFE)


def _gap(robots: Protego) -> timedelta | None:
    """The pause robots.txt asks of us between two visits, within bounds; None where it asks for none."""
    wishes = [robots.crawl_delay(reservations.AGENT) or 0.0]
    if rate := robots.request_rate(reservations.AGENT):
        wishes.append(rate.seconds / max(rate.requests, 1))
    longest = max((wish for wish in wishes if wish > 0), default=0.0)  # no number ("nan") is greater than 0
    return timedelta(seconds=min(longest, LONGEST_GAP.total_seconds())) if longest else None
