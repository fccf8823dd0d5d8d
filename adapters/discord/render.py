"""A document as Discord messages, set as a page: Components V2, split into parts where one message cannot hold it.

Pure: no event loop, no state; the same document always gives the same parts, which is what edits rely on.

The document's blocks become sections of pieces (`sections`), those are packed into messages (`packing`), and here each
piece becomes a component. A section is a container with a coloured edge.

What can be pressed carries its command in its id (`bot.core.command.invocation`), so that it works after a restart, and
no view is kept in memory: see `interactions`.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, assert_never

import discord
from discord import ui

from adapters.discord.custom_id import custom_id, option_value
from adapters.discord.markup import escaped, opened
from adapters.discord.packing import HEADLINE_LIMIT, Stretch, packed
from adapters.discord.pieces import Beside, Gallery, Handed, Piece, Row, Rule, Section, Words
from adapters.discord.sections import EDGE, sections
from bot.core import strings
from bot.core.message.document import Action, Button, Document, File, LinkButton, Picture, Select
from bot.core.message.plain import address, inert

# https://discord.com/developers/docs/components/reference
BUTTON_LIMIT = 80
PLACEHOLDER_LIMIT = 150
OPTION_LIMIT = 100
ALT_LIMIT = 1024


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
    alts = {block.file: inert(block.alt)[:ALT_LIMIT] for block in document.blocks if isinstance(block, Picture)}
    return tuple(_part(stretches, document.files, alts) for stretches in _messages(document))


@lru_cache(maxsize=64)
def _messages(document: Document) -> tuple[tuple[Stretch, ...], ...]:
    """Remembered, since whoever posts asks for the same document's parts once for each of them."""
    messages = packed(sections(document)) or [[Stretch(_nothing(document), [Words(_summary(document))])]]
    return tuple(map(tuple, messages))


def _nothing(document: Document) -> Section:
    """What stands for a document that shows nothing: Discord takes no empty message."""
    return Section(bare=True, edge=EDGE[document.tone])


def _summary(document: Document) -> str:
    return opened(escaped(inert(document.summary).strip()[:HEADLINE_LIMIT])) or strings.document.NAME


def _part(stretches: Sequence[Stretch], known: Iterable[File], alts: Mapping[str, str]) -> Part:
    page, ids = Page(), _Ids()
    shown: list[str] = []
    for stretch in stretches:
        items = []
        for piece in _joined(stretch.pieces):
            items.append(_item(piece, ids))
            if isinstance(piece, Gallery):
                shown += [picture.file for picture in piece.pictures]
            elif isinstance(piece, Handed):
                shown.append(piece.name)
        if stretch.section.bare:
            for item in items:
                page.add_item(item)
        else:
            page.add_item(ui.Container(*items, accent_colour=stretch.section.edge))
    files = [
        discord.File(io.BytesIO(file.content), filename=file.name, description=alts.get(file.name))
        for file in known
        if file.name in shown
    ]
    return Part(page, tuple(files))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    held: Words | None = None
    for piece in pieces:
        if isinstance(piece, Words) and piece.joins is not None and held is not None:
            held = Words(f"{held.text}{piece.joins}{piece.text}")
            continue
        if held is not None:
            yield held
        held = piece if isinstance(piece, Words) else None
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


def _item(piece: Piece, ids: _Ids) -> ui.Item[Any]:
    match piece:
        case Words(text=text):
            return ui.TextDisplay(text)
        case Beside(text=text, action=action):
            return ui.Section(ui.TextDisplay(text), accessory=_pressed(action, ids))
        case Rule(drawn=drawn):
            return ui.Separator(visible=drawn, spacing=discord.SeparatorSpacing.small)
        case Row(items=items):
            return ui.ActionRow(*(_pressed(action, ids) for action in items))
        case Gallery(pictures=pictures):
            shown = (
                discord.MediaGalleryItem(f"attachment://{one.file}", description=inert(one.alt)[:ALT_LIMIT] or None)
                for one in pictures
            )
            return ui.MediaGallery(*shown)
        case Handed(name=name):
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
