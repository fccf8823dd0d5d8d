"""From words to values, or to a word on what is wrong."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import strings
from bot.core.command.binding import bind
from bot.core.command.command import Command, Kind, Parameter
from bot.core.command.invocation import Invocation, invocation
from bot.core.command.line import read_line
from bot.core.command.set import COMMANDS
from bot.core.errors import InputError

EVERYTHING = Command(
    path=("try",),
    examples=("try me",),
    parameters=(
        Parameter(name="text", kind=Kind.TEXT, required=True, most=10),
        Parameter(name="number", kind=Kind.NUMBER, least=1, most=5),
        Parameter(name="choice", kind=Kind.CHOICE, choices=("hourly", "daily")),
        Parameter(name="switch", kind=Kind.SWITCH),
        Parameter(name="span", kind=Kind.SPAN),
        Parameter(name="address", kind=Kind.ADDRESS),
    ),
)


def test_values_of_every_kind() -> None:
    said = invocation(
        "try", text=" me ", number="#3", choice="DAILY", switch="off", span="12h", address="<https://x.example/a>"
    )
    found = bind(EVERYTHING, said)
    assert found.needed("text") == "me"
    assert found.number("number") == 3
    assert found.text("choice") == "daily"
    assert found.switch("switch") is False
    assert found.span("span") == timedelta(hours=12)
    assert found.text("address") == "https://x.example/a"
    assert "other" not in found


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({}, "`try` needs text"),
        ({"text": "  "}, "`try` needs text"),
        ({"text": "me", "nummer": "1"}, "did you mean 'number'"),
        ({"text": "a" * 11}, "at most 10 are taken"),
        ({"text": "me", "number": "six"}, "no whole number"),
        ({"text": "me", "number": "6"}, "goes from 1 to 5"),
        ({"text": "me", "choice": "hourli"}, "did you mean 'hourly'"),
        ({"text": "me", "switch": "perhaps"}, "neither yes nor no"),
        ({"text": "me", "span": "soon"}, "no length of time"),
        ({"text": "me", "span": "0h"}, "no time at all"),
        ({"text": "me", "address": "ftp://x.example"}, "no web address"),
        ({"text": "me", "address": "javascript:alert(1)"}, "no web address"),
        ({"text": "me", "address": "http://[::1"}, "no web address"),
    ],
)
def test_what_is_wrong_is_said_with_the_parameters_name(arguments: dict[str, str], why: str) -> None:
    with pytest.raises(InputError, match=why):
        bind(EVERYTHING, invocation("try", **arguments))


@given(st.dictionaries(st.sampled_from(["text", "number", "choice", "switch", "span", "address", "x"]), st.text()))
def test_no_words_raise_anything_else(arguments: dict[str, str]) -> None:
    with contextlib.suppress(InputError):
        bind(EVERYTHING, Invocation(("try",), tuple(arguments.items())))


@pytest.mark.parametrize(("name", "example"), [(c.name, example) for c in COMMANDS for example in c.examples])
def test_every_example_of_every_command_is_a_line_that_says_it(name: str, example: str) -> None:
    command, said = read_line(example, COMMANDS)
    assert command.name == name
    bind(command, said)


def test_every_command_has_an_example_a_help_line_and_names_platforms_take() -> None:
    """Discord: names of 1-32 lower-case characters, descriptions of 1-100, 25 options, groups one level deep; a
    required option stands before those that are not."""
    for command in COMMANDS:
        assert command.examples, command.name
        assert 1 <= len(command.help) <= 100, command.name
        assert 1 <= len(command.path) <= 2, command.name
        assert len(command.parameters) <= 25, command.name
        needed = [parameter.required for parameter in command.parameters]
        assert needed == sorted(needed, reverse=True), command.name
        assert sum(parameter.rest for parameter in command.parameters) <= 1
        for parameter in command.parameters:
            assert parameter.name.islower()
            assert len(parameter.name) <= 32
            assert 1 <= len(parameter.help) <= 100, (command.name, parameter.name)
    paths = [command.path for command in COMMANDS]
    assert len(set(paths)) == len(paths)
    assert not {path[0] for path in paths if len(path) == 2} & {path[0] for path in paths if len(path) == 1}


def test_every_help_line_of_the_catalogue_is_of_a_command() -> None:
    assert set(strings.commands.COMMANDS) == {command.name for command in COMMANDS}
    said = {parameter.about or parameter.name for command in COMMANDS for parameter in command.parameters}
    assert set(strings.commands.PARAMETERS) == said
