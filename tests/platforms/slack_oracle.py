"""Slack's blocks as slackblocks builds them: it refuses what it holds to be wrong, and writes the rest its own way.

It knows no date in rich text; there it is shown the words that stand in for one.
"""

from __future__ import annotations

from typing import Any

from slackblocks import blocks, elements, objects
from slackblocks.rich_text import elements as inlines
from slackblocks.rich_text import objects as rich

Json = dict[str, Any]


def as_slackblocks_writes_it(block: Json) -> Json:
    """Raises slackblocks' InvalidUsageError for what it does not take."""
    written: Json = blocks_equal(_block(block))
    return written


def blocks_equal(value: Any) -> Any:
    """Without what means nothing: names that slackblocks makes up, and settings that are off."""
    if isinstance(value, blocks.Block):
        value = value._resolve()
    if isinstance(value, dict):
        kept = {name: blocks_equal(each) for name, each in value.items() if name != "block_id"}
        if kept.get("type") == "date":
            return {"type": "text", "text": kept["fallback"]}
        return {name: each for name, each in kept.items() if each is not False and each is not None and each != 0}
    return [blocks_equal(each) for each in value] if isinstance(value, list) else value


def _block(block: Json) -> blocks.Block:
    match block["type"]:
        case "header":
            return blocks.HeaderBlock(_words(block["text"]))
        case "divider":
            return blocks.DividerBlock()
        case "context":
            return blocks.ContextBlock([_words(each) for each in block["elements"]])
        case "section":
            return blocks.SectionBlock(
                text=_words(block["text"]) if "text" in block else None,
                fields=[_words(each) for each in block["fields"]] if "fields" in block else None,
                accessory=_element(block["accessory"]) if "accessory" in block else None,
            )
        case "actions":
            return blocks.ActionsBlock([_element(each) for each in block["elements"]])
        case "rich_text":
            return blocks.RichTextBlock([_rich(each) for each in block["elements"]])
        case "input":
            return blocks.InputBlock(
                label=_words(block["label"]),
                element=_element(block["element"]),
                hint=_words(block["hint"]) if "hint" in block else None,
                optional=block.get("optional", False),
            )
        case other:
            raise AssertionError(f"none of slackblocks' here: {other}")


def _words(words: Json) -> objects.Text:
    if words["type"] == "plain_text":
        return objects.PlainText(words["text"], emoji=words["emoji"])
    return objects.Markdown(words["text"], verbatim=words["verbatim"])


def _option(option: Json) -> objects.Option:
    return objects.Option(_words(option["text"]), option["value"])


def _element(element: Json) -> elements.Element:
    named = element["action_id"]
    match element["type"]:
        case "button":
            return elements.Button(
                _words(element["text"]),
                named,
                url=element.get("url"),
                value=element.get("value"),
                style=element.get("style"),
            )
        case "overflow":
            return elements.OverflowMenu(named, list(map(_option, element["options"])))
        case "static_select":
            initial = element.get("initial_option")
            return elements.StaticSelectMenu(
                named,
                list(map(_option, element["options"])),
                initial_option=_option(initial) if initial else None,
                placeholder=_words(element["placeholder"]) if "placeholder" in element else None,
            )
        case "external_select":
            return elements.ExternalSelectMenu(
                named,
                min_query_length=element.get("min_query_length"),
                placeholder=_words(element["placeholder"]) if "placeholder" in element else None,
            )
        case "plain_text_input":
            return elements.PlainTextInput(
                named,
                initial_value=element.get("initial_value"),
                multiline=element["multiline"],
                max_length=element["max_length"],
            )
        case other:
            raise AssertionError(f"none of slackblocks' here: {other}")


def _rich(element: Json) -> rich.RichTextObject:
    match element["type"]:
        case "rich_text_section":
            return rich.RichTextSection([_inline(each) for each in element["elements"]])
        case "rich_text_quote":
            return rich.RichTextQuote([_inline(each) for each in element["elements"]])
        case "rich_text_preformatted":
            return rich.RichTextCodeBlock([_inline(each) for each in element["elements"]])
        case "rich_text_list":
            sections = [
                rich.RichTextSection([_inline(one) for one in each["elements"]]) for each in element["elements"]
            ]
            return rich.RichTextList(element["style"], sections, offset=element.get("offset", 0))
        case other:
            raise AssertionError(f"none of slackblocks' here: {other}")


def _inline(inline: Json) -> inlines.RichTextElement:
    style = inline.get("style", {})
    bold, italic = style.get("bold"), style.get("italic")
    if inline["type"] == "link":
        return inlines.RichTextLink(inline["url"], inline["text"], bold=bold, italic=italic)
    if inline["type"] == "channel":
        return inlines.RichTextChannel(inline["channel_id"])
    said = inline.get("text") or inline["fallback"]
    return inlines.RichText(said, bold=bold, italic=italic, code=style.get("code"))
