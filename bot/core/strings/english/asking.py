"""Said of a command that could not be done."""

from __future__ import annotations

HELP = "Say `help` to see what can be asked."
BUSY = "Somebody else holds the database at this moment. Nothing was changed; try again in a minute."
STORE_REFUSED = "The database refused. Nothing was changed; whoever runs Slugline finds the reason in its log."
OUR_FAULT = "That is a fault in Slugline, not in what you said. Whoever runs it finds it in the log."


def no_command(said: str) -> str:
    return f"There is no command {said[:80]!r}."


def help_on(command: str) -> str:
    return f"Say `help {command}` for how it is said."
