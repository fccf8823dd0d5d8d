"""Text made inert, and addresses fit to be linked."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.message.plain import MARKS_LIMIT, ZWJ, ZWNJ, address, inert

anything = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x9b2Jcleared", "2Jcleared"),
        ("two\r\nlines\tand\u2028more", "two lines and more"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("gen\u200berative\u00ad \ufeffAI", "generative AI"),
        ("plain\U000e0041\U000e0042 text", "plain text"),
        ("lone \ud800 surrogate", "lone \ufffd surrogate"),
        ("NUL\x00in", "NULin"),
        ("cafe\u0301", "café"),
        ("filler\u3164ed", "fillered"),
    ],
)
def test_what_a_screen_would_obey_is_taken_out(hostile: str, shown: str) -> None:
    assert inert(hostile) == shown


@pytest.mark.parametrize(
    "text", [f"می{ZWNJ}خواهم", f"क्{ZWJ}ष", f"👩{ZWJ}💻", "❤️ strike", "«\u202fgrève\u202f»", "日本語の見出し"]
)
def test_what_other_scripts_need_stays(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize("text", [f"wri{ZWNJ}ters", f"uni{ZWJ}on", f"{ZWJ}👩", f"می{ZWNJ}"])
def test_joiners_that_join_nothing_go(text: str) -> None:
    assert inert(text) == text.replace(ZWNJ, "").replace(ZWJ, "")


def test_a_tower_of_marks_is_cut() -> None:
    assert len(inert("e" + "\u0334" * 500)) == 1 + MARKS_LIMIT


@given(anything)
@example("a\u200d\u0301" * 20)
@example("\u1100\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u1161")
def test_inert_text_is_normal_visible_and_stays_so(text: str) -> None:
    once = inert(text)
    assert inert(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in once)
    assert not any(unicodedata.category(char) == "Cf" and char not in (ZWNJ, ZWJ) for char in once)
    once.encode("utf-8")


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://outlet.example/a?b=1&c=2#d", "https://outlet.example/a?b=1&c=2#d"),
        ("HTTP://Outlet.Example:8080", "http://outlet.example:8080/"),
        ("https://outlet.example/a(b)'c\"<d>[e]", "https://outlet.example/a%28b%29%27c%22%3Cd%3E%5Be%5D"),
        ("https://outlet.example/caf\u00e9", "https://outlet.example/caf%C3%A9"),
        ("https://b\u00fccher.example/", "https://xn--bcher-kva.example/"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        ("https://outlet.example/100%25", "https://outlet.example/100%25"),
        ("https://outlet.example/100%?a=%zz", "https://outlet.example/100%25?a=%25zz"),
    ],
)
def test_an_address_is_written_in_characters_no_markup_ends_at(url: str, linked: str) -> None:
    assert address(url) == linked


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "//outlet.example/",
        "https:///path",
        "https://outlet.example@evil.example/",
        "https://outlet.example/a b",
        "https://outlet.example/\u202etxt",
        "https://outlet.example/\x1b]8;;x",
        "https://out<let>.example/",
        "https://outlet.example:port/",
        "https://[::1/",
        "https://outlet.example/" + "a" * 5000,
    ],
)
def test_what_is_no_plain_web_address_is_not_linked(url: str) -> None:
    assert address(url) is None


@given(anything)
def test_any_text_gives_a_stable_address_or_none(tail: str) -> None:
    linked = address("https://outlet.example/" + tail)
    if linked is not None:
        assert linked.isascii()
        assert linked.isprintable()
        assert not set(linked) & set(" \"'<>()[]\\`")
        assert address(linked) == linked
