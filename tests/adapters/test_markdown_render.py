"""Markdown read back by two parsers, one of them GitHub's own: text stays text, and only our links are links."""

from __future__ import annotations

import json

import cmarkgfm
import lxml.html
import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt

from adapters.text.markdown import WORD_JOINER, markdown
from bot.core.message.document import Bullets, Citation, Document, Heading, Link, Prose, Text, Verbatim
from tests.hostile import documents, everywhere, linked, squeezed, words
from tests.shared import shared

ALLOWED = {"div", "h1", "h2", "h3", "p", "ul", "ol", "li", "hr", "strong", "a", "blockquote", "pre", "code"}


def commonmark(text: str) -> str:
    return str(MarkdownIt("commonmark").render(text))


def github(text: str) -> str:
    return str(cmarkgfm.github_flavored_markdown_to_html(text))


def check(document: Document) -> None:
    written = markdown(document)
    for read in (commonmark, github):
        tree = lxml.html.fragment_fromstring(read(written), create_parent="div")
        assert {element.tag for element in tree.iter()} <= ALLOWED
        for link in tree.iter("a"):
            assert dict(link.attrib) == {"href": link.get("href")}
            assert link.get("href") in linked(document)
        assert squeezed(str(tree.text_content()).replace(WORD_JOINER, "")) == words(document, around_code="`")


@given(documents)
@example(Document("", (Prose((Text("look!"), Link("here", "https://outlet.example/"))),)))
@example(Document("", (Prose((Text("http:"), Text("//evil.test", "strong"))),)))
@example(Document("", (Prose((Text("AT&T"), Text(";x"))),)))
@example(Document("", (Prose((Text("1986. A great season", "plain"),)), Heading("C #"), Heading("#"))))
@example(Document("", (Bullets(((Text("- [ ] task"),), (Text("***"),), (Text("    code"),))),)))
@example(Document("", (Prose((Text("a", "strong"), Text('"b"', "strong"), Text("c"))),)))
@example(Document("", (Prose((Link("x", "https://outlet.example/?a&copy;b"),)),)))
def test_text_stays_text_and_only_our_links_are_links(document: Document) -> None:
    check(document)


def test_lines_that_point_keep_their_spaces() -> None:
    assert markdown(Document("", (Verbatim(("a  ``` b", "   ^")),))).splitlines() == [
        "````",
        "a\u00a0\u00a0```\u00a0b",
        "\u00a0\u00a0\u00a0^",
        "````",
    ]


def test_strong_text_is_strong_where_it_can_be() -> None:
    assert markdown(Document("", (Prose((Text("Unions", "strong"), Text(" say"))),))) == "**Unions** say\n"
    assert markdown(Document("", (Prose((Text("a"), Text("“b”", "strong"), Text("c"))),))) == "a“b”c\n"


def test_prose_keeps_a_readable_source() -> None:
    text = "R&D at AT&T cost $5 million (4.5% more) — the_file_name, he said: 'no'! Q3/2026"
    assert markdown(Document("", (Prose((Text(text),)),))) == text + "\n"


def test_a_citation_without_an_address_is_a_bare_number() -> None:
    document = Document("", (Prose((Text("Said."), Citation(3, "", ""), Citation(4, "javascript:x", "X"))),))
    assert markdown(document) == "Said. \\[3\\]\\[4\\]\n"


@pytest.mark.parametrize("text", ["@octocat", "see #12", "www.evil.test", "http://evil.test", "a@evil.test", "GH-7"])
def test_what_sites_link_by_themselves_is_broken_invisibly(text: str) -> None:
    written = markdown(Document("", (Prose((Text(text),)),))).rstrip("\n")
    assert WORD_JOINER in written
    assert written.replace(WORD_JOINER, "") == text


def test_the_big_list_of_naughty_strings_stays_text() -> None:
    for text in json.loads(shared("data/hostile/blns/blns.json").read_text(encoding="utf-8")):
        check(everywhere(text))
