"""An article's page, with everything around the text that an extractor must see through.

Navigation, cookie notice, share buttons, a newsletter box in mid-article, most-read and related lists, comments and
a footer; for a paywalled outlet the first paragraph and an offer. Written by ElementTree, which escapes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from bot.core.sample import PrintedArticle, SampleOutlet

FREE_PARAGRAPHS = 1
"""How much of an article a paywalled outlet shows on its page."""

_SECTIONS = {
    "en": ("News", "Business", "Culture", "Opinion", "Podcasts"),
    "fr": ("Actualités", "Économie", "Culture", "Idées", "Podcasts"),
}
_COOKIES = {
    "en": "We value your privacy. We and our 214 partners store and access information on your device.",
    "fr": "Votre vie privée nous importe. Nous et nos 214 partenaires utilisons des cookies.",
}
_NEWSLETTER = {
    "en": "Sign up to our evening letter: the day in five minutes, free, six days a week.",
    "fr": "Recevez notre lettre du soir : la journée en cinq minutes, gratuite, six jours sur sept.",
}


def write_page(article: PrintedArticle, related: Sequence[PrintedArticle], base_url: str) -> bytes:
    """The page as UTF-8. `related` are other articles of the same outlet, linked in the margins."""
    outlet = article.outlet
    html, body = _document(outlet, article.title, article.teaser)
    head = html[0]
    ET.SubElement(head, "link", rel="canonical", href=base_url + article.path)
    ET.SubElement(head, "meta", {"property": "og:type", "content": "article"})
    ET.SubElement(head, "meta", {"property": "og:title", "content": article.title})
    ET.SubElement(head, "meta", {"property": "article:published_time", "content": article.published.isoformat()})
    ET.SubElement(head, "script", type="application/ld+json").text = _linked_data(article, base_url)

    main = ET.SubElement(body, "main", id="content")
    _article(main, article)
    _links(ET.SubElement(main, "aside", {"class": "most-read"}), "Most read", related[:5])
    comments = ET.SubElement(body, "section", {"class": "comments", "id": "comments"})
    _p(comments, "Comments are open for one day. Be kind; we read all of them.")
    _links(ET.SubElement(body, "section", {"class": "related"}), "More from this desk", related[5:9])
    _footer(body, outlet)
    return _bytes(html)


def write_front_page(outlet: SampleOutlet, articles: Sequence[PrintedArticle], feed_url: str, feed_type: str) -> bytes:
    """The outlet's home: its headlines, and a link element to its feed for whoever discovers feeds."""
    html, body = _document(outlet, outlet.outlet.name, outlet.tagline)
    ET.SubElement(html[0], "link", rel="alternate", type=feed_type, title=outlet.outlet.name, href=feed_url)
    main = ET.SubElement(body, "main", id="content")
    for article in articles:
        teaser = ET.SubElement(main, "section", {"class": "teaser"})
        _a(ET.SubElement(teaser, "h2"), article.title, article.path)
        _p(teaser, article.teaser)
    _footer(body, outlet)
    return _bytes(html)


def _document(outlet: SampleOutlet, title: str, description: str) -> tuple[ET.Element, ET.Element]:
    html = ET.Element("html", lang=outlet.language)
    head = ET.SubElement(html, "head")
    ET.SubElement(head, "meta", charset="utf-8")
    ET.SubElement(head, "title").text = f"{title} | {outlet.outlet.name}"
    ET.SubElement(head, "meta", name="description", content=description)
    if outlet.noai:
        ET.SubElement(head, "meta", name="robots", content="noai, noimageai")
        ET.SubElement(head, "meta", name="tdm-reservation", content="1")
    body = ET.SubElement(html, "body")
    cookies = ET.SubElement(body, "div", {"class": "cookie-banner", "role": "dialog"})
    _p(cookies, _COOKIES[outlet.language])
    for label in ("Accept all", "Manage choices"):
        ET.SubElement(cookies, "button", type="button").text = label
    header = ET.SubElement(body, "header", {"class": "site-header"})
    _a(header, outlet.outlet.name, f"/{outlet.slug}/")
    menu = ET.SubElement(ET.SubElement(header, "nav"), "ul")
    for section in _SECTIONS[outlet.language]:
        _a(ET.SubElement(menu, "li"), section, f"/{outlet.slug}/#{section.lower()}")
    return html, body


def _article(main: ET.Element, article: PrintedArticle) -> None:
    outlet = article.outlet
    element = ET.SubElement(main, "article")
    ET.SubElement(element, "h1").text = article.title
    _p(element, article.teaser, "standfirst")
    byline = ET.SubElement(element, "div", {"class": "byline"})
    ET.SubElement(byline, "span", {"class": "author"}).text = article.author
    ET.SubElement(byline, "time", datetime=article.published.isoformat()).text = f"{article.published:%H:%M}"
    share = ET.SubElement(element, "ul", {"class": "share"})
    for label in ("Copy link", "E-mail", "Print"):
        _a(ET.SubElement(share, "li"), label, "#")
    text = ET.SubElement(element, "div", {"class": "article-body"})
    shown = article.body[:FREE_PARAGRAPHS] if outlet.outlet.paywalled else article.body
    for index, paragraph in enumerate(shown):
        _p(text, paragraph)
        if index == 1:
            _p(ET.SubElement(text, "aside", {"class": "newsletter"}), _NEWSLETTER[outlet.language])
    if outlet.outlet.paywalled:
        wall = ET.SubElement(element, "div", {"class": "paywall"})
        _p(wall, "To read on, subscribe: four weeks for the price of one.")
        _a(wall, "Already a subscriber? Sign in", f"/{outlet.slug}/")


def _linked_data(article: PrintedArticle, base_url: str) -> str:
    """schema.org NewsArticle. ElementTree writes a script as it is, so what could end it is escaped here."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "url": base_url + article.path,
        "datePublished": article.published.isoformat(),
        "dateModified": article.changed.isoformat(),
        "author": {"@type": "Person", "name": article.author},
        "publisher": {"@type": "NewsMediaOrganization", "name": article.outlet.outlet.name},
        "isAccessibleForFree": not article.outlet.outlet.paywalled,
    }
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _links(parent: ET.Element, heading: str, articles: Sequence[PrintedArticle]) -> None:
    ET.SubElement(parent, "h3").text = heading
    items = ET.SubElement(parent, "ul")
    for article in articles:
        _a(ET.SubElement(items, "li"), article.title, article.path)


def _footer(body: ET.Element, outlet: SampleOutlet) -> None:
    footer = ET.SubElement(body, "footer")
    _p(footer, f"{outlet.outlet.name} is published by {outlet.outlet.owner}. {outlet.tagline}.")
    for label in ("Contact", "Corrections", "Advertise", "Terms"):
        _a(footer, label, f"/{outlet.slug}/#{label.lower()}")


def _a(parent: ET.Element, text: str, href: str) -> None:
    ET.SubElement(parent, "a", href=href).text = text


def _p(parent: ET.Element, text: str, css: str | None = None) -> None:
    ET.SubElement(parent, "p", {} if css is None else {"class": css}).text = text


def _bytes(html: ET.Element) -> bytes:
    written: bytes = ET.tostring(html, encoding="utf-8", method="html")
    return b"<!doctype html>\n" + written
