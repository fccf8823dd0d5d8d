"""The job of a page child: an HTML document in, the article's text out. Runs in `feeds.hand` only.

Loops, memory and crashes are the parent's business (`feeds.crew`): no HTML extractor survives hostile pages by
itself (a tag with 200,000 attributes keeps this one busy for minutes).
"""

from __future__ import annotations

import codecs
import json
from typing import Any

import trafilatura

from bot.core import strings
from bot.core.errors import InputError
from feeds import reservations

LONGEST_INPUT = 2_000_000
SHORTEST_TEXT = 80
"""Characters below which what was found is no article but a button or a notice."""


def run(header: dict[str, Any], body: bytes) -> bytes:
    """JSON with `text` (paragraphs separated by blank lines), `title`, `language`, `published` (a day or None); with
    `scrap`, the text, where that is too short for an article; or with `reserved`, the reason, where the page says that
    machines must not use it. Raises `InputError`."""
    tree = trafilatura.load_html(_decoded(body[:LONGEST_INPUT], header.get("charset")))
    if tree is None:
        raise InputError(strings.fetching.NO_HTML)
    metas = [(str(meta.get("name") or ""), str(meta.get("content") or "")) for meta in tree.iter("meta")]
    if reason := reservations.by_meta(metas):
        return json.dumps({"reserved": reason}).encode()
    language = str(tree.get("lang") or "").strip()[:35] or None
    found: Any = trafilatura.bare_extraction(
        tree, url=header.get("url"), include_comments=False, include_tables=False, with_metadata=True
    )
    lines = [] if found is None else [line.strip() for line in (found.text or "").splitlines()]
    if lines and lines[0] == (found.title or "").strip():
        del lines[0]
    text = "\n\n".join(line for line in lines if line)
    if len(text) < SHORTEST_TEXT:
        return json.dumps({"scrap": text}).encode()
    said = {"title": (found.title if found else "") or "", "published": (found.date if found else None) or None}
    return json.dumps({"text": text, "language": language, **said}).encode()


def _decoded(body: bytes, charset: str | None) -> str | bytes:
    """By the server's word where it holds, else left to the extractor, which looks into the page."""
    if charset:
        try:
            return body.decode(codecs.lookup(charset).name)
        except (LookupError, UnicodeDecodeError):
            pass
    return body
