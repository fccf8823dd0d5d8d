"""A reader of Discord's Markdown, to see what a client would make of a text display.

Written from what Discord's clients do, not from our renderer: they try, at each place, an escape, code, the forms in
angle brackets, bare addresses, masked links, emphasis, spoilers and emoji, and take what fits first. Two families
differ in how the label of a masked link is found: `knows_escapes` is one that skips escaped brackets, the other
matches brackets by a pattern alone. What is safe must be safe in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core import strings


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that is more than text: of a kind, and what it holds (a link's target, an emphasis' words)."""

    kind: str
    held: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader sees, and what it is beside text."""

    seen: str
    marks: tuple[Mark, ...]


_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_CODE = re.compile(r"(`+)(?!`)([\s\S]*?[^`])\1(?!`)")
_ANGLED = {
    "time": re.compile(r"<t:(-?\d{1,17})(?::([tTdDfFsSR]))?>"),
    "mention": re.compile(r"<@[!&]?\d+>"),
    "channel": re.compile(r"<#\d+>"),
    "emoji": re.compile(r"<a?:\w+:\d+>"),
    "command": re.compile(r"</[^:<>]+:\d+>"),
    "guide": re.compile(r"<id:[a-z]+(?::\d+)?>"),
    "contact": re.compile(r"<(?:mailto:)?[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+>|<(?:tel:)?\+\d+>|<sms:[^\s<>]+>"),
}
_BARE_LINK = re.compile(r"<((?:https?|discord|steam)://[^\s<>]+)>", re.I)
_URL = re.compile(r"(?:https?|discord|steam)://[^\s<]+[^<.,:;\"'\]\s]", re.I)
_EVERYBODY = re.compile(r"@(?:everyone|here)")
_TARGET = r"\]\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?(?:\s+['\"][\s\S]*?['\"])?\s*\)"
_LINK = {
    False: re.compile(r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)" + _TARGET),
    True: re.compile(r"\[((?:\\.|\[(?:\\.|[^\]\\])*\]|[^\[\]\\])*)" + _TARGET),
}
_EMPHASIS = {
    "strong": re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)"),
    "underline": re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)"),
    "em": re.compile(r"\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"),
    "em_": re.compile(r"_((?:__|\\[\s\S]|[^\\_])+?)_(?!\w)"),
    "strike": re.compile(r"~~([\s\S]+?)~~(?!_)"),
    "spoiler": re.compile(r"\|\|([\s\S]+?)\|\|"),
}
_EMOJI = re.compile(r":([A-Za-z0-9_+\-]+?(?:::skin-tone-\d)?):")
_BLOCK = {
    "heading": re.compile(r"#{1,3}(?: |\Z)"),
    "small": re.compile(r"-# "),
    "quote": re.compile(r">(?:>>)? "),
    "bullet": re.compile(r"[-*+] "),
    "number": re.compile(r"\d+[.)] "),
}
_FENCE = re.compile(r"```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n][\s\S]*?)\n*```", re.I)


def read(text: str, *, knows_escapes: bool) -> Read:
    """The whole of a text display."""
    seen: list[str] = []
    marks: list[Mark] = []
    while fence := _FENCE.search(text):
        _lines(text[: fence.start()], seen, marks, knows_escapes=knows_escapes)
        seen.append(fence[2])
        marks.append(Mark("fence", fence[2]))
        text = text[fence.end() :]
    _lines(text, seen, marks, knows_escapes=knows_escapes)
    return Read("".join(seen), tuple(marks))


def _lines(text: str, seen: list[str], marks: list[Mark], *, knows_escapes: bool) -> None:
    for line in text.split("\n"):
        for kind, opens in _opening(line.lstrip()):
            marks.append(Mark(kind, opens))
            line = line.lstrip().removeprefix(opens)
            if kind == "number":  # is shown, but is no word of the text
                continue
        _inline(line, seen, marks, knows_escapes=knows_escapes)
        seen.append("\n")


def _opening(line: str) -> Iterator[tuple[str, str]]:
    """Every block that opens there, one in the other."""
    found = True
    while found:
        found = False
        for kind, pattern in _BLOCK.items():
            if opens := pattern.match(line):
                yield kind, opens[0]
                line, found = line[opens.end() :].lstrip(), True
                break


def _inline(text: str, seen: list[str], marks: list[Mark], *, knows_escapes: bool) -> None:
    place = 0
    while place < len(text):
        place = _next(text, place, seen, marks, knows_escapes=knows_escapes)


def _next(text: str, place: int, seen: list[str], marks: list[Mark], *, knows_escapes: bool) -> int:
    if found := _ESCAPE.match(text, place):
        seen.append(found[1])
        return found.end()
    if found := _CODE.match(text, place):
        seen.append(found[2])
        marks.append(Mark("code", found[2]))
        return found.end()
    for kind, pattern in _ANGLED.items():
        if found := pattern.match(text, place):
            marks.append(Mark(kind, found[0]))
            seen.append(_time(int(found[1]), found[2]) if kind == "time" else found[0])
            return found.end()
    if found := _BARE_LINK.match(text, place):
        marks.append(Mark("link", found[1]))
        seen.append(found[1])
        return found.end()
    if found := _URL.match(text, place):
        marks.append(Mark("bare link", found[0]))
        seen.append(found[0])
        return found.end()
    if found := _EVERYBODY.match(text, place):
        marks.append(Mark("mention", found[0]))
        seen.append(found[0])
        return found.end()
    if (found := _LINK[knows_escapes].match(text, place)) and found[1].strip():
        marks.append(Mark("link", found[2]))
        _inline(found[1], seen, marks, knows_escapes=knows_escapes)
        return found.end()
    for kind, pattern in _EMPHASIS.items():
        if (found := pattern.match(text, place)) and not (kind == "em_" and place and text[place - 1].isalnum()):
            marks.append(Mark(kind, found[1]))
            _inline(found[1], seen, marks, knows_escapes=knows_escapes)
            return found.end()
    if found := _EMOJI.match(text, place):
        marks.append(Mark("emoji", found[0]))
        seen.append(found[0])
        return found.end()
    seen.append(text[place])
    return place + 1


def _time(unix: int, style: str) -> str:
    at = datetime.fromtimestamp(unix, UTC)
    return strings.dates.calendar_day(at) if style == "D" else strings.dates.moment(at)
