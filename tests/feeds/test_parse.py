"""What the bytes of a feed say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.errors import NotAFeed
from bot.core.feed import Entry, ParsedFeed
from feeds.parse import parse

RSS = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel>
  <title>The Example</title><link>https://news.example/</link><description>News</description>
  <language>en-US</language><ttl>90</ttl><sy:updatePeriod>hourly</sy:updatePeriod>
  <item>
    <title>Writers &amp; actors &lt;em&gt;strike&lt;/em&gt;</title>
    <link>/2023/07/strike</link>
    <guid isPermaLink="false">p-1</guid>
    <pubDate>Fri, 14 Jul 2023 10:11:12 -0400</pubDate>
    <dc:creator>By Jane Doe</dc:creator>
    <category>Labour</category><category>Film</category>
    <description>&lt;p&gt;One.&lt;/p&gt;&lt;ul&gt;&lt;li&gt;a&lt;/li&gt;&lt;li&gt;b&lt;/li&gt;&lt;/ul&gt;</description>
  </item>
</channel></rss>"""


def test_rss_entry_is_cleaned() -> None:
    assert parse(RSS, content_type="text/xml", url="https://news.example/feed") == ParsedFeed(
        title="The Example",
        link="https://news.example/",
        language="en-us",
        version="rss20",
        hint=timedelta(minutes=90),
        entries=(
            Entry(
                guid="p-1",
                url="https://news.example/2023/07/strike",
                title="Writers & actors strike",
                summary="One.\n\na\nb",
                published=datetime(2023, 7, 14, 14, 11, 12, tzinfo=UTC),
                authors=("Jane Doe",),
                categories=("Labour", "Film"),
                language="en-us",
            ),
        ),
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"<!DOCTYPE html><html><head></head></html>", "web page"),
        (b"plain text", "no RSS"),
        (b'{"items": []}', "no JSON Feed"),
        (b"{", "broken"),
        (b"/etc/hostname", "no RSS"),
        (b"<rss>" + b" " * 10_000_000, "larger than 10 MB"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(NotAFeed, match=reason) as raised:
        parse(body)
    assert "\n" not in str(raised.value)


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="https://news.example/blog/"
      xmlns:at="http://purl.org/atompub/tombstones/1.0" xmlns:media="http://search.yahoo.com/mrss/">
  <title type="text">L'exemple</title><link href="/"/><link rel="hub" href="https://hub.example/"/>
  <at:deleted-entry ref="tag:news.example,2023:0" when="2023-07-14T00:00:00Z"/>
  <entry xml:lang="en">
    <id>tag:news.example,2023:1</id>
    <title type="html">Strike &amp;lt; lockout &lt;b&gt;now&lt;/b&gt;</title>
    <link rel="self" href="1.atom"/><link rel="alternate" type="text/html" href="1.html"/>
    <published>2023-07-14T10:11:12.5+02:00</published><updated>2023-07-15</updated>
    <author><name>Jane Doe</name><email>jane@news.example</email></author>
    <category term="labour" label="Labour"/>
    <summary>A teaser.</summary>
    <content type="xhtml">
      <div xmlns="http://www.w3.org/1999/xhtml"><p>The <em>whole</em> text.</p><p>%s</p></div>
    </content>
    <media:group><media:thumbnail url="https://news.example/1.jpg"/></media:group>
  </entry>
</feed>"""


def test_atom_entry_is_cleaned() -> None:
    more = "It goes on. " * 20
    assert parse((ATOM % more).encode(), url="https://elsewhere.example/") == ParsedFeed(
        title="L'exemple",
        link="https://news.example/",
        language="fr",
        version="atom10",
        hub="https://hub.example/",
        deleted=("tag:news.example,2023:0",),
        entries=(
            Entry(
                guid="tag:news.example,2023:1",
                url="https://news.example/blog/1.html",
                title="Strike < lockout now",
                summary="A teaser.",
                content=f"The whole text.\n\n{more.strip()}",
                published=datetime(2023, 7, 14, 8, 11, 12, tzinfo=UTC),
                updated=datetime(2023, 7, 15, tzinfo=UTC),
                authors=("Jane Doe",),
                categories=("Labour",),
                language="en",
                image="https://news.example/1.jpg",
            ),
        ),
    )


def test_json_feed_is_read() -> None:
    body = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "T", "home_page_url": "https://news.example/",
      "hubs": [{"type": "WebSub", "url": "https://hub.example/"}], "language": "en-CA",
      "items": [{"id": 7, "url": "/7", "title": "A &amp; b <i>", "content_html": "<p>Words</p>",
                 "date_published": "2023-07-14T10:11:12-04:00", "authors": [{"name": "Jane Doe"}, "odd"],
                 "tags": ["x", 3], "image": "/7.png"}, "odd", {"id": "8"}]}"""
    assert parse(body, content_type="application/feed+json", url="https://news.example/f.json") == ParsedFeed(
        title="T",
        link="https://news.example/",
        language="en-ca",
        version="json11",
        hub="https://hub.example/",
        entries=(
            Entry(
                guid="7",
                url="https://news.example/7",
                title="A & b <i>",
                summary="Words",
                published=datetime(2023, 7, 14, 14, 11, 12, tzinfo=UTC),
                authors=("Jane Doe",),
                categories=("x",),
                language="en-ca",
                image="https://news.example/7.png",
            ),
        ),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("content_type", [None, "text/html", "text/xml; charset=iso-8859-1"])
def test_json_feed_is_known_by_what_it_is_in_any_encoding(encoding: str, content_type: str | None) -> None:
    body = '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "content_text": "é’s"}]}'
    (entry,) = parse(body.encode(encoding), content_type=content_type).entries
    assert (entry.guid, entry.summary) == ("1", "é’s")


@pytest.mark.parametrize(
    ("asked", "rest"),
    [
        ("<ttl>90</ttl>", timedelta(minutes=90)),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", timedelta(days=1)),
        (
            "<sy:updatePeriod> Hourly </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            timedelta(minutes=15),
        ),
        ("<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", timedelta(hours=1)),
        ("<sy:updatePeriod>yearly</sy:updatePeriod><ttl>9999999</ttl>", timedelta(days=365)),
        ("<ttl>-5</ttl><sy:updatePeriod>often</sy:updatePeriod>", None),
        ("<ttl>٣</ttl><sy:updateFrequency>0</sy:updateFrequency>", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("end", ["</channel></rss>", ""], ids=["well-formed", "broken off"])
def test_the_rest_a_feed_asks_for_is_read(asked: str, rest: timedelta | None, end: str) -> None:
    namespace = "http://purl.org/rss/1.0/modules/syndication/"
    body = f'<rss xmlns:sy="{namespace}"><channel>{asked}<item><title>T</title></item>{end}'
    assert parse(body.encode()).hint == rest


def test_rdf_items_stand_beside_their_channel() -> None:
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>T</title></channel>
      <item rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1</link>
      <dc:date>2023-07-14T10:11Z</dc:date></item></rdf:RDF>"""
    parsed = parse(body)
    assert parsed.version == "rss10"
    assert parsed.entries == (
        Entry(
            guid="https://a.example/1",
            url="https://a.example/1",
            title="One",
            published=datetime(2023, 7, 14, 10, 11, tzinfo=UTC),
            updated=datetime(2023, 7, 14, 10, 11, tzinfo=UTC),
        ),
    )


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('<?xml version="1.0" encoding="iso-8859-1"?><rss><channel><item><title>é’s</title>'.encode("cp1252"), None),
        ("<rss><channel><item><title>é’s</title></item></channel></rss>".encode("utf-16"), None),
        ("<rss><channel><item><title>é’s</title></item></channel></rss>".encode(), "text/xml"),
        ("<rss><channel><item><title>é’s</title></item></channel></rss>".encode(), "text/html; charset=iso-8859-1"),
        ("<rss><channel><item><title>é’s</title></item></channel></rss>".encode("cp1252"), "x/y; charset=windows-1252"),
        ('<?xml version="1.0" encoding="nonsense"?><rss><channel><item><title>é’s</title>'.encode(), None),
        ("\ufeff\n  <rss><channel><item><title>é’s</title></item></channel></rss>".encode(), "image/png"),
    ],
)
def test_wrong_and_missing_encodings_are_got_over(body: bytes, content_type: str | None) -> None:
    assert parse(body, content_type=content_type).entries[0].title == "é’s"


@pytest.mark.parametrize(
    "broken",
    [
        RSS.replace(b"</channel></rss>", b""),
        RSS.replace(b"&amp; actors", b"& actors"),
        RSS.replace(b"<channel>", b"<channel><p>unclosed"),
        RSS.replace(b"<title>Writers", b"<title>\x0b Writers"),
        RSS.replace(b"</item>", b"<x:y>&nbsp;</x:y></item>"),
        b"\n\n" + RSS,
    ],
)
def test_broken_feed_still_gives_its_entries(broken: bytes) -> None:
    parsed = parse(broken, url="https://news.example/feed")
    entry = parsed.entries[0]
    assert (entry.guid, entry.url, entry.title) == (
        "p-1",
        "https://news.example/2023/07/strike",
        "Writers & actors strike",
    )
    assert entry.published == datetime(2023, 7, 14, 14, 11, 12, tzinfo=UTC)
    assert parsed.bozo


def test_one_long_text_is_content_and_its_opening_the_summary() -> None:
    article = "First sentence of the article. Second one, a little longer. " + "More and more of it follows. " * 60
    body = f"<rss><channel><item><title>T</title><description>{article}</description></item></channel></rss>"
    entry = parse(body.encode()).entries[0]
    assert entry.content == article.strip()
    assert len(entry.summary) <= 500
    assert article.startswith(entry.summary)
    assert entry.summary.endswith(".")


def test_caption_of_a_picture_is_not_the_article() -> None:
    body = b"""<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><item><title>T</title>
      <media:content url="https://a.example/1.jpg"><media:description>A caption.</media:description></media:content>
      <description>The teaser.</description></item></channel></rss>"""
    entry = parse(body).entries[0]
    assert (entry.summary, entry.content, entry.image) == ("The teaser.", "", "https://a.example/1.jpg")


def test_guid_that_says_it_is_no_address_is_none() -> None:
    body = b"""<rss><channel><item><title>A</title><guid>https://a.example/1</guid></item>
      <item><title>B</title><guid isPermaLink="false">https://a.example/?p=2</guid></item>
      <item><title>C</title><guid>12345</guid></item></channel></rss>"""
    assert [entry.url for entry in parse(body, url="https://a.example/feed").entries] == ["https://a.example/1", "", ""]
