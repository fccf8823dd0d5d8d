"""The one command set as Discord's slash commands, and what somebody chose there as an invocation.

Pure data, without discord.py's command tree, which would make callbacks of what are only names: sync compares a
`fingerprint` of the payload with what was registered last, and an interaction is read by the names in it alone, so one
of a menu that a client still has from an older version is answered like any other.

Whatever is typed is bound by the desk, as everywhere (`bot.core.command.binding`). What Discord checks before (types,
ranges, choices) only spares people a mistake.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.core import strings
from bot.core.command.command import Command, Kind, Parameter
from bot.core.command.invocation import Invocation
from bot.core.community import Role

# https://discord.com/developers/docs/interactions/application-commands
COMMANDS_LIMIT = 100
"""Global commands of an application."""
OPTIONS_LIMIT = 25
NAME_LIMIT = 32
DESCRIPTION_LIMIT = 100
COMBINED_LIMIT = 8000
"""Characters of a command's names, descriptions and choices together, with all that it holds."""
TEXT_LIMIT = 6000
"""Characters of a text option at most."""

_CHAT_INPUT, _MESSAGE = 1, 3
_SUBCOMMAND, _GROUP = 1, 2
_STRING, _INTEGER, _BOOLEAN, _USER, _CHANNEL, _ROLE = 3, 4, 5, 6, 7, 8
_OPTION_TYPES: Mapping[Kind, int] = {
    Kind.NUMBER: _INTEGER,
    Kind.SWITCH: _BOOLEAN,
    Kind.MEMBER: _USER,
    Kind.PLACE: _CHANNEL,
    Kind.ROLE: _ROLE,
}
POSTED_TO = [0, 5, 10, 11, 12, 15]
"""Channel types: text, announcement, threads, forum. Media channels are not among those that an option may name, by
Discord's own description of its interface."""

EVERYWHERE: Mapping[str, Sequence[int]] = {"integration_types": [0, 1], "contexts": [0, 1, 2]}
"""For servers and for one's own account; on servers, in private messages with the bot, and in those with others."""
MANAGERS = discord.Permissions(manage_guild=True).value
"""What a member needs to see a command for managers in the menu, unless a server's admins say otherwise. Only the desk
decides who may."""


def payload(commands: Sequence[Command]) -> list[dict[str, Any]]:
    """What Discord is told, whole: all commands, and the message's own "Analyse this link"."""
    roots: dict[str, list[Command]] = {}
    for command in commands:
        roots.setdefault(command.path[0], []).append(command)
    message = {"type": _MESSAGE, "name": strings.discord.ANALYSE, "default_member_permissions": None, **EVERYWHERE}
    return [*(_root(name, of) for name, of in roots.items()), message]


def fingerprint(found: Sequence[Mapping[str, Any]]) -> str:
    """Of a payload: the same as long as nothing about the commands changed."""
    return hashlib.sha256(json.dumps(found, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _root(name: str, commands: Sequence[Command]) -> dict[str, Any]:
    managed = min(command.role for command in commands) >= Role.MANAGER
    if len(commands) == 1 and commands[0].path == (name,):
        described = _described(commands[0])
    else:
        options = [{"type": _SUBCOMMAND, **_described(command)} for command in commands]
        described = {"name": name, "description": strings.discord.GROUPS[name], "options": options}
    return {
        "type": _CHAT_INPUT,
        **described,
        "default_member_permissions": MANAGERS if managed else None,
        **EVERYWHERE,
    }


def _described(command: Command) -> dict[str, Any]:
    options = [_option(one) for one in sorted(command.parameters, key=lambda one: not one.required)]
    return {"name": command.path[-1], "description": command.help, "options": options}


def _option(parameter: Parameter) -> dict[str, Any]:
    kind = _OPTION_TYPES.get(parameter.kind, _STRING)
    option: dict[str, Any] = {
        "type": kind,
        "name": parameter.name,
        "description": parameter.help,
        "required": parameter.required,
    }
    if kind == _INTEGER:
        option |= {"min_value": parameter.least, "max_value": parameter.most}
    elif kind == _CHANNEL:
        option["channel_types"] = POSTED_TO
    elif parameter.choices:
        option["choices"] = [{"name": choice, "value": choice} for choice in parameter.choices]
    elif kind == _STRING:
        option |= {"max_length": min(parameter.most, TEXT_LIMIT), "autocomplete": parameter.kind.completes}
    return option


# --- what was chosen ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Typing:
    """Somebody types the value of an option."""

    path: tuple[str, ...]
    parameter: str
    typed: str


def said(data: Mapping[str, Any]) -> Invocation:
    """A slash command with its options, of an interaction's data."""
    path, options = _leaf(data)
    return Invocation(path, tuple((str(one["name"]), _words(one.get("value"))) for one in options))


def typing(data: Mapping[str, Any]) -> Typing | None:
    """Which option is being typed; None where none is."""
    path, options = _leaf(data)
    return next(
        (Typing(path, str(one["name"]), _words(one.get("value"))) for one in options if one.get("focused")), None
    )


def _leaf(data: Mapping[str, Any]) -> tuple[tuple[str, ...], Iterable[Mapping[str, Any]]]:
    path = [str(data["name"])]
    options: Sequence[Mapping[str, Any]] = data.get("options", [])
    while options and options[0].get("type") in (_SUBCOMMAND, _GROUP):
        path.append(str(options[0]["name"]))
        options = options[0].get("options", [])
    return tuple(path), options


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value is not None else ""
