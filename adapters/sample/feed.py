"""An outlet's feed, in the format and as full as that outlet gives it: RSS 2.0, Atom, RSS 1.0 or JSON Feed.

Real feeds disagree about more than their format, so these do too: dates in RFC 822 or ISO 8601, full text as
`content:encoded`, `content` or `content_html`, the time of an edit as `atom:updated`, `updated`, `dcterms:modified`
or `date_modified`. The XML is written by lxml, which escapes and lets each format have its own default namespace.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from lxml import etree

from bot.core.sample import FeedFormat, PrintedArticle, SampleOutlet

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS10 = "http://purl.org/rss/1.0/"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# lxml's stubs know a mapping of str only, though None is how lxml spells the default namespace.
_ATOM_NAMES: dict[Any, str] = {None: ATOM}
_RDF_NAMES: dict[Any, str] = {None: RSS10, "rdf": RDF, "dc": DC, "dcterms": DCTERMS, "content": CONTENT}

_FILES = {
    FeedFormat.RSS: ("feed.xml", "application/rss+xml"),
    FeedFormat.ATOM: ("feed.atom", "application/atom+xml"),
    FeedFormat.RDF: ("feed.xml", "application/rdf+xml"),
    FeedFormat.JSON: ("feed.json", "application/feed+json"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    body: bytes
    content_type: str
    modified: datetime


def feed_path(outlet: SampleOutlet) -> str:
    """From the server's root."""
    return f"/{outlet.slug}/{_FILES[outlet.format][0]}"


def write_feed(outlet: SampleOutlet, articles: Sequence[PrintedArticle], base_url: str) -> FeedDocument:
    """The outlet's feed. `articles` are its own, newest first, at least one; `base_url` has no slash at its end."""
    match outlet.format:
        case FeedFormat.RSS:
            body = _xml(_rss(outlet, articles, base_url))
        case FeedFormat.ATOM:
            body = _xml(_atom(outlet, articles, base_url))
        case FeedFormat.RDF:
            body = _xml(_rdf(outlet, articles, base_url))
        case FeedFormat.JSON:
            body = _json(outlet, articles, base_url)
    modified = max(article.changed for article in articles)
    return FeedDocument(body=body, content_type=_FILES[outlet.format][1], modified=modified)


def write_opml(outlets: Sequence[SampleOutlet], base_url: str) -> bytes:
    """A subscription list of every outlet, one folder a desk (OPML 2.0)."""
    opml = etree.Element("opml", version="2.0")
    _text(etree.SubElement(opml, "head"), "title", "The sample week")
    body = etree.SubElement(opml, "body")
    for desk in sorted({outlet.desk for outlet in outlets}):
        folder = etree.SubElement(body, "outline", text=desk, title=desk)
        for outlet in outlets:
            if outlet.desk == desk:
                etree.SubElement(
                    folder,
                    "outline",
                    type="rss",
                    text=outlet.outlet.name,
                    title=outlet.outlet.name,
                    xmlUrl=base_url + feed_path(outlet),
                    htmlUrl=f"{base_url}/{outlet.slug}/",
                    language=outlet.language,
                )
    return _xml(opml)


def _rss(outlet: SampleOutlet, articles: Sequence[PrintedArticle], base_url: str) -> etree._Element:
    rss = etree.Element("rss", nsmap={"atom": ATOM, "content": CONTENT, "dc": DC}, version="2.0")
    channel = etree.SubElement(rss, "channel")
    _text(channel, "title", outlet.outlet.name)
    _text(channel, "link", f"{base_url}/{outlet.slug}/")
    _text(channel, "description", outlet.tagline)
    _text(channel, "language", _language(outlet))
    etree.SubElement(
        channel,
        f"{{{ATOM}}}link",
        rel="self",
        type="application/rss+xml",
        href=base_url + feed_path(outlet),
    )
    for article in articles:
        item = etree.SubElement(channel, "item")
        _text(item, "title", article.title)
        _text(item, "link", base_url + article.path)
        _text(item, "guid", base_url + article.path, isPermaLink="true")
        _text(item, "pubDate", format_datetime(article.published, usegmt=True))
        _text(item, f"{{{DC}}}creator", article.author)
        _text(item, "description", article.teaser)
        if outlet.full:
            _text(item, f"{{{CONTENT}}}encoded", _content_html(article))
        if article.updated is not None:
            _text(item, f"{{{ATOM}}}updated", article.updated.isoformat())
    return rss


def _atom(outlet: SampleOutlet, articles: Sequence[PrintedArticle], base_url: str) -> etree._Element:
    feed = etree.Element(f"{{{ATOM}}}feed", {XML_LANG: _language(outlet)}, nsmap=_ATOM_NAMES)
    _text(feed, f"{{{ATOM}}}title", outlet.outlet.name)
    _text(feed, f"{{{ATOM}}}subtitle", outlet.tagline)
    _text(feed, f"{{{ATOM}}}id", f"tag:{outlet.slug}.example,2025:feed")
    _text(feed, f"{{{ATOM}}}updated", max(article.changed for article in articles).isoformat())
    etree.SubElement(feed, f"{{{ATOM}}}link", rel="self", href=base_url + feed_path(outlet))
    etree.SubElement(feed, f"{{{ATOM}}}link", rel="alternate", type="text/html", href=f"{base_url}/{outlet.slug}/")
    for article in articles:
        entry = etree.SubElement(feed, f"{{{ATOM}}}entry")
        _text(entry, f"{{{ATOM}}}title", article.title)
        _text(entry, f"{{{ATOM}}}id", f"tag:{outlet.slug}.example,2025:{article.slug}")
        etree.SubElement(
            entry,
            f"{{{ATOM}}}link",
            rel="alternate",
            type="text/html",
            href=base_url + article.path,
        )
        _text(entry, f"{{{ATOM}}}published", article.published.isoformat())
        _text(entry, f"{{{ATOM}}}updated", article.changed.isoformat())
        _text(etree.SubElement(entry, f"{{{ATOM}}}author"), f"{{{ATOM}}}name", article.author)
        _text(entry, f"{{{ATOM}}}summary", article.teaser)
        if outlet.full:
            _text(entry, f"{{{ATOM}}}content", _content_html(article), type="html")
    return feed


def _rdf(outlet: SampleOutlet, articles: Sequence[PrintedArticle], base_url: str) -> etree._Element:
    rdf = etree.Element(
        f"{{{RDF}}}RDF",
        nsmap=_RDF_NAMES,
    )
    address = base_url + feed_path(outlet)
    channel = etree.SubElement(rdf, f"{{{RSS10}}}channel", {f"{{{RDF}}}about": address})
    _text(channel, f"{{{RSS10}}}title", outlet.outlet.name)
    _text(channel, f"{{{RSS10}}}link", f"{base_url}/{outlet.slug}/")
    _text(channel, f"{{{RSS10}}}description", outlet.tagline)
    _text(channel, f"{{{DC}}}language", _language(outlet))
    contents = etree.SubElement(etree.SubElement(channel, f"{{{RSS10}}}items"), f"{{{RDF}}}Seq")
    for article in articles:
        link = base_url + article.path
        etree.SubElement(contents, f"{{{RDF}}}li", {f"{{{RDF}}}resource": link})
        item = etree.SubElement(rdf, f"{{{RSS10}}}item", {f"{{{RDF}}}about": link})
        _text(item, f"{{{RSS10}}}title", article.title)
        _text(item, f"{{{RSS10}}}link", link)
        _text(item, f"{{{RSS10}}}description", article.teaser)
        _text(item, f"{{{DC}}}date", article.published.isoformat())
        _text(item, f"{{{DC}}}creator", article.author)
        if outlet.full:
            _text(item, f"{{{CONTENT}}}encoded", _content_html(article))
        if article.updated is not None:
            _text(item, f"{{{DCTERMS}}}modified", article.updated.isoformat())
    return rdf


def _json(outlet: SampleOutlet, articles: Sequence[PrintedArticle], base_url: str) -> bytes:
    items: list[dict[str, object]] = []
    for article in articles:
        item: dict[str, object] = {
            "id": f"{outlet.slug}:{article.slug}",
            "url": base_url + article.path,
            "title": article.title,
            "summary": article.teaser,
            "date_published": article.published.isoformat(),
            "authors": [{"name": article.author}],
            # JSON Feed 1.1 wants one of the two contents even where the outlet gives but a teaser.
            **({"content_html": _content_html(article)} if outlet.full else {"content_text": article.teaser}),
        }
        if article.updated is not None:
            item["date_modified"] = article.updated.isoformat()
        items.append(item)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.outlet.name,
        "description": outlet.tagline,
        "home_page_url": f"{base_url}/{outlet.slug}/",
        "feed_url": base_url + feed_path(outlet),
        "language": _language(outlet),
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _language(outlet: SampleOutlet) -> str:
    return f"{outlet.language}-{outlet.outlet.country}"


def _content_html(article: PrintedArticle) -> str:
    """The text as the HTML that feeds carry."""
    return "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in article.body)


def _text(parent: etree._Element, tag: str, text: str, **attributes: str) -> None:
    etree.SubElement(parent, tag, attributes).text = text


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
