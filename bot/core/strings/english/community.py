"""How a community is set up, who changed it, and what is stored about a member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

SETTINGS = "How this community is set up"
POSTING = "Posting"
GOING_ON = "going on"
PAUSED_UNTIL = "paused until "
ZONE = "Time zone"
NOTICES = "Notices go to"
OLDEST_SCHEDULES_PLACE = "where the oldest schedule posts"
DESKS_OFF = "Desks left out"
OUTLETS_HIDDEN = "Outlets hidden"
NONE = "none"
HISTORY = "Who changed what"
NOTHING_CHANGED = "Nothing was changed yet."
SOMEBODY = "somebody whose data was deleted"
CHANGED_PAUSE = "posting"
RESUME = "Resume"
RESUMED = "Posting goes on"
PAUSED_MEANS = (
    "Digests and alerts are not posted meanwhile; commands are still answered, and what is new waits for the next"
    " digest."
)
PURGE = "Delete it"
PURGE_ASK = "Delete all that is stored about you here?"
PURGE_MEANS = (
    "Your watches, what you follow and your role here go. What you changed or approved for the community stays, but no"
    " longer under your name. This cannot be undone."
)
PURGED = "All that was stored about you here is deleted"
NOTHING_STORED = "Nothing."
STORED_ELSEWHERE = "What you say to Slugline is not kept, and not written to its log."


def installations(zone: str) -> str:
    return f"{zone}, as this installation's"


def length(span: timedelta) -> str:
    """As it is written: 90m, 12h, 2d."""
    minutes_ = span // timedelta(minutes=1)
    if minutes_ % 60:
        return f"{minutes_}m"
    hours = minutes_ // 60
    return f"{hours // 24}d" if hours >= 48 and hours % 24 == 0 else f"{hours}h"


BECAME, REMOVED = " → ", "removed"
"""Between what was and what is; and where nothing is."""


def goes_here(name: str) -> str:
    return {"notices": "Notices go here now", "review": "Drafts for review go here now"}[name]


def setting_is(name: str, value: str | None) -> str:
    return f"{name} is {value or NONE} now"


def changed_feed(number: int) -> str:
    return f"feed {number}"


def changed_desk(name: str) -> str:
    return f"desk {name}"


def changed_outlet(name: str) -> str:
    return f"outlet {name}"


def changed_role(member: str) -> str:
    return f"role of {member}"


def role_is(member: str, role: str) -> str:
    return f"{member} is {'an' if role[0] in 'aeiou' else 'a'} {role} now"


def on(is_on: bool) -> str:
    return "on" if is_on else "off"


def shown(is_shown: bool) -> str:
    return "shown" if is_shown else "hidden"


def from_to(before: str | None, after: str | None) -> str:
    if before is None:
        return f"{after}"
    return f"{before}{BECAME}{after if after is not None else REMOVED}"


def paused(until: str | None) -> str:
    return f"Paused until {until}" if until else "Paused until resumed"


def stored_about(name: str) -> str:
    return f"Stored about {name} here"


def stored_role(role: str) -> str:
    return f"Your role: {role}."


def stored_changes(count: int) -> str:
    return f"Your name beside {count} {'change' if count == 1 else 'changes'} in `settings history`."


def stored_schedules(numbers: Sequence[int]) -> str:
    listed = ", ".join(map(str, numbers))
    return f"That you set up schedule{'s' * (len(numbers) != 1)} {listed}."


# --- what cannot be done -------------------------------------------------------------------------------------


NOTICES_GO = (
    "notices go to the channel where `settings set notices here` is said, or, with none, where the oldest schedule"
    " posts"
)
REVIEW_GOES = (
    "drafts for review go to the channel where `settings set review here` is said, or, with none, where notices go"
)


def no_approvers(said: str, most: int) -> str:
    return f"{said!r:.40} is no number of editors; from 1 to {most} of them approve each story"


def too_little_time(said: str, least: timedelta, hold: str) -> str:
    return f"{said!r:.40} leaves an editor no time; from {length(least)} on, or {hold}"


NOT_YOUR_OWN_ROLE = "nobody takes their own role away: another manager has to"


def or_hold(wrong: str, hold: str) -> str:
    return f"{wrong}; or {hold}, to wait for an editor however long"
