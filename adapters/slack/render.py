"""A document as Slack's blocks. Pure.

Feed prose goes into `rich_text`, where markup cannot happen; `text` stands beside the blocks for notifications and
screen readers, with `& < >` escaped (https://docs.slack.dev/messaging/formatting-message-text/#escaping).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from bot.core.command.invocation import encode
from bot.core.message.document import (
    Actions,
    Block,
    Bullets,
    Button,
    Citation,
    Divider,
    Document,
    Fields,
    File,
    Heading,
    Inline,
    Jump,
    Link,
    LinkButton,
    Pager,
    Picture,
    Prose,
    Quote,
    Select,
    Text,
    Time,
    Verbatim,
)
from bot.core.message.plain import address, inert, spaced

BLOCKS = 48
"""A message takes 50; two are left for what the wire adds."""
CHARACTERS = 8_000
"""A hidden cap answers `msg_blocks_too_long` near 11,000 to 13,000."""
HEADER, TEXT = 150, 3_000
FIELDS = 10
LABEL = 75

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One message. `text` is beside the blocks. `files` are handed over with it; a picture's block names its file as
    `{"slack_file": {"name": …}}`, for which the wire puts the id that Slack gives it."""

    blocks: tuple[Json, ...]
    text: str
    files: tuple[File, ...] = ()


def parts(document: Document) -> tuple[Part, ...]:
    """At least one; the same document always gives the same."""
    messages: list[list[Json]] = [[]]
    room = CHARACTERS
    for block in document.blocks:
        for drawn in _drawn(block):
            size = _size(drawn)
            if messages[-1] and (size > room or len(messages[-1]) >= BLOCKS):
                messages.append([])
                room = CHARACTERS
            messages[-1].append(drawn)
            room -= size
    text = escaped(inert(document.summary))[:TEXT]
    return tuple(
        Part(tuple(blocks), text, document.files if number == 0 else ()) for number, blocks in enumerate(messages)
    )


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _size(block: Json) -> int:
    return sum(len(value) for value in _strings(block))


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


def _drawn(block: Block) -> Iterator[Json]:
    match block:
        case Heading(text=text):
            yield {
                "type": "header",
                "text": {"type": "plain_text", "text": inert(text)[:HEADER] or "–", "emoji": False},
            }
        case Prose(content=content):
            yield from _rich("rich_text_section", content)
        case Quote(content=content):
            yield from _rich("rich_text_quote", content)
        case Bullets(items=items, numbered=numbered):
            style = "ordered" if numbered else "bullet"
            sections = [{"type": "rich_text_section", "elements": list(map(_inline, item))} for item in items if item]
            for at in range(0, len(sections), 5):
                listed: Json = {"type": "rich_text_list", "style": style, "elements": sections[at : at + 5]}
                if numbered and at:
                    listed["offset"] = at
                yield {"type": "rich_text", "elements": [listed]}
        case Divider():
            yield {"type": "divider"}
        case Verbatim(lines=lines):
            text = "\n".join(spaced(line) for line in lines)[:TEXT]
            if text:
                piece = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}
                yield {"type": "rich_text", "elements": [piece]}
        case Fields(items=items):
            content = tuple(
                inline for item in items for inline in (Text(f"{item.name}: ", "strong"), *item.value, Text("  "))
            )
            yield from _rich("rich_text_section", content)
        case Picture(file=file, alt=alt):
            yield {"type": "image", "slack_file": {"name": file}, "alt_text": inert(alt)[:2000] or file}
        case Actions(items=items):
            yield {"type": "actions", "elements": [_action(item, at) for at, item in enumerate(items)]}
        case Pager(earlier=earlier, later=later, number=number, of=of):
            turns = [
                _action(Button(label, invoke), at)
                for at, (label, invoke) in enumerate((("Earlier", earlier), ("Later", later)))
                if invoke is not None
            ]
            if turns:
                yield {"type": "actions", "elements": turns}
            note = {"type": "plain_text", "text": f"{number} / {of}", "emoji": False}
            yield {"type": "context", "elements": [note]}
        case _:
            assert_never(block)


def _rich(kind: str, content: Sequence[Inline]) -> Iterator[Json]:
    elements = [element for inline in content for element in _cut(_inline(inline))]
    while elements:
        taken, size = 0, 0
        while taken < len(elements) and (not taken or size + _size(elements[taken]) <= TEXT):
            size += _size(elements[taken])
            taken += 1
        yield {"type": "rich_text", "elements": [{"type": kind, "elements": elements[:taken]}]}
        elements = elements[taken:]


def _cut(element: Json) -> Iterator[Json]:
    text = element.get("text", "")
    if len(text) <= TEXT:
        yield element
        return
    for at in range(0, len(text), TEXT):
        yield {**element, "text": text[at : at + TEXT]}


def _inline(inline: Inline) -> Json:
    match inline:
        case Text(text=text, style=style):
            element: Json = {"type": "text", "text": inert(text) or "\u200a"}
            if style == "strong":
                element["style"] = {"bold": True}
            elif style == "quiet":
                element["style"] = {"italic": True}
            return element
        case Link(label=label, url=url):
            return _link(label, url)
        case Citation(number=number, url=url):
            return _link(f"[{number}]", url)
        case Jump(label=label):
            return {"type": "text", "text": inert(label) or "\u200a"}
        case Time(at=at, style=style):
            form = "{date_long}" if style == "date" else "{date_long} {time}"
            return {
                "type": "date",
                "timestamp": int(at.timestamp()),
                "format": form,
                "fallback": at.strftime("%Y-%m-%d %H:%M UTC"),
            }
        case _:
            assert_never(inline)


def _plain(text: str, most: int) -> Json:
    return {"type": "plain_text", "text": inert(text)[:most] or "–", "emoji": False}


def _link(label: str, url: str) -> Json:
    safe = address(url)
    text = inert(label) or "\u200a"
    if safe is None or len(safe) > TEXT:
        return {"type": "text", "text": text}
    return {"type": "link", "url": safe, "text": text}


def _action(action: Button | LinkButton | Select, at: int) -> Json:
    match action:
        case Button(label=label, invoke=invoke, style=style):
            button: Json = {
                "type": "button",
                "action_id": f"say:{at}",
                "value": encode(invoke),
                "text": _plain(label, LABEL),
            }
            if style != "plain":
                button["style"] = style
            return button
        case LinkButton(label=label, url=url):
            return {
                "type": "button",
                "action_id": f"link:{at}",
                "url": address(url) or "https://invalid.invalid/",
                "text": _plain(label, LABEL),
            }
        case Select(label=label, invoke=invoke, into=into, options=options):
            return {
                "type": "static_select",
                "action_id": f"choose:{at}:{into}:{encode(invoke)}",
                "placeholder": _plain(label, LABEL),
                "options": [
                    {
                        "text": _plain(option.label, LABEL),
                        "value": option.value[:150],
                    }
                    for option in options
                ],
            }
        case _:
            assert_never(action)


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
