"""Block Kit's shapes and limits, and what a message of them may weigh.

https://docs.slack.dev/reference/block-kit/blocks/ and …/composition-objects/, read in November 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.core.message.document import Channel
from bot.core.message.plain import inert

Json = dict[str, Any]

BLOCKS = 48
"""Of a message, which takes 50: two are left for what the wire adds (a mention)."""
VIEW_BLOCKS = 100
CHARACTERS = 8_000
"""Of a message. No page of Slack's names the cap behind `msg_blocks_too_long`, which was met at 11,000 to 13,000."""
HEADER = 150
TEXT = 3_000
"""Of a section, of a text object, and of an address; what a block of rich text takes is nowhere said."""
FIELDS = 10
BUTTONS = 25
LABEL = 75
"""Of a button and of an option."""
OPTION_VALUE = 150
OPTIONS = 100
OVERFLOW = 5
PLACEHOLDER = 150
ALT = 2_000
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,20}")
NOTHING = "\u2013"
"""Stands where Slack takes no empty text."""


def channel_id(channel: Channel) -> str | None:
    """The id by which Slack shows a channel's name; None for what is none of its channels. A member is none: who is
    named is told of it."""
    found = _CHANNEL.fullmatch(channel.address) if channel.platform == "slack" else None
    return None if found is None else found[0]


def plain_text(text: str, most: int) -> Json:
    """Shown as it stands; a colon between words makes no emoji of them."""
    shown = inert(text).strip()
    return {"type": "plain_text", "text": cut(shown, most) or NOTHING, "emoji": False}


def mrkdwn(text: str) -> Json:
    """Markup of our own making. What it does not mark stays plain text: no address in it becomes a link."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def rich_text(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def weight(blocks: Iterable[Json]) -> int:
    """Characters of all that is written in them, addresses and what buttons say included: nobody knows which of it
    Slack counts."""
    return sum(len(text) for block in blocks for text in _strings(block))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            if key != "type":
                yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def plain(blocks: Sequence[Json]) -> str:
    """What is readable of blocks, for where they cannot be shown."""
    return " ".join(" ".join(_readable(block)) for block in blocks)


def _readable(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for key, each in value.items():
            if key in {"elements", "text", "fields"} and not isinstance(each, str):
                yield from _readable(each)
    elif isinstance(value, list):
        for each in value:
            yield from _readable(each)
