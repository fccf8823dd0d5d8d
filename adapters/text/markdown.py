"""A document as Markdown, for files, forums and issue trackers.

Feed text must come out as text, in CommonMark and in GitHub's dialect. Two different things threaten that. What a
parser would obey is escaped with a backslash. What a site makes of the *finished* page (@name, #12, www., http://,
mail addresses) no backslash stops; there an invisible WORD JOINER is set between, the one such character in the
output, since `inert` has taken out any that a feed sent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, tzinfo
from typing import assert_never

from bot.core import strings
from bot.core.message.document import (
    Actions,
    Block,
    Bullets,
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
    Text,
    Time,
    Verbatim,
)
from bot.core.message.plain import address, inert, spaced

WORD_JOINER = "\u2060"

# Escapes, code, emphasis, strikethrough, links, HTML; _ but within a word, & only where an entity could follow, ! only
# before a link, $ but before a digit (GitHub's mathematics against sums of money), # where it could close a heading.
_OBEYED = re.compile(
    r"[\\`*~\[\]<]|(?<![^\W_])_|_(?![^\W_])|&(?=#|\w+;|\w*\Z)|!(?=\[|\Z)|\$(?!\d)|(?<![^ ])#(?=#*[ ]?\Z)"
)  # fmt: skip
# At the start of a block: quotes, headings, rules, bullets, underlines, numbered items.
_OPENS = re.compile(r"(?:(?=[-+=#>])|(\d{1,9})(?=[.)]))")
_LINKED_BY_SITES = re.compile(
    r"(?<=[@#])(?=\w|\Z)|(?<=www)(?=\.|\Z)|(?=://)|(?<=http:)(?=\Z)|(?<=https:)(?=\Z)|\b(?<=gh)(?=-\d)", re.IGNORECASE
)


def markdown(document: Document, *, zone: tzinfo = UTC) -> str:
    """`document` in CommonMark, ending in one line feed. Times are shown in `zone`."""
    drawn = (_block(block, zone) for block in document.blocks)
    return "\n\n".join(text for text in drawn if text) + "\n"


def _block(block: Block, zone: tzinfo) -> str:
    match block:
        case Heading(text=text, level=level):
            title = _escaped(inert(text)).strip()
            return f"{'#' * level} {title}" if title else ""
        case Prose(content=content):
            return _line(content, zone)
        case Bullets(items=items, numbered=numbered):
            lines = [line for item in items if (line := _line(item, zone))]
            return "\n".join(f"{f'{number}.' if numbered else '-'} {line}" for number, line in enumerate(lines, 1))
        case Divider():
            return "---"
        case Quote(content=content):
            line = _line(content, zone)
            return f"> {line}" if line else ""
        case Verbatim(lines=lines):
            drawn = [spaced(line) for line in lines]
            fence = "`" * (max((len(run) for line in drawn for run in re.findall("`+", line)), default=2) + 1)
            return "\n".join((fence if len(fence) > 2 else "```", *drawn, fence if len(fence) > 2 else "```"))
        case Fields(items=items):
            lines = [_line((Text(f"{field.name}:", "strong"), Text(" "), *field.value), zone) for field in items]
            return "\n".join(f"- {line}" for line in lines)
        case Picture(alt=alt):
            return _line((Text(strings.document.picture(alt)),), zone)
        case Actions(items=items):  # a file cannot be pressed, but its links can be followed
            links = (_line((Link(one.label, one.url),), zone) for one in items if isinstance(one, LinkButton))
            return " ".join(link for link in links if link)
        case Pager(number=number, of=of):
            return _line((Text(strings.document.page_of(number, of)),), zone)
        case _:
            assert_never(block)


def _line(content: Iterable[Inline], zone: tzinfo) -> str:
    """The inlines of a block in one line that opens no other kind of block."""
    inlines = _merged(content, zone)
    pieces = [_piece(inline) for inline in inlines]
    line = ""
    for index, (inline, piece) in enumerate(zip(inlines, pieces, strict=True)):
        match inline:
            case Text(style="strong"):
                following = pieces[index + 1] if index + 1 < len(pieces) else ""
                line += _strong(piece, line, following)
            case Citation() if line and not line.endswith(" ") and not isinstance(inlines[index - 1], Citation):
                line += f" {piece}"
            case _:
                line += piece
    return _OPENS.sub(r"\1\\", line.strip(), count=1) if _OPENS.match(line.strip()) else line.strip()


def _merged(content: Iterable[Inline], zone: tzinfo) -> list[Text | Link | Citation]:
    """What Markdown can tell apart; neighbouring texts become one, so that no markup arises where two meet."""
    merged: list[Text | Link | Citation] = []
    for inline in content:
        simple = _simple(inline, zone)
        last = merged[-1] if merged else None
        if isinstance(simple, Text) and isinstance(last, Text) and simple.style == last.style:
            merged[-1] = Text(last.text + simple.text, last.style)
        elif not isinstance(simple, Text) or simple.text:
            merged.append(simple)
    return merged


def _simple(inline: Inline, zone: tzinfo) -> Text | Link | Citation:
    match inline:
        case Text(text=text, style=style):
            text = f"`{text}`" if style == "code" else text
            return Text(inert(text), "strong" if style == "strong" else "plain")
        case Jump(label=label):
            return Text(inert(label))
        case Channel(address=place):
            return Text(inert(place))
        case Time(at=at, style="date"):
            return Text(strings.dates.calendar_day(at.astimezone(zone)))
        case Time(at=at):
            return Text(strings.dates.moment(at.astimezone(zone)))
        case Link(label=label, url=url):
            target = address(url)
            return Text(inert(label)) if target is None else Link(inert(label).strip() or target, target)
        case Citation():
            return inline
        case _:
            assert_never(inline)


def _piece(inline: Text | Link | Citation) -> str:
    match inline:
        case Text(text=text):
            return _escaped(text)
        case Link(label=label, url=url):
            return f"[{_escaped(label)}]({_destination(url)})"
        case Citation(number=number, url=url):
            target = address(url)
            return f"\\[{number}\\]" if target is None else f"[\\[{number}\\]]({_destination(target)})"
        case _:
            assert_never(inline)


def _escaped(text: str) -> str:
    return _OBEYED.sub(r"\\\g<0>", _LINKED_BY_SITES.sub(WORD_JOINER, text))


def _destination(url: str) -> str:
    """`address` has left no space, bracket or parenthesis; only an entity could still be read into it."""
    return re.sub(r"&(?=#|\w+;)", "&amp;", url)


def _strong(text: str, before: str, after: str) -> str:
    """`text` between asterisks where both would be read as such (CommonMark §6.2, flanking), else as it is."""
    core = text.strip()
    if not core:
        return text
    start, end = text[: text.index(core)], text[text.index(core) + len(core) :]
    opens = not _punctuation(core[0]) or _parts(f"{before}{start}"[-1:])
    closes = not _punctuation(core[-1]) or _parts(f"{end}{after}"[:1])
    return f"{start}**{core}**{end}" if opens and closes else text


def _punctuation(char: str) -> bool:
    """In any version of CommonMark; symbols came to count as punctuation in 0.31."""
    return unicodedata.category(char)[0] in "PS"


def _parts(char: str) -> bool:
    """Whether it is the line's end, a space, or punctuation in every version."""
    return not char or char.isspace() or unicodedata.category(char)[0] == "P" or (char.isascii() and not char.isalnum())
