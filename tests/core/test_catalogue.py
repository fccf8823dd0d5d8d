"""The feeds read by default, and who publishes what."""

from __future__ import annotations

import re
from collections import Counter
from importlib import resources
from urllib.parse import urlsplit

import pytest

from bot.core.catalogue import Catalogue, Desk, gathers, load
from bot.core.errors import InputError
from bot.core.feed import Outlet

EUROPEAN_UNION = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
OUTLETS = b"""hosts,name,owner,owner_source,country,country_source,paywalled,paywall_source
news.example news.test,The Example,Example Group,https://group.example/about,GB,https://atlas.example/,yes,https://walls.example/
union.example,The Union,,,,,no,https://union.example/free
rumour.example,The Rumour,,,,,,
"""
FEEDS = b"""address,title,desk,language,host,seen
https://news.example/feed,The Example: work,labour,en,news.example,https://list.example/
"""


@pytest.fixture
def catalogue() -> Catalogue:
    return load(OUTLETS, FEEDS)


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    data = resources.files("bot.data")
    return load(data.joinpath("outlets.csv").read_bytes(), data.joinpath("catalogue.csv").read_bytes())


def test_feed_has_the_facts_of_its_outlet(catalogue: Catalogue) -> None:
    (listed,) = catalogue.feeds
    assert listed.feed.outlet == Outlet(name="The Example", owner="Example Group", country="GB", paywalled=True)
    assert (listed.desk, listed.feed.desk, listed.feed.language) == (Desk.LABOUR, "labour", "en")


def test_each_fact_has_the_page_that_says_so(catalogue: Catalogue) -> None:
    example = catalogue.by_host["news.test"]
    assert (example.owner_source, example.country_source, example.paywall_source) == (
        "https://group.example/about",
        "https://atlas.example/",
        "https://walls.example/",
    )


def test_what_nobody_verified_is_not_guessed(catalogue: Catalogue) -> None:
    """Neither an owner nor a country, and neither that the text is free nor that it is not."""
    rumour = catalogue.outlet_for("https://rumour.example/feed")
    assert rumour == Outlet(name="The Rumour", owner=None, country=None, paywalled=None)
    assert catalogue.outlet_for("https://union.example/feed").paywalled is False


@pytest.mark.parametrize(
    ("url", "title", "name"),
    [
        ("https://feeds.news.example/rss?key=secret", "anything", "The Example"),
        ("http://www.news.test/", "", "The Example"),
        ("https://notnews.example/feed", "  Their   own title ", "Their own title"),
        ("https://feeds.notnews.example/feed", "", "notnews.example"),
        ("https://medium.com/feed/someone", "", "medium.com/feed/someone"),
        ("http://proxy.test/f/1.xml", "https://rss.other.example/all.xml", "other.example"),
        ("http://proxy.test/f/1.xml", "https://feeds.news.example/all.xml", "The Example"),
        ("nonsense", "", "unknown outlet"),
    ],
)
def test_outlet_of_any_feed(catalogue: Catalogue, url: str, title: str, name: str) -> None:
    assert catalogue.outlet_for(url, title).name == name


@pytest.mark.parametrize(
    ("outlets", "feeds", "said"),
    [
        (OUTLETS.replace(b"yes", b"maybe"), FEEDS, "outlets.csv: line 2: paywalled is 'maybe'"),
        (OUTLETS.replace(b"https://group.example/about", b""), FEEDS, "line 2: owner_source is ''"),
        (OUTLETS.replace(b"https://atlas.example/", b"an atlas"), FEEDS, "line 2: country_source is 'an atlas'"),
        (
            OUTLETS.replace(b"https://walls.example/", b"file:///walls"),
            FEEDS,
            "line 2: paywall_source is 'file:///walls'",
        ),
        (OUTLETS.replace(b"Example Group", b""), FEEDS, "line 2: owner_source is given, but no owner"),
        (OUTLETS + b"news.test,Another,,,,,,\n", FEEDS, "news.test: listed for two outlets"),
        (OUTLETS + b"short,row\n", FEEDS, "outlets.csv: line 5"),
        (OUTLETS, FEEDS.replace(b"labour", b"sports"), "catalogue.csv: line 2"),
        (OUTLETS, FEEDS.replace(b",news.example,", b",nobody.example,"), "catalogue.csv: line 2"),
        (OUTLETS, FEEDS.replace(b"https://list.example/", b""), "catalogue.csv: line 2: seen is ''"),
        (OUTLETS, FEEDS + FEEDS.splitlines(keepends=True)[1], "listed twice"),
        (b"\xff", FEEDS, "not UTF-8"),
    ],
)
def test_mistakes_in_the_tables_are_named(outlets: bytes, feeds: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        load(outlets, feeds)


def test_shipped_catalogue_covers_every_desk_and_where_its_readers_are(shipped: Catalogue) -> None:
    assert len(shipped.feeds) >= 80
    assert min(Counter(listed.desk for listed in shipped.feeds)[desk] for desk in Desk) >= 4
    countries = {listed.feed.outlet.country for listed in shipped.feeds}
    assert countries >= {"US", "GB", "CA"}
    assert countries & EUROPEAN_UNION


def test_shipped_feeds_are_their_outlets(shipped: Catalogue) -> None:
    """By the host of the address, so that the same feed added by hand has the same outlet; some are on another's."""
    elsewhere = []
    for listed in shipped.feeds:
        assert urlsplit(listed.feed.url).scheme in ("http", "https")
        assert listed.feed.title
        assert listed.feed.language == "en"
        if shipped.outlet_for(listed.feed.url) != listed.feed.outlet:
            elsewhere.append(urlsplit(listed.feed.url).hostname)
    assert set(elsewhere) <= {"feeds.feedburner.com"}


def test_shipped_addresses_of_one_document_are_not_listed_twice(shipped: Catalogue) -> None:
    same = Counter(re.sub(r"^https?://(www\.)?", "", listed.feed.url).rstrip("/") for listed in shipped.feeds)
    assert [address for address, times in same.items() if times > 1] == []


def test_shipped_facts_name_pages_and_not_whole_sites(shipped: Catalogue) -> None:
    """Loading refuses a fact without its page; a front page or a repository's root says nothing checkable."""
    pages = {listed.seen for listed in shipped.feeds}
    for known in shipped.outlets:
        facts = (known.owner_source, known.country_source, known.paywall_source)
        pages |= {page for page in facts if page}
        outlet = known.outlet
        assert [fact is not None for fact in (outlet.owner, outlet.country, outlet.paywalled)] == [
            page is not None for page in facts
        ]
        assert outlet.country is None or re.fullmatch("[A-Z]{2}", outlet.country)
    for page in pages:
        parts = urlsplit(page)
        assert parts.path.strip("/") or parts.query, page
        assert parts.hostname != "github.com" or "/blob/" in parts.path, page


def test_an_article_is_its_own_outlets_whatever_feed_carries_it(catalogue: Catalogue) -> None:
    feed = Outlet(name="A blog")
    assert catalogue.outlet_of("https://www.news.test/story", feed, aggregated=False).name == "The Example"
    assert catalogue.outlet_of("https://blog.test/story", feed, aggregated=False) == feed
    stranger = catalogue.outlet_of("https://www.stranger.test/story", feed, aggregated=True)
    assert stranger == Outlet(name="stranger.test", paywalled=None)
    assert catalogue.outlet_of("", feed, aggregated=True) == feed


def test_a_feed_gathers_when_its_entries_lead_to_many_hosts() -> None:
    assert gathers(["https://a.test/1", "https://b.test/1", "https://www.c.test/1"])
    assert not gathers(["https://a.test/1", "https://www.a.test/2", "https://shop.test/", ""])
