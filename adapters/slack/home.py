"""The Home tab: what a member has here, and where to begin. Pure.

https://docs.slack.dev/surfaces/app-home/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile

from adapters.slack.blocks import LABEL, VIEW_BLOCKS, Json, plain_text
from adapters.slack.render import parts
from bot.core import strings
from bot.core.command.invocation import Invocation, encode, invocation
from bot.core.message.document import Actions, Block, Button, Divider, Document, Heading, Prose

DIGEST, REVIEW = invocation("digest", posted="yes"), invocation("review", "list")
SHOWN: tuple[Invocation, ...] = (
    *(invocation("watch", "list"), invocation("schedule", "list")),
    *(REVIEW, DIGEST, invocation("calendar")),
)
"""What is asked for it, in the member's name; shown in this order."""
SHARE = 18
"""Blocks of one answer."""
FORM = "form"
"""`action_id` of a button that opens a command's form: `form:PATH`."""


def home_view(answers: Mapping[Invocation, Document]) -> Json:
    """`answers` to what is `SHOWN`; what the member may not ask has none."""
    blocks = [*_beginnings()]
    for said, document in answers.items():
        for shown in _shown(said, document):
            blocks += [{"type": "divider"}, *parts(shown)[0].blocks[:SHARE]]
    return {"type": "home", "blocks": blocks[:VIEW_BLOCKS]}


def _beginnings() -> Iterator[Json]:
    yield {"type": "header", "text": plain_text(strings.document.NAME, LABEL)}
    buttons: list[Json] = [
        _opening(strings.slack.NEW_WATCH, "watch", "add"),
        _opening(strings.slack.NEW_SCHEDULE, "schedule", "add"),
        _saying(strings.schedules.SET_UP, invocation("setup")),
        _opening(strings.slack.CHANGE_SETTING, "settings", "set"),
        _saying(strings.slack.HELP, invocation("help")),
    ]
    buttons[0]["style"] = "primary"
    yield {"type": "actions", "elements": buttons}


def _opening(label: str, *path: str) -> Json:
    return {"type": "button", "action_id": f"{FORM}:{'.'.join(path)}", "text": plain_text(label, LABEL)}


def _saying(label: str, said: Invocation) -> Json:
    code = encode(said)
    return {"type": "button", "action_id": f"say:{code}", "value": code, "text": plain_text(label, LABEL)}


def _shown(said: Invocation, document: Document) -> Iterator[Document]:
    """Of a digest what it opens with, and the way to the rest; of the desk nothing where nothing waits there."""
    if said == REVIEW and document.tone != "review":
        return
    if said != DIGEST:
        yield document
        return
    opening: list[Block] = list(takewhile(lambda block: not isinstance(block, Divider), document.blocks))
    opening = [block for block in opening if not isinstance(block, Actions)]
    if not any(isinstance(block, Heading | Prose) for block in opening):
        return
    more = (Actions((Button(strings.slack.READ, DIGEST),)),) if len(opening) < len(document.blocks) else ()
    yield Document(document.summary, (*opening, *more), tone=document.tone)


def form_path(action_id: str) -> tuple[str, ...]:
    """The command whose form a button opens."""
    return tuple(action_id.partition(":")[2].split("."))
