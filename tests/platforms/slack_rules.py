"""What Slack refuses of blocks and views, by its own pages; the protocol server answers by it.

https://docs.slack.dev/reference/block-kit/blocks/ and …/block-elements/, read in November 2026.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
HIDDEN_CAP = 12_000
"""Characters of all text in a message's blocks, near where `msg_blocks_too_long` was seen."""
ACTIONS, CONTEXTS, FIELDS, OPTIONS = 25, 10, 10, 100
HEADER, SECTION, FIELD, BUTTON, VALUE, OPTION, OPTION_VALUE, ID = 150, 3_000, 2_000, 75, 2_000, 75, 150, 255
TITLE, PRIVATE, ALT = 24, 3_000, 2_000


def faults_of_message(blocks: Any) -> list[str]:
    """As `response_metadata.messages` has them; none where Slack takes the blocks."""
    if not isinstance(blocks, list):
        return ["[ERROR] must be an array [json-pointer:/blocks]"]
    found = [] if len(blocks) <= MESSAGE_BLOCKS else ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"]
    return found + _faults(blocks, "/blocks", view=False)


def faults_of_view(view: Json) -> list[str]:
    found = []
    blocks = view.get("blocks", [])
    if len(blocks) > VIEW_BLOCKS:
        found.append("[ERROR] no more than 100 items allowed [json-pointer:/view/blocks]")
    if view["type"] == "modal":
        for name in ("title", "submit", "close"):
            words = view.get(name)
            if words is None and name != "title":
                continue
            if words is None or words.get("type") != "plain_text" or not 1 <= len(words.get("text", "")) <= TITLE:
                found.append(f"[ERROR] must be 1 to {TITLE} characters [json-pointer:/view/{name}]")
        if any(block["type"] == "input" for block in blocks) and "submit" not in view:
            found.append("[ERROR] missing required field: submit [json-pointer:/view]")
    if len(view.get("private_metadata", "")) > PRIVATE:
        found.append("[ERROR] too long [json-pointer:/view/private_metadata]")
    if len(view.get("callback_id", "")) > ID:
        found.append("[ERROR] too long [json-pointer:/view/callback_id]")
    return found + _faults(blocks, "/view/blocks", view=True)


def size(blocks: list[Json]) -> int:
    """Characters of text in them."""
    return sum(len(text) for text in _texts(blocks))


def _faults(blocks: list[Json], where: str, *, view: bool) -> list[str]:
    found: list[str] = []
    ids: set[str] = set()
    for at, block in enumerate(blocks):
        here = f"{where}/{at}"
        if (name := block.get("block_id")) is not None:
            if name in ids or not 1 <= len(name) <= ID:
                found.append(f"[ERROR] block_id is there already or has no 1 to {ID} characters [json-pointer:{here}]")
            ids.add(name)
        found += [f"[ERROR] {fault} [json-pointer:{here}]" for fault in _block(block, view=view)]
    return found


def _block(block: Json, *, view: bool) -> Iterator[str]:
    match block.get("type"):
        case "header":
            yield from _words(block["text"], HEADER, plain=True)
        case "section":
            if "text" in block:
                yield from _words(block["text"], SECTION)
            elif not block.get("fields"):
                yield "missing text"
            fields = block.get("fields", [])
            if len(fields) > FIELDS:
                yield f"no more than {FIELDS} items allowed"
            for field in fields:
                yield from _words(field, FIELD)
            if "accessory" in block:
                yield from _element(block["accessory"])
        case "context":
            elements = block["elements"]
            if not 1 <= len(elements) <= CONTEXTS:
                yield f"must be 1 to {CONTEXTS} items"
            for element in elements:
                if element["type"] in {"plain_text", "mrkdwn"}:
                    yield from _words(element, SECTION)
        case "actions":
            elements = block["elements"]
            if not 1 <= len(elements) <= ACTIONS:
                yield f"must be 1 to {ACTIONS} items"
            ids = [element.get("action_id") for element in elements]
            if len(set(ids)) < len(ids):
                yield "action_id is there already"
            for element in elements:
                yield from _element(element)
        case "divider":
            pass
        case "image":
            if not 1 <= len(block.get("alt_text", "")) <= ALT:
                yield "missing or too long alt_text"
            file = block.get("slack_file")
            if "image_url" not in block and not (file and (file.get("id") or file.get("url"))):
                yield "missing image_url or slack_file"
        case "rich_text":
            if not block["elements"]:
                yield "must have an element"
            for element in block["elements"]:
                yield from _rich(element)
        case "input" if view:
            yield from _words(block["label"], FIELD, plain=True)
            if "hint" in block:
                yield from _words(block["hint"], FIELD, plain=True)
            yield from _element(block["element"])
        case "markdown" if not view:
            if len(block["text"]) > HIDDEN_CAP:
                yield "too long"
        case other:
            yield f"unsupported type: {other}"


def _rich(element: Json) -> Iterator[str]:
    kind = element.get("type")
    if kind == "rich_text_list":
        if element.get("style") not in {"bullet", "ordered"}:
            yield "a list has a style"
        if not element["elements"]:
            yield "a list has elements"
        for each in element["elements"]:
            if each.get("type") != "rich_text_section":
                yield "a list holds sections"
            yield from _rich(each)
        return
    if kind not in {"rich_text_section", "rich_text_quote", "rich_text_preformatted"}:
        yield f"unsupported type: {kind}"
        return
    for each in element["elements"]:
        match each.get("type"):
            case "text":
                if not each["text"]:
                    yield "must be more than 0 characters"
            case "link":
                if not 1 <= len(each["url"]) <= SECTION or not each["url"].startswith(("http://", "https://")):
                    yield "a link has an address"
            case "date":
                if not isinstance(each.get("timestamp"), int) or not each.get("format"):
                    yield "a date has a timestamp and a format"
            case "usergroup" | "emoji" | "user" | "channel" | "broadcast":
                pass
            case other:
                yield f"unsupported type: {other}"


def _element(element: Json) -> Iterator[str]:
    if not 1 <= len(element.get("action_id", "x")) <= ID:
        yield f"action_id has 1 to {ID} characters"
    match element.get("type"):
        case "button":
            yield from _words(element["text"], BUTTON, plain=True)
            if len(element.get("value", "")) > VALUE:
                yield "value is too long"
            if element.get("style", "primary") not in {"primary", "danger"}:
                yield "unknown style"
            if "url" in element and len(element["url"]) > 3_000:
                yield "url is too long"
        case "static_select" | "overflow" | "radio_buttons" | "checkboxes":
            options = element["options"]
            most = 5 if element["type"] == "overflow" else 10 if element["type"] != "static_select" else OPTIONS
            if not 1 <= len(options) <= most:
                yield f"must be 1 to {most} options"
            for option in options:
                yield from _option(option)
            if "initial_option" in element and element["initial_option"] not in options:
                yield "initial_option is none of the options"
        case "external_select":
            if "placeholder" in element:
                yield from _words(element["placeholder"], 150, plain=True)
        case "plain_text_input":
            if len(element.get("initial_value", "")) > element.get("max_length", 3_000):
                yield "initial_value is too long"
            if not 1 <= element.get("max_length", 3_000) <= 3_000:
                yield "max_length is 1 to 3000"
            if "placeholder" in element:
                yield from _words(element["placeholder"], 150, plain=True)
        case "datepicker" | "timepicker" | "conversations_select" | "users_select" | "channels_select":
            pass
        case other:
            yield f"unsupported type: {other}"


def _option(option: Json) -> Iterator[str]:
    yield from _words(option["text"], OPTION, plain=True)
    if not 1 <= len(option.get("value") or option.get("url") or "") <= OPTION_VALUE:
        yield f"an option's value has 1 to {OPTION_VALUE} characters"


def _words(words: Json, most: int, *, plain: bool = False) -> Iterator[str]:
    if words.get("type") not in ({"plain_text"} if plain else {"plain_text", "mrkdwn"}):
        yield f"unsupported type: {words.get('type')}"
    if not 1 <= len(words.get("text", "")) <= most:
        yield f"must be 1 to {most} characters"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            if key == "text" and isinstance(each, str):
                yield each
            else:
                yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def as_json(value: Any) -> Any:
    """An argument as Slack takes it: itself, or as JSON in a form."""
    return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value
