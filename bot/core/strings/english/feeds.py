"""The feeds that a community reads."""

from __future__ import annotations

from collections.abc import Sequence

FEEDS = "feeds"
LOOKING_FOR_FEEDS = "Looking for feeds there …"
FOR_THIS_COMMUNITY = "It is read for this community alone, and its address is shown to nobody else."
NO_DESK = "Other"
NO_FEEDS = "no feed is visited"
NO_REASON = "no reason known"
FEED_HEALTH = "How the feeds are"
PRIVATE = "private"
LEFT_OUT_HERE = "left out here"
SINCE = " since "
EXPORT_PRIVATE = (
    "It holds the addresses of this community's private feeds, which may carry tokens: keep it to yourself."
)


def feeds_read(on: int, all_: int) -> str:
    return f"{on} of {all_} feeds are read here" if on < all_ else f"{all_} feeds are read here"


def hidden(outlets_: Sequence[str]) -> str:
    return f"Hidden outlets: {', '.join(outlets_)}."


def feed_added(name: str, number: int, entries: int) -> str:
    return f"{name} is feed {number} now, with {entries} {'entry' if entries == 1 else 'entries'} to read"


def feed_known(number: int) -> str:
    return f"That is feed {number} already"


def feed_removed(name: str) -> str:
    return f"{name} is not read any more; what it told stays"


def feeds_added(count: int) -> str:
    return f"{count} {'feed' if count == 1 else 'feeds'} added"


def imported(added: int, known: int) -> str:
    return f"{feeds_added(added)}; {known} {'was' if known == 1 else 'were'} there already"


def exported(count: int) -> str:
    return f"{count} {'feed' if count == 1 else 'feeds'} as an OPML list"


def switched(name: str, *, on: bool) -> str:
    return f"{name} is {'read here again' if on else 'left out here'}"


def outlet_shown(name: str, *, shown: bool) -> str:
    return f"{name} is shown again" if shown else f"Nothing of {name} is shown here any more"


# --- what cannot be done -------------------------------------------------------------------------------------


def no_feed_of_the_list(number: int) -> str:
    return f"there is no feed {number}; `slugline feeds list` shows their numbers"


def too_many_off(most: int) -> str:
    return f"{most} things are switched off already; switch a desk off instead, or something on"


def no_desk(said: str, hint: str, desks: Sequence[str]) -> str:
    return f"no feed is of a desk {said!r:.60}{hint}; there are: {', '.join(desks)}"


def no_feed(said: str, hint: str) -> str:
    return f"there is no feed {said!r:.60}{hint}"


def common_feed(number: int) -> str:
    return f"feed {number} is one of the common ones; `feeds off {number}` leaves it out for this community"


def no_feed_number(number: str) -> str:
    return f"there is no feed {number}; `feeds list` shows their numbers"


def several_feeds(said: str, count: int, which: Sequence[tuple[int, str]]) -> str:
    """`which` are numbers and names of the first of them."""
    listed = ", ".join(f"{number} ({name})" for number, name in which)
    return f"{said!r:.60} is the name of {count} feeds; say the number: {listed}"


NAME_A_FEED = "name a feed, by number or title, or a desk as desk:NAME; one of them"
UNKNOWN_OUTLET = "unknown outlet"
STATES = {
    "new": "new",
    "healthy": "healthy",
    "empty": "empty",
    "failing": "failing",
    "moved": "moved",
    "blocked": "blocked",
    "gone": "gone",
}
"""How a feed is, by `FeedState`'s values."""


def in_state(count: int, state: str) -> str:
    return f"{count} {STATES[state]}"
