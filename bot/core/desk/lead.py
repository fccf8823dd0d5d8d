"""The part of an article that says what it is about: its title and the start of its text."""

from __future__ import annotations

import re

LEAD = 700
"""Characters of text after the title. The embedder reads 128 tokens, which is less."""

_NO_SENSE = re.compile(
    r"https?://\S+"
    # What hnrss.org writes into every entry, and the stumps of cut teasers.
    r"|\b(?:Article|Comments) URL:|\bPoints: \d+|# Comments: \d+"
    r"|\b(?:Read more|Continue reading)\s?(?:\.\.\.|…)",
)


def lead(title: str, text: str) -> str:
    """What is embedded. Addresses and feed boilerplate are left out; a teaser that repeats the title is not given
    twice."""
    title, start = _plain(title), _plain(text)
    if not start or start == title:
        return title
    if start.startswith(title):
        return start
    return f"{title}. {start}" if title else start


def _plain(text: str) -> str:
    """The first `LEAD` characters that mean something; a little more is looked at for what is left out."""
    return " ".join(_NO_SENSE.sub(" ", text[: 3 * LEAD]).split())[:LEAD].strip()
