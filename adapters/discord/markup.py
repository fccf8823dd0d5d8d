"""Words in Discord's Markdown: feed text comes out as the text it is, and only our links are links.

Discord's dialect is its own, and three readers must agree on what we write.

- *The clients' parsers.* What they would obey is escaped with a backslash. One family reads masked links by a pattern
  that knows no escapes, so a label holds no bracket without its partner, and `](` never stands in any text.
- *What looks for things in the raw text*: mentions, invitations, addresses. No backslash stops that, so an invisible
  WORD JOINER is set between; it is the only such character in the output, since `inert` has taken out any that a feed
  sent. (Mentions are switched off with every message besides, `allowed_mentions`.)
- *Line starts*: headings, lists, quotes and small print begin there, so no text of a feed may.

Sizes are in UTF-16 code units, the largest of the ways in which a platform may count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Literal, assert_never

from bot.core import strings
from bot.core.message.document import Channel, Citation, Inline, Jump, Link, Style, Text, Time
from bot.core.message.plain import address, inert

WORD_JOINER = "\u2060"
NO_BREAK = "\u00a0"

LINK_LIMIT = 1024
"""Characters of an address that is still linked: a longer one would eat a message of its own. Its words stay."""

_ATOM = 256
"""Characters into which long words and labels are broken where a line must be split."""

# Escapes, emphasis, strikethrough, spoilers, code, links, and every form in angle brackets (mentions, emoji, times,
# commands); a colon where the name of an emoji may stand between it and another.
_OBEYED = re.compile(r"[\\*_~|`\[\]<>]|:(?=[\w+\-]+:)")
_FOUND = re.compile(r"(?<=@)(?=[\w!&])|(?<=:)(?=/)|(?<=\])(?=\()|(?:(?<=discord)|(?<=discordapp))(?=\.)", re.IGNORECASE)
_UNFINISHED = re.compile(r"(?:[@\]]|:[\w+\-]*|discord|discordapp)\Z", re.IGNORECASE)
"""What the next inline could make something of."""
_NAME_LIMIT = 64
"""Characters that the name of an emoji has at most, and more."""
_OPENS = re.compile(r"(?=[-+#])|(\d+)(?=[.)])")
_CHANNEL = re.compile(r"[0-9]{15,20}")
PRIVATELY = "dm:"
"""Begins the address of a person rather than of a channel."""
_CODE = re.compile(r"/?\w(?:[\w .,:;#/+'\"-]*\w)?")
"""What is set as code: nothing in it could end it, or be looked for in the raw text and need more than is done here."""
_PAIRED = re.compile(r"\[([^\[\]]*)\]")


def size(text: str) -> int:
    """As Discord may count it, in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def escaped(text: str) -> str:
    """Inert text that means nothing within a line."""
    return _OBEYED.sub(r"\\\g<0>", _FOUND.sub(WORD_JOINER, text))


Setting = Literal["plain", "slanted", "even"]
"""What is quiet is set in italics; `slanted` sets the plain text so instead, and `even` neither."""


def line(content: Iterable[Inline], setting: Setting = "plain") -> str:
    """The inlines in one line, which opens no block of its own."""
    written = ""
    before: Inline | None = None
    for inline in _merged(content, setting):
        match inline:
            case Text(text=text, style=style):
                piece = _styled(text, style)
            case Link():
                piece = _link(inline.label, inline.url)
            case Citation(number=number, url=url):
                apart = bool(written) and not written[-1].isspace() and not isinstance(before, Citation)
                piece = f"{NO_BREAK if apart else ''}{_link(f'[{number}]', url)}"
            case Channel(address=place):
                piece = f"<#{place}>"
            case Time(at=at, style=style):
                piece = f"<t:{int(at.timestamp())}:{'D' if style == 'date' else 'f'}>"
            case _:
                assert_never(inline)
        meets = (written[-1:], piece[:1]) in (("*", "*"), ("`", "`"))
        meets = meets or (_UNFINISHED.search(written[-_NAME_LIMIT:]) is not None and not piece[:1].isspace())
        written += f"{WORD_JOINER}{piece}" if meets else piece
        before = inline
    return opened(written.strip())


def opened(text: str) -> str:
    """Escaped text at the start of a line."""
    return _OPENS.sub(r"\1\\", text, count=1) if _OPENS.match(text) else text


def fitted(content: Iterable[Inline], most: int, setting: Setting = "plain") -> list[str]:
    """As `line`, in as many lines as it takes for none to be larger than `most` (at least 2,000)."""
    content = tuple(content)
    whole = line(content, setting)
    if size(whole) <= most:
        return [whole]
    lines: list[str] = []
    held: list[Inline] = []
    used = 0
    for atom in (atom for inline in content for atom in _atoms(inline)):
        needed = size(line((atom,), setting)) + 8  # the marks and spaces that an atom alone does not have
        if held and used + needed > most:
            lines.append(line(held, setting))
            held, used = [], 0
        held.append(atom)
        used += needed
    return [*lines, line(held, setting)]


def verbatim(lines: Iterable[str]) -> str:
    """A block of code, which nothing escapes: so no run of backticks stands in it."""
    drawn = [re.sub("`(?=`)", f"`{WORD_JOINER}", one) for one in lines]
    return "\n".join(("```", *drawn, "```")) if any(one.strip() for one in drawn) else ""


def _merged(content: Iterable[Inline], setting: Setting) -> list[Text | Link | Citation | Time | Channel]:
    """What Discord can tell apart; neighbouring texts become one, so that no markup arises where two meet."""
    merged: list[Text | Link | Citation | Time | Channel] = []
    for inline in content:
        simple = _simple(inline, setting)
        last = merged[-1] if merged else None
        if isinstance(simple, Text) and isinstance(last, Text) and simple.style == last.style:
            merged[-1] = Text(last.text + simple.text, last.style)
        elif not isinstance(simple, Text) or simple.text:
            merged.append(simple)
    return merged


def _simple(inline: Inline, setting: Setting) -> Text | Link | Citation | Time | Channel:
    plain: Literal["plain", "quiet"] = "quiet" if setting == "slanted" else "plain"
    quiet: Literal["plain", "quiet"] = "quiet" if setting == "plain" else "plain"
    match inline:
        case Text(text=text, style=style):
            styles: Mapping[Style, Style] = {"plain": plain, "quiet": quiet, "strong": "strong", "code": "code"}
            return Text(inert(text), styles[style])
        case Jump(label=label):  # no message has places to jump to
            return Text(inert(label), plain)
        case Link(label=label, url=url):
            target = _target(url)
            shown = inert(label).strip()
            if target is None:
                return Text(shown or (address(url) or ""), plain)
            return Link(shown, target)
        case Citation(number=number, url=url):
            target = _target(url)
            return Text(f" [{number}]", plain) if target is None else Citation(number, target, "")
        case Channel(platform="discord", address=place) if _CHANNEL.fullmatch(place):
            return inline
        case Channel(platform="discord", address=place) if place.startswith(PRIVATELY):
            return Text(strings.discord.PRIVATE_MESSAGES, plain)
        case Channel(address=place):
            return Text(inert(place), plain)
        case Time():
            return inline
        case _:
            assert_never(inline)


@lru_cache(maxsize=4096)  # a story cites few outlets many times
def _target(url: str) -> str | None:
    target = address(url)
    return target if target is not None and len(target) <= LINK_LIMIT else None


def _styled(text: str, style: Style) -> str:
    """Spaces at its ends stand outside of the marks, which would not be obeyed beside them."""
    if style == "code" and _CODE.fullmatch(text):
        return f"`{_FOUND.sub(WORD_JOINER, text)}`"
    mark = {"plain": "", "strong": "**", "quiet": "*", "code": ""}[style]
    words = text.strip()
    if not mark or not any(char.isalnum() for char in words):
        return escaped(text)
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{mark}{escaped(words)}{mark}{after}"


def _link(label: str, target: str) -> str:
    """A masked link; one without words is the bare address, which no preview is made of. With an @ in it that would be
    read as somebody's mail address: it is shown as text."""
    if label:
        return f"[{_label(label)}]({target})"
    return escaped(target) if "@" in target else f"<{target}>"


def _label(label: str) -> str:
    """Brackets stay where each has its partner and none stands in another; else parentheses take their place."""
    rest = _PAIRED.sub("", label)
    if "[" in rest or "]" in rest:
        label = label.replace("[", "(").replace("]", ")")
    return escaped(label)


def _atoms(inline: Inline) -> Iterator[Inline]:
    match inline:
        case Text(text=text, style=style):
            for words in re.findall(rf"\S{{1,{_ATOM}}}\s*|\s+", inert(text)):
                yield Text(words, style)
        case Jump(label=label):
            yield from _atoms(Text(label))
        case Link(label=label, url=url):
            label = inert(label).strip()
            for start in range(0, max(1, len(label)), _ATOM):
                yield Link(label[start : start + _ATOM], url)
        case _:
            yield inline
