"""Feed text made inert before any renderer escapes it, and the addresses that may become links.

Whatever an outlet sends may hide characters that a reader cannot see and a screen obeys: terminal escapes, bidi
overrides that show a sentence backwards, zero-width letters that split a word from a search, invisible tags that
carry a message to a model. They are taken out here, once, for every renderer; what is left is shown literally. The
joiners that Persian, Indic scripts and emoji are written with stay where they join something.

Markup is not this module's business: each renderer knows what its own form would obey.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

MARKS_LIMIT = 8
"""Combining marks on one letter; no living script stacks more, and a hundred of them paint over the lines around."""

ADDRESS_LIMIT = 4096
"""Characters of an address we would link; longer ones are refused by browsers' and platforms' own limits anyway."""

ZWNJ, ZWJ = "\u200c", "\u200d"
REPLACEMENT = "\ufffd"

_BREAKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")

# Invisible although Unicode does not class them as format characters: fillers that are letters by name only.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")


def inert(text: str) -> str:
    """`text` in one line, in NFC, with nothing in it that a screen would obey or hide.

    Line breaks and tabs become one space; controls, bidi marks and overrides, zero-width and other format characters,
    tags and stray variation selectors are taken out; lone surrogates and noncharacters become U+FFFD. Idempotent.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text
    kept = _joiners("".join(map(_character, text)))
    return unicodedata.normalize("NFC", _thinned(unicodedata.normalize("NFC", re.sub(" +", " ", kept))))


def spaced(line: str) -> str:
    """As `inert`, with every space kept (as one that is not broken at)."""
    return inert(line.replace(" ", "\u00a0"))


def address(url: str) -> str | None:
    """`url` as it may stand in a link: an absolute http(s) address in printable ASCII with nothing that ends a quote,
    a bracket or a line in any markup; None where it is no such address.

    A host in another alphabet is shown in its ASCII form, so a look-alike is seen for what it is. Addresses with a
    user name in front of the host are refused: they exist to be misread.
    """
    if len(url) > ADDRESS_LIMIT or any(char.isspace() or not char.isprintable() for char in url):
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    ascii_host = _ascii_host(host)
    if ascii_host is None:
        return None
    netloc = ascii_host if port is None else f"{ascii_host}:{port}"
    encoded = (quote(part, safe=_URL_SAFE) for part in (parts.path, parts.query, parts.fragment))
    path, query, fragment = (_STRAY_PERCENT.sub("%25", part) for part in encoded)
    return urlunsplit((parts.scheme, netloc, path or "/", query, fragment))


# RFC 3986's reserved and unreserved characters, and % for what is encoded already, without ' ( ) * [ ] which mean
# something in Markdown or HTML.
_URL_SAFE = "%/?:@!$&+,;=-._~#"
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?")
_HOST_V6 = re.compile(r"[0-9a-f:.]+")


def _ascii_host(host: str) -> str | None:
    if ":" in host:
        return f"[{host}]" if _HOST_V6.fullmatch(host) else None
    if not host.isascii():
        try:
            host = host[:253].encode("idna").decode("ascii")
        except UnicodeError:
            return None
    return host if len(host) <= 253 and _HOST_NAME.fullmatch(host) else None


@lru_cache(maxsize=4096)
def _character(char: str) -> str:
    """What one character becomes; the joiners are judged later, with their neighbours."""
    if char in (ZWNJ, ZWJ):
        return char
    if char in _BREAKS:
        return " "
    if char in _INVISIBLE:
        return ""
    code = ord(char)
    if 0xFE00 <= code <= 0xFE0D or 0xE0100 <= code <= 0xE01EF:  # variation selectors but text and emoji style
        return ""
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return REPLACEMENT
    category = unicodedata.category(char)
    if category == "Cs":
        return REPLACEMENT
    return "" if category in ("Cc", "Cf") else char


def _joiners(text: str) -> str:
    """Keep a joiner between letters of a script that is written with it, and ZWJ between emoji; drop the others."""
    if ZWNJ not in text and ZWJ not in text:
        return text
    kept: list[str] = []
    for index, char in enumerate(text):
        if char in (ZWNJ, ZWJ):
            before = kept[-1] if kept else ""
            after = text[index + 1 : index + 2]
            if not (_cursive(before) and _cursive(after)) and not (char == ZWJ and _emoji(before) and _emoji(after)):
                continue
        kept.append(char)
    return "".join(kept)


def _cursive(char: str) -> bool:
    """Arabic and its kin, Indic and South-East Asian scripts, Mongolian: the scripts that joiners shape."""
    return bool(char) and 0x0600 <= ord(char) <= 0x18AF and unicodedata.category(char)[0] in "LM"


def _emoji(char: str) -> bool:
    return bool(char) and (ord(char) in (0xFE0F, 0x20E3) or unicodedata.category(char) in ("So", "Sk"))


def _thinned(text: str) -> str:
    run = 0
    kept: list[str] = []
    for char in text:
        run = run + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if run <= MARKS_LIMIT:
            kept.append(char)
    return "".join(kept)
