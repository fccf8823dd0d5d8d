"""The part of an article that says what it is about: its title and the start of its text."""

from __future__ import annotations

import re
from dataclasses import dataclass

LEAD = 700
"""Characters of text after the title. The embedder reads 128 tokens, which is less."""

_NO_SENSE = re.compile(
    r"https?://\S+"
    # What hnrss.org writes into every entry, and the stumps of cut teasers.
    r"|\b(?:Article|Comments) URL:|\bPoints: \d+|# Comments: \d+"
    r"|\b(?:Read more|Continue reading)\s?(?:\.\.\.|…)",
)


@dataclass(frozen=True, slots=True)
class Lead:
    """`text` is what is embedded; its first `title` characters are the article's title, none where it has no title."""

    text: str
    title: int


def lead(title: str, text: str) -> Lead:
    """Addresses and feed boilerplate are left out; a teaser that repeats the title is not given twice."""
    title, start = _plain(title), _plain(text)
    if start.startswith(title):
        return Lead(start, len(title))
    return Lead(f"{title}. {start}" if start else title, len(title))


def _plain(text: str) -> str:
    """The first `LEAD` characters that mean something; a little more is looked at for what is left out."""
    return " ".join(_NO_SENSE.sub(" ", text[: 3 * LEAD]).split())[:LEAD].strip()
