"""Digests: what they hold, what is new, what is kept for the next."""

from __future__ import annotations

from collections.abc import Sequence

IN_BRIEF = "In brief"
DIGEST_TITLE = "AI and people's work"
CONTENTS = "In this digest"
NOTHING_NEW = "Nothing new about AI and people's work was found in this time."
NOTHING_NEW_OF_THIS = "Nothing new that this digest keeps to was found in this time."
NOTHING_NEW_SUMMARY = "nothing new"
FROM = "From "
UNTIL = " to "


def stories(count: int) -> str:
    return "1\u00a0story" if count == 1 else f"{count}\u00a0stories"


def outlets(count: int) -> str:
    return "1\u00a0outlet" if count == 1 else f"{count}\u00a0outlets"


TOLD_ON = "Told here on "
NEW_SINCE = ". New since then:"
NEW_REPORTS = "New reports"


def update(headline: str) -> str:
    """Heads a story that was told before."""
    return f"Update: {headline}"


def carried(count: int) -> str:
    """At the end of a digest that was full."""
    one = count == 1
    return f"{stories(count)} more did not fit and {'is' if one else 'are'} kept for the next digest."


def waits(count: int, least: int) -> str:
    return f"There {'is' if count == 1 else 'are'} {stories(count)} so far; this digest comes with {least} or more."


def digest_summary(title: str, headlines: Sequence[str]) -> str:
    return f"{title}: {'; '.join(headlines) or NOTHING_NEW_SUMMARY}"
