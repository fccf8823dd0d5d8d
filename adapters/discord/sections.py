"""The blocks of a document, set as sections of pieces.

A document falls into sections at its dividers. What only opens a document (its title) or closes it (small print,
buttons for all of it) stands outside of containers. A heading is never left behind by what it heads, nor a button by
what it is about: they are one lump.

Distances are written into the text, as line breaks, where every client keeps them; what is set apart is a text display
of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import assert_never

from adapters.discord.markup import Setting, fitted, size, verbatim
from adapters.discord.pieces import (
    LINE_BREAK,
    PARAGRAPH,
    Beside,
    Gallery,
    Handed,
    Lump,
    Row,
    Rule,
    Section,
    Words,
)
from bot.core import strings
from bot.core.message.document import (
    Action,
    Actions,
    Block,
    Bullets,
    Button,
    Divider,
    Document,
    Fields,
    Heading,
    Inline,
    Link,
    LinkButton,
    Pager,
    Picture,
    Prose,
    Quote,
    Select,
    Text,
    Tone,
    Verbatim,
)
from bot.core.message.plain import address, inert, spaced

# https://discord.com/developers/docs/components/reference
ROW = 5
"""Buttons of a row."""
BUTTON_ADDRESS_LIMIT = 512
GALLERY_LIMIT = 10

EDGE: dict[Tone, int] = {"news": 0x4C7BD9, "alert": 0xE3A02B, "error": 0xD64550, "review": 0x8E6CD1}
"""The coloured edge of a container; all of them are told apart in the dark and the light theme."""

LINE_LIMIT = 3600
"""What one line of words may take: a part's text less room for its heading and the line that says what goes on."""
BESIDE_LIMIT = 300
"""Characters of a text that a button may stand beside; longer ones keep the page's full width."""


def sections(document: Document) -> list[Section]:
    """Those that show something, in their order."""
    known = {file.name for file in document.files}
    groups = [list(group) for divider, group in groupby(document.blocks, _is_divider) if not divider]
    found = []
    for index, blocks in enumerate(groups):
        section = Section(bare=_is_bare(blocks, first=index == 0, alone=len(groups) == 1), edge=EDGE[document.tone])
        section.lumps = _Setter(known).set(blocks)
        section.headline = inert(blocks[0].text).strip() if isinstance(blocks[0], Heading) else ""
        found.append(section)
    shown = {block.file for block in document.blocks if isinstance(block, Picture)}
    if handed := [(Handed(file.name),) for file in document.files if file.name not in shown]:
        found.append(Section(bare=True, edge=EDGE[document.tone], lumps=list(handed)))
    return [section for section in found if section.lumps]


def _is_divider(block: Block) -> bool:
    return isinstance(block, Divider)


def _is_bare(blocks: Sequence[Block], *, first: bool, alone: bool) -> bool:
    """Whether it stands outside of containers: the title of what follows, small print, buttons for all of it."""
    if all(isinstance(one, Actions | Pager) or (isinstance(one, Prose) and one.role == "note") for one in blocks):
        return not alone
    return first and not alone and isinstance(blocks[0], Heading) and blocks[0].level == 1


class _Setter:
    """Sets the blocks of one section."""

    def __init__(self, files: set[str]) -> None:
        self._files = files
        self._lumps: list[Lump] = []
        self._head: list[str] = []
        """Lines that wait for what they stand above; `_tight` where that stands right below them."""
        self._tight = False
        self._ruled = False
        """Whether a rule stands above them."""
        self._joins: str | None = None
        """How they continue the text before (`Words`)."""

    def set(self, blocks: Sequence[Block]) -> list[Lump]:
        for before, block, after in zip((None, *blocks), blocks, (*blocks[1:], None), strict=False):
            self._block(before, block, after)
        self._close()
        return self._lumps

    def _block(self, before: Block | None, block: Block, after: Block | None) -> None:
        match block:
            case Heading(text=text, level=level):
                self._heading(text, level, small=isinstance(after, Bullets) and _is_note(after))
            case Prose(content=content, role="note"):
                self._note(before, [f"-# {one}" for one in _lines(content, "even")])
            case Prose(content=content, role="deck"):
                self._below(_lines(content, "slanted"))
            case Prose(content=(*lead, Link())) if before is None and all(
                map(_is_strong, lead)
            ):  # a headline to follow
                self._open([f"### {one}" for one in _lines(block.content)[:1]])
                self._say(_lines(block.content)[1:])
            case Prose(content=(Text(style="strong"),)):  # it heads what follows
                self._open(_lines(block.content), PARAGRAPH)
            case Prose(content=content):
                self._say(_lines(content))
            case Bullets():
                self._list(_items(block))
            case Divider():
                pass
            case Quote(content=content):
                self._say([f"> {one}" for one in _lines(content)])
            case Verbatim(lines=lines):
                self._verbatim([spaced(one) for one in lines])
            case Fields(items=items):
                named = ((Text(f"{one.name}:", "strong"), Text(" "), *one.value) for one in items)
                self._list([each for content in named for each in _lines(content)])
            case Picture():
                self._picture(block)
            case Actions(items=actions):
                self._actions(actions)
            case Pager(number=number, of=of):
                self._close()
                self._lumps.append((Words(f"-# {strings.document.page_of(number, of)}"), *_rows(_turns(block))))
            case _:
                assert_never(block)

    def _heading(self, text: str, level: int, *, small: bool) -> None:
        title = _lines((Text(text),))
        if small and title:  # it heads small print
            self._close()
            self._ruled = bool(self._lumps)
            self._open([f"-# **{title[0]}**", *title[1:]])
        elif title:
            self._open([f"{'#' * level} {title[0]}", *title[1:]], LINE_BREAK if level == 3 else None)

    def _open(self, lines: list[str], joins: str | None = None) -> None:
        """Lines that head what follows."""
        if not self._tight:
            self._close()
        if not self._head:
            self._joins = joins
        self._wait(lines, tight=True)

    def _below(self, lines: list[str]) -> None:
        """Lines that belong to the heading above, with a paragraph's distance to what follows."""
        if self._head:
            self._wait(lines, tight=False)
        else:
            self._say(lines)

    def _note(self, before: Block | None, lines: list[str]) -> None:
        """Small print: below the heading, behind other small print, else set apart; a list would take it for a part of
        its last item."""
        if self._head:
            self._wait(lines, tight=False)
            return
        distance = (Rule(drawn=False),) if isinstance(before, Bullets) and _is_note(before) else ()
        follows = _is_note(before) and not distance
        for number, one in enumerate(lines):
            self._lumps.append((Words(one, LINE_BREAK),) if number or follows else (*distance, Words(one)))

    def _wait(self, lines: list[str], *, tight: bool) -> None:
        """What would leave too little room for what it stands above stands by itself."""
        if sum(map(size, (*self._head, *lines))) > LINE_LIMIT // 2:
            self._close()
            self._say(lines)
        else:
            self._head += lines
            self._tight = tight

    def _say(self, lines: list[str]) -> None:
        """A paragraph."""
        for one in lines:
            self._put(one, PARAGRAPH)

    def _list(self, lines: list[str]) -> None:
        for one in lines:
            self._put(one, LINE_BREAK)

    def _put(self, text: str, joins: str) -> None:
        """The text below what waits, or behind the text before it."""
        if not self._head:
            self._lumps.append((Words(text, joins if self._follows_words else None),))
            return
        tight = self._tight
        *rule, head = self._taken()
        assert isinstance(head, Words)
        below = (replace(head, text=f"{head.text}\n{text}"),) if tight else (head, Words(text, PARAGRAPH))
        self._lumps.append((*rule, *below))

    @property
    def _follows_words(self) -> bool:
        return bool(self._lumps) and isinstance(self._lumps[-1][-1], Words)

    def _taken(self) -> tuple[*tuple[Rule, ...], Words]:
        """What waits, which then waits no more."""
        joins = self._joins if self._follows_words and not self._ruled else None
        head = Words("\n".join(self._head), joins, opens=True)
        rule = (Rule(),) if self._ruled else ()
        self._head, self._tight, self._ruled, self._joins = [], False, False, None
        return (*rule, head)

    def _verbatim(self, lines: list[str]) -> None:
        held: list[str] = []
        chunks = []
        for one in lines:
            if held and size(verbatim([*held, one])) > LINE_LIMIT:
                chunks.append(held)
                held = []
            held.append(one[: LINE_LIMIT // 2])
        for chunk in (*chunks, held):
            if written := verbatim(chunk):
                self._put(written, LINE_BREAK)

    def _picture(self, picture: Picture) -> None:
        if picture.file not in self._files:
            self._say(_lines((Text(strings.document.picture(picture.alt)),)))
            return
        self._close()
        last = self._lumps[-1] if self._lumps else ()
        if last and isinstance(last[-1], Gallery) and len(last[-1].pictures) < GALLERY_LIMIT:
            self._lumps[-1] = (*last[:-1], Gallery((*last[-1].pictures, picture)))
        else:
            self._lumps.append((Gallery((picture,)),))

    def _actions(self, actions: Sequence[Action]) -> None:
        """Below the text that they are about, and with it; a single button beside it."""
        self._close()
        pressed = [action for action in actions if _can_be_pressed(action)]
        links = [action for action in actions if not _can_be_pressed(action)]
        for link in links:
            assert isinstance(link, LinkButton)
            self._say(_lines((Link(link.label, link.url),)))
        rows = list(_rows(pressed))
        if not rows:
            return
        last = self._lumps[-1] if self._lumps else None
        if last is None:
            self._lumps += [(row,) for row in rows]
            return
        words, only = last[-1], rows[0].items[0]
        alone = len(pressed) == 1 and not isinstance(only, Select)
        if alone and isinstance(words, Words) and words.joins is None and size(words.text) <= BESIDE_LIMIT:
            assert not isinstance(only, Select)
            self._lumps[-1] = (*last[:-1], Beside(words.text, only))
            return
        self._lumps[-1] = (*last, rows[0])
        self._lumps += [(row,) for row in rows[1:]]

    def _close(self) -> None:
        if self._head:
            self._lumps.append(self._taken())


def _is_note(block: Block | None) -> bool:
    return isinstance(block, Prose | Bullets) and block.role == "note"


def _is_strong(inline: Inline) -> bool:
    return isinstance(inline, Text) and inline.style == "strong"


def _lines(content: Iterable[Inline], setting: Setting = "plain") -> list[str]:
    return [one for one in fitted(content, LINE_LIMIT, setting) if one]


def _items(bullets: Bullets) -> list[str]:
    """A line each; what one line cannot hold goes on in the next."""
    small = "-# " if bullets.role == "note" else ""
    setting: Setting = "even" if small or bullets.numbered else "plain"
    drawn = []
    for number, item in enumerate(filter(None, (_lines(item, setting) for item in bullets.items)), 1):
        mark = f"{number}. " if bullets.numbered else "" if small else "- "
        drawn += [f"{small}{mark}{one}" for one in item]
    return drawn


def _turns(pager: Pager) -> list[Action]:
    turns: list[Action] = []
    if pager.earlier is not None:
        turns.append(Button(strings.document.EARLIER_PAGE, pager.earlier))
    if pager.later is not None:
        turns.append(Button(strings.document.LATER_PAGE, pager.later))
    return turns


def _can_be_pressed(action: Action) -> bool:
    """A link whose address a button cannot carry is shown as words."""
    if not isinstance(action, LinkButton):
        return True
    target = address(action.url)
    return target is not None and len(target) <= BUTTON_ADDRESS_LIMIT


def _rows(actions: Iterable[Action]) -> Iterator[Row]:
    held: list[Action] = []
    for action in actions:
        if held and (isinstance(action, Select) or len(held) == ROW):
            yield Row(tuple(held))
            held = []
        if isinstance(action, Select):
            yield Row((action,))
        else:
            held.append(action)
    if held:
        yield Row(tuple(held))
