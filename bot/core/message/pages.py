"""A long document a page at a time, for answers that are turned over rather than scrolled.

A page ends between blocks, and rather before a heading than behind one. How much fits is one neutral measure that every
platform's message holds; what is posted (a digest) is split by the platform's own renderer instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain

from bot.core.command.invocation import Invocation
from bot.core.message.document import (
    Actions,
    Block,
    Bullets,
    Citation,
    Divider,
    Document,
    Fields,
    Heading,
    Inline,
    Jump,
    Link,
    Pager,
    Picture,
    Prose,
    Quote,
    Text,
    Verbatim,
)

PAGE = 3000
"""Characters of a page: below Discord's 4,000 of display text, with room for markup, links and buttons."""
ROOM_FOR_A_PART = 400
"""A heading with so little page left opens the next page instead."""


def paged(document: Document, number: int, turn: Callable[[int], Invocation]) -> Document:
    """Page `number` of it, from 1; one beyond the last is the last. `turn` says what asks for another page. Its closing
    `Actions` stand on every page. A document that fits is returned as it is."""
    blocks = list(document.blocks)
    closing = [blocks.pop()] if blocks and isinstance(blocks[-1], Actions) else []
    pages = _pages(blocks)
    if len(pages) <= 1:
        return document
    number = min(max(1, number), len(pages))
    pager = Pager(
        number=number,
        of=len(pages),
        earlier=turn(number - 1) if number > 1 else None,
        later=turn(number + 1) if number < len(pages) else None,
    )
    return replace(document, blocks=(*pages[number - 1], *closing, pager))


def _pages(blocks: Sequence[Block]) -> list[list[Block]]:
    pages: list[list[Block]] = [[]]
    used = 0
    for block in chain.from_iterable(map(_pieces, blocks)):
        needed = weight(block)
        opens = isinstance(block, Heading) and used > PAGE - ROOM_FOR_A_PART
        if pages[-1] and (opens or used + needed > PAGE):
            carried = [pages[-1].pop()] if isinstance(pages[-1][-1], Heading | Divider) and len(pages[-1]) > 1 else []
            pages.append(carried)
            used = sum(map(weight, carried))
        if not pages[-1] and isinstance(block, Divider):
            continue
        pages[-1].append(block)
        used += needed
    return [page for page in pages if page]


def _pieces(block: Block) -> list[Block]:
    """Lists may be broken between their items; a numbered one would begin anew and stays whole."""
    if not isinstance(block, Bullets) or block.numbered or weight(block) <= PAGE // 2:
        return [block]
    pieces: list[Block] = []
    run: list[tuple[Inline, ...]] = []
    for item in block.items:
        if run and sum(map(_line, run)) + _line(item) > PAGE // 2:
            pieces.append(Bullets(tuple(run)))
            run = []
        run.append(item)
    return [*pieces, Bullets(tuple(run))]


def weight(block: Block) -> int:
    """About how many characters of a message it takes."""
    match block:
        case Heading(text=text):
            return len(text) + 6
        case Prose(content=content) | Quote(content=content):
            return _line(content)
        case Verbatim(lines=lines):
            return sum(map(len, lines))
        case Bullets(items=items):
            return sum(map(_line, items))
        case Fields(items=items):
            return sum(len(field.name) + _line(field.value) for field in items)
        case Picture(alt=alt):
            return len(alt)
        case _:
            return 10


def _line(content: Sequence[Inline]) -> int:
    """Links count with their addresses: most platforms spend characters on them."""
    total = 4
    for inline in content:
        match inline:
            case Text(text=text):
                total += len(text)
            case Link(label=label, url=url):
                total += len(label) + len(url)
            case Jump(label=label):
                total += len(label)
            case Citation(url=url):
                total += 6 + len(url)
            case _:
                total += 16
    return total
