"""The command set as Discord's menu: within its limits, and read back as what was chosen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from adapters.discord.commands import (
    COMBINED_LIMIT,
    COMMANDS_LIMIT,
    DESCRIPTION_LIMIT,
    MANAGERS,
    OPTIONS_LIMIT,
    Typing,
    fingerprint,
    payload,
    said,
    typing,
)
from bot.core.command.invocation import invocation
from bot.core.command.set import COMMANDS

NAME = re.compile(r"[-_a-z0-9]{1,32}")
PAYLOAD = payload(COMMANDS)
SLASH = [command for command in PAYLOAD if command["type"] == 1]


def walk(command: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield command
    for option in command.get("options", ()):
        yield from walk(option)


def named(*path: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = PAYLOAD
    for name in path[:-1]:
        found = next(one for one in found if one["name"] == name)["options"]
    return next(one for one in found if one["name"] == path[-1])


def option(*path: str) -> dict[str, Any]:
    *command, name = path
    return next(one for one in named(*command)["options"] if one["name"] == name)


def test_every_command_is_in_the_menu_once() -> None:
    leaves = [
        (command["name"], *([one["name"]] if one["type"] == 1 else []))
        for command in SLASH
        for one in (command["options"] if any(o["type"] == 1 for o in command["options"]) else [{"type": 0}])
    ]
    assert sorted(leaves) == sorted(command.path for command in COMMANDS)


def test_names_and_descriptions_are_such_as_discord_takes() -> None:
    for command in SLASH:
        for one in walk(command):
            assert NAME.fullmatch(one["name"])
            assert 1 <= len(one["description"]) <= DESCRIPTION_LIMIT, one["description"]


def test_there_are_not_more_than_discord_takes() -> None:
    assert len(PAYLOAD) <= COMMANDS_LIMIT
    for command in SLASH:
        assert all(len(one.get("options", ())) <= OPTIONS_LIMIT for one in walk(command))
        assert all(len(one.get("choices", ())) <= 25 for one in walk(command))
        assert sum(map(_characters, walk(command))) <= COMBINED_LIMIT


def _characters(one: dict[str, Any]) -> int:
    return (
        len(one["name"]) + len(one["description"]) + sum(2 * len(choice["value"]) for choice in one.get("choices", ()))
    )


def test_what_must_be_given_comes_first() -> None:
    for command in SLASH:
        for one in walk(command):
            needed = [option["required"] for option in one.get("options", ()) if option["type"] > 2]
            assert needed == sorted(needed, reverse=True)


def test_options_have_their_types() -> None:
    assert option("trend", "weeks") | {"description": ""} == {
        **{"type": 4, "name": "weeks", "description": "", "required": False},
        **{"min_value": 2, "max_value": 52},
    }
    assert option("digest", "share")["type"] == 5
    assert option("settings", "role", "member")["type"] == 6
    assert option("schedule", "add", "place")["type"] == 7
    assert option("schedule", "add", "mention")["type"] == 8
    assert [one["value"] for one in option("watch", "add", "rhythm")["choices"]] == ["instant", "hourly", "daily"]
    assert option("story", "story")["autocomplete"] is True
    assert option("watch", "add", "query")["autocomplete"] is False
    assert option("watch", "add", "query")["max_length"] == 6000


def test_they_are_for_servers_private_messages_and_ones_own_account() -> None:
    for command in PAYLOAD:
        assert command["contexts"] == [0, 1, 2]
        assert command["integration_types"] == [0, 1]


def test_what_is_for_managers_alone_is_hidden_from_others_at_first() -> None:
    assert named("pause")["default_member_permissions"] == MANAGERS == 32
    assert named("outlets")["default_member_permissions"] == MANAGERS
    assert named("schedule")["default_member_permissions"] is None  # some of it is for everybody
    assert named("review")["default_member_permissions"] is None  # the store knows who is an editor, Discord does not


def test_a_fingerprint_changes_with_what_discord_is_told_and_else_never() -> None:
    assert fingerprint(payload(COMMANDS)) == fingerprint(PAYLOAD)
    changed = (replace(COMMANDS[0], parameters=COMMANDS[0].parameters[:-1]), *COMMANDS[1:])
    assert fingerprint(payload(changed)) != fingerprint(PAYLOAD)
    assert json.loads(json.dumps(PAYLOAD)) == PAYLOAD


@pytest.mark.parametrize(
    ("data", "meant"),
    [
        ({"name": "about", "type": 1}, invocation("about")),
        (
            {"name": "digest", "options": [{"name": "share", "type": 5, "value": True}]},
            invocation("digest", share="yes"),
        ),
        (
            {
                "name": "watch",
                "options": [
                    {
                        "name": "add",
                        "type": 1,
                        "options": [
                            {"name": "query", "type": 3, "value": '"a" AND b'},
                            {"name": "everything", "type": 5, "value": False},
                        ],
                    }
                ],
            },
            invocation("watch", "add", query='"a" AND b', everything="no"),
        ),
        (
            {
                "name": "schedule",
                "options": [
                    {"name": "now", "type": 1, "options": [{"name": "schedule", "type": 3, "value": "1"}]},
                ],
            },
            invocation("schedule", "now", schedule="1"),
        ),
        ({"name": "trend", "options": [{"name": "weeks", "type": 4, "value": 12}]}, invocation("trend", weeks=12)),
    ],
)
def test_what_was_chosen_is_what_would_have_been_typed(data: dict[str, Any], meant: object) -> None:
    assert said(data) == meant


def test_the_option_that_is_being_typed_is_found() -> None:
    typed = [
        {"name": "story", "type": 3, "value": "strik", "focused": True},
        {"name": "share", "type": 5, "value": True},
    ]
    assert typing({"name": "story", "options": typed}) == Typing(("story",), "story", "strik")
    assert typing({"name": "about"}) is None
