"""A document as Slack messages, set as a page, in parts where one message cannot hold it.

Pure: the same document always gives the same parts, which is what edits rely on. The document's blocks become sections
of Slack's blocks (`sections`), and those are packed into messages (`packing`).
"""

from __future__ import annotations

from dataclasses import dataclass

from adapters.slack.blocks import Json, cut, plain, rich_text
from adapters.slack.packing import Message, packed
from adapters.slack.rich import section, text
from adapters.slack.sections import sections
from adapters.slack.small import escaped
from bot.core import strings
from bot.core.message.document import Document, File
from bot.core.message.plain import inert

__all__ = ["Json", "Part", "escaped", "parts", "plain"]

SAID = 400
"""Characters of `text`: a notification shows the first hundred or so, and a screen reader says them all at once."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message. `text` stands beside the blocks, for notifications and screen readers: one line with no markup but
    its `& < >` escaped. `files` are handed over with it; a picture's block names its file as
    `{"slack_file": {"name": …}}`, for which the wire puts the id that Slack gives it."""

    blocks: tuple[Json, ...]
    text: str
    files: tuple[File, ...] = ()


def parts(document: Document) -> tuple[Part, ...]:
    """At least one."""
    summary = inert(document.summary).strip() or strings.document.NAME
    messages = packed(sections(document)) or [Message([rich_text(section([text(cut(summary, SAID))]))])]
    return tuple(
        Part(
            tuple(message.blocks),
            escaped(cut(summary if number == 0 else _said(message) or summary, SAID)),
            document.files if number == 0 else (),
        )
        for number, message in enumerate(messages)
    )


def _said(message: Message) -> str:
    """Of a message in the thread: what it begins with."""
    opened = message.opened_by
    return "" if opened is None else ". ".join(filter(None, (opened.headline, opened.said)))
