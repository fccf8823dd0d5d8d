"""What makes two entries the same article.

No single field identifies an article: guids change with the publishing system, addresses gain parameters or are
shared by a whole feed, titles are edited. So an entry has several *keys*, strongest first, each a short hash:

    url:   its canonical address, unless the address is shared or names only a site
    guid:  its guid; within its feed, or anywhere where the guid itself is unique in the world
    item:  where the address cannot serve: address and headline together, within its feed
    text:  its very words, where there are enough of them, within its feed: a feed moved to another system
           re-publishes old articles under new guids and addresses, but in the same words

A key that several different entries of one parse share is no key, so articles that share one link, or one guid, or
even all their words, but stand side by side in a feed, are different articles. What the keys of *known* articles
decide is `bot.core.intake`'s business, which also hears contradicting keys.

Addresses are hashed, because those of private feeds may carry a token.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from bot.core.address import canonical_address, names_a_page
from bot.core.feed import Entry, FeedId, Identified
from bot.core.wording import wording

TELLING_TITLE = 4
"""Words. A shorter headline ("Update", "Morning Briefing") comes again and identifies nothing by itself."""
TELLING_TEXT = 80
"""Characters of wording. Shorter texts ("Read our review") are repeated for different articles."""

_WORLDWIDE_GUID = re.compile(r"tag:[^,\s]+,\d{4}|urn:uuid:|\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?$", re.I)


@dataclass(frozen=True, slots=True)
class _Look:
    """One entry as the others of its parse are compared with it."""

    entry: Entry
    address: str  # "" where it cannot be a key
    guid: str
    title: str
    summary: str

    @property
    def headline(self) -> str:
        """What tells it from others at the same address."""
        return self.title if self.title.count(" ") >= TELLING_TITLE - 1 else f"{self.title}\n{self.summary}"


def identify(entries: Iterable[Entry], feed: FeedId, site: str = "") -> tuple[Identified, ...]:
    """The entries of one parse with their keys, in the same order. `site` is the feed's own link.

    An entry that says nothing (no address, guid, title or text) has no keys.
    """
    front = canonical_address(site)
    looks = [_look(entry, feed, front) for entry in entries]
    shared_addresses = _shared(looks, lambda look: look.address, _differ_at_one_address)
    shared_guids = _shared(looks, lambda look: look.guid, _differ_under_one_guid)
    repeated_texts = _repeated_texts(looks)
    return tuple(_identified(look, feed, shared_addresses, shared_guids, repeated_texts) for look in looks)


def address_key(url: str) -> str:
    """The key of an article that has this address to itself, whatever its tracking parameters."""
    return _key("url", canonical_address(url))


def guid_key(guid: str, feed: FeedId) -> str:
    """The key of a guid as a feed gives it ("" for none)."""
    return _key("guid", _scoped_guid(guid, feed)) if guid else ""


def _look(entry: Entry, feed: FeedId, front: str) -> _Look:
    address = canonical_address(entry.url)
    if address == front or not names_a_page(address):
        address = ""
    return _Look(
        entry=entry,
        address=address,
        guid=_scoped_guid(entry.guid, feed) if entry.guid else "",
        title=wording(entry.title),
        summary=wording(entry.summary),
    )


def _scoped_guid(guid: str, feed: FeedId) -> str:
    if address := canonical_address(guid):
        # Some outlets count revisions in the fragment, others tell entries of one page apart by it: keep it.
        return f"{address}#{guid.partition('#')[2]}" if names_a_page(address) else f"{feed} {guid}"
    return guid if _WORLDWIDE_GUID.match(guid) else f"{feed} {guid}"


def _shared(
    looks: Sequence[_Look], value: Callable[[_Look], str], differ: Callable[[Sequence[_Look]], bool]
) -> frozenset[str]:
    groups: defaultdict[str, list[_Look]] = defaultdict(list)
    for look in looks:
        if value(look):
            groups[value(look)].append(look)
    return frozenset(name for name, group in groups.items() if len(group) > 1 and differ(group))


def _differ_at_one_address(looks: Sequence[_Look]) -> bool:
    """Different articles, rather than one listed twice: neither their guids nor their headlines agree."""
    guids = {look.guid for look in looks}
    return (len(guids) > 1 or "" in guids) and len({look.headline for look in looks}) > 1


def _differ_under_one_guid(looks: Sequence[_Look]) -> bool:
    addresses = {look.address for look in looks}
    return (len(addresses) > 1 or "" in addresses) and len({look.headline for look in looks}) > 1


def _repeated_texts(looks: Sequence[_Look]) -> frozenset[str]:
    """Texts that entries which are not the same by address or guid have in common."""
    names = {(_text(look), look.address or look.guid) for look in looks}
    counts = Counter(text for text, _ in names)
    return frozenset(text for text, count in counts.items() if count > 1)


def _text(look: _Look) -> str:
    return f"{look.title}\n{look.summary}"


def _identified(
    look: _Look,
    feed: FeedId,
    shared_addresses: frozenset[str],
    shared_guids: frozenset[str],
    repeated_texts: frozenset[str],
) -> Identified:
    keys: list[str] = []
    own_address = bool(look.address) and look.address not in shared_addresses
    if own_address:
        keys.append(_key("url", look.address))
    if look.guid and look.guid not in shared_guids and not (own_address and look.guid == f"{look.address}#"):
        keys.append(_key("guid", look.guid))
    if not own_address and look.headline.strip():
        keys.append(_key("item", f"{feed} {look.address} {look.headline}"))
    text = _text(look)
    if len(text) >= TELLING_TEXT and look.summary and text not in repeated_texts:
        keys.append(_key("text", f"{feed} {text}"))
    return Identified(look.entry, tuple(keys), (look.title, look.summary))


def _key(kind: str, value: str) -> str:
    return f"{kind}:{blake2b(value.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"
