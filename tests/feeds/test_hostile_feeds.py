"""Feeds that want to harm: bombs, foreign files, endless nesting, and bytes that are nothing at all."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.errors import NotAFeed
from bot.core.feed import Entry, ParsedFeed
from feeds.parse import DEFAULT_LIMITS, Limits, lenient, parse, strict
from feeds.parse.clean import clean_feed
from feeds.parse.text import seen
from tests.shared import shared

HERE = "https://news.example/feed"


def rss(inner: str, before: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{before}<rss version="2.0"><channel><title>The Example</title>'
        f"<link>https://news.example/</link>{inner}</channel></rss>"
    ).encode("utf-8", "surrogatepass")


def item(title: str = "A title", description: str = "Words.", more: str = "", number: int = 1) -> str:
    return (
        f"<item><title>{title}</title><link>https://news.example/{number}</link>"
        f"<description>{description}</description>{more}</item>"
    )


def only(body: bytes) -> Entry:
    (entry,) = parse(body, url=HERE).entries
    return entry


def is_clean(parsed: ParsedFeed) -> None:
    """What holds for every parsed feed, whatever the bytes were."""
    assert len(parsed.entries) <= DEFAULT_LIMITS.entries
    for address in (parsed.link, parsed.hub or "", *(entry.url for entry in parsed.entries)):
        assert address == "" or address.startswith(("http://", "https://"))
        assert address.isascii()
        assert " " not in address
    for entry in parsed.entries:
        assert "\n" not in entry.title
        assert len(entry.title) <= DEFAULT_LIMITS.title
        assert len(entry.summary) <= DEFAULT_LIMITS.summary
        assert len(entry.content) <= DEFAULT_LIMITS.content
        for text in (entry.title, entry.summary, entry.content, entry.guid, *entry.authors, *entry.categories):
            assert seen(text) == text
            assert text == text.strip()
        for moment in (entry.published, entry.updated):
            assert moment is None or (moment.tzinfo is UTC and 1971 <= moment.year < 2200)


# --- entities and files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["both", "lenient"])
@pytest.mark.parametrize(
    "entity",
    [
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY x SYSTEM "http://127.0.0.1:9/x">',
        '<!ENTITY % y SYSTEM "file:///etc/passwd">%y;<!ENTITY x "">',
    ],
)
def test_foreign_entities_bring_nothing_in(entity: str, reader: str) -> None:
    """No socket either: pytest-socket would fail the test."""
    body = rss(item("Title &x; end", "&x;"), f"<!DOCTYPE rss [{entity}]>")
    if reader == "both":
        parsed = parse(body, url=HERE)
    else:
        parsed = clean_feed(lenient.read(body, None, DEFAULT_LIMITS), HERE, DEFAULT_LIMITS)
    said = " ".join(entry.title + entry.summary for entry in parsed.entries)
    assert "root:" not in said


def test_entity_bomb_does_not_go_off() -> None:
    levels = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))
    body = rss(item("&l11;", "&l11;"), f'<!DOCTYPE rss [<!ENTITY l0 "boom">{levels}]>')
    for entry in parse(body).entries:
        assert len(entry.title + entry.summary) < 1_000


def test_quadratic_entity_does_not_blow_up() -> None:
    body = rss(item("&a;" * 10_000), f'<!DOCTYPE rss [<!ENTITY a "{"a" * 50_000}">]>')
    for entry in parse(body).entries:
        assert len(entry.title) <= DEFAULT_LIMITS.title


def test_known_bombs_and_external_entities_are_inert() -> None:
    for path in sorted(shared("data/hostile/defusedxml/xmltestdata").iterdir()):
        with contextlib.suppress(NotAFeed):
            is_clean(parse(path.read_bytes(), url=HERE))


def test_body_that_is_a_path_is_not_opened(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_bytes(rss(item()))
    with pytest.raises(NotAFeed):
        parse(str(feed).encode())
    with pytest.raises(NotAFeed):
        parse(feed.as_uri().encode())


# --- size and shape -----------------------------------------------------------------------------------------


def test_only_the_first_thousand_entries_are_read() -> None:
    body = rss("".join(item(number=number) for number in range(100_000)))
    parsed = parse(body, url=HERE, limits=Limits(body=20_000_000))
    assert len(parsed.entries) == 1_000
    assert parsed.entries[999].url == "https://news.example/999"


def test_only_the_first_thousand_entries_are_read_leniently() -> None:
    body = rss("".join(item(number=number) for number in range(4_000)) + "<br>")
    with pytest.raises(strict.Unsure):
        strict.read(body, DEFAULT_LIMITS)
    parsed = parse(body, url=HERE)
    assert len(parsed.entries) == 1_000
    assert parsed.bozo


def test_title_of_a_megabyte_is_cut_between_words() -> None:
    title = only(rss(item("word " * 200_000))).title
    assert len(title) <= 500
    assert title.endswith("word…")


@pytest.mark.parametrize(
    "description",
    [
        escape("<div>" * 100_000 + "deep" + "</div>" * 100_000),
        escape("<p " + " ".join(f'a{number}="x"' for number in range(200_000)) + ">deep</p>"),
        "<![CDATA[" + "<b>" * 200_000 + "deep]]>",
    ],
    ids=["nested", "attributes", "unclosed"],
)
def test_monstrous_markup_is_only_its_words(description: str) -> None:
    assert only(rss(item(description=description))).summary == "deep"


@pytest.mark.slow
@pytest.mark.parametrize(
    "inner",
    [
        "<a>" * 100_000,
        item(more="<a>" * 100_000 + "</a>" * 100_000),
        "<item>" * 50_000,
        "</a>" * 400_000,
        "<item><description>" + "<svg><title>" * 50_000,
        '<item><description type="xhtml">' + "<div>" * 100_000,
        "".join(f'<a xmlns:p{number}="u{number}"/>' for number in range(50_000)) + "<br>",
        item(more="<foo " + " ".join(f'a{number}="x"' for number in range(200_000)) + "/>") + "<br>",
        item(more="<author>" + "a." * 500_000 + "</author>") + "<br>",
        item("&" * 1_000_000),
        item(more="<pubDate>" + "Fri, " * 200_000 + "</pubDate>"),
        item(more="<pubDate>" + "1-1-1T" * 100_000 + "</pubDate>"),
        "<![CDATA[" * 300_000,
        "<" * 1_000_000,
    ],
    ids=lambda inner: inner[:24],
)
def test_monstrous_xml_is_read_or_refused_in_time(inner: str) -> None:
    """No assertion on the clock: what is quadratic would not come back within a test run."""
    with contextlib.suppress(NotAFeed):
        is_clean(parse(rss(inner), url=HERE))


@pytest.mark.parametrize(
    "body", [b"{" + b'"a":{' * 1_000_000, b'{"items":' + b"[" * 1_000_000, b'{"a":' + b"1" * 10**6]
)
def test_monstrous_json_is_refused(body: bytes) -> None:
    with pytest.raises(NotAFeed):
        parse(body)


# --- characters, dates, addresses ---------------------------------------------------------------------------


def test_characters_that_hide_or_reorder_are_left_out() -> None:
    hidden = {"id": "1\ud800", "url": "https://a.example/\ud800b", "title": "a\u202eb\u0000c\udfffd\u200be\ue001"}
    document = {"version": "https://jsonfeed.org/version/1.1", "title": "T\0itle", "items": [hidden]}
    parsed = parse(json.dumps(document).encode())
    assert parsed.title == "Title"
    assert (parsed.entries[0].guid, parsed.entries[0].title) == ("1", "abcde\ue001")
    is_clean(parsed)


def test_nul_bytes_are_survived() -> None:
    with contextlib.suppress(NotAFeed):
        is_clean(parse(rss(item("a\0b", "c\0d")), url=HERE))


@pytest.mark.parametrize(
    "date",
    [
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-14:00",
        "Mon, 01 Jan 0001 00:00:00 +1400",
        "Fri, 31 Dec 9999 23:59:59 -1200",
        "1970-01-01T00:00:00Z",
        "2023-02-31T10:00:00Z",
        "Fri, 99 Jul 2023 10:11:12 GMT",
        "yesterday",
        "0",
        "",
        "1" * 5_000,
    ],
)
@pytest.mark.parametrize("name", ["pubDate", "dc:date"])
def test_impossible_date_is_no_date(date: str, name: str) -> None:
    body = rss(item(more=f'<{name} xmlns:dc="http://purl.org/dc/elements/1.1/">{date}</{name}>'))
    assert only(body).published is None


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("Fri, 14 Jul 2023 10:11:12 GMT", datetime(2023, 7, 14, 10, 11, 12, tzinfo=UTC)),
        ("14 Jul 2023 10:11 EDT", datetime(2023, 7, 14, 14, 11, tzinfo=UTC)),
        ("Friday, 14 July 2023 10:11:12 +05:30", datetime(2023, 7, 14, 4, 41, 12, tzinfo=UTC)),
        ("2023-07-14T10:11:12.987-07:00", datetime(2023, 7, 14, 17, 11, 12, tzinfo=UTC)),
        ("2023-07-14", datetime(2023, 7, 14, tzinfo=UTC)),
    ],
)
def test_dates_become_utc(date: str, moment: datetime) -> None:
    assert only(rss(item(more=f"<pubDate>{date}</pubDate>"))).published == moment


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/a b", "https://news.example/a%20b"),
        ("//other.example/x", "https://other.example/x"),
        ("?p=1", "https://news.example/feed?p=1"),
        ("https://news.example/é?q=ü", "https://news.example/%C3%A9?q=%C3%BC"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://bank.example@evil.example/", "https://evil.example/"),
        ("HTTPS://News.Example/A", "https://news.example/A"),
        ("javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("http://", ""),
        ("http://[::1", ""),
        ("https://a.example/" + "x" * 3_000, ""),
    ],
)
def test_links_become_web_addresses(link: str, address: str) -> None:
    body = rss(f"<item><title>T</title><link>{escape(link)}</link></item>")
    assert only(body).url == address


# --- anything at all ----------------------------------------------------------------------------------------


def test_hostile_corpus_is_read_or_refused() -> None:
    files = [path for path in sorted(shared("data/hostile").rglob("*")) if path.is_file()]
    assert len(files) > 100
    for path in files:
        if path.stat().st_size > 300_000:
            continue
        body = path.read_bytes()
        with contextlib.suppress(NotAFeed):
            is_clean(parse(body, url=HERE))
        is_clean(parse(rss(item(escape(body[:20_000].decode("utf-8", "ignore")).replace("\0", ""))), url=HERE))


def test_naughty_strings_as_titles_are_plain_text() -> None:
    strings = json.loads(shared("data/hostile/blns/blns.json").read_text("utf-8"))
    items = [{"id": str(number), "title": title, "url": "https://a.example/"} for number, title in enumerate(strings)]
    document = {"version": "https://jsonfeed.org/version/1.1", "items": items}
    parsed = parse(json.dumps(document).encode())
    assert len(parsed.entries) == len(strings)
    is_clean(parsed)


@given(st.binary())
@example(b"<rss")
@example(b"\xff\xfe<\0r\0s\0s\0")
@example(b"<?xml version='1.0' encoding='utf-7'?><rss/>")
@example(b"<?xml version='1.0' encoding='idna'?><rss/>")
@example(b"<?xml version='1.0' encoding='zip'?><rss><channel><item/></channel></rss>")
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(NotAFeed):
        is_clean(parse(body, url=HERE))


BLOCKS = """
    <item> </item> <entry> </entry> <title> </title> <link> </link> <link~href=" "/> <guid> </guid> <description>
    </description> <![CDATA[ ]]> <pubDate> </pubDate> 2023-07-14 &amp; &lt;b&gt; <b> é <content~type='xhtml'>
    <content~type='base64'> </content> <media:group> <dc:date> ~xml:base='/x' \u202e <!-- <!DOCTYPE~x~[
    <!ENTITY~a~'b'> ]> <source> </source> <image> <author> a@b.example~(X) <enclosure~url='x'/>
    """.replace("~", "\0").split()
BLOCKS = [block.replace("\0", " ") for block in BLOCKS]
ROOTS = [
    '<rss version="2.0"><channel>{}</channel></rss>',
    '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>',
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">{}</rdf:RDF>',
    "<rss>{}",
]


@given(st.sampled_from(ROOTS), st.lists(st.sampled_from(BLOCKS) | st.text(max_size=4), max_size=25).map("".join))
@settings(deadline=None)
def test_any_heap_of_elements_is_read_or_refused(root: str, inner: str) -> None:
    with contextlib.suppress(NotAFeed):
        is_clean(parse(root.replace("{}", inner).encode("utf-8", "surrogatepass"), url=HERE))


def mutations(body: bytes, chance: random.Random) -> Iterator[bytes]:
    for _ in range(6):
        at, length = chance.randrange(len(body)), chance.randrange(1, 40)
        yield body[:at] + body[at + length :]
        yield body[:at] + bytes(chance.randrange(256) for _ in range(3)) + body[at:]
        yield body[:at]


@pytest.mark.slow
def test_damaged_feeds_are_read_or_refused() -> None:
    chance = random.Random(20230714)
    for path in sorted(shared("data/feeds/snapshots").rglob("*")):
        if path.is_file() and path.stat().st_size < 20_000:
            for body in mutations(path.read_bytes(), chance):
                with contextlib.suppress(NotAFeed):
                    is_clean(parse(body, url=HERE))
