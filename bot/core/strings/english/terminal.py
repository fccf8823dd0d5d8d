"""A conversation in the terminal."""

from __future__ import annotations

PROMPT = "> "
CHAT_OPENING = "Say `help` for what can be asked, a number to press what an answer offers, `quit` to leave."
FORM_LEFT = "Nothing was changed."
NEEDED = "Something must stand here; `cancel` leaves the form."
ONE_OF_THESE = "One of these, please; `cancel` leaves the form."


def filling(title: str) -> str:
    return f"{title}: field by field; an empty line keeps what stands there, `cancel` leaves."


def field_prompt(label: str, stands: str) -> str:
    return f"{label} ({stands}): " if stands else f"{label}: "


def too_long(length: int, most: int) -> str:
    return f"That is {length} characters; at most {most} fit."


def saved(name: str, path: str) -> str:
    return f"{name} was written to {path}."


def nothing_to_press(number: int) -> str:
    return f"there is no [{number}] to press in the last answer"


HOW_TO_SAVE = "a file of the last answer is saved with: save NUMBER PATH"


def not_saved(path: str, reason: str) -> str:
    return f"{path}: {reason}"


NOT_READ_BACK = "a terminal cannot be read back"
NOT_EDITED = "what a terminal shows cannot be edited"


def not_written(reason: str) -> str:
    return f"the terminal cannot be written to: {reason}"
