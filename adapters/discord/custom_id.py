"""What a button, a select or a form carries: its command, so that it still works after a restart.

The string comes back from a member's client, so it may be anything, and is no proof that we ever sent it: whatever it
says is bound and its role checked as if it had been typed.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.command.invocation import Invocation, decode, encode

ID_LIMIT = 100
"""Characters of a custom id, and of an option's value."""

_COUNTED = "#"
"""Stands before a number that tells equal ids of one message apart; `encode` never writes it."""


def custom_id(said: Invocation, number: int = 0) -> str:
    """The `number`th of those that say the same in one message. Raises ValueError for one that no id can carry."""
    code = f"{encode(said)}{_COUNTED}{number}" if number else encode(said)
    if len(code) > ID_LIMIT:
        raise ValueError(f"no custom id can carry {len(code)} characters: {code!r:.120}")
    return code


def option_value(into: str, value: str) -> str:
    """What is chosen, with the argument it becomes. Raises ValueError likewise."""
    found = f"{into}={value}"
    if len(found) > ID_LIMIT:
        raise ValueError(f"no option can carry {len(found)} characters: {found!r:.120}")
    return found


def said_by(code: str, values: Sequence[str] = ()) -> Invocation:
    """What pressing it says, with the option that was chosen in it. Raises ValueError for what we never wrote."""
    said = decode(code.partition(_COUNTED)[0])
    for value in values:
        into, given, chosen = value.partition("=")
        if not given or not into:
            raise ValueError(f"no option is {value!r:.120}")
        said = said.with_arguments(**{into: chosen})
    return said
