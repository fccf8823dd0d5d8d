"""What whoever brought Slugline somewhere is told."""

from __future__ import annotations

from bot.core.strings.english.document import NAME

WHAT_IT_DOES = (
    "It reads the news about AI and people's work, and shows where each of its sentences comes from. It posts nothing"
    " until somebody sets up a digest there, which takes a minute:"
)
STEPS = (
    ("Where", "the channel that gets the digest."),
    ("When", "weekdays at 9 is proposed, in the time zone that you name."),
    ("Which desks", "all of them, or some."),
)
"""Each with what it is about, in the order of the form."""
BEGIN = "Press the button, or say `/setup` in the channel itself. Only who manages the server can."
SET_UP, DIGEST_NOW, HELP = "Set up", "Show a digest to me alone", "What it can do"
WHY_YOU = (
    "You get this because you added it, or were the first of those who manage the server to use it. Nobody else does."
)
ALL_STANDS = "Everything is as it was: its digests on time go on, and so do watches and settings."
SCHEDULES = "Show the digests on time"


def is_there(place: str) -> str:
    return f"{NAME} is on {place}"


def is_back(place: str) -> str:
    return f"{NAME} is back on {place}"
