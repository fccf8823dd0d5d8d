"""What an outlet says about use of its pages by machines, in headers and in the page.

Honoured: `noindex`, `none`, `nosnippet` and `noai` for everybody or for us by name (robots meta and X-Robots-Tag, in
the forms search engines document), and a TDM reservation (W3C TDM Reservation Protocol, the machine-readable form of
the opt-out in Article 4(3) of Directive (EU) 2019/790). `noimageai` speaks of images, which we do not take.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from bot.core import strings

AGENT = "slugline"

_WITH_VALUE = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")
_DIRECTIVES = frozenset({"noai", "noindex", "none", "nosnippet"})


def by_headers(headers: Mapping[str, str]) -> str | None:
    """Why the page must not be used, None where nothing speaks against it. Names in lower case, repeats by line."""
    for line in headers.get("x-robots-tag", "").splitlines():
        if reason := _by_directives(line):
            return reason
    return _by_tdm(headers.get("tdm-reservation", ""))


def by_meta(metas: Iterable[tuple[str, str]]) -> str | None:
    """The same from the page's `<meta name content>` pairs."""
    for name, content in metas:
        match name.strip().lower():
            case "robots" | "slugline":
                reason = _by_directives(content)
            case "tdm-reservation":
                reason = _by_tdm(content)
            case _:
                reason = None
        if reason:
            return reason
    return None


def by_tdmrep(document: bytes, url: str) -> str | None:
    """The same from an origin's /.well-known/tdmrep.json: the first rule whose location matches decides."""
    try:
        rules = json.loads(document)
    except (ValueError, RecursionError):
        return None
    path = urlsplit(url).path or "/"
    for rule in rules if isinstance(rules, list) else []:
        if isinstance(rule, dict) and isinstance(location := rule.get("location"), str) and _matches(location, path):
            return _by_tdm(str(rule.get("tdm-reservation", "")))
    return None


def _by_directives(line: str) -> str | None:
    agent = AGENT
    for part in line.lower().split(","):
        directive = part.strip()
        name, colon, value = (piece.strip() for piece in directive.partition(":"))
        if colon and name not in _WITH_VALUE:
            agent, directive = name, value  # "otherbot: noindex, nofollow" speaks to otherbot till the end of the line
        if agent == AGENT and directive in _DIRECTIVES:
            return strings.fetching.RESERVED[directive]
    return None


def _by_tdm(value: str) -> str | None:
    return strings.fetching.RESERVED_FROM_MINING if value.strip() == "1" else None


def _matches(pattern: str, path: str) -> bool:
    """RFC 9309 §2.2.3 wildcards, each found at its earliest place, so in linear time."""
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for index, piece in enumerate(others):
        if anchored and index == len(others) - 1:
            return len(path) - len(piece) >= at and path.endswith(piece)
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return at == len(path) if anchored else True
