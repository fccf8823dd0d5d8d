"""The feeds read by default, and who publishes what."""

from __future__ import annotations

from importlib import resources
from urllib.parse import urlsplit

import pytest

from bot.core.catalogue import Catalogue, Desk, gathers, load
from bot.core.errors import InputError
from bot.core.feed import Outlet

OUTLETS = b"""hosts,name,owner,country,paywalled,source
news.example news.test,The Example,Example Group,GB,yes,https://group.example/about
union.example,The Union,,,no,
rumour.example,The Rumour,Somebody,US,no,
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


def test_unverified_owner_is_not_used(catalogue: Catalogue) -> None:
    assert catalogue.outlet_for("https://rumour.example/feed") == Outlet(name="The Rumour")


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
        (OUTLETS.replace(b"yes", b"maybe"), FEEDS, "outlets.csv: line 2"),
        (OUTLETS + b"news.test,Another,,,no,\n", FEEDS, "news.test: listed for two outlets"),
        (OUTLETS + b"short,row\n", FEEDS, "outlets.csv: line 5"),
        (OUTLETS, FEEDS.replace(b"labour", b"sports"), "catalogue.csv: line 2"),
        (OUTLETS, FEEDS.replace(b",news.example,", b",nobody.example,"), "catalogue.csv: line 2"),
        (OUTLETS, FEEDS + FEEDS.splitlines(keepends=True)[1], "listed twice"),
        (b"\xff", FEEDS, "not UTF-8"),
    ],
)
def test_mistakes_in_the_tables_are_named(outlets: bytes, feeds: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        load(outlets, feeds)


def test_shipped_catalogue_covers_every_desk(shipped: Catalogue) -> None:
    assert len(shipped.feeds) >= 80
    assert {listed.desk for listed in shipped.feeds} == set(Desk)


def test_shipped_rows_name_where_they_come_from(shipped: Catalogue) -> None:
    for listed in shipped.feeds:
        assert urlsplit(listed.feed.url).scheme in ("http", "https")
        assert urlsplit(listed.seen).scheme == "https", listed.feed.url
        assert shipped.outlet_for(listed.feed.url) == listed.feed.outlet
    for known in shipped.outlets:
        assert known.verified or known.outlet.owner is None


def test_an_article_is_its_own_outlets_whatever_feed_carries_it(catalogue: Catalogue) -> None:
    feed = Outlet(name="A blog")
    assert catalogue.outlet_of("https://www.news.test/story", feed, aggregated=False).name == "The Example"
    assert catalogue.outlet_of("https://blog.test/story", feed, aggregated=False) == feed
    assert catalogue.outlet_of("https://www.stranger.test/story", feed, aggregated=True).name == "stranger.test"
    assert catalogue.outlet_of("", feed, aggregated=True) == feed


def test_a_feed_gathers_when_its_entries_lead_to_many_hosts() -> None:
    assert gathers(["https://a.test/1", "https://b.test/1", "https://www.c.test/1"])
    assert not gathers(["https://a.test/1", "https://www.a.test/2", "https://shop.test/", ""])
