"""What words are in an HTML fragment."""

from __future__ import annotations

import html
import json

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.parse.text import html_to_text, one_line, plain, seen
from tests.shared import shared


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        ("plain words", "plain words"),
        ("<p>One.</p>\n<p>Two,\nstill two.</p>", "One.\n\nTwo, still two."),
        ("<ul>\n <li>a</li>\n <li>b</li>\n</ul>after", "a\nb\n\nafter"),
        ("one<br>two<br/>three<br><br>four", "one\ntwo\nthree\n\nfour"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("in<b>si</b>de a w<wbr>ord", "inside a word"),
        ("AT&amp;T &lt;b&gt; &#8217;&nbsp;x &unknown; &", "AT&T <b> ’ x &unknown; &"),
        ("5 < 6 and 7<8, <3", "5 < 6 and 7<8, <3"),
        ('<a title="a > b">link</a>', "link"),
        ("<p don't>text</p> it's here", "text\n\nit's here"),
        ("<a href=x>y</a", "y"),
        ("a <b", "a"),
        ("<script>if (a<b && c>d) '</p>'</script>text<style>p{}</style>", "text"),
        ("before<script>never closed", "before"),
        ("<svg><title>icon</title></svg>word", "word"),
        ("<svg>only the tag", "only the tag"),
        ("a<!-- b --> c<!--> d<!--->e<!-- f", "a c de"),
        ("<![CDATA[words & <b>]]> more", "words & <b> more"),
        ("<?php echo 1 ?>x<!DOCTYPE html>y</ z>w", "xyw"),
        ("She said <q>no</q>.", "She said “no”."),
        ("<P>UPPER</P><BR>case", "UPPER\n\ncase"),
        ("a\u200bb\u202ec\u00add\ufeff", "abcd"),
        ("it\x92s\x97C1", "it’s—C1"),
        ("fam\u200dily", "fam\u200dily"),
    ],
)
def test_words_of_markup(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>News.</p><p>The post <a href=x>News</a> appeared first on <a href=y>Outlet</a>.</p>", "News."),
        ('News. <a href="x">Continue reading...</a>', "News."),
        ('News. <a href="x">Read more →</a>', "News."),
        ('<p>News.</p><p><a class="more" href="x">Read the <b>full story</b></a></p>', "News."),
        ("submitted by <a href=u>x</a> <a href=l>[link]</a> <a href=c>[comments]</a>", "submitted by x"),
        ('He likes to <a href="x">read more than one book</a>.', "He likes to read more than one book."),
        ("Continue reading", "Continue reading"),
    ],
)
def test_only_closing_lines_that_lead_elsewhere_are_left_out(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


def test_plain_text_keeps_its_lines_and_its_signs() -> None:
    assert plain(" a  <b>\r\n\r\n\r\nb &amp; \n c \u2028d\0") == "a <b>\n\nb &amp;\nc\nd"


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000 + "x" + "</div>" * 100_000,
        "<p " + " ".join(f'a{number}="{number}"' for number in range(200_000)) + ">x</p>",
        "<!--" * 250_000 + "-->x",
        "<svg>" * 200_000 + "x",
        '<p a="' * 200_000 + '">x',
        "[read more <a " * 70_000 + ">x",
        "<a href=x>[" * 90_000 + "x",
        "<" * 1_000_000 + "x",
        "&" * 1_000_000 + "x",
        " <b> </b>" * 110_000 + "x",
        "<br>" * 250_000 + "x",
        "</" * 500_000 + "x",
    ],
    ids=lambda markup: markup[:14],
)
def test_a_megabyte_of_anything_is_read_at_once(markup: str) -> None:
    """No assertion on the clock: what is quadratic would not come back within a test run."""
    assert html_to_text(markup) is not None


PIECES = (
    *("<", ">", "&", "&lt;", "</", "<p", "<p>", "<!--", "-->", "<script>", "</script>", '"', "'", "=", " ", "\n", "x"),
    *("<![CDATA[", "]]>", "<a href=", "</a>", "read more", "<br/>", "\0", "\u202e", "\ud800", "<svg/", "<td"),
)
TAGGY = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=40).map("".join)


@given(TAGGY)
def test_text_is_tidy_and_visible(markup: str) -> None:
    for text in (html_to_text(markup), plain(markup)):
        assert text == text.strip()
        assert "\n\n\n" not in text
        assert "  " not in text
        assert seen(text) == text
        text.encode("utf-8")


@given(TAGGY)
def test_text_is_literal_once_escaped(markup: str) -> None:
    """Nothing in it means more than its characters: a browser's parser finds the same words in the escaped text."""
    text = html_to_text(markup)
    assert html.unescape(nh3.clean(html.escape(text), tags=set())) == text


def test_naughty_strings_are_survived() -> None:
    for string in json.loads(shared("data/hostile/blns/blns.json").read_text("utf-8")):
        html_to_text(string)
        assert plain(string).isprintable() or "\n" in plain(string) or not plain(string).isascii()


def test_words_agree_with_the_html_tokenizer_suite() -> None:
    """html5lib's cases: the character tokens of a conforming tokenizer are the words found here.

    Left out are cases about null and control characters and those that start inside script-like elements.
    """
    agreed = total = 0
    for name in ("test1", "test2", "test3", "test4", "entities"):
        cases = json.loads(shared(f"data/hostile/html5lib_tests/tokenizer/{name}.test").read_text("utf-8"))
        for case in cases["tests"]:
            source = case["input"]
            if "initialStates" in case or case.get("doubleEscaped") or not source.isprintable():
                continue
            characters = "".join(token[1] for token in case["output"] if token[0] == "Character")
            total += 1
            agreed += one_line(html_to_text(source)) == one_line(characters)
    assert total > 500
    assert agreed >= 0.99 * total
