"""A document as Discord messages, set as a page: Components V2, split into parts where one message cannot hold it.

Pure: no event loop, no state; the same document always gives the same parts, which is what edits rely on.

A document falls into sections at its dividers. A section is a container with a coloured edge; what only opens a
document (its title) or closes it (small print, buttons for all of it) stands outside of any. Parts end at section
borders where they can; a section larger than a message is broken between its blocks, or the items of a list, and goes
on under a line that says so. A heading is never left behind by what it heads, nor a button by what it is about.

What can be pressed carries its command in its id (`bot.core.command.invocation`), so that it works after a restart, and
no view is kept in memory: see `interactions`.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, assert_never

import discord
from discord import ui

from adapters.discord.custom_id import custom_id, option_value
from adapters.discord.markup import Setting, escaped, fitted, opened, size, verbatim
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
COMPONENTS_LIMIT = 40
"""Of a message, however deep they are nested."""
TEXT_LIMIT = 4000
"""Characters of a message's text displays together."""
ROW = 5
"""Buttons of a row."""
BUTTON_LIMIT = 80
BUTTON_ADDRESS_LIMIT = 512
PLACEHOLDER_LIMIT = 150
OPTION_LIMIT = 100
ALT_LIMIT = 1024
GALLERY_LIMIT = 10

EDGE: dict[Tone, int] = {"news": 0x4C7BD9, "alert": 0xE3A02B, "error": 0xD64550, "review": 0x8E6CD1}
"""The coloured edge of a container; all of them are told apart in the dark and the light theme."""

_LINE = 3600
"""What one line of words may take: a part's text less room for its heading and the line that says what goes on."""
_BESIDE = 300
"""Characters of a text that a button may stand beside; longer ones keep the page's full width."""
_HEADLINE = 150
"""Characters of a headline that are said again where a section goes on in the next part."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message."""

    view: ui.LayoutView
    files: tuple[discord.File, ...] = ()


class Page(ui.LayoutView):
    """A layout that discord.py is to send and forget: what is pressed is found by its id, not by a view in memory."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    def is_dispatchable(self) -> bool:
        return False

    def is_finished(self) -> bool:
        return True


def parts(document: Document) -> tuple[Part, ...]:
    """At least one, each within Discord's limits; of pictures and files, each goes with the part that shows it."""
    sections = _sections(document)
    packed = list(_packed(sections)) or [[_Stretch(_Section(bare=True), [_Words(_nothing(document))])]]
    return tuple(_part(stretches, document) for stretches in packed)


def _nothing(document: Document) -> str:
    """What stands for a document that shows nothing: Discord takes no empty message."""
    return opened(escaped(inert(document.summary).strip()[:_HEADLINE])) or strings.document.NAME


# --- pieces: what a message is made of, with what it costs ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Words:
    """Lines of text. One that `joins` continues the text before it, where that stands in the same message."""

    text: str
    joins: bool = False


@dataclass(frozen=True, slots=True)
class _Beside:
    """Text with one button at its side."""

    text: str
    action: Button | LinkButton


@dataclass(frozen=True, slots=True)
class _Rule:
    pass


@dataclass(frozen=True, slots=True)
class _Row:
    """Up to five buttons, or one select."""

    items: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class _Gallery:
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class _Handed:
    """A file to download."""

    name: str


_Piece = _Words | _Beside | _Rule | _Row | _Gallery | _Handed
_Lump = tuple[_Piece, ...]
"""Pieces that stay together."""


def _components(piece: _Piece) -> int:
    match piece:
        case _Words(joins=joins):
            return 0 if joins else 1
        case _Beside():
            return 3
        case _Row(items=items):
            return 1 + len(items)
        case _Rule() | _Gallery() | _Handed():
            return 1
        case _:
            assert_never(piece)


def _text(piece: _Piece) -> int:
    return size(piece.text) + 1 if isinstance(piece, _Words | _Beside) else 0


# --- sections: from blocks to pieces --------------------------------------------------------------------------


@dataclass(slots=True)
class _Section:
    bare: bool
    lumps: list[_Lump] = field(default_factory=list)
    edge: int = EDGE["news"]
    headline: str = ""


def _sections(document: Document) -> list[_Section]:
    known = {file.name for file in document.files}
    groups = [list(group) for divider, group in groupby(document.blocks, _is_divider) if not divider]
    sections = []
    for index, blocks in enumerate(groups):
        section = _Section(bare=_is_bare(blocks, first=index == 0, alone=len(groups) == 1), edge=EDGE[document.tone])
        section.lumps = _Setter(known).set(blocks)
        section.headline = inert(blocks[0].text).strip() if isinstance(blocks[0], Heading) else ""
        sections.append(section)
    shown = {block.file for block in document.blocks if isinstance(block, Picture)}
    if handed := [(_Handed(file.name),) for file in document.files if file.name not in shown]:
        sections.append(_Section(bare=True, lumps=list(handed)))
    return [section for section in sections if section.lumps]


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
        self._lumps: list[_Lump] = []
        self._head: list[str] = []
        """Lines that wait for what they stand above; `_tight` where that stands right below them."""
        self._tight = False
        self._ruled = False
        """Whether a rule stands above them."""

    def set(self, blocks: Sequence[Block]) -> list[_Lump]:
        for index, block in enumerate(blocks):
            self._block(block, blocks[index + 1] if index + 1 < len(blocks) else None)
        self._close()
        return self._lumps

    def _block(self, block: Block, following: Block | None) -> None:
        match block:
            case Heading(text=text, level=level):
                self._heading(text, level, small=isinstance(following, Bullets) and following.role == "note")
            case Prose(content=content, role="note"):
                self._below([f"-# {one}" for one in _lines(content, "small")])
            case Prose(content=content, role="deck"):
                self._below(_lines(content, "slanted"))
            case Prose(content=(Text(style="strong"),)):  # it heads what follows
                self._open(_lines(block.content))
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
                self._lumps.append((_Words(f"-# {strings.document.page_of(number, of)}"), *_rows(_turns(block))))
            case _:
                assert_never(block)

    def _heading(self, text: str, level: int, *, small: bool) -> None:
        title = _lines((Text(text),))
        if small and title:  # it heads small print
            self._close()
            self._ruled = bool(self._lumps)
            self._open([f"-# **{title[0]}**", *title[1:]])
        elif title:
            self._open([f"{'#' * level} {title[0]}", *title[1:]])

    def _open(self, lines: list[str]) -> None:
        """Lines that head what follows."""
        if not self._tight:
            self._close()
        self._wait(lines, tight=True)

    def _below(self, lines: list[str]) -> None:
        """Lines that belong to the heading above, with a paragraph's distance to what follows."""
        if not self._head:
            self._say(lines)
            return
        self._wait(lines, tight=False)

    def _wait(self, lines: list[str], *, tight: bool) -> None:
        """What would leave too little room for what it stands above stands by itself."""
        if sum(map(size, (*self._head, *lines))) > _LINE // 2:
            self._close()
            self._say(lines)
        else:
            self._head += lines
            self._tight = tight

    def _say(self, lines: list[str]) -> None:
        """A paragraph."""
        for number, one in enumerate(lines):
            self._lumps.append((_Words(one),) if number else self._headed(one, joins=False))

    def _list(self, lines: list[str]) -> None:
        for number, one in enumerate(lines):
            self._lumps.append(self._headed(one, joins=number > 0))

    def _headed(self, text: str, *, joins: bool) -> _Lump:
        if not self._head:
            return (_Words(text, joins),)
        tight = self._tight
        *rule, head = self._taken()
        return (*rule, _Words(f"{head.text}\n{text}")) if tight else (*rule, head, _Words(text))

    def _taken(self) -> tuple[*tuple[_Rule, ...], _Words]:
        """What waits, which then waits no more."""
        head = _Words("\n".join(self._head))
        rule = (_Rule(),) if self._ruled else ()
        self._head, self._tight, self._ruled = [], False, False
        return (*rule, head)

    def _verbatim(self, lines: list[str]) -> None:
        held: list[str] = []
        chunks = []
        for one in lines:
            if held and size(verbatim([*held, one])) > _LINE:
                chunks.append(held)
                held = []
            held.append(one[: _LINE // 2])
        for number, chunk in enumerate([*chunks, held]):
            if written := verbatim(chunk):
                self._lumps.append((_Words(written),) if number else self._headed(written, joins=False))

    def _picture(self, picture: Picture) -> None:
        if picture.file not in self._files:
            self._say(_lines((Text(strings.document.picture(picture.alt)),)))
            return
        self._close()
        last = self._lumps[-1] if self._lumps else ()
        if last and isinstance(last[-1], _Gallery) and len(last[-1].pictures) < GALLERY_LIMIT:
            self._lumps[-1] = (*last[:-1], _Gallery((*last[-1].pictures, picture)))
        else:
            self._lumps.append((_Gallery((picture,)),))

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
        if alone and isinstance(words, _Words) and not words.joins and size(words.text) <= _BESIDE:
            assert not isinstance(only, Select)
            self._lumps[-1] = (*last[:-1], _Beside(words.text, only))
            return
        self._lumps[-1] = (*last, rows[0])
        self._lumps += [(row,) for row in rows[1:]]

    def _close(self) -> None:
        if self._head:
            self._lumps.append(self._taken())


def _lines(content: Iterable[Inline], setting: Setting = "plain") -> list[str]:
    return [one for one in fitted(content, _LINE, setting) if one]


def _items(bullets: Bullets) -> list[str]:
    """A line each; what one line cannot hold goes on in the next."""
    setting: Setting = "small" if bullets.role == "note" else "plain"
    drawn = []
    for number, item in enumerate(filter(None, (_lines(item, setting) for item in bullets.items)), 1):
        mark = f"{number}. " if bullets.numbered else "" if setting == "small" else "- "
        drawn += [f"{'-# ' if setting == 'small' else ''}{mark}{one}" for one in item]
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


def _rows(actions: Iterable[Action]) -> Iterator[_Row]:
    held: list[Action] = []
    for action in actions:
        if held and (isinstance(action, Select) or len(held) == ROW):
            yield _Row(tuple(held))
            held = []
        if isinstance(action, Select):
            yield _Row((action,))
        else:
            held.append(action)
    if held:
        yield _Row(tuple(held))


# --- parts: from pieces to messages ---------------------------------------------------------------------------


@dataclass(slots=True)
class _Stretch:
    """What one message has of a section."""

    section: _Section
    pieces: list[_Piece]


class _Packer:
    def __init__(self) -> None:
        self.parts: list[list[_Stretch]] = []
        self._components = self._text = 0

    @property
    def used(self) -> int:
        return self._text if self.parts else TEXT_LIMIT

    def turn(self) -> None:
        """The next message, unless this one is empty."""
        if not self.parts or self.parts[-1]:
            self.parts.append([])
            self._components = self._text = 0

    def fits(self, section: _Section, pieces: Iterable[_Piece]) -> bool:
        components, text = self._cost(section, pieces)
        return (
            bool(self.parts) and self._components + components <= COMPONENTS_LIMIT and self._text + text <= TEXT_LIMIT
        )

    def add(self, section: _Section, pieces: Sequence[_Piece]) -> None:
        components, text = self._cost(section, pieces)
        self._components += components
        self._text += text
        if self._is_open(section):
            self.parts[-1][-1].pieces += pieces
        else:
            self.parts[-1].append(_Stretch(section, list(pieces)))

    def _is_open(self, section: _Section) -> bool:
        return bool(self.parts and self.parts[-1]) and self.parts[-1][-1].section is section

    def _cost(self, section: _Section, pieces: Iterable[_Piece]) -> tuple[int, int]:
        opens = 0 if section.bare or self._is_open(section) else 1
        return opens + sum(map(_components, pieces)), sum(map(_text, pieces))


def _packed(sections: Sequence[_Section]) -> Iterator[list[_Stretch]]:
    packer = _Packer()
    for section in sections:
        whole = [piece for lump in section.lumps for piece in lump]
        if packer.fits(section, whole):
            packer.add(section, whole)
            continue
        empty = _Packer()
        empty.turn()
        if empty.fits(section, whole):
            packer.turn()
            packer.add(section, whole)
            continue
        if packer.used > TEXT_LIMIT // 2:
            packer.turn()
        for number, lump in enumerate(section.lumps):
            if not packer.fits(section, lump):
                packer.turn()
                if number:
                    lump = _going_on(section, lump)
            packer.add(section, lump)
    yield from packer.parts


def _going_on(section: _Section, lump: _Lump) -> _Lump:
    """The lump at the top of a message, under a line that says what it belongs to."""
    if isinstance(lump[0], _Rule):
        lump = lump[1:]
    headline = section.headline if len(section.headline) <= _HEADLINE else f"{section.headline[: _HEADLINE - 1]}…"
    if not headline:
        return tuple(replace(piece, joins=False) if isinstance(piece, _Words) else piece for piece in lump)
    return (_Words(f"-# {opened(escaped(strings.discord.continued(headline)))}"), *lump)


def _part(stretches: Sequence[_Stretch], document: Document) -> Part:
    page, ids = Page(), _Ids()
    shown: list[str] = []
    for stretch in stretches:
        items = []
        for piece in _joined(stretch.pieces):
            items.append(_item(piece, ids))
            if isinstance(piece, _Gallery):
                shown += [picture.file for picture in piece.pictures]
            elif isinstance(piece, _Handed):
                shown.append(piece.name)
        if stretch.section.bare:
            for item in items:
                page.add_item(item)
        else:
            page.add_item(ui.Container(*items, accent_colour=stretch.section.edge))
    alts = {block.file: inert(block.alt)[:ALT_LIMIT] for block in document.blocks if isinstance(block, Picture)}
    files = [
        discord.File(io.BytesIO(file.content), filename=file.name, description=alts.get(file.name))
        for file in document.files
        if file.name in shown
    ]
    return Part(page, tuple(files))


def _joined(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    held: _Words | None = None
    for piece in pieces:
        if isinstance(piece, _Words) and piece.joins and held is not None:
            held = _Words(f"{held.text}\n{piece.text}")
            continue
        if held is not None:
            yield held
        held = piece if isinstance(piece, _Words) else None
        if held is None:
            yield piece
    if held is not None:
        yield held


class _Ids:
    """Custom ids, each used once in a message: Discord refuses a message that has one twice."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def of(self, action: Button | Select) -> str:
        number = 0
        while (found := custom_id(action.invoke, number)) in self._used:
            number += 1
        self._used.add(found)
        return found


_STYLES = {
    "plain": discord.ButtonStyle.secondary,
    "primary": discord.ButtonStyle.primary,
    "danger": discord.ButtonStyle.danger,
}


def _item(piece: _Piece, ids: _Ids) -> ui.Item[Any]:
    match piece:
        case _Words(text=text):
            return ui.TextDisplay(text)
        case _Beside(text=text, action=action):
            return ui.Section(ui.TextDisplay(text), accessory=_pressed(action, ids))
        case _Rule():
            return ui.Separator(spacing=discord.SeparatorSpacing.small)
        case _Row(items=items):
            return ui.ActionRow(*(_pressed(action, ids) for action in items))
        case _Gallery(pictures=pictures):
            shown = (
                discord.MediaGalleryItem(f"attachment://{one.file}", description=inert(one.alt)[:ALT_LIMIT] or None)
                for one in pictures
            )
            return ui.MediaGallery(*shown)
        case _Handed(name=name):
            return ui.File(f"attachment://{name}")
        case _:
            assert_never(piece)


def _pressed(action: Action, ids: _Ids) -> ui.Item[Any]:
    match action:
        case Button(label=label, style=style):
            return ui.Button(label=cut(label, BUTTON_LIMIT), style=_STYLES[style], custom_id=ids.of(action))
        case LinkButton(label=label, url=url):
            return ui.Button(label=cut(label, BUTTON_LIMIT), url=address(url))
        case Select(label=label, into=into, options=options):
            chosen = {option_value(into, option.value): cut(option.label, OPTION_LIMIT) for option in options}
            return ui.Select(
                custom_id=ids.of(action),
                placeholder=cut(label, PLACEHOLDER_LIMIT),
                options=[discord.SelectOption(label=shown, value=value) for value, shown in chosen.items()],
            )
        case _:
            assert_never(action)


def cut(label: str, most: int) -> str:
    """Plain words of a button or an entry, within a limit; never empty, since Discord takes no empty label."""
    shown = inert(label).strip()
    return (shown if len(shown) <= most else f"{shown[: most - 1]}…") or "…"
