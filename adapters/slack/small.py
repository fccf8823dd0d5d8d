"""Small print: Slack sets it small in a context block only, which takes no rich text but mrkdwn.

So words stand there as mrkdwn only where nothing in them could be obeyed. mrkdwn has no escape but for `& < >`, and no
two clients agree on where a star opens bold type; rather than to guess, a line with any such character is set as rich
text instead, larger but literal. https://docs.slack.dev/messaging/formatting-message-text/
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from adapters.slack.blocks import TEXT, channel_id
from adapters.slack.rich import DATE, MOMENT, NO_BREAK
from bot.core import strings
from bot.core.message.document import Channel, Citation, Inline, Jump, Link, Text, Time
from bot.core.message.plain import address, inert

_OBEYED = re.compile(r"[*_~`]|:[^\s:]+:|^\s*>")
"""Emphasis, code, the name of an emoji, and what opens a quotation."""

_CLOSES = ".,:;!?)"
"""What may stand close behind bold type."""


def escaped(text: str) -> str:
    """https://docs.slack.dev/messaging/formatting-message-text/#escaping"""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def small(content: Iterable[Inline]) -> str | None:
    """A line of mrkdwn, "" where nothing of it can be seen; None where it could be read as more than text."""
    written = seen = ""
    before: Inline | None = None
    for inline in content:
        match inline:
            case Text(text=text, style=style):
                shown = inert(text)
                piece = _strong(shown, written) if style == "strong" else escaped(shown)
                if style == "code":
                    return None  # type of its own is rich text's
            case Jump(label=label):
                shown = inert(label)
                piece = escaped(shown)
            case Channel(address=place):
                shown = inert(place)
                named = channel_id(inline)
                piece = escaped(shown) if named is None else f"<#{named}>"
            case Link(label=label, url=url):
                shown, piece = _link(inert(label).strip(), url)
            case Citation(number=number, url=url):
                apart = bool(written) and not written[-1].isspace() and not isinstance(before, Citation)
                shown, piece = _link(f"[{number}]", url)
                piece = f"{NO_BREAK if apart else ''}{piece}"
            case Time(at=at, style=precise):
                day = precise == "date"
                shown = strings.dates.calendar_day(at) if day else strings.dates.moment(at)
                piece = f"<!date^{int(at.timestamp())}^{DATE if day else MOMENT}|{escaped(shown)}>"
            case _:
                assert_never(inline)
        if written.endswith("*") and piece and not piece[0].isspace() and piece[0] not in _CLOSES:
            return None  # the star might close nothing there
        written += piece
        seen += shown
        before = inline
    return None if _OBEYED.search(seen) else written.strip()


def _strong(shown: str, written: str) -> str:
    """Spaces stand outside of the stars, which mean nothing beside them nor within a word."""
    words = shown.strip()
    within = bool(written) and not written[-1].isspace() and not shown[:1].isspace()
    if within or not any(map(str.isalnum, words)):
        return escaped(shown)
    before, after = shown[: len(shown) - len(shown.lstrip())], shown[len(shown.rstrip()) :]
    return f"{before}*{escaped(words)}*{after}"


def _link(label: str, url: str) -> tuple[str, str]:
    """What is seen of it, and what is written. The first stroke divides an address from its words: an address has none
    (`address`), and what a label has behind it is part of the label."""
    target = address(url)
    if target is None or len(target) > TEXT // 2:
        return label, escaped(label)
    shown = label or target
    return shown, f"<{escaped(target)}|{escaped(shown)}>"
