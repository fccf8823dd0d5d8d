"""The blocks of a document, set as sections of Slack's blocks.

A document falls into sections at its dividers. A header opens a section, since Slack has one size of it; every other
heading is a bold line in the same `rich_text` as what it heads, so that no distance comes between them. Small print is
a context (`small`), facts are fields side by side, and one thing to press stands beside its line. What must stay
together is a lump.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import assert_never

from adapters.slack.blocks import ALT, FIELDS, HEADER, NOTHING, TEXT, Json, cut, mrkdwn, plain_text, rich_text, weight
from adapters.slack.pressing import alone, link_target, pressed, rows
from adapters.slack.rich import Setting, fitted, line, section, text
from adapters.slack.small import escaped, small
from bot.core import strings
from bot.core.message.document import (
    Action,
    Actions,
    Block,
    Bullets,
    Button,
    Divider,
    Document,
    Field,
    Fields,
    Heading,
    Inline,
    Link,
    LinkButton,
    Pager,
    Picture,
    Prose,
    Quote,
    Text,
    Verbatim,
)
from bot.core.message.plain import inert, spaced

Lump = tuple[Json, ...]
"""Blocks that stay together."""

BESIDE = 200
"""Characters of a line that something to press may stand beside; longer ones keep the page's full width."""
FACT = 160
"""Characters of a fact that has half of the page's width."""
DIVIDER: Json = {"type": "divider"}


@dataclass(slots=True)
class Section:
    """`ruled`: a line stands above it. `headline` and `said` are its title and first sentence, as plain text."""

    ruled: bool = False
    headline: str = ""
    said: str = ""
    lumps: list[Lump] = field(default_factory=list)
    chapters: set[int] = field(default_factory=set)
    """Lumps that begin with a heading: a page is rather turned there than later."""


def sections(document: Document) -> list[Section]:
    """Those that show something, in their order."""
    known = {file.name for file in document.files}
    groups = [list(group) for divider, group in groupby(document.blocks, _is_divider) if not divider]
    found: list[Section] = []
    for blocks in groups:
        made = _Setter(known).set(blocks)
        made.ruled = bool(found) and not all(isinstance(one, Actions | Pager) for one in blocks)
        if made.lumps:
            found.append(made)
    return found


def _is_divider(block: Block) -> bool:
    return isinstance(block, Divider)


class _Setter:
    """Sets the blocks of one section."""

    def __init__(self, files: set[str]) -> None:
        self._files = files
        self._section = Section()
        self._header: list[Json] = []
        """The section's head, which waits for what it stands above."""
        self._heading = ""
        """A bold line that waits likewise."""
        self._chapter: list[Json] = []
        """Elements of the rich text that is being set; it begins with a heading where it `_opens`."""
        self._opens = False

    def set(self, blocks: Sequence[Block]) -> Section:
        for at, block in enumerate(blocks):
            self._block(block, blocks[at + 1] if at + 1 < len(blocks) else None, first=at == 0)
        self._close()
        return self._section

    def _block(self, block: Block, after: Block | None, *, first: bool) -> None:
        match block:
            case Heading(text=words, level=level):
                self._head(words, large=level < 3 and (first or level == 1))
            case Prose(content=(Text(text=words, style="strong"),), role="body") if after is not None:
                self._head(words, large=False)  # it heads what follows
            case Prose(content=content, role="note"):
                self._note((content,))
            case Prose(content=content, role="deck"):
                self._deck(content)
            case Prose(content=(*lead, Link()) as content) if first and all(map(_is_strong, lead)):  # a headline
                self._say(content, "bold")
            case Prose(content=content):
                self._say(content)
            case Bullets(items=items, role="note"):
                self._note(items)
            case Bullets(items=items, numbered=numbered):
                self._list(items, numbered=numbered)
            case Divider():
                pass
            case Quote(content=content):
                self._apart("rich_text_quote", line(content))
            case Verbatim(lines=lines):
                drawn = "\n".join(map(spaced, lines))
                self._apart("rich_text_preformatted", [text(drawn)] if drawn.strip() else [])
            case Fields(items=items):
                self._facts(items)
            case Picture(file=file, alt=alt):
                self._picture(file, inert(alt).strip())
            case Actions(items=items):
                self._actions(items)
            case Pager(number=number, of=of):
                self._actions(tuple(_turns(block)))
                self._put((_context(escaped(strings.document.page_of(number, of))),))
            case _:
                assert_never(block)

    # --- words --------------------------------------------------------------------------------------------

    def _head(self, words: str, *, large: bool) -> None:
        self._close()
        words = inert(words).strip()
        if not words:
            return
        self._section.headline = self._section.headline or words
        if large and len(words) <= HEADER:
            self._header = [{"type": "header", "text": plain_text(words, HEADER)}]
        else:
            self._heading = words

    def _say(self, content: Sequence[Inline], setting: Setting = "plain") -> None:
        """A paragraph, in a block of its own or under its heading."""
        elements = line(content, setting)
        self._section.said = self._section.said or "".join(each.get("text", "") for each in elements)
        for piece in fitted(elements):
            if not self._only_heading:
                self._close_chapter()
            self._make_room(piece)
            if self._only_heading:
                self._chapter = [section([text(f"{self._chapter[0]['elements'][0]['text']}\n", "strong"), *piece])]
            else:
                self._chapter.append(section(piece))

    def _deck(self, content: Sequence[Inline]) -> None:
        """It belongs to the head."""
        self._close_chapter()
        self._say(content, "slanted")
        self._close_chapter(heads=True)

    def _list(self, items: Sequence[Sequence[Inline]], *, numbered: bool) -> None:
        setting: Setting = "even" if numbered else "plain"
        shown = [list(fitted(item)) for item in (line(item, setting) for item in items) if item]
        listed: Json | None = None
        for count, (first, *rest) in enumerate(shown):
            if self._make_room(first) or listed is None:
                listed = {"type": "rich_text_list", "style": "ordered" if numbered else "bullet", "elements": []}
                if numbered and count:
                    listed["offset"] = count
                self._chapter.append(listed)
            listed["elements"].append(section(first))
            for piece in rest:  # of an item that no block could hold
                self._close_chapter()
                self._chapter.append(section(piece))
            if rest:
                self._close_chapter()
                listed = None
        self._close_chapter()

    def _apart(self, kind: str, elements: Sequence[Json]) -> None:
        for piece in fitted(elements):
            self._make_room(piece)
            self._chapter.append({"type": kind, "elements": piece})
            self._close_chapter()

    def _note(self, items: Sequence[Sequence[Inline]]) -> None:
        """Lines of small print, under a small heading where one waits; if one of them cannot be mrkdwn, none is: then
        they are plain text, and with links in them rich text."""
        if not items:
            return
        drawn = [small(item) for item in ((Text(self._heading, "strong"),), *items)]
        lines = [one for one in drawn if one is not None]
        if len(lines) < len(drawn) or max(map(len, lines)) > TEXT // 2:
            if not self._heading and (words := _only_text(items)) is not None:
                self._close_chapter()
                self._put(({"type": "context", "elements": [plain_text(words, TEXT)]},), heads=True)
                return
            self._list(items, numbered=False) if len(items) > 1 else self._say(items[0])
            return
        lines = list(filter(None, lines))
        if len(lines) == bool(self._heading):  # nothing but the heading
            return
        self._heading = ""
        self._close_chapter()
        held: list[str] = []
        for one in lines:
            if held and sum(map(len, held)) + len(held) + len(one) > TEXT:
                self._put((_context("\n".join(held)),), heads=True)
                held = []
            held.append(one)
        self._put((_context("\n".join(held)),), heads=True)

    # --- facts, pictures, what can be pressed ----------------------------------------------------------------

    def _facts(self, items: Sequence[Field]) -> None:
        """Side by side where all of them are short and can be mrkdwn, else a line each."""
        self._close()
        cells = [_cell(item) for item in items]
        shown = [cell for cell in cells if cell is not None]
        if len(shown) == len(cells):
            for at in range(0, len(shown), FIELDS):
                self._put(({"type": "section", "fields": [mrkdwn(cell) for cell in shown[at : at + FIELDS]]},))
            return
        self._list([(Text(f"{item.name}: ", "strong"), *item.value) for item in items], numbered=False)

    def _picture(self, file: str, alt: str) -> None:
        if file not in self._files:
            self._say((Text(strings.document.picture(alt)),))
            return
        self._close()
        self._put(({"type": "image", "slack_file": {"name": file}, "alt_text": cut(alt, ALT) or file},))

    def _actions(self, items: Sequence[Action]) -> None:
        """Below what they are about, and with it; a single one beside it, where that is one short line."""
        for item in items:
            if isinstance(item, LinkButton) and link_target(item.url) is None:
                self._say((Link(item.label, item.url),))
        beside = self._beside(items)
        if beside is not None:
            self._heading, self._chapter = "", []
            self._put((beside,))
            return
        self._close()
        drawn = tuple(rows(items))
        lumps = self._section.lumps
        if drawn and lumps and not self._header:
            lumps[-1] = (*lumps[-1], drawn[0])
            drawn = drawn[1:]
        for row in drawn:
            self._put((row,))

    def _beside(self, items: Sequence[Action]) -> Json | None:
        if not alone(items) or bool(self._heading) is bool(self._chapter):
            return None
        words = small((Text(self._heading, "strong"),)) if self._heading else _only_words(self._chapter)
        drawn = list(pressed(items[0], 0))
        if not words or len(words) > BESIDE or not drawn:
            return None
        return {"type": "section", "text": mrkdwn(words), "accessory": drawn[0]}

    # --- what waits and what is done ------------------------------------------------------------------------

    @property
    def _only_heading(self) -> bool:
        return self._opens and len(self._chapter) == 1 == len(self._chapter[0]["elements"])

    def _make_room(self, piece: Sequence[Json]) -> bool:
        """True where a new rich text was begun for it, under the heading that waits."""
        if self._chapter and not self._heading and weight(self._chapter) + weight(piece) <= TEXT:
            return False
        self._close_chapter()
        if self._heading:
            self._chapter.append(section([text(self._heading, "strong")]))
            self._heading = ""
            self._opens = True
        return True

    def _close_chapter(self, *, heads: bool = False) -> None:
        if self._chapter:
            chapter, opens = self._chapter, self._opens
            self._chapter, self._opens = [], False
            self._put((rich_text(*chapter),), opens=opens, heads=heads)

    def _close(self) -> None:
        """A heading that heads nothing stands by itself."""
        if self._heading:
            self._make_room(())
        self._close_chapter()
        self._put(())

    def _put(self, blocks: Lump, *, opens: bool = False, heads: bool = False) -> None:
        """`opens`: it begins with a heading. `heads`: it belongs to the section's head, where that still waits."""
        if heads and self._header:
            self._header += blocks
            return
        if opens and not self._header:
            self._section.chapters.add(len(self._section.lumps))
        lump = (*self._header, *blocks)
        self._header = []
        if lump:
            self._section.lumps.append(lump)


def _only_text(items: Sequence[Sequence[Inline]]) -> str | None:
    """In a line; None where there is more than text, or more of it than a context takes."""
    if not all(isinstance(inline, Text) for item in items for inline in item):
        return None
    words = " ".join("".join(_literal(inline) for inline in item if isinstance(inline, Text)) for item in items)
    return words if len(inert(words)) <= TEXT else None


def _literal(text: Text) -> str:
    """Where there is no type for code, it stands between backticks."""
    return f"`{text.text}`" if text.style == "code" else text.text


def _is_strong(inline: Inline) -> bool:
    return isinstance(inline, Text) and inline.style == "strong"


def _context(words: str) -> Json:
    return {"type": "context", "elements": [mrkdwn(words)]}


def _cell(item: Field) -> str | None:
    value = small(item.value)
    name = small((Text(item.name, "strong"),))
    if value is None or not name or len(value) > TEXT // 2 or sum(map(_length, item.value)) > FACT:
        return None
    return f"{name}\n{value or NOTHING}"


def _length(inline: Inline) -> int:
    match inline:
        case Text(text=words):
            return len(words)
        case _:
            return 20


def _only_words(chapter: Sequence[Json]) -> str | None:
    """Of a chapter that is one line of plain words; in mrkdwn."""
    if len(chapter) != 1 or chapter[0]["type"] != "rich_text_section":
        return None
    elements = chapter[0]["elements"]
    if len(elements) != 1 or elements[0]["type"] != "text" or "style" in elements[0] or "\n" in elements[0]["text"]:
        return None
    return small((Text(elements[0]["text"]),))


def _turns(pager: Pager) -> Iterator[Button]:
    if pager.earlier is not None:
        yield Button(strings.document.EARLIER_PAGE, pager.earlier)
    if pager.later is not None:
        yield Button(strings.document.LATER_PAGE, pager.later)
