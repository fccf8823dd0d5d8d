"""Forms as Discord's modals, and what was written into one.

A modal's id is the command that it fills in, like a button's, and its fields are named for the arguments that they
become: whoever sends one off has said that command, and is checked as if they had typed it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, assert_never

import discord
from discord import ui

from adapters.discord.commands import POSTED_TO
from adapters.discord.custom_id import custom_id, said_by
from adapters.discord.render import OPTION_LIMIT, cut
from bot.core import strings
from bot.core.command.command import Kind
from bot.core.command.invocation import Invocation
from bot.core.message.document import ChoiceEntry, Entry, Form, TextEntry
from bot.core.message.plain import inert

# https://discord.com/developers/docs/components/reference
TITLE_LIMIT = 45
LABEL_LIMIT = 45
HINT_LIMIT = 100
ENTRY_LIMIT = 4000
CHOICE_LIMIT = 100
"""Characters of an option's value."""


class Sheet(ui.Modal):
    """A modal that discord.py is to show and forget: what comes back is read by `filled`."""

    def is_finished(self) -> bool:
        return True


def modal(form: Form, kinds: Mapping[str, Kind] = MappingProxyType({}), channel: int | None = None) -> Sheet:
    """`kinds` are those of the arguments that its fields become; of the server's channels one is chosen where the form
    is opened in a `channel`, which is proposed."""
    sheet = Sheet(title=cut(form.title, TITLE_LIMIT), timeout=None, custom_id=custom_id(form.invoke))
    for entry in form.entries:
        sheet.add_item(
            ui.Label(
                text=cut(entry.label, LABEL_LIMIT), component=_field(entry, kinds.get(entry.name, Kind.TEXT), channel)
            )
        )
    return sheet


def filled(data: Mapping[str, Any]) -> Invocation:
    """What a modal that was sent off says, of an interaction's data. Raises ValueError for one that was never ours."""
    said = said_by(str(data["custom_id"]))
    return said.with_arguments(**dict(_entries(data.get("components", ()))))


def _field(entry: Entry, kind: Kind, channel: int | None) -> ui.Item[Any]:
    match entry:
        case TextEntry(name=name, value=value, required=required) if (
            kind is Kind.PLACE and channel is not None and value in ("", strings.schedules.HERE)
        ):
            here = discord.SelectDefaultValue(id=channel, type=discord.SelectDefaultValueType.channel)
            return ui.ChannelSelect(
                custom_id=name,
                channel_types=[discord.ChannelType(each) for each in POSTED_TO],
                required=required,
                min_values=1 if required else 0,
                default_values=[here] if value else [],
            )
        case TextEntry(name=name, value=value, hint=hint, long=long, required=required, most=most):
            most = min(most, ENTRY_LIMIT)
            return ui.TextInput(
                custom_id=name,
                style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
                default=value[:most] or None,
                placeholder=inert(hint)[:HINT_LIMIT] or None,
                required=required,
                max_length=most,
            )
        case ChoiceEntry(name=name, options=options, value=value, required=required):
            return ui.Select(
                custom_id=name,
                required=required,
                min_values=1 if required else 0,
                options=[
                    discord.SelectOption(
                        label=cut(option.label, OPTION_LIMIT), value=option.value, default=option.value == value
                    )
                    for option in options
                ],
            )
        case _:
            assert_never(entry)


def _entries(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Name and value of each field, however they are wrapped."""
    for one in components:
        if "component" in one:
            yield from _entries((one["component"],))
        elif "components" in one:
            yield from _entries(one["components"])
        elif "values" in one:
            yield str(one["custom_id"]), str(next(iter(one["values"]), ""))
        elif "value" in one:
            yield str(one["custom_id"]), str(one["value"] or "")
