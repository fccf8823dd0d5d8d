"""Forms that Slack offers by itself: where a shortcut says a command with nothing yet."""

from __future__ import annotations

from bot.core import strings
from bot.core.command.command import Command, Kind, Parameter
from bot.core.command.invocation import Invocation
from bot.core.message.document import (
    ENTRY_LIMIT,
    FIELDS_LIMIT,
    NAME_LIMIT,
    OPTIONS_LIMIT,
    ChoiceEntry,
    Entry,
    Form,
    Option,
    TextEntry,
)

YES_NO = ("yes", "no")


def command_form(command: Command, title: str, submit: str) -> Form:
    """For a command's first parameters, as many as a form has fields."""
    entries = tuple(_entry(parameter) for parameter in command.parameters[:FIELDS_LIMIT])
    return Form(title=title, invoke=Invocation(command.path), entries=entries, submit=submit)


def beginning_form(command: Command) -> Form | None:
    """Where somebody begins with nothing but a command's name; None for one that is begun in words only."""
    match command.path:
        case ("watch", "add"):
            return command_form(command, strings.slack.NEW_WATCH, strings.slack.ADD_WATCH)
        case ("schedule", "add"):
            return command_form(command, strings.slack.NEW_SCHEDULE, strings.slack.ADD_SCHEDULE)
        case ("settings", "set"):
            return command_form(command, strings.slack.CHANGE_SETTING, strings.schedules.SAVE)
        case _:
            return None


def _entry(parameter: Parameter) -> Entry:
    label = parameter.name.capitalize()[:NAME_LIMIT]
    choices = YES_NO if parameter.kind is Kind.SWITCH else parameter.choices
    if choices and len(choices) <= OPTIONS_LIMIT:
        options = tuple(Option(choice, choice) for choice in choices)
        return ChoiceEntry(name=parameter.name, label=label, options=options, required=parameter.required)
    return TextEntry(
        name=parameter.name,
        label=label,
        hint=parameter.help,
        long=parameter.most > 300,
        required=parameter.required,
        most=min(parameter.most, ENTRY_LIMIT),
    )
