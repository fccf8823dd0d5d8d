"""Words as elements of `rich_text`, where markup cannot happen: what a feed wrote is shown as it stands.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Literal, assert_never

from adapters.slack.blocks import TEXT, Json, channel_id, weight
from bot.core import strings
from bot.core.message.document import Channel, Citation, Inline, Jump, Link, Style, Text, Time
from bot.core.message.plain import address, inert

DATE, MOMENT = "{date_short}", "{date_short}, {time}"
"""As Slack writes them in each reader's own zone and language."""
NO_BREAK = "\u00a0"

_STYLES: dict[Style, Json] = {
    "plain": {},
    "strong": {"style": {"bold": True}},
    "quiet": {"style": {"italic": True}},
    "code": {"style": {"code": True}},
}
Setting = Literal["plain", "slanted", "even", "bold"]
"""What is quiet is set in italics; `slanted` sets the plain text so instead, and `even` neither. `bold` is a headline,
links and all."""
_PLAIN: dict[Setting, Style] = {"plain": "plain", "slanted": "quiet", "even": "plain", "bold": "strong"}


def line(content: Iterable[Inline], setting: Setting = "plain") -> list[Json]:
    """One line; empty where nothing of it can be seen."""
    style = _PLAIN[setting]
    quiet: Style = "quiet" if setting == "plain" else "plain"
    elements: list[Json] = []
    for before, inline in _with_before(content):
        match inline:
            case Text(text=text, style=own):
                set_as: dict[Style, Style] = {"plain": style, "quiet": quiet, "strong": "strong", "code": "code"}
                _say(elements, inert(text), set_as[own])
            case Link(label=label, url=url):
                _link(elements, inert(label).strip(), url, style)
            case Citation(number=number, url=url):
                if elements and not isinstance(before, Citation) and not _ends_in_space(elements):
                    _say(elements, NO_BREAK, style)
                _link(elements, f"[{number}]", url, style)
            case Jump(label=label):  # no message has places to jump to
                _say(elements, inert(label), style)
            case Channel(address=place):
                if (named := channel_id(inline)) is None:
                    _say(elements, inert(place), style)
                else:
                    elements.append({"type": "channel", "channel_id": named})
            case Time(at=at, style=precise):
                elements.append(
                    {
                        "type": "date",
                        "timestamp": int(at.timestamp()),
                        "format": DATE if precise == "date" else MOMENT,
                        "fallback": strings.dates.calendar_day(at) if precise == "date" else strings.dates.moment(at),
                    }
                )
            case _:
                assert_never(inline)
    return _trimmed(elements)


def fitted(elements: Sequence[Json], most: int = TEXT) -> Iterator[list[Json]]:
    """The line in as many as it takes for none to weigh more than `most`."""
    held: list[Json] = []
    used = 0
    for element in chain.from_iterable(map(_pieces, elements)):
        needed = weight([element])
        if held and used + needed > most:
            yield held
            held, used = [], 0
        held.append(element)
        used += needed
    if held:
        yield held


def section(elements: Sequence[Json]) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def text(words: str, style: Style = "plain") -> Json:
    return {"type": "text", "text": words, **_STYLES[style]}


def _with_before(content: Iterable[Inline]) -> Iterator[tuple[Inline | None, Inline]]:
    before: Inline | None = None
    for inline in content:
        yield before, inline
        before = inline


def _say(elements: list[Json], words: str, style: Style) -> None:
    """What is set alike becomes one element."""
    if not words:
        return
    said = text(words, style)
    last = elements[-1] if elements else None
    if last is not None and last["type"] == "text" and last.get("style") == said.get("style"):
        elements[-1] = text(inert(last["text"] + words), style)
    else:
        elements.append(said)


def _link(elements: list[Json], label: str, url: str, style: Style) -> None:
    target = address(url)
    if target is None or len(target) > TEXT:
        _say(elements, label, style)
    else:
        set_as = _STYLES["strong" if style == "strong" else "plain"]
        elements.append({"type": "link", "url": target, "text": label or target, **set_as})


def _ends_in_space(elements: Sequence[Json]) -> bool:
    return bool(elements[-1].get("text", "")[-1:].isspace())


def _trimmed(elements: list[Json]) -> list[Json]:
    """Without white space at its ends."""
    while elements and elements[0]["type"] == "text":
        words = elements[0]["text"].lstrip()
        if words:
            elements[0] = {**elements[0], "text": words}
            break
        del elements[0]
    while elements and elements[-1]["type"] == "text":
        words = elements[-1]["text"].rstrip()
        if words:
            elements[-1] = {**elements[-1], "text": words}
            break
        del elements[-1]
    return elements


def _pieces(element: Json) -> Iterator[Json]:
    """Only words can be too long: an address has its own limit."""
    words = element.get("text", "")
    room = TEXT // 2
    if len(words) <= room:
        yield element
        return
    for at in range(0, len(words), room):
        yield {**element, "text": words[at : at + room]}
