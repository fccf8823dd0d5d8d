"""Forms and answers as Slack's modals. Pure.

What a modal says when it is sent off stands in its `private_metadata`: the invocation, and where the answer goes. It
was held by somebody else meanwhile, but only Slack, which signs what it hands back.
https://docs.slack.dev/reference/views/modal-views/
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from adapters.slack.blocks import BLOCKS, LABEL, OPTION_VALUE, VIEW_BLOCKS, Json, plain_text, rich_text
from adapters.slack.pressing import drawn_options
from adapters.slack.render import parts
from adapters.slack.rich import section
from adapters.slack.rich import text as words
from bot.core import strings
from bot.core.command.command import Command, Kind
from bot.core.command.invocation import Invocation, decode, encode
from bot.core.message.document import ChoiceEntry, Document, Entry, Form, TextEntry
from bot.core.message.plain import inert

SAY = "say"
"""`callback_id` of a modal that is sent off; its fields' blocks carry the arguments' names."""
ANSWER = "answer"
"""`callback_id` of a modal that shows an answer."""
TITLE, HINT = 24, 2_000
MESSAGES = VIEW_BLOCKS // (BLOCKS + 1)
"""Messages whose blocks a modal holds."""
ENTERED = "entered"
"""`action_id` of every field."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was said, for the answer to go there: a channel, its response address with how often it was used,
    and the message whose button was pressed, which they see `alone` or with others. None of it where a member spoke in
    no channel."""

    channel: str = ""
    response_url: str = ""
    used: int = 0
    pressed: str = ""
    alone: bool = False


def form_view(form: Form, origin: Origin, command: Command | None = None) -> Json:
    """`command` is the one that it says: names that it knows are completed while they are typed, and channels are
    chosen from Slack's own list."""
    kinds = {} if command is None else {parameter.name: parameter.kind for parameter in command.parameters}
    return {
        "type": "modal",
        "callback_id": SAY,
        "title": _plain(form.title),
        "submit": _plain(form.submit),
        "close": _plain(strings.slack.CLOSE),
        "private_metadata": _metadata(form.invoke, origin),
        "blocks": [_field(entry, kinds.get(entry.name, Kind.TEXT), origin) for entry in form.entries],
    }


def working_view(title: str) -> Json:
    """While the answer is made."""
    return _showing(title, [_line(strings.slack.WORKING)])


def answer_view(document: Document, title: str) -> Json:
    """An answer, or its beginning where a modal cannot hold it. A modal has no files: of a picture it has the words."""
    drawn = parts(document)
    blocks = [
        _line(strings.document.picture(block["alt_text"])) if block["type"] == "image" else block
        for part in drawn[:MESSAGES]
        for block in part.blocks
    ]
    if len(drawn) > MESSAGES:
        blocks.append(_line(strings.slack.CUT_SHORT))
    return _showing(title, blocks)


def corrected_view(view: Mapping[str, Any], wrong: Document) -> Json:
    """The form as it stands, with what is wrong above it: Slack keeps what was written into fields of the same
    names."""
    fields = [block for block in view["blocks"] if block["type"] == "input"]
    said = [block for block in parts(wrong)[0].blocks if block["type"] != "actions"]
    kept = ("type", "callback_id", "title", "submit", "close", "private_metadata")
    return {**{name: view[name] for name in kept if view.get(name)}, "blocks": [*said, *fields]}


def submitted(view: Mapping[str, Any]) -> tuple[Invocation, Origin]:
    """What a form says. Raises ValueError for what is none of ours."""
    said, origin = read_metadata(view)
    entered = {
        name: value
        for name, fields in view.get("state", {}).get("values", {}).items()
        for value in map(_entered, fields.values())
        if value
    }
    return said.with_arguments(**entered), origin


def read_metadata(view: Mapping[str, Any]) -> tuple[Invocation, Origin]:
    """The invocation that a modal carries, and where it was opened. Raises ValueError likewise."""
    held = json.loads(view.get("private_metadata") or "{}")
    origin = Origin(
        channel=str(held.get("channel", "")),
        response_url=str(held.get("url", "")),
        used=int(held.get("used", 0)),
        pressed=str(held.get("pressed", "")),
        alone=bool(held.get("alone", False)),
    )
    return decode(str(held.get("say", ""))), origin


def _metadata(said: Invocation, origin: Origin) -> str:
    held: dict[str, Any] = {"say": encode(said), "channel": origin.channel}
    if origin.response_url:
        held |= {"url": origin.response_url, "used": origin.used, "pressed": origin.pressed, "alone": origin.alone}
    return json.dumps(held)


def _entered(field: Mapping[str, Any]) -> str:
    if (option := field.get("selected_option")) is not None:
        return str(option["value"])
    return str(field.get("selected_conversation") or field.get("value") or "")


def _field(entry: Entry, kind: Kind, origin: Origin) -> Json:
    return {
        "type": "input",
        "block_id": entry.name,
        "optional": not entry.required,
        "label": plain_text(entry.label, HINT),
        "element": dict(_element(entry, kind, origin)),
        **({"hint": plain_text(entry.hint, HINT)} if isinstance(entry, TextEntry) and entry.hint else {}),
    }


def _element(entry: Entry, kind: Kind, origin: Origin) -> Iterator[tuple[str, Any]]:
    yield "action_id", ENTERED
    match entry:
        case TextEntry(value=value) if kind is Kind.PLACE and value in ("", strings.schedules.HERE):
            yield "type", "conversations_select"
            yield "filter", {"include": ["public", "private"]}
            if value and origin.channel.startswith(("C", "G")):
                yield "initial_conversation", origin.channel
        case TextEntry(value=value) if kind.completes and len(value) <= OPTION_VALUE:
            yield "type", "external_select"
            yield "min_query_length", 0
            if value:
                yield "initial_option", {"text": plain_text(value, LABEL), "value": value}
        case TextEntry(value=value, long=long, most=most):
            yield "type", "plain_text_input"
            yield "multiline", long
            yield "max_length", most
            if value:
                yield "initial_value", value[:most]
        case ChoiceEntry(options=options, value=value):
            yield "type", "static_select"
            drawn = drawn_options(options)
            yield "options", drawn
            chosen = next((each for each in drawn if each["value"] == value), None)
            if chosen is not None:
                yield "initial_option", chosen
        case _:
            assert_never(entry)


def _showing(title: str, blocks: Sequence[Json]) -> Json:
    return {
        "type": "modal",
        "callback_id": ANSWER,
        "title": _plain(title),
        "close": _plain(strings.slack.CLOSE),
        "blocks": list(blocks),
    }


def _line(text: str) -> Json:
    return rich_text(section([words(inert(text) or "…")]))


def _plain(text: str) -> Json:
    return plain_text(text, TITLE)
