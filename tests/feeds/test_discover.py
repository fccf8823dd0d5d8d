"""Any address becomes the feeds behind it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import NotAFeed
from bot.core.feed import ParsedFeed
from feeds.discover import Candidate, Origin, candidates, discover
from feeds.discover.page import declared
from feeds.fetch import Body, Declined, FetchResult, Unsafe
from feeds.parse import parse

FEED = b'<rss version="2.0"><channel><title>Feed</title><item><title>One</title></item></channel></rss>'
PAGE = """<!DOCTYPE html><html><head><base href="/blog/">
<!-- <link rel="alternate" type="application/rss+xml" href="/old-browsers"> -->
<script>var x = '<link rel="alternate" type="application/rss+xml" href="/in-script">'</script>
<link rel="alternate" type="application/rss+xml" title="Comments on all" href="/comments/feed/">
<link rel=alternate type=application/json href="/wp-json/posts/1">
<LINK REL='alternate' TYPE='application/rss+xml; charset=utf-8' TITLE='News &amp; views' HREF='feed?a=1&amp;b=2'>
<link rel="alternate" hreflang="fr" href="/fr/"><link rel="stylesheet" type="text/css" href="/x.css">
<link rel="alternate" type="application/atom+xml" href="javascript:alert(1)">
</head><body></body></html>"""


class Web:
    """A web of bodies by address, and a parser that needs no child process."""

    def __init__(self, pages: Mapping[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    async def fetch(self, url: str) -> FetchResult:
        self.asked.append(url)
        if url in self.pages:
            return Body(url=url, headers={"content-type": "text/html; charset=utf-8"}, content=self.pages[url])
        return Declined(status=404, reason="not found")

    async def parse(self, body: Body) -> ParsedFeed | None:
        try:
            return parse(body.content, url=body.url)
        except NotAFeed:
            return None

    async def found(self, url: str) -> list[tuple[str, Origin | None]]:
        return [(feed.url, feed.origin) for feed in await discover(url, self, self.parse)]


def test_declared_feeds_come_first_and_those_of_comments_last() -> None:
    found = candidates("https://news.example/blog/post", PAGE)
    assert found[:2] == (
        Candidate("https://news.example/blog/feed?a=1&b=2", Origin.DECLARED, "News & views"),
        Candidate("https://news.example/comments/feed/", Origin.DECLARED, "Comments on all"),
    )
    assert {candidate.origin for candidate in found[2:]} == {Origin.USUAL}


@pytest.mark.parametrize(
    ("url", "feed"),
    [
        (
            "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv",
        ),
        ("https://www.youtube.com/playlist?list=PL1", "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1"),
        ("https://writer.substack.com/p/a-post", "https://writer.substack.com/feed"),
        ("https://substack.com/@writer", "https://writer.substack.com/feed"),
        ("https://medium.com/@writer/a-story-123", "https://medium.com/feed/@writer"),
        ("https://writer.medium.com/", "https://writer.medium.com/feed"),
        ("https://medium.com/tag/labor", "https://medium.com/feed/tag/labor"),
        ("https://social.example/@guild", "https://social.example/@guild.rss"),
        ("https://social.example/@guild/1123", "https://social.example/@guild.rss"),
        ("https://social.example/@guild@union.example", "https://union.example/@guild.rss"),
        ("https://github.com/owner/project", "https://github.com/owner/project/releases.atom"),
        ("https://github.com/owner/project/commits/main", "https://github.com/owner/project/commits.atom"),
        ("https://github.com/owner", "https://github.com/owner.atom"),
        ("https://old.reddit.com/r/Screenwriting/top", "https://www.reddit.com/r/Screenwriting/.rss"),
        ("https://www.reddit.com/u/somebody", "https://www.reddit.com/user/somebody/.rss"),
        ("https://bsky.app/profile/guild.example", "https://bsky.app/profile/guild.example/rss"),
    ],
)
def test_known_sites_have_their_feeds_where_they_always_are(url: str, feed: str) -> None:
    assert candidates(url)[0] == Candidate(feed, Origin.SITE)


def test_channel_of_a_youtube_handle_is_read_from_the_page() -> None:
    page = '<script>{"externalId":"UCabcdefghijklmnopqrstuv"}</script>'
    assert candidates("https://www.youtube.com/@guild", page)[0].url.endswith("=UCabcdefghijklmnopqrstuv")


@pytest.mark.parametrize("url", ["", "ftp://a.example/", "javascript:alert(1)", "not an address", "http://[::1"])
def test_what_is_no_web_address_has_no_feeds(url: str) -> None:
    assert candidates(url, PAGE) == ()


@given(st.text(), st.lists(st.sampled_from(["<link ", "rel=alternate ", "href='", '"', ">", "<!--", "<script"])))
def test_any_page_is_survived(text: str, pieces: list[str]) -> None:
    page = "".join(pieces) + text
    for candidate in candidates("https://news.example/" + text, page):
        assert candidate.url.startswith(("http://", "https://"))


@pytest.mark.parametrize("piece", ["<link ", "<script ", "<!--", "<link a=", "<link rel='", "<base href=", "a=b "])
def test_a_megabyte_of_anything_is_looked_through_at_once(piece: str) -> None:
    """No assertion on the clock: what is quadratic would not come back within a test run."""
    assert declared("<link " + piece * (1_000_000 // len(piece))) == ()


async def test_address_that_is_a_feed_is_the_answer() -> None:
    web = Web({"https://news.example/feed": FEED})
    assert await web.found("https://news.example/feed") == [("https://news.example/feed", None)]
    assert web.asked == ["https://news.example/feed"]


async def test_every_declared_feed_that_works_is_found_and_nothing_is_guessed() -> None:
    page = PAGE.encode()
    feeds = ("https://news.example/blog/feed?a=1&b=2", "https://news.example/comments/feed/")
    web = Web({"https://news.example/": page, **dict.fromkeys(feeds, FEED)})
    assert await web.found("https://news.example/") == [(feed, Origin.DECLARED) for feed in feeds]
    assert web.asked == ["https://news.example/", *feeds]


async def test_guessing_ends_with_the_first_feed() -> None:
    web = Web({"https://news.example/": b"<html></html>", "https://news.example/feed.xml": FEED})
    assert await web.found("https://news.example/") == [("https://news.example/feed.xml", Origin.USUAL)]


async def test_page_that_cannot_be_read_still_has_the_feeds_of_its_kind() -> None:
    web = Web({"https://www.reddit.com/r/Screenwriting/.rss": FEED})
    assert await web.found("https://www.reddit.com/r/Screenwriting") == [
        ("https://www.reddit.com/r/Screenwriting/.rss", Origin.SITE)
    ]


async def test_a_site_without_feeds_is_asked_a_dozen_times_at_most() -> None:
    web = Web({"https://news.example/": PAGE.encode()})
    assert await web.found("https://news.example/") == []
    assert len(web.asked) <= 12


async def test_an_address_that_must_not_be_read_is_asked_once() -> None:
    class Refusing(Web):
        async def fetch(self, url: str) -> FetchResult:
            self.asked.append(url)
            return Unsafe(reason="the address leads into a private network")

    web = Refusing({})
    assert await web.found("http://127.0.0.1/") == []
    assert web.asked == ["http://127.0.0.1/"]
