"""The neutral message: what we say, before any platform's markup.

Text is data. A `Text` is shown literally on every platform; only a renderer knows what must be escaped there. Links
come from fields of our own values (an article's address), never from text. Every renderer passes what it shows
through `bot.core.message.plain`: `inert` for text, `address` for links.

A document may ask for something: `Actions` are what a reader can press, and a `Form` is what a platform shows for
writing. Both name a command and its arguments (`Invocation`), nothing else: whoever presses is checked as whoever
types, and a button still works after a restart. A form of output that nobody can press (a file, a web page) leaves
out what it cannot carry, save links.

Inlines adjoin as they stand: the spaces between them are part of their texts. Only the space before a citation is
the renderer's, which sets [1][2] as close behind its sentence as its form allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from bot.core.command.invocation import CODE_LIMIT, Invocation, encode

Style = Literal["plain", "strong", "quiet", "code"]


@dataclass(frozen=True, slots=True)
class Text:
    """Literal text; `strong` and `quiet` are the only emphases every platform has. What is to be said just so is
    `code`: in type of its own where a platform has one, else between backticks."""

    text: str
    style: Style = "plain"
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Link:
    """`url` is an absolute http(s) address of our own knowledge."""

    label: str
    url: str
    kind: Literal["link"] = "link"


@dataclass(frozen=True, slots=True)
class Jump:
    """Leads to the heading with that `anchor` in the same document where a form has such links; else plain text."""

    label: str
    anchor: str
    kind: Literal["jump"] = "jump"


@dataclass(frozen=True, slots=True)
class Citation:
    """The [n] behind a claim, leading to the outlet's article."""

    number: int
    url: str
    outlet: str
    kind: Literal["citation"] = "citation"


@dataclass(frozen=True, slots=True)
class Time:
    """A moment, shown in the reader's zone where the platform can. A calendar day that belongs to no zone (a
    deadline) is text."""

    at: datetime
    style: Literal["date", "datetime"] = "date"
    kind: Literal["time"] = "time"


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a platform posts, by the address that a destination has: shown by its name on that platform, where it can,
    else as it stands."""

    platform: str
    address: str
    kind: Literal["channel"] = "channel"


Inline = Text | Link | Jump | Citation | Time | Channel


@dataclass(frozen=True, slots=True)
class Heading:
    """`anchor` is an ASCII name of ours, unique in its document, that a `Jump` may lead to."""

    text: str
    level: Literal[1, 2, 3] = 1
    anchor: str | None = None
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph. A `deck` stands under a headline and says what it leaves out; a `note` is small print: dates,
    byline, disclosure."""

    content: tuple[Inline, ...]
    role: Literal["body", "deck", "note"] = "body"
    kind: Literal["prose"] = "prose"


@dataclass(frozen=True, slots=True)
class Bullets:
    """`numbered` counts from 1. A `note` is small print: a list of sources."""

    items: tuple[tuple[Inline, ...], ...]
    numbered: bool = False
    role: Literal["body", "note"] = "body"
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True, slots=True)
class Divider:
    kind: Literal["divider"] = "divider"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words set apart as somebody's own; who says so is part of the content."""

    content: tuple[Inline, ...]
    kind: Literal["quote"] = "quote"


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Lines in type of equal widths, with every space as it stands: a mark in one can point at the one above."""

    lines: tuple[str, ...]
    kind: Literal["verbatim"] = "verbatim"


@dataclass(frozen=True, slots=True)
class Field:
    """A name of ours and its value: one fact of a card."""

    name: str
    value: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """Facts side by side where there is room, else below each other."""

    items: tuple[Field, ...]
    kind: Literal["fields"] = "fields"


@dataclass(frozen=True, slots=True)
class Picture:
    """One of the document's own `files`, shown in place; `alt` says in words what it shows, for whoever sees none.

    There is no picture by address: what a platform or a reader's machine fetches, it tells the outlet of.
    """

    file: str
    alt: str
    kind: Literal["picture"] = "picture"


# --- what a reader can press --------------------------------------------------------------------------------

LABEL_LIMIT = 75
"""Characters of a button's label: Slack's bound (Discord's is 80)."""
OPTIONS_LIMIT = 25
"""Options of a select: Discord's bound (Slack's is 100)."""
BUTTONS_LIMIT = 25
"""Actions of one row set: Slack's bound; Discord breaks it into rows of five."""


@dataclass(frozen=True, slots=True)
class Button:
    """Pressing it is saying that command. Raises ValueError for an invocation or label no platform could carry."""

    label: str
    invoke: Invocation
    style: Literal["plain", "primary", "danger"] = "plain"
    kind: Literal["button"] = "button"

    def __post_init__(self) -> None:
        _label(self.label)
        _carried(self.invoke)


@dataclass(frozen=True, slots=True)
class LinkButton:
    """`url` is an absolute http(s) address of our own knowledge."""

    label: str
    url: str
    kind: Literal["link_button"] = "link_button"

    def __post_init__(self) -> None:
        _label(self.label)


@dataclass(frozen=True, slots=True)
class Option:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Select:
    """Choosing is saying the command with the option's value as its argument `into`."""

    label: str
    invoke: Invocation
    into: str
    options: tuple[Option, ...]
    kind: Literal["select"] = "select"

    def __post_init__(self) -> None:
        _label(self.label)
        _carried(self.invoke)
        if not 1 <= len(self.options) <= OPTIONS_LIMIT:
            raise ValueError(f"a select takes 1 to {OPTIONS_LIMIT} options, not {len(self.options)}")


Action = Button | LinkButton | Select


@dataclass(frozen=True, slots=True)
class Actions:
    """What can be done with what stands above."""

    items: tuple[Action, ...]
    kind: Literal["actions"] = "actions"

    def __post_init__(self) -> None:
        if len(self.items) > BUTTONS_LIMIT:
            raise ValueError(f"at most {BUTTONS_LIMIT} actions stand together, not {len(self.items)}")


@dataclass(frozen=True, slots=True)
class Pager:
    """This is page `number` (from 1) of `of`; `earlier` and `later` turn the page."""

    number: int
    of: int
    earlier: Invocation | None = None
    later: Invocation | None = None
    kind: Literal["pager"] = "pager"


Block = Heading | Prose | Bullets | Divider | Quote | Verbatim | Fields | Picture | Actions | Pager


@dataclass(frozen=True, slots=True)
class File:
    """Handed over with the document: a list of subscriptions, a chart. `name` is a file name of ours, without a path.
    Its content travels as base64 where documents are stored."""

    name: str
    media_type: str
    content: bytes
    __pydantic_config__: ClassVar[dict[str, str]] = {"ser_json_bytes": "base64", "val_json_bytes": "base64"}


Tone = Literal["news", "alert", "error", "review"]
"""What a document is for, where a platform can show that at a glance (a colour). It is never said by that alone."""


@dataclass(frozen=True, slots=True)
class Document:
    """`summary` is the plain line for notifications and screen readers."""

    summary: str
    blocks: tuple[Block, ...]
    files: tuple[File, ...] = ()
    tone: Tone = "news"


# --- forms --------------------------------------------------------------------------------------------------

FIELDS_LIMIT = 5
"""Fields of a form: Discord's bound for a modal."""
TITLE_LIMIT = 24
"""Characters of a form's title and submit label: Slack's bound (Discord's is 45)."""
NAME_LIMIT = 45
"""Characters of a form field's label: Discord's bound (Slack's is 2,000)."""
ENTRY_LIMIT = 3000
"""Characters that can be written into a field: Slack's bound (Discord's is 4,000)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEntry:
    """`name` is the argument it becomes; `value` what stands there already. An empty entry is no argument."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    long: bool = False
    required: bool = True
    most: int = ENTRY_LIMIT
    kind: Literal["text_entry"] = "text_entry"

    def __post_init__(self) -> None:
        _bounded(self.label, NAME_LIMIT, "a form field's label")
        if not 1 <= self.most <= ENTRY_LIMIT:
            raise ValueError(f"a form field takes 1 to {ENTRY_LIMIT} characters, not {self.most}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceEntry:
    """One of the options; `value` is the one chosen already."""

    name: str
    label: str
    options: tuple[Option, ...]
    value: str | None = None
    required: bool = True
    kind: Literal["choice_entry"] = "choice_entry"

    def __post_init__(self) -> None:
        _bounded(self.label, NAME_LIMIT, "a form field's label")
        if not 1 <= len(self.options) <= OPTIONS_LIMIT:
            raise ValueError(f"a choice takes 1 to {OPTIONS_LIMIT} options, not {len(self.options)}")


Entry = TextEntry | ChoiceEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a platform shows for writing. Sent off, it is the invocation with the entries as further arguments."""

    title: str
    invoke: Invocation
    entries: tuple[Entry, ...]
    submit: str

    def __post_init__(self) -> None:
        _bounded(self.title, TITLE_LIMIT, "a form's title")
        _bounded(self.submit, TITLE_LIMIT, "a form's submit label")
        _carried(self.invoke)
        if not 1 <= len(self.entries) <= FIELDS_LIMIT:
            raise ValueError(f"a form has 1 to {FIELDS_LIMIT} fields, not {len(self.entries)}")
        if len({entry.name for entry in self.entries}) < len(self.entries):
            raise ValueError("two fields of a form have one name")


# --- what a command answers ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """`private`: only whoever asked may see it. `replaces`: it takes the place of the message whose button was pressed,
    where a platform can do that (pages, switches); else it is a message of its own. `failed`: it says what is wrong,
    and nothing was done, so a form whose answer it is can be written on."""

    document: Document
    private: bool = False
    replaces: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """More is needed: show this form."""

    form: Form


Answer = Reply | Ask


def label_of(text: str) -> str:
    """As much of it as a label holds, cut between words and marked as cut."""
    if len(text) <= LABEL_LIMIT:
        return text
    return f"{text[: LABEL_LIMIT - 1].rsplit(' ', 1)[0].rstrip(' ,;:')}…"


def _label(label: str) -> None:
    _bounded(label, LABEL_LIMIT, "a label")


def _bounded(text: str, most: int, what: str) -> None:
    if not 1 <= len(text) <= most:
        raise ValueError(f"{what} has 1 to {most} characters, not {len(text)}: {text!r:.100}")


def _carried(invocation: Invocation) -> None:
    code = encode(invocation)
    if len(code) > CODE_LIMIT:
        raise ValueError(f"no button can carry an invocation of {len(code)} characters: {code!r:.120}")
