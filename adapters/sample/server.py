"""The sample week's web server: feeds, pages and a subscription list on 127.0.0.1, as real outlets would serve them.

It answers conditional requests (RFC 9110 §13: If-None-Match decides where both validators are sent), tells crawlers
which outlet keeps its pages from machines (`X-Robots-Tag`, `/.well-known/tdmrep.json`), and can put out a second
edition, after which only the feeds and pages that changed have new validators. One address serves all the outlets,
each under its own path, so that an operator's allowance of a single host and port covers them.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from email.utils import format_datetime

from aiohttp import web

from adapters.sample.feed import feed_path, write_feed, write_opml
from adapters.sample.page import write_front_page, write_page
from bot.core.feed import NewFeed
from bot.core.sample import Edition, PrintedArticle, SampleOutlet, SampleWeek, print_week

_HOST = "127.0.0.1"


class SampleServer:
    """What `serve_sample` gives. `requests` counts every request by path, 304s included."""

    def __init__(self, week: SampleWeek, now: datetime) -> None:
        self.requests: Counter[str] = Counter()
        self._week = week
        self._now = now
        self._port = 0
        self._pages: dict[str, _Page] = {}

    @property
    def address(self) -> str:
        """`host:port`, for the allowance that loopback feeds need."""
        return f"{_HOST}:{self._port}"

    @property
    def base_url(self) -> str:
        """Without a slash at its end."""
        return f"http://{self.address}"

    @property
    def opml_url(self) -> str:
        return f"{self.base_url}/feeds.opml"

    def feeds(self) -> tuple[NewFeed, ...]:
        """Every outlet's feed, with what is known about the outlet, as an operator would configure it."""
        return tuple(
            NewFeed(
                url=self.base_url + feed_path(outlet),
                outlet=outlet.outlet,
                title=outlet.outlet.name,
                desk=outlet.desk,
                language=outlet.language,
                trusted=True,
            )
            for outlet in self._week.outlets
        )

    def publish_second_edition(self) -> None:
        """From now on, serve the corrected and retracted articles."""
        self._publish(Edition.SECOND)

    def _start(self, port: int) -> None:
        self._port = port
        self._publish(Edition.FIRST)

    def _publish(self, edition: Edition) -> None:
        printed = print_week(self._week, self._now, edition)
        pages = {
            "/robots.txt": _Page(b"User-agent: *\nAllow: /\n", "text/plain"),
            "/.well-known/tdmrep.json": _Page(_reservations(self._week), "application/json"),
            "/feeds.opml": _Page(write_opml(self._week.outlets, self.base_url), "text/x-opml"),
        }
        for outlet in self._week.outlets:
            pages |= self._outlet(outlet, tuple(article for article in printed if article.outlet == outlet))
        self._pages = pages

    def _outlet(self, outlet: SampleOutlet, articles: tuple[PrintedArticle, ...]) -> dict[str, _Page]:
        if not articles:
            return {}
        feed = write_feed(outlet, articles, self.base_url)
        front = write_front_page(outlet, articles, feed_path(outlet), feed.content_type)
        pages = {
            feed_path(outlet): _Page(feed.body, feed.content_type, feed.modified, noai=outlet.noai),
            f"/{outlet.slug}/": _Page(front, "text/html", feed.modified, noai=outlet.noai),
        }
        for index, article in enumerate(articles):
            # The neighbours in time, wrapping around: every page links to some others, never to itself.
            others = articles[index + 1 :] + articles[:index]
            page = write_page(article, others, self.base_url)
            pages[article.path] = _Page(page, "text/html", article.changed, noai=outlet.noai)
        return pages

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests[request.path] += 1
        page = self._pages.get(request.path)
        if page is None:
            raise web.HTTPNotFound(text="No such page.")
        return page.answer(request)


class _Page:
    """A body with its validators."""

    def __init__(self, body: bytes, content_type: str, modified: datetime | None = None, *, noai: bool = False) -> None:
        self._body = body
        # HTTP dates have no fractions of a second.
        self._modified = None if modified is None else modified.replace(microsecond=0)
        self._tag = hashlib.sha256(body).hexdigest()[:16]
        self._headers = {
            "Content-Type": f"{content_type}; charset=utf-8",
            "ETag": f'"{self._tag}"',
            "Cache-Control": "no-cache",
        }
        if self._modified is not None:
            self._headers["Last-Modified"] = format_datetime(self._modified, usegmt=True)
        if noai:
            self._headers["X-Robots-Tag"] = "noai, noimageai"
            self._headers["TDM-Reservation"] = "1"

    def answer(self, request: web.Request) -> web.Response:
        if self._unchanged(request):
            headers = {key: value for key, value in self._headers.items() if key != "Content-Type"}
            return web.Response(status=304, headers=headers)
        return web.Response(body=self._body, headers=self._headers)

    def _unchanged(self, request: web.Request) -> bool:
        tags = request.if_none_match
        if tags is not None:
            return any(tag.value in (self._tag, "*") for tag in tags)
        since = request.if_modified_since
        return since is not None and self._modified is not None and self._modified <= since


def _reservations(week: SampleWeek) -> bytes:
    """TDM Reservation Protocol: which paths no machine may mine."""
    reserved = [{"location": f"/{outlet.slug}/*", "tdm-reservation": 1} for outlet in week.outlets if outlet.noai]
    return json.dumps(reserved).encode()


@asynccontextmanager
async def serve_sample(week: SampleWeek, now: datetime, *, port: int = 0) -> AsyncIterator[SampleServer]:
    """Serve the week as if it ended at `now` (aware UTC), on a free port unless one is given."""
    server = SampleServer(week, now)
    application = web.Application()
    application.router.add_get("/{path:.*}", server._answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, _HOST, port)
        await site.start()
        server._start(runner.addresses[0][1])
        yield server
    finally:
        await runner.cleanup()
