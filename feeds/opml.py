"""OPML: lists of feeds, read and written (http://opml.org/spec2.opml, and 1.x, which feed readers still write)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from bot.core import strings
from bot.core.errors import InputError
from feeds.parse.addresses import web_address
from feeds.parse.text import one_line

MOST_FEEDS = 20_000
_LONGEST_ADDRESS = 2_048
_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One line of an OPML file. `desk` is the folder it lay in (the innermost with a name), None at the top."""

    url: str
    title: str = ""
    site: str = ""
    desk: str | None = None
    language: str | None = None


def read(body: bytes) -> tuple[Subscription, ...]:
    """Every feed in the file, in its order; of one address only the first. Outlines without an address are folders.

    Raises `InputError`, with the line where there is one, for broken XML, entity declarations, and XML that is no
    OPML. An outline whose address is not http(s) is left out.
    """
    if b"<!ENTITY" in body.replace(b"\0", b""):
        raise InputError(strings.fetching.OPML_ENTITIES)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        wrong = strings.fetching.opml_broken(error.lineno or None, one_line(error.msg or ""))
        raise InputError(wrong) from error
    except ValueError as error:
        raise InputError(strings.fetching.OPML_NO_XML) from error
    if not isinstance(root.tag, str) or etree.QName(root).localname.lower() != "opml":
        raise InputError(strings.fetching.opml_root(str(root.sourceline)))
    found: dict[str, Subscription] = {}
    for subscription in _subscriptions(root):
        found.setdefault(subscription.url, subscription)
        if len(found) > MOST_FEEDS:
            raise InputError(strings.fetching.opml_too_long(MOST_FEEDS))
    return tuple(found.values())


def write(subscriptions: Iterable[Subscription], title: str = "Slugline") -> bytes:
    """OPML 2.0 in UTF-8, one folder a desk, desks and feeds in the order given. `read` gives the same values back,
    feeds without a desk first."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _name(title)
    body = etree.SubElement(root, "body")
    folders: dict[str, etree._Element] = {}
    listed = sorted(subscriptions, key=lambda subscription: subscription.desk is not None)
    for subscription in listed:
        parent = body
        if desk := _name(subscription.desk or ""):
            if desk not in folders:
                folders[desk] = etree.SubElement(body, "outline", text=desk, title=desk)
            parent = folders[desk]
        name = _name(subscription.title) or subscription.url
        outline = etree.SubElement(parent, "outline", type="rss", text=name, title=name, xmlUrl=subscription.url)
        if subscription.site:
            outline.set("htmlUrl", subscription.site)
        if subscription.language:
            outline.set("language", subscription.language)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _subscriptions(root: etree._Element) -> Iterator[Subscription]:
    folders: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str) or etree.QName(element).localname.lower() != "outline":
            continue
        if event == "end":
            folders.pop()
            continue
        attributes = {str(name).lower(): str(value) for name, value in element.attrib.items()}
        name = _name(attributes.get("title") or attributes.get("text") or "")
        url = web_address(attributes.get("xmlurl") or attributes.get("url") or "", "", _LONGEST_ADDRESS)
        is_feed = bool(url) and ("xmlurl" in attributes or attributes.get("type", "").lower() in ("rss", "atom"))
        if is_feed:
            yield Subscription(
                url=url,
                title="" if name == url else name,
                site=web_address(attributes.get("htmlurl", ""), url, _LONGEST_ADDRESS),
                desk=next((folder for folder in reversed(folders) if folder), None),
                language=attributes.get("language") or None,
            )
        folders.append("" if is_feed else name)


def _name(value: str) -> str:
    return one_line(value)[:_LONGEST_NAME].strip()
