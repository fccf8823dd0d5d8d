"""The page read back by a parser: text stays text, only our links are links, nothing can run or load."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import lxml.html
from hypothesis import given

from adapters.text.html import html
from bot.core.message.document import Document, File, Heading, Jump, Picture, Prose, Text
from bot.core.message.plain import inert
from tests.hostile import documents, everywhere, linked, squeezed, words
from tests.shared import shared

ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "ul", "ol", "li", "hr"),
    *("strong", "span", "code", "a", "sup", "time", "bdi", "blockquote", "pre", "dl", "dt", "dd"),
}
ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "rel", "title", "aria-label"),
    "datetime",
}


def check(document: Document) -> None:
    page = html(document)
    tree = lxml.html.document_fromstring(page.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    for element in tree.iter():
        assert element.tag in ALLOWED
        assert set(element.attrib) <= ATTRIBUTES
    for link in tree.iter("a"):
        target = link.get("href")
        assert target == "#story-1" or (target in linked(document) and link.get("rel") == "noopener nofollow")
    (main,) = tree.iter("main")
    assert squeezed("".join(map(str, main.itertext()))) == words(document)
    assert squeezed(tree.findtext("head/title") or "") == squeezed(inert(document.summary))


@given(documents)
def test_text_stays_text_and_only_our_links_are_links(document: Document) -> None:
    check(document)


def test_the_policy_allows_our_style_and_nothing_else() -> None:
    page = html(Document("", ()))
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = lxml.html.document_fromstring(page).find("head/meta[@http-equiv='Content-Security-Policy']")
    assert policy is not None
    assert policy.get("content") == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_a_picture_is_in_the_page_with_its_words_and_an_unknown_kind_is_words_alone() -> None:
    blocks = (Picture("chart.png", "a <rising> line"), Picture("drawing.svg", "a sketch"))
    files = (File("chart.png", "image/png", b"png"), File("drawing.svg", "image/svg+xml", b"<svg/>"))
    page = lxml.html.document_fromstring(html(Document("", blocks, files)))
    (image,) = page.iter("img")
    assert dict(image.items()) == {"src": "data:image/png;base64,cG5n", "alt": "a <rising> line"}
    assert "[Picture: a sketch]" in "".join(map(str, page.itertext()))


def test_contents_lead_to_their_headings() -> None:
    document = Document("", (Prose((Jump("Story", "story-1"),)), Heading("Story", 2, anchor="story-1")))
    tree = lxml.html.fromstring(html(document))
    assert tree.xpath("//a/@href") == ["#story-1"]
    assert tree.xpath("//h2/@id") == ["story-1"]


def test_right_to_left_text_is_isolated() -> None:
    assert "<bdi>שביתה</bdi>" in html(Document("", (Prose((Text("שביתה"),)),)))


def test_the_big_list_of_naughty_strings_stays_text() -> None:
    for text in json.loads(shared("data/hostile/blns/blns.json").read_text(encoding="utf-8")):
        check(everywhere(text))
