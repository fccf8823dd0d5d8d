"""What is coming up, and how often something was spoken of."""

from __future__ import annotations

from datetime import date

from bot.core.strings.english.dates import _MONTHS
from bot.core.strings.english.digest import stories

COMING_UP = "Coming up in stories told before"
NOTHING_COMING = "No report that is kept here gave a date in this time."
WHAT_BECAME = "What became of it"
COMING_NOTE = "Dates are the outlets' own. Quiet: nothing was heard of it after its day."
_STATES = {"open": "awaited", "due": "due now", "happened": "Happened", "slipped": "Put off", "quiet": "quiet"}


def coming_in(days_: int) -> str:
    return f"What is coming up in {days_} {'day' if days_ == 1 else 'days'}"


def state(name: str) -> str:
    return _STATES[name]


def trend_of(term: str, weeks: int) -> str:
    return f"{term}, in the last {weeks} weeks"


def trend_total(articles: int, *, at_least: bool) -> str:
    return (
        f"{'At least ' if at_least else ''}{articles} {'article' if articles == 1 else 'articles'} that are kept here"
    )


def week_of(day: date) -> str:
    return f"Week of {day.day}\u00a0{_MONTHS[day.month - 1]}"


def counted(articles: int, stories_: int) -> str:
    return f"{articles} · {stories(stories_)}" if articles else "0"


# --- what cannot be done -------------------------------------------------------------------------------------


def no_word(said: str) -> str:
    return f"{said!r:.60} has no word in it to count"
