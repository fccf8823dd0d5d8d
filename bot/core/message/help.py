"""Help pages, made of the one command set: what is not in it cannot be promised."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core import strings
from bot.core.command.command import Command
from bot.core.command.invocation import invocation
from bot.core.community import Role
from bot.core.message.document import Actions, Block, Bullets, Button, Document, Heading, Inline, Prose, Text
from bot.core.message.spoken import spoken
from bot.core.watch.help import query_help


def commands_document(commands: Sequence[Command], *, set_up: bool = True) -> Document:
    """A line each, under the heading of their kind; before them, where nothing is `set_up`, the way to that."""
    blocks: list[Block] = [Heading(strings.help.HELP_TITLE)]
    if not set_up:
        blocks.append(Prose((Text(strings.schedules.NOT_SET_UP),)))
        blocks.append(Actions((Button(strings.schedules.SET_UP, invocation("setup"), "primary"),)))
    lines: list[tuple[Inline, ...]] = []
    for command in commands:
        if heading := strings.help.GROUPS.get(command.path[0] if _opens(command, commands) else ""):
            blocks += [Bullets(tuple(lines))] if lines else []
            blocks.append(Heading(heading, level=2))
            lines = []
        lines.append((Text(command.name, "strong"), Text(f" · {command.help}")))
    blocks += [Bullets(tuple(lines))] if lines else []
    blocks.append(Prose(spoken(strings.help.HELP_MORE), role="note"))
    return Document(summary=strings.help.HELP_TITLE, blocks=tuple(blocks))


def command_document(command: Command) -> Document:
    """How one is said: its parameters, examples, and who may."""
    blocks: list[Block] = [Heading(command.name), Prose((Text(command.help),))]
    blocks += [Heading(strings.help.USAGE, level=2), Prose((Text(command.usage, "strong"),))]
    if command.parameters:
        blocks.append(Heading(strings.help.TAKES, level=2))
        blocks.append(Bullets(tuple(_parameter(command, number) for number in range(len(command.parameters)))))
    if command.examples:
        blocks.append(Heading(strings.help.EXAMPLES, level=2))
        blocks.append(Bullets(tuple((Text(example),) for example in command.examples)))
    remarks = [strings.help.for_role(command.role.name.lower())] if command.role > Role.MEMBER else []
    remarks += [strings.help.FOR_YOU_ALONE] if command.private else []
    if remarks:
        blocks.append(Prose((Text(" ".join(remarks)),), role="note"))
    return Document(summary=command.name, blocks=tuple(blocks))


def queries_document() -> Document:
    """How a watch's query is written: each form with what it finds, and what goes for all of them."""
    said = query_help()
    forms = tuple((Text(one.query, "strong"), Text(f" · {one.finds}")) for one in said.examples)
    rules = tuple((Text(rule),) for rule in said.rules)
    return Document(summary=said.title, blocks=(Heading(said.title), Bullets(forms), Bullets(rules)))


def _opens(command: Command, commands: Sequence[Command]) -> bool:
    """Whether it is the first of those that begin with its word."""
    return command is next(one for one in commands if one.path[0] == command.path[0])


def _parameter(command: Command, number: int) -> tuple[Inline, ...]:
    parameter = command.parameters[number]
    told = [parameter.help]
    if parameter.choices:
        told.append(" / ".join(parameter.choices))
    if not parameter.required:
        told.append(strings.help.MAY_BE_LEFT_OUT)
    return (Text(parameter.name, "strong"), Text(f" · {'; '.join(told)}"))
