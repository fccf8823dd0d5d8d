"""The part of an article that says what it is about: its title and the start of its text."""

from __future__ import annotations

LEAD = 700
"""Characters of text after the title. The embedder reads 128 tokens, which is less."""


def lead(title: str, text: str) -> str:
    """What is embedded. A teaser that repeats the title is not given twice."""
    title, start = title[:LEAD].strip(), text[:LEAD].strip()
    if not start or start == title:
        return title
    if start.startswith(title):
        return start
    return f"{title}. {start}" if title else start
