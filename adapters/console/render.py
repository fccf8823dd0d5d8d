"""A document in the terminal, by Rich, at most 80 columns wide; in a pipe the same words without colour or codes.

What a reader can click depends on where the text goes, so it is decided while printing: on a terminal, links are
OSC 8 hyperlinks; elsewhere each line that has links is followed by their addresses, each unbroken on a line of its
own so that it can be copied. Text goes in as Rich `Text`, never as markup, and letters that the stream's encoding
lacks become question marks rather than errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import assert_never

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.containers import Lines
from rich.segment import Segment
from rich.style import Style
from rich.text import Text as RichText

from bot.core import strings
from bot.core.command.invocation import Invocation
from bot.core.message.document import (
    Actions,
    Block,
    Bullets,
    Button,
    Channel,
    Citation,
    Divider,
    Document,
    Fields,
    Heading,
    Inline,
    Jump,
    Link,
    LinkButton,
    Pager,
    Picture,
    Prose,
    Quote,
    Select,
    Text,
    Time,
    Verbatim,
)
from bot.core.message.plain import address, inert

MEASURE = 80
"""Columns: longer lines are hard to read, however wide the terminal is."""

SHORT_LABEL = 40
"""Characters of what can be pressed; several such stand on one line."""

_GLUE = "\ue000"
"""Stands for a space that no line may break at: Rich breaks at U+00A0 too. A plain space again once lines are set."""


def render(document: Document, *, zone: tzinfo = UTC, pressable: bool = False) -> RenderableType:
    """What `Console.print` shows; times in `zone`. Print it with `crop=False`, as `ConsolePlatform` does, so that long
    addresses stay whole. Where things can be pressed, by typing their numbers (`presses`), they are shown with them."""
    return _Drawn(document, zone, pressable)


def presses(document: Document) -> list[tuple[str, Invocation]]:
    """What can be pressed in it, as (label, what it says), in the order in which `render` numbers them from 1."""
    found: list[tuple[str, Invocation]] = []
    for block in document.blocks:
        found += _presses(block)
    return found


def _presses(block: Block) -> list[tuple[str, Invocation]]:
    found: list[tuple[str, Invocation]] = []
    if isinstance(block, Pager):
        if block.earlier is not None:
            found.append((strings.document.EARLIER_PAGE, block.earlier))
        if block.later is not None:
            found.append((strings.document.LATER_PAGE, block.later))
    elif isinstance(block, Actions):
        for action in block.items:
            if isinstance(action, Button):
                found.append((action.label, action.invoke))
            elif isinstance(action, Select):
                found += [
                    (f"{action.label}: {option.label}", action.invoke.with_arguments(**{action.into: option.value}))
                    for option in action.options
                ]
    return found


@dataclass(frozen=True, slots=True)
class _Drawn:
    document: Document
    zone: tzinfo
    pressable: bool

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        pen = _Pen(console, options, self.zone, pressable=self.pressable)
        previous: Block | None = None
        for block in self.document.blocks:
            drawn = list(pen.block(block))
            if not drawn:  # nothing of it can be shown here
                continue
            if previous is not None and not _belongs(previous, block):
                yield Segment.line()
            yield from drawn
            previous = block
        if self.document.files:
            yield Segment.line()
            for number, file in enumerate(self.document.files, 1):
                yield from pen.block(
                    Prose((Text(strings.document.file_line(number, file.name, len(file.content))),), "note")
                )


def _belongs(previous: Block, block: Block) -> bool:
    """Whether `block` stands right under `previous`, without an empty line."""
    if isinstance(previous, Heading):
        return previous.level > 1 or (isinstance(block, Prose) and block.role != "body")
    return isinstance(block, Prose) and block.role == "note" and isinstance(previous, Prose) and previous.role == "deck"


class _Pen:
    """Draws blocks as segments for one console."""

    def __init__(self, console: Console, options: ConsoleOptions, zone: tzinfo, *, pressable: bool) -> None:
        self._pressable = pressable
        self._pressed = 0
        self._console = console
        self._options = options
        self._zone = zone
        self._width = max(20, min(MEASURE, options.max_width))
        self._hyperlinks = console.is_terminal and console.color_system is not None and not options.legacy_windows
        self._ascii = options.ascii_only

    def block(self, block: Block) -> Iterator[Segment]:
        match block:
            case Heading(text=text, level=level):
                yield from self._heading(text, level)
            case Prose(content=content, role=role):
                base = {"body": Style.null(), "deck": Style(italic=True), "note": Style(dim=True)}[role]
                yield from self._lines(content, base=base)
            case Bullets(items=items, numbered=numbered):
                width = len(f"{len(items)}. ") if numbered else 2
                for number, item in enumerate(items, 1):
                    mark = f"{number}." if numbered else self._glyph("•", "-")
                    yield from self._lines(item, mark=mark.ljust(width))
            case Divider():
                yield from self._segments(_styled(self._glyph("─", "-") * self._width, Style(dim=True)))
            case Quote(content=content):
                yield from self._lines(content, mark=f"{self._glyph('│', '|')} ", every=True)
            case Verbatim(lines=lines):
                for line in lines:
                    kept = self._shown(line.replace(" ", "\u00a0"))  # runs of spaces are part of it
                    yield from self._segments(RichText(kept.replace(_GLUE, " ")))
            case Fields(items=items):
                for field in items:
                    yield from self._lines((Text(f"{field.name}: ", "strong"), *field.value))
            case Picture(alt=alt):
                yield from self._lines((Text(strings.document.picture(alt)),), base=Style(dim=True))
            case Actions(items=items):
                yield from self._actions(block)
                links = [action for action in items if isinstance(action, LinkButton)]
                for link in links:
                    yield from self._lines((Link(link.label, link.url),))
            case Pager(number=number, of=of):
                yield from self._lines((Text(strings.document.page_of(number, of)),), base=Style(dim=True))
                yield from self._actions(block)
            case _:
                assert_never(block)

    def _heading(self, text: str, level: int) -> Iterator[Segment]:
        """Underlined above the third level, so that a page without bold still shows its structure."""
        lines = self._wrapped(_styled(self._shown(text), Style(bold=True)), self._width)
        for line in lines:
            yield from self._segments(line)
        if level < 3 and len(lines):
            rule = self._glyph("═", "=") if level == 1 else self._glyph("─", "-")
            yield from self._segments(_styled(rule * max(line.cell_len for line in lines), Style(dim=True)))

    def _actions(self, block: Block) -> Iterator[Segment]:
        """What can be pressed, by number, on as few lines as it takes; where it is long, on a line each."""
        labels = [label for label, _ in _presses(block)] if self._pressable else []
        apart = any(len(label) > SHORT_LABEL for label in labels)
        shown: list[Inline] = []
        for label in labels:
            self._pressed += 1
            shown.append(Text(f"[{self._pressed}]\u00a0", "strong"))
            shown.append(Text(label if apart else f"{label.replace(' ', chr(0xA0))}  "))
            if apart:
                yield from self._lines(shown)
                shown = []
        if shown:
            yield from self._lines(shown)

    def _lines(
        self, content: Iterable[Inline], *, base: Style | None = None, mark: str = "", every: bool = False
    ) -> Iterator[Segment]:
        """`mark` stands before the first line, or before `every` one."""
        content = tuple(content)
        text = RichText()
        for index, inline in enumerate(content):
            if isinstance(inline, Citation) and index and not isinstance(content[index - 1], Citation):
                text.append(_GLUE)
            self._append(text, inline)
        text.stylize_before(base or Style.null())
        for index, line in enumerate(self._wrapped(text, self._width - len(mark))):
            yield from self._segments(_styled(" " * len(mark) if index and not every else mark, Style(dim=True)) + line)
        if not self._hyperlinks:
            for inline in content:
                if isinstance(inline, Link) and (target := address(inline.url)) is not None:
                    yield from self._segments(RichText(" " * len(mark) + target))

    def _append(self, text: RichText, inline: Inline) -> None:
        match inline:
            case Text(text=words, style=style):
                words = f"`{words}`" if style == "code" else words
                text.append(self._shown(words), {"plain": None, "strong": "bold", "quiet": "dim", "code": None}[style])
            case Link(label=label, url=url):
                target = address(url)
                text.append(self._shown(label) if inert(label).strip() else target or "", self._link(target))
            case Jump(label=label):
                text.append(self._shown(label))
            case Channel(address=address_):
                text.append(self._shown(address_))
            case Citation(number=number, url=url):
                text.append(f"[{number}]", Style(dim=True) + self._link(address(url)))
            case Time(at=at, style=style):
                local = at.astimezone(self._zone)
                text.append(
                    self._shown(strings.dates.calendar_day(local) if style == "date" else strings.dates.moment(local))
                )
            case _:
                assert_never(inline)

    def _link(self, target: str | None) -> Style:
        return Style(link=target) if target is not None and self._hyperlinks else Style.null()

    def _shown(self, text: str) -> str:
        encoding = self._console.encoding
        return inert(text).encode(encoding, "replace").decode(encoding).replace("\u00a0", _GLUE)

    def _glyph(self, drawn: str, plain: str) -> str:
        return plain if self._ascii else drawn

    def _wrapped(self, text: RichText, width: int) -> Lines:
        lines = text.wrap(self._console, width, no_wrap=False, overflow="fold")
        for line in lines:
            line.plain = line.plain.rstrip().replace(_GLUE, " ")
        return lines

    def _segments(self, line: RichText) -> Iterator[Segment]:
        yield from line.render(self._console, end="\n")


def _styled(text: str, style: Style) -> RichText:
    """The style as a span: Rich leaves a text's own base style out where it has no spans."""
    styled = RichText()
    styled.append(text, style)
    return styled
