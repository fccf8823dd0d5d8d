"""What a member sees of Slack's blocks, and what of it Slack would obey: a reader of rich text and of mrkdwn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

_MARK = re.compile(r"<([^<>]*)>")
_BOLD = re.compile(r"(?:(?<=^)|(?<=[\s\W]))\*([^*\n]+)\*(?=$|[\s\W])", re.MULTILINE)
_OTHER = re.compile(r"(?<!\w)[_~`][^_~`\n]+[_~`](?!\w)|:[a-z0-9_+'\-]+:|^&gt;", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """`words` as they are shown, channels by their ids; `links` by their addresses; `obeyed` is markup that nobody of
    ours sets."""

    words: str
    links: tuple[str, ...]
    obeyed: tuple[str, ...]
    channels: tuple[str, ...] = ()


def read(blocks: Sequence[Json]) -> Seen:
    words: list[str] = []
    links: list[str] = []
    obeyed: list[str] = []
    channels: list[str] = []
    for kind, text in _found(list(blocks)):
        {"words": words, "link": links, "obeyed": obeyed, "channel": channels}[kind].append(text)
    return Seen("".join(words), tuple(links), tuple(obeyed), tuple(channels))


def _found(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for each in value:
            yield from _found(each)
        return
    match value["type"]:
        case "rich_text" | "rich_text_section" | "rich_text_list" | "rich_text_quote" | "rich_text_preformatted":
            yield from _found(value["elements"])
            yield "words", "\n"
        case "text" | "plain_text":
            yield "words", value["text"]
        case "link":
            yield "words", value["text"]
            yield "link", value["url"]
        case "channel":
            yield "words", value["channel_id"]
            yield "channel", value["channel_id"]
        case "date":
            yield "words", value["fallback"]
        case "mrkdwn":
            yield from _mrkdwn(value["text"])
        case "header":
            yield from _found(value["text"])
        case "section":
            yield from _found([value["text"]] if "text" in value else value["fields"])
        case "context":
            yield from _found(value["elements"])
        case "divider" | "actions":
            pass
        case "image":
            yield "words", value["alt_text"]
        case other:
            yield "obeyed", other


def _mrkdwn(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    plain = ""
    for mark in _MARK.finditer(text):
        plain += text[place : mark.start()]
        target, _, label = mark[1].partition("|")
        if target.startswith(("http://", "https://")):
            yield "link", _unescaped(target)
        elif target.startswith("#"):
            target = target[1:]
            yield "channel", target
        elif not target.startswith("!date^"):
            yield "obeyed", mark[0]
        plain += label or target
        place = mark.end()
    plain += text[place:]
    plain = _BOLD.sub(r"\1", plain)
    for other in _OTHER.findall(plain):
        yield "obeyed", other
    yield "words", _unescaped(plain)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
