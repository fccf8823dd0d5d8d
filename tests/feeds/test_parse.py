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
