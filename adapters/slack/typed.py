"""What Slack makes of what a member wrote, taken back to what they wrote.

In a command's text it escapes `& < >` and puts ids for channels, members and groups
(https://docs.slack.dev/interactivity/implementing-slash-commands/#escaping); in a message it marks links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.message.plain import address

_MARK = re.compile(r"<([^<>]*)>")
_NAMED = re.compile(r"(?:[#@]|!subteam\^)([A-Z0-9]+)(?:\|.*)?", re.DOTALL)


def unescaped(text: str) -> str:
    """`<#C1|general>` is `C1`, `<https://example.org|example>` the address, `&amp;` an ampersand."""
    plain = _MARK.sub(lambda mark: _said(mark[1]), text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _said(mark: str) -> str:
    if (named := _NAMED.fullmatch(mark)) is not None:
        return named[1]
    return mark.split("|", 1)[0]


def first_link(message: Mapping[str, Any]) -> str | None:
    """The first web address in a message, in its blocks or its text; None where there is none."""
    for found in (*_linked(message.get("blocks")), *_marked(str(message.get("text") or ""))):
        if (safe := address(found)) is not None:
            return safe
    return None


def _linked(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if value.get("type") == "link" and isinstance(value.get("url"), str):
            yield value["url"]
        for each in value.values():
            yield from _linked(each)
    elif isinstance(value, list):
        for each in value:
            yield from _linked(each)


def _marked(text: str) -> Iterator[str]:
    for mark in _MARK.finditer(text):
        yield mark[1].split("|", 1)[0].replace("&amp;", "&")
