"""Lists of feeds, in and out."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import InputError
from feeds.opml import Subscription, read, write
from feeds.parse.text import one_line


def test_folders_become_desks() -> None:
    body = b"""<?xml version="1.0"?><opml version="1.0"><head><title>mine</title></head><body>
      <outline text="Labour"><outline text="Unions">
        <outline text="Guild" type="rss" xmlUrl="https://guild.example/feed" htmlUrl="https://guild.example/"/>
      </outline></outline>
      <outline title="Loose" xmlUrl="http://loose.example/rss.xml"/>
      <outline text="Twice" xmlUrl="http://loose.example/rss.xml"/>
    </body></opml>"""
    assert read(body) == (
        Subscription(url="https://guild.example/feed", title="Guild", site="https://guild.example/", desk="Unions"),
        Subscription(url="http://loose.example/rss.xml", title="Loose"),
    )


def test_addresses_that_are_not_of_the_web_are_left_out() -> None:
    body = b"""<opml><body><outline xmlUrl="file:///etc/passwd"/><outline xmlUrl="javascript:alert(1)"/>
      <outline text="A &quot;title&quot;&#10;in two lines" xmlUrl="https://a.example/f"/></body></opml>"""
    assert read(body) == (Subscription(url="https://a.example/f", title='A "title" in two lines'),)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<opml>\n<body>\n<outline></body></opml>", "line 3"),
        (b"<rss/>", "root element is not <opml>"),
        (b"", "OPML:"),
        (b"\0\0", "OPML:"),
        (b'<!DOCTYPE opml [<!ENTITY a "b">]><opml><body><outline text="&a;"/></body></opml>', "entities"),
    ],
)
def test_bad_files_are_named(body: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as raised:
        read(body)
    assert "\n" not in str(raised.value)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=20).map(one_line)


@given(
    st.lists(
        st.builds(
            Subscription,
            url=st.from_regex(r"https?://[a-z]{1,8}\.example/[a-z0-9/?=&]{0,12}", fullmatch=True),
            title=NAMES,
            site=st.sampled_from(["", "https://site.example/"]),
            desk=st.none() | NAMES.filter(bool),
            language=st.none() | st.sampled_from(["en", "fr-CA"]),
        ),
        unique_by=lambda subscription: subscription.url,
    )
)
def test_round_trip(subscriptions: list[Subscription]) -> None:
    assert set(read(write(subscriptions))) == set(subscriptions)


@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(InputError):
        read(body)
