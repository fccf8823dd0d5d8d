"""Said of a command that could not be done."""

from __future__ import annotations

from collections.abc import Sequence

HELP = "Say `help` to see what can be asked."
BUSY = "Somebody else holds the database at this moment. Nothing was changed; try again in a minute."
STORE_REFUSED = "The database refused. Nothing was changed; whoever runs Slugline finds the reason in its log."
OUR_FAULT = "That is a fault in Slugline, not in what you said. Whoever runs it finds it in the log."


def no_command(said: str) -> str:
    return f"There is no command {said[:80]!r}."


def help_on(command: str) -> str:
    return f"Say `help {command}` for how it is said."


# --- what cannot be done -------------------------------------------------------------------------------------


def unknown_command(word: str, hint: str) -> str:
    return f"there is no command {word!r:.60}{hint or ';'} `help` lists them all"


def line_too_long(length: int, most: int) -> str:
    return f"the line has {length} characters; at most {most} are read"


SAY_A_COMMAND = "say a command, such as digest; `help` lists them all"


def quote_not_closed(command: str, rest: str) -> str:
    return f"`{command}`: a quotation mark is not closed in {rest!r:.80}"


def given_twice(command: str, parameter: str) -> str:
    return f"`{command}`: {parameter} is given twice"


def not_understood(command: str, rest: str, usage: str, example: str | None) -> str:
    said = f"`{command}` does not know what to do with {rest!r:.80}; it is: {usage}"
    return said if example is None else f"{said}, such as `{example}`"


def none_of(said: str, choices: Sequence[str], hint: str) -> str:
    return f"{said!r:.40} is none of {', '.join(choices)}{hint}"


def no_switch(said: str) -> str:
    return f"{said!r:.40} is neither yes nor no"


def too_many_characters(length: int, most: int) -> str:
    return f"it has {length} characters; at most {most} are taken"


def no_number(said: str, such: int) -> str:
    return f"{said!r:.40} is no whole number; write one such as {such}"


def out_of_range(number: int, least: int, most: int) -> str:
    return f"{number} is out of range; it goes from {least} to {most}"


def no_span(said: str) -> str:
    return f"{said!r:.40} is no time at all; write a length such as 12h or 30d"


NO_ADDRESS = "that is no web address; write one such as https://example.com/news"


def no_parameter(command: str, name: str, hint: str, takes: Sequence[str]) -> str:
    return f"`{command}` has no {name!r:.80}{hint}; it takes {', '.join(takes) or 'nothing'}"


def needed(command: str, parameter: str, about: str, example: str | None) -> str:
    such = f"; for example: {example}" if example else ""
    return f"`{command}` needs {parameter} ({about}){such}"


def in_parameter(command: str, parameter: str, wrong: str) -> str:
    return f"`{command}`, {parameter}: {wrong}"


def no_length(said: str) -> str:
    return f"{said!r} is no length of time; write a number and s, m, h, d or w, such as 12h or 30d"


def length_too_long(said: str) -> str:
    return f"{said!r} is longer than a hundred years"


def did_you_mean(names: Sequence[str]) -> str:
    """The end of a sentence, with its own beginning; what is called `hint` here is that, or nothing."""
    return f"; did you mean {' or '.join(map(repr, names))}?" if names else ""


def group_alone(group: str, there: Sequence[str]) -> str:
    """A word that several commands begin with, and nothing behind it."""
    return f"`{group}` is said with what to do; there are: {', '.join(there)}"


def not_of_group(said: str, hint: str, there: Sequence[str]) -> str:
    return f"there is no `{said:.100}`{hint}; there are: {', '.join(there)}"


def role_needed(what: str, role: str) -> str:
    who = {"member": "a member", "editor": "an editor or a manager", "manager": "a manager"}[role]
    return f"{what} is for {who} of this community; ask one of them"


def command(name: str) -> str:
    """A command as it is named in a sentence."""
    return f"`{name}`"


def no_such(what: str, typed: str, hint: str) -> str:
    """`what` is a desk, an engine, an outlet, or a role that a process plays."""
    kind = {"desk": "desk", "engine": "engine", "outlet": "outlet", "role": "role"}[what]
    return f"there is no {kind} {typed!r:.80}{hint}"
