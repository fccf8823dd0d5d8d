"""The sample week's web server is what real outlets are: formats, validators, pages to extract from, editions."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import feedparser
import pytest
import trafilatura
from aiohttp import ClientSession

from adapters.sample import SampleServer, sample_week, serve_sample
from adapters.sample.feed import feed_path
from adapters.sample.page import FREE_PARAGRAPHS
from bot.core.sample import Edition, FeedFormat, PrintedArticle, SampleOutlet, print_week
from feeds import opml
from feeds.parse import parse

NOW = datetime(2025, 11, 24, 15, 0, tzinfo=UTC)
WEEK = sample_week()
PRINTED = print_week(WEEK, NOW)


@pytest.fixture
async def server() -> AsyncIterator[SampleServer]:
    async with serve_sample(WEEK, NOW) as server:
        yield server


@pytest.fixture
async def client() -> AsyncIterator[ClientSession]:
    async with ClientSession() as client:
        yield client


def of(outlet: SampleOutlet) -> list[PrintedArticle]:
    return [article for article in PRINTED if article.outlet == outlet]


def moment(text: str) -> datetime:
    """An RFC 822 or ISO 8601 date."""
    return parsedate_to_datetime(text) if "," in text else datetime.fromisoformat(text)


async def get(client: ClientSession, url: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
    async with client.get(url, headers=headers) as response:
        return response.status, await response.read()


# --- feeds --------------------------------------------------------------------------------------------------

XML_OUTLETS = [outlet for outlet in WEEK.outlets if outlet.format is not FeedFormat.JSON]
VERSIONS = {FeedFormat.RSS: "rss20", FeedFormat.ATOM: "atom10", FeedFormat.RDF: "rss10"}


@pytest.mark.parametrize("outlet", XML_OUTLETS, ids=lambda outlet: outlet.slug)
async def test_an_xml_feed_gives_the_outlets_articles(
    server: SampleServer, client: ClientSession, outlet: SampleOutlet
) -> None:
    _, body = await get(client, server.base_url + feed_path(outlet))
    feed = feedparser.parse(body, sanitize_html=False)
    assert not feed.bozo
    assert feed.version == VERSIONS[outlet.format]
    assert feed.feed.title == outlet.outlet.name
    assert [
        # Where RSS 1.0 has a dc:date, feedparser says `updated`.
        (entry.title, entry.link, moment(entry.get("published") or entry.updated), entry.author, entry.summary)
        for entry in feed.entries
    ] == [
        (article.title, server.base_url + article.path, article.published, article.author, article.teaser)
        for article in of(outlet)
    ]
    for entry, article in zip(feed.entries, of(outlet), strict=True):
        if outlet.full:
            assert all(f"<p>{paragraph[:20]}" in entry.content[0].value for paragraph in article.body)
        else:
            assert "content" not in entry


async def test_the_json_feed_gives_the_outlets_articles(server: SampleServer, client: ClientSession) -> None:
    (outlet,) = (outlet for outlet in WEEK.outlets if outlet.format is FeedFormat.JSON)
    _, body = await get(client, server.base_url + feed_path(outlet))
    feed = json.loads(body)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [(item["title"], item["url"], datetime.fromisoformat(item["date_published"])) for item in feed["items"]] == [
        (article.title, server.base_url + article.path, article.published) for article in of(outlet)
    ]
    assert all(
        item["content_html"].count("<p>") == len(a.body) for item, a in zip(feed["items"], of(outlet), strict=True)
    )


@pytest.mark.parametrize("outlet", WEEK.outlets, ids=lambda outlet: outlet.slug)
async def test_our_own_parser_gives_back_what_was_written(
    server: SampleServer, client: ClientSession, outlet: SampleOutlet
) -> None:
    server.publish_second_edition()
    url = server.base_url + feed_path(outlet)
    async with client.get(url) as response:
        feed = parse(await response.read(), content_type=response.headers["Content-Type"], url=url)
    assert feed.bozo is None
    assert [(e.title, e.url, e.content, e.published, e.updated or e.published, e.authors) for e in feed.entries] == [
        (
            article.title,
            server.base_url + article.path,
            "\n\n".join(article.body) if outlet.full else "",
            article.published,
            article.changed,
            (article.author,),
        )
        for article in print_week(WEEK, NOW, Edition.SECOND)
        if article.outlet == outlet
    ]


async def test_the_subscription_list_names_every_feed(server: SampleServer, client: ClientSession) -> None:
    _, body = await get(client, server.opml_url)
    listed = {(line.url, line.title, line.desk, line.language) for line in opml.read(body)}
    assert listed == {(feed.url, feed.title, feed.desk, feed.language) for feed in server.feeds()}


async def test_configured_feeds_are_trusted_and_know_their_outlet(server: SampleServer) -> None:
    assert [(feed.outlet, feed.trusted) for feed in server.feeds()] == [(o.outlet, True) for o in WEEK.outlets]


# --- validators ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("validator", "condition"), [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")]
)
async def test_an_unchanged_feed_is_not_sent_again(
    server: SampleServer, client: ClientSession, validator: str, condition: str
) -> None:
    url = server.feeds()[0].url
    async with client.get(url) as first:
        headers = {condition: first.headers[validator]}
    assert await get(client, url, headers) == (304, b"")
    assert server.requests[url.removeprefix(server.base_url)] == 2


async def test_a_wrong_etag_wins_over_a_right_date(server: SampleServer, client: ClientSession) -> None:
    """RFC 9110 §13.1.3: If-Modified-Since is ignored where If-None-Match is sent."""
    url = server.feeds()[0].url
    async with client.get(url) as first:
        headers = {"If-None-Match": '"other"', "If-Modified-Since": first.headers["Last-Modified"]}
    status, _ = await get(client, url, headers)
    assert status == 200


async def test_only_feeds_that_changed_are_sent_again_after_the_second_edition(
    server: SampleServer, client: ClientSession
) -> None:
    tags = {}
    for feed in server.feeds():
        async with client.get(feed.url) as response:
            tags[feed.url] = (response.headers["ETag"], response.headers["Last-Modified"])
    server.publish_second_edition()
    changed = set()
    for feed in server.feeds():
        etag, modified = tags[feed.url]
        by_tag, _ = await get(client, feed.url, {"If-None-Match": etag})
        by_date, _ = await get(client, feed.url, {"If-Modified-Since": modified})
        assert by_tag == by_date
        if by_tag == 200:
            changed.add(feed.url.split("/")[3])
    assert changed == {
        article.outlet for story in WEEK.stories for article in story.articles if article.change is not None
    }


async def test_the_second_editions_entries_keep_their_identity_and_say_when_they_changed(
    server: SampleServer, client: ClientSession
) -> None:
    url = server.base_url + "/standard/feed.xml"
    before = feedparser.parse((await get(client, url))[1])
    server.publish_second_edition()
    after = feedparser.parse((await get(client, url))[1])
    assert [entry.id for entry in before.entries] == [entry.id for entry in after.entries]
    (retracted,) = (entry for entry in after.entries if entry.title.startswith("Retracted: "))
    assert moment(retracted.updated) == NOW


# --- pages --------------------------------------------------------------------------------------------------


async def test_every_page_yields_its_text_and_little_else(server: SampleServer, client: ClientSession) -> None:
    for article in PRINTED:
        _, page = await get(client, server.base_url + article.path)
        text = trafilatura.extract(page.decode(), include_comments=False, favor_precision=True) or ""
        shown = article.body[:FREE_PARAGRAPHS] if article.outlet.outlet.paywalled else article.body
        for paragraph in shown:
            assert " ".join(paragraph.split())[:40] in text, article.path
        assert "214 part" not in text, article.path
        assert "Podcasts" not in text, article.path


async def test_a_paywall_shows_the_beginning_only(server: SampleServer, client: ClientSession) -> None:
    for article in PRINTED:
        if article.outlet.outlet.paywalled:
            _, page = await get(client, server.base_url + article.path)
            assert article.body[1] not in page.decode()


async def test_hostile_text_is_escaped_on_its_page(server: SampleServer, client: ClientSession) -> None:
    (article,) = (article for article in PRINTED if any("<script>" in paragraph for paragraph in article.body))
    _, page = await get(client, server.base_url + article.path)
    assert page.count(b"<script") == 1  # our own linked data
    assert b"onerror" in page
    assert b"<img" not in page


async def test_an_outlet_reserves_its_pages_in_every_way_there_is(server: SampleServer, client: ClientSession) -> None:
    (outlet,) = (outlet for outlet in WEEK.outlets if outlet.noai)
    article = of(outlet)[0]
    async with client.get(server.base_url + article.path) as response:
        assert response.headers["X-Robots-Tag"] == "noai, noimageai"
        assert b'<meta name="robots" content="noai, noimageai">' in await response.read()
    _, reservations = await get(client, server.base_url + "/.well-known/tdmrep.json")
    assert json.loads(reservations) == [{"location": f"/{outlet.slug}/*", "tdm-reservation": 1}]


async def test_robots_may_read_everything_and_unknown_pages_are_not_found(
    server: SampleServer, client: ClientSession
) -> None:
    assert await get(client, server.base_url + "/robots.txt") == (200, b"User-agent: *\nAllow: /\n")
    assert (await get(client, server.base_url + "/nowhere"))[0] == 404


async def test_a_front_page_leads_to_its_feed(server: SampleServer, client: ClientSession) -> None:
    for outlet in WEEK.outlets:
        _, page = await get(client, f"{server.base_url}/{outlet.slug}/")
        assert f'href="{feed_path(outlet)}"' in page.decode()
