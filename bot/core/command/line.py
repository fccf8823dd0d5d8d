"""A typed line, such as `search "strike vote" since:30d`, read as an invocation.

Words go to a command's parameters in their order, those that it needs, the first, and those that have a place;
`name:value` (or `name=value`) gives one by its name. Quotes, straight or curly as phones make them, hold a value with
spaces together. A parameter that takes the rest of the line takes its words as they stand, quotes and all, so that a
query reaches the query language unharmed; only named values at the very end are taken off it, and only those that the
command knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.core import strings
from bot.core.command.command import Command, Parameter
from bot.core.command.invocation import Invocation
from bot.core.command.suggestion import did_you_mean
from bot.core.errors import InputError

LINE_LIMIT = 12_000
"""Characters of a line: room for the longest query and its options."""

_TOKEN = re.compile(r"""(?P<name>[a-z][a-z-]*[:=])?(?:"(?P<double>[^"]*)"|[“„](?P<curly>[^”“]*)[”“]|(?P<bare>\S+))""")


def read_line(line: str, commands: Sequence[Command]) -> tuple[Command, Invocation]:
    """The command that a line names, and what it says to it. Raises InputError for a line that names none."""
    if len(line) > LINE_LIMIT:
        raise InputError(strings.asking.line_too_long(len(line), LINE_LIMIT))
    command = _command(line, commands)
    rest = line.split(maxsplit=len(command.path))[len(command.path) :]
    return command, Invocation(command.path, tuple(_arguments(command, " ".join(rest).strip()).items()))


def _command(line: str, commands: Sequence[Command]) -> Command:
    words = tuple(line.split()[:3])
    by_path = {command.path: command for command in commands}
    for length in (3, 2, 1):
        path = tuple(word.casefold() for word in words[:length])
        if len(path) == length and path in by_path:
            return by_path[path]
    if not words:
        raise InputError(strings.asking.SAY_A_COMMAND)
    first = words[0].casefold()
    group = [command for command in commands if command.path[0] == first]
    names = [command.name for command in group or commands]
    if group:
        said = " ".join(words[:2])
        if len(words) < 2:
            raise InputError(strings.asking.group_alone(first, names))
        raise InputError(strings.asking.not_of_group(said, did_you_mean(said, names), names))
    raise InputError(strings.asking.unknown_command(words[0], did_you_mean(words[0], names)))


def _arguments(command: Command, rest: str) -> dict[str, str]:
    given: dict[str, str] = {}
    while rest:
        token = _TOKEN.match(rest)
        if token is None:  # a quote mark that nothing closes stands for itself
            break
        named = _named(command, token)
        if named is not None:
            _give(command, given, named, _words(token))
            rest = rest[token.end() :].strip()
            continue
        open_ = [one for one in command.parameters if one.name not in given and _by_place(command, one)]
        if not open_:
            raise InputError(strings.asking.not_understood(command.name, rest, command.usage, _named_example(command)))
        if open_[0].rest:
            words, named_last = _tail(command, rest)
            for parameter, value in named_last:
                _give(command, given, parameter, value)
            given[open_[0].name] = words
            return given
        given[open_[0].name] = _words(token, whole=True)
        rest = rest[token.end() :].strip()
    if rest:
        raise InputError(strings.asking.quote_not_closed(command.name, rest))
    return given


def _named_example(command: Command) -> str | None:
    return next((line for line in command.examples if ":" in line and "://" not in line), None)


def _by_place(command: Command, parameter: Parameter) -> bool:
    """Whether a word may be meant for it without its name."""
    return parameter.required or parameter.placed or parameter is command.parameters[0]


def _named(command: Command, token: re.Match[str]) -> Parameter | None:
    name = token["name"]
    return command.parameter(name[:-1]) if name else None


def _words(token: re.Match[str], *, whole: bool = False) -> str:
    """The token's value without its quotes; where it is `whole`, with what stands before the colon, which is then no
    parameter's name."""
    value = next(token[form] for form in ("double", "curly", "bare") if token[form] is not None)
    return f"{token['name'] or ''}{value}" if whole else value


def _tail(command: Command, rest: str) -> tuple[str, list[tuple[Parameter, str]]]:
    """The words of a `rest` parameter, and the named values behind them."""
    found: list[tuple[Parameter, str]] = []
    while True:
        last = re.search(r"""(?:^|\s)([a-z][a-z-]*)[:=](?:"([^"]*)"|[“„]([^”“]*)[”“]|(\S+))$""", rest)
        parameter = command.parameter(last[1]) if last else None
        if last is None or parameter is None or parameter.rest:
            return rest.strip(), found[::-1]
        found.append((parameter, next(value for value in last.groups()[1:] if value is not None)))
        rest = rest[: last.start()]


def _give(command: Command, given: dict[str, str], parameter: Parameter, value: str) -> None:
    if parameter.name in given:
        raise InputError(strings.asking.given_twice(command.name, parameter.name))
    given[parameter.name] = value
