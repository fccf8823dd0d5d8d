"""Reads an article's page: asks leave, fetches, and has a child process take the text out."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from email.message import Message

from bot.app.ports import Clock, NoPage, NotThere, PageText, Reserved, SamePage
from bot.core import strings
from bot.core.feed import Validators
from feeds import reservations
from feeds.crew import Crew, JobFailed
from feeds.fetch import ACCEPT_PAGE, PAGE_LIMITS, Body, Declined, Fetcher, HostPort, NoAnswer, NotModified, Unsafe
from feeds.robots import Robots

PAGE_MEMORY = 768 * 2**20
PAGE_TIME = timedelta(seconds=10)
PASSING = (408, 425, 429)
"""Statuses below 500 that may be another tomorrow."""


def page_crew(*, within: timedelta = PAGE_TIME, memory: int = PAGE_MEMORY) -> Crew:
    """The children that take pages apart: one is enough, pages are rare."""
    return Crew("page", size=1, memory=memory, within=within, renew_after=200)


class WebPageReader:
    """`bot.app.ports.PageReader`. `allow` holds for trusted addresses only. The crew is closed by whoever made it."""

    def __init__(self, fetcher: Fetcher, crew: Crew, clock: Clock, *, allow: frozenset[HostPort] = frozenset()) -> None:
        self._fetcher = fetcher
        self._crew = crew
        self._robots = Robots(fetcher, clock)
        self._allow = allow

    async def read(self, url: str, *, trusted: bool) -> PageText | NoPage | Reserved:
        match await self.again(url, trusted=trusted, validators=Validators()):
            case NotThere(reason=reason):
                return NoPage(reason=reason, final=True)
            case SamePage():  # nothing conditional was asked
                return NoPage(reason=strings.fetching.SENT_NO_PAGE, final=False)
            case PageText() | NoPage() | Reserved() as page:
                return page

    async def again(
        self, url: str, *, trusted: bool, validators: Validators
    ) -> PageText | SamePage | NotThere | NoPage | Reserved:
        allow = self._allow if trusted else frozenset()
        if (closed := await self._robots.closed(url, allow)) is not None:
            if closed.reserved:
                return Reserved(reason=closed.reason)
            return NoPage(reason=closed.reason, final=closed.final, rest=closed.rest)
        match await self._fetcher.fetch(
            url, allow=allow, validators=validators, accept=ACCEPT_PAGE, limits=PAGE_LIMITS
        ):
            case Body() as body:
                return await self._text(body, validators)
            case Declined(status=404 | 410 as status, reason=reason):
                return NotThere(reason=reason, for_good=status == 410)
            case Declined(status=status, reason=reason):
                return NoPage(reason=reason, final=status < 500 and status not in PASSING)
            case NoAnswer(reason=reason, asked=False, retry_after=rest):
                return NoPage(reason=reason, final=False, rest=rest or timedelta(0))
            case NoAnswer(reason=reason):
                return NoPage(reason=reason, final=False)
            case Unsafe(reason=reason):
                return NoPage(reason=reason, final=True)
            case NotModified(headers=headers):
                reserved = reservations.by_headers(headers)
                return Reserved(reason=reserved) if reserved else SamePage.SAME

    async def _text(self, body: Body, before: Validators) -> PageText | SamePage | NoPage | Reserved:
        """What it says of us comes first: it may be in the headers of a page that else is the same."""
        if reason := reservations.by_headers(body.headers):
            return Reserved(reason=reason)
        body_hash = hashlib.sha256(body.content).hexdigest()
        if body_hash == before.body_hash:
            return SamePage.SAME
        kind = Message()
        kind["Content-Type"] = " ".join(body.headers.get("content-type", "").split()) or "text/html"
        if kind.get_content_type() not in ("text/html", "application/xhtml+xml", "text/plain"):
            return NoPage(reason=strings.fetching.NO_WEB_PAGE, final=True)
        charset = kind.get_param("charset")
        header = {"url": body.url, "charset": charset if isinstance(charset, str) else None}
        try:
            found = json.loads(await self._crew.do(header, body.content))
        except JobFailed as error:  # the same page brings the same
            return NoPage(reason=str(error), final=True)
        if "reserved" in found:
            return Reserved(reason=found["reserved"])
        if "scrap" in found:
            return NoPage(reason=strings.fetching.NO_ARTICLE_TEXT, final=True, scrap=found["scrap"])
        return PageText(
            text=found["text"],
            title=found["title"],
            language=found["language"],
            published=_day(found["published"]),
            validators=Validators(
                etag=body.headers.get("etag"),
                last_modified=body.headers.get("last-modified"),
                body_hash=body_hash,
            ),
        )


def _day(said: str | None) -> date | None:
    """As an extractor that may be wrong found it."""
    try:
        return date.fromisoformat(said or "")
    except ValueError:
        return None
