"""Alerts and reminders."""

from __future__ import annotations

from collections.abc import Sequence

# --- alerts ----------------------------------------------------------------------------------------------------

UPDATE = "Update"
WHY_TOLD = "Why you are told: "
FOLLOWED = "you follow this story"
NOTE = "Your note: "
MOVED = "What moved: "
SAID_BY = " —\u00a0"
FULL_STORY = "Full story"
UNFOLLOW = "Unfollow"
PAUSE_A_DAY = "Pause this watch for a day"
REMOVE_WATCH = "Remove this watch"


def watch_name(id: int, name: str) -> str:
    return f"“{name}”" if name else f"watch {id}"


def matched(terms: Sequence[str], watch: str) -> str:
    return f"{watch} found {', '.join(terms)}" if terms else watch


def told_by(outlets: Sequence[str], most: int = 6) -> str:
    """Which outlets, the first of them by name."""
    listed = ", ".join(outlets[:most])
    rest = f" and {len(outlets) - most} more" if len(outlets) > most else ""
    count = "1\u00a0outlet" if len(outlets) == 1 else f"{len(outlets)}\u00a0outlets"
    return f"{count}: {listed}{rest}"


def bundle_title(watch: str, count: int) -> str:
    return f"{watch}: {count}\u00a0{'story' if count == 1 else 'stories'}"


def and_more(count: int) -> str:
    return f"And {count} more, not shown here: `search` finds them."


STEPS = {
    "introduced": "introduced",
    "amended": "amended",
    "passed a house": "passed a house",
    "passed": "passed",
    "sent to be signed": "sent to be signed",
    "signed": "signed",
    "vetoed": "vetoed",
    "became law": "became law",
    "in force": "in force",
    "died": "died",
    "filed": "filed",
    "ruled on": "ruled on",
    "class certified": "class certified",
    "dismissed": "dismissed",
    "settled": "settled",
    "appealed": "appealed",
}
"""What can happen to a bill or a case, by `Step`'s values."""


def stepped(label: str, step: str, house: str | None) -> str:
    """ "passed a house" is said with which, where that is known: as the outlet calls it, in lower case."""
    return f"{label}: {f'passed the {house}' if house and step == 'passed a house' else STEPS[step]}"


# --- reminders -------------------------------------------------------------------------------------------------


def reminder_title(days: int) -> str:
    return "Tomorrow" if days == 1 else f"In {days} days"


REMINDED = "An outlet announced this day in a story that you were told of or follow."
