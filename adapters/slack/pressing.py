"""What can be pressed, as Slack's elements. Each carries its command (`bot.core.command.invocation`), so that it works
after a restart: see `app.pressed`.

https://docs.slack.dev/reference/block-kit/block-elements/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeGuard, assert_never

from adapters.slack.blocks import (
    BUTTONS,
    LABEL,
    OPTION_VALUE,
    OPTIONS,
    OVERFLOW,
    PLACEHOLDER,
    TEXT,
    Json,
    plain_text,
)
from bot.core.command.invocation import encode
from bot.core.message.document import Action, Button, LinkButton, Option, Select
from bot.core.message.plain import address

SEEN = 5
"""Buttons that stand in one row at Slack's width."""
FIRST = 4
"""Of more, those that stay in sight; the least used go behind "⋯"."""


def rows(actions: Sequence[Action]) -> Iterator[Json]:
    """Blocks of them; none where nothing can be pressed."""
    behind = _behind(actions)
    elements = [
        element
        for at, action in enumerate(action for action in actions if action not in behind)
        for element in pressed(action, at)
    ]
    if behind:
        elements.append(_overflow(behind, len(elements)))
    for is_button, run in groupby(elements, lambda element: element["type"] != "static_select"):
        for some in _batched(list(run), BUTTONS if is_button else 1):
            yield {"type": "actions", "elements": some}


def _batched(elements: Sequence[Json], most: int) -> Iterator[list[Json]]:
    """A select stands alone: what two of them offer may be more than a message takes."""
    for at in range(0, len(elements), most):
        yield list(elements[at : at + most])


def pressed(action: Action, at: int) -> Iterator[Json]:
    """Number `at` of its block; nothing where Slack could not carry it."""
    match action:
        case Button(label=label, invoke=invoke, style=style):
            button: Json = {
                "type": "button",
                "action_id": f"say:{at}",
                "value": encode(invoke),
                "text": plain_text(label, LABEL),
            }
            yield button if style == "plain" else {**button, "style": style}
        case LinkButton(label=label, url=url):
            if (target := link_target(url)) is not None:
                yield {"type": "button", "action_id": f"link:{at}", "url": target, "text": plain_text(label, LABEL)}
        case Select(label=label, invoke=invoke, into=into, options=options):
            if drawn := drawn_options(options):
                yield {
                    "type": "static_select",
                    "action_id": f"choose:{at}:{into}:{encode(invoke)}",
                    "placeholder": plain_text(label, PLACEHOLDER),
                    "options": drawn,
                }
        case _:
            assert_never(action)


def drawn_options(options: Iterable[Option]) -> list[Json]:
    """Each value once; without those that Slack has no room for: half a value is another value."""
    shown = {option.value: option.label for option in options if 0 < len(option.value) <= OPTION_VALUE}
    return [{"text": plain_text(label, LABEL), "value": value} for value, label in list(shown.items())[:OPTIONS]]


def link_target(url: str) -> str | None:
    """The address that a button may lead to."""
    target = address(url)
    return target if target is not None and len(target) <= TEXT else None


def alone(actions: Sequence[Action]) -> TypeGuard[tuple[Button | Select]]:
    """Whether it is one thing to press, which can stand beside a line of words."""
    return len(actions) == 1 and not isinstance(actions[0], LinkButton)


def _behind(actions: Sequence[Action]) -> list[Button]:
    """Where some are set apart by their style, the others beyond the first few, if they fit behind one "⋯"."""
    if len(actions) <= SEEN or not all(isinstance(action, Button) for action in actions):
        return []
    buttons = [action for action in actions if isinstance(action, Button)]
    if all(button.style == "plain" for button in buttons):
        return []
    rest = [button for button in buttons[FIRST:] if button.style == "plain"]
    return rest if 2 <= len(rest) <= OVERFLOW else []


def _overflow(buttons: Sequence[Button], at: int) -> Json:
    options = [{"text": plain_text(button.label, LABEL), "value": encode(button.invoke)} for button in buttons]
    return {"type": "overflow", "action_id": f"say:{at}", "options": options}
