"""Which spellings of an address are the same page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.address import canonical_address

PAGE = "https://news.example/2023/07/14/strike"


@pytest.mark.parametrize(
    "spelling",
    [
        "http://news.example/2023/07/14/strike",
        "https://www.news.example/2023/07/14/strike/",
        "https://NEWS.example:443/2023/07/14/strike#comments",
        "https://news.example/2023/07/14/strike?utm_source=rss&utm_medium=feed",
        "https://news.example/2023/07/14/strike?at_medium=RSS&at_campaign=KARANGA&fbclid=x",
        "https://news.example/2023/07/14/strike?ref=rss&amp;utm_term=a",
        "https://news.example/2023/07/14/strike/amp/",
        "https://news.example/2023/07/14/strike?amp=1",
        "https://news.example/2023/07/14/strike?outputType=amp",
        "https://amp.news.example/2023/07/14/strike",
        "https://m.news.example/2023/07/14/strike",
        "https://www.google.com/amp/s/www.news.example/2023/07/14/strike/amp",
        "https://news-example.cdn.ampproject.org/c/s/news.example/2023/07/14/strike/amp/",
        "https://www.google.com/url?rct=j&sa=t&url=https://news.example/2023/07/14/strike&ct=ga",
        "https://news.example/2023/07/14/%73trike",
        "https://news.example//2023/07/14/strike/index.html",
    ],
)
def test_spellings_of_one_page_are_the_same(spelling: str) -> None:
    assert canonical_address(spelling) == canonical_address(PAGE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://blog.example/?p=123", "https://blog.example/?p=124"),
        ("https://blog.example/story?id=1", "https://blog.example/story?id=2"),
        ("https://news.example/a", "https://news.example/A"),
        ("https://one.news.example/a", "https://two.news.example/a"),
        ("https://news.example/a", "https://news.example:8080/a"),
        ("https://news.example/a%2Fb", "https://news.example/a/b"),
        ("https://app.example/#!/a", "https://app.example/#!/b"),
        ("https://news.example/amplify", "https://news.example/lify"),
        ("https://news.example/story?page=2", "https://news.example/story"),
    ],
)
def test_different_pages_stay_different(one: str, other: str) -> None:
    assert canonical_address(one) != canonical_address(other)


def test_order_of_parameters_does_not_matter() -> None:
    assert canonical_address("https://x.example/a?b=1&c=2") == canonical_address("https://x.example/a?c=2&b=1")


@pytest.mark.parametrize(
    "text", ["", "not an address", "mailto:a@b.example", "javascript:alert(1)", "http://[::1", "//x/y"]
)
def test_what_is_no_web_address_has_no_canonical_form(text: str) -> None:
    assert canonical_address(text) == ""


@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    canonical_address(text)
    canonical_address("https://" + text)


@given(
    st.from_regex(r"[a-z]{1,5}(\.[a-z]{2,5}){1,2}", fullmatch=True),
    st.from_regex(r"(/[a-zA-Z0-9%._~-]{0,6}){0,5}", fullmatch=True),
    st.from_regex(r"([a-z_]{1,4}=[a-z0-9%]{0,4}(&|$)){0,4}", fullmatch=True),
)
def test_canonical_form_is_its_own_canonical_form(host: str, path: str, query: str) -> None:
    once = canonical_address(f"https://{host}{path}?{query}")
    assert canonical_address("https://" + once) == once
