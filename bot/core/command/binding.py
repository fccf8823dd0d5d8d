"""From the words of an invocation to values of the kinds its command takes, or to a plain word on what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from urllib.parse import urlsplit

from bot.core import strings
from bot.core.command.command import Command, Kind, Parameter
from bot.core.command.invocation import Invocation
from bot.core.command.suggestion import did_you_mean
from bot.core.duration import parse_duration
from bot.core.errors import InputError

Value = str | int | bool | timedelta

_YES = frozenset({"yes", "y", "on", "true", "1"})
_NO = frozenset({"no", "n", "off", "false", "0"})


@dataclass(frozen=True, slots=True)
class Arguments:
    """Values by parameter, of the types that their kinds promise; each getter is for its kind."""

    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        assert value is None or isinstance(value, str)
        return value

    def needed(self, name: str) -> str:
        """Of a required parameter."""
        value = self.values[name]
        assert isinstance(value, str)
        return value

    def number(self, name: str) -> int | None:
        value = self.values.get(name)
        assert value is None or (isinstance(value, int) and not isinstance(value, bool))
        return value

    def switch(self, name: str) -> bool | None:
        value = self.values.get(name)
        assert value is None or isinstance(value, bool)
        return value

    def span(self, name: str) -> timedelta | None:
        value = self.values.get(name)
        assert value is None or isinstance(value, timedelta)
        return value

    def __contains__(self, name: str) -> bool:
        return name in self.values


def bind(command: Command, said: Invocation) -> Arguments:
    """The values of what was said. Raises InputError, which names the parameter, what is wrong and what would be right.
    Words that are empty count as not said, save for a form that clears something: those commands say "none"."""
    values: dict[str, Value] = {}
    known = [parameter.name for parameter in command.parameters]
    for name, words in said.arguments:
        parameter = command.parameter(name)
        if parameter is None:
            hint = did_you_mean(name, known)
            raise InputError(strings.asking.no_parameter(command.name, name, hint, known))
        if words.strip():
            values[name] = _value(command, parameter, words.strip())
    for parameter in command.parameters:
        if parameter.required and parameter.name not in values:
            example = command.examples[0] if command.examples else None
            raise InputError(strings.asking.needed(command.name, parameter.name, parameter.help, example))
    return Arguments(MappingProxyType(values))


def _value(command: Command, parameter: Parameter, words: str) -> Value:
    try:
        return _READ.get(parameter.kind, _text)(parameter, words)
    except ValueError as error:
        raise InputError(strings.asking.in_parameter(command.name, parameter.name, str(error))) from None


def _text(parameter: Parameter, words: str) -> str:
    if len(words) > parameter.most:
        raise ValueError(strings.asking.too_many_characters(len(words), parameter.most))
    return words


def _number(parameter: Parameter, words: str) -> int:
    digits = words.removeprefix("#")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 18):
        raise ValueError(strings.asking.no_number(words, max(parameter.least, 1)))
    number = int(digits)
    if not parameter.least <= number <= parameter.most:
        raise ValueError(strings.asking.out_of_range(number, parameter.least, parameter.most))
    return number


def _choice(parameter: Parameter, words: str) -> str:
    by_fold = {choice.casefold(): choice for choice in parameter.choices}
    if found := by_fold.get(words.casefold()):
        return found
    hint = did_you_mean(words, parameter.choices)
    raise ValueError(strings.asking.none_of(words, parameter.choices, hint))


def _switch(_parameter: Parameter, words: str) -> bool:
    if words.casefold() in _YES | _NO:
        return words.casefold() in _YES
    raise ValueError(strings.asking.no_switch(words))


def _span(_parameter: Parameter, words: str) -> timedelta:
    span = parse_duration(words)
    if not span:
        raise ValueError(strings.asking.no_span(words))
    return span


def _address(parameter: Parameter, words: str) -> str:
    _text(parameter, words)
    # Chats set an address in angle brackets so that no preview is made of it.
    url = words[1:-1] if words.startswith("<") and words.endswith(">") else words
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or any(char.isspace() for char in url):
        raise ValueError(strings.asking.NO_ADDRESS)
    return url


_READ: Mapping[Kind, Callable[[Parameter, str], Value]] = MappingProxyType(
    {
        Kind.NUMBER: _number,
        Kind.CHOICE: _choice,
        Kind.SWITCH: _switch,
        Kind.SPAN: _span,
        Kind.ADDRESS: _address,
    }
)
