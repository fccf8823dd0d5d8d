"""A member's watches, and packs."""

from __future__ import annotations

from collections.abc import Sequence

PRIVATE_NOTICE = (
    "Only you see this watch here, and its alerts come to you alone. But whoever owns this workspace or server may be "
    "able to export private messages."
)

NAME = "Name"
LOOKS_FOR = "Looks for"
TOLD = "Told"
TOLD_TO = "To"
TO_YOU = "you alone"
TO_CHANNEL = "this community's channel"
WHY_WATCHED = "Why you watch this"
ALSO = "Also"
EVERYTHING = "stories that are not about AI and work"
NONE_CLEARS = "none takes it away"
TRY = "What it would have sent"
WATCHES = "Watches"
YOURS = "Yours; nobody else sees them"
OURS = "This community's"
NO_WATCHES = 'You have none yet. For example: watch add guild:wga, or watch add "digital replica" AND (bill OR law).'
EDIT_WHICH = "Change a watch"
PAUSED = "paused"
PAUSED_UNTIL = "paused until "
BROAD = "That is a lot. `rhythm:daily` gathers it into one message a day, and NOT or near/5 make it narrower."
PAUSED_MEANS = "What it would find meanwhile is not told later."
STOPPED = "It is told nothing any more."
LOOKING_BACK = "Looking at what it would have sent"
KINDS = {
    "guild": "Guilds and unions",
    "bill": "Bills and laws",
    "regulator": "Regulators",
    "case": "Cases in court",
    "training": "AI-training work",
}
PACKS = "Packs"
PACKS_INTRO = (
    "Each entry is found under all the names that it goes by. Show a pack, or look for a name: watch packs ELVIS."
)
SHOW_PACK = "Show a pack"
SOURCE = "source"
UNVERIFIED = "unverified: found by its names, but nothing is said of where it stands"
_RHYTHMS = {"instant": "at once", "hourly": "gathered by the hour", "daily": "gathered by the day, at 9"}


def rhythm(value: str) -> str:
    return _RHYTHMS[value]


def numbered(id: int, name: str) -> str:
    return f"{id} “{name}”" if name else str(id)


def option(id: int, name: str) -> str:
    return f"{id}: {name}"


def following(story: int) -> str:
    return f"following story {story}"


def edit_title(id: int) -> str:
    return f"Change watch {id}"


def watch_made(id: int) -> str:
    return f"Watch {id} is set"


def watch_changed(id: int) -> str:
    return f"Watch {id} is changed"


def watch_paused(watch: str, until: str | None) -> str:
    said = watch[:1].upper() + watch[1:]
    return f"{said} is paused until {until}" if until else f"{said} is paused until it is resumed"


def watch_resumed(watch: str) -> str:
    return f"{watch[:1].upper()}{watch[1:]} goes on"


def watch_removed(watch: str) -> str:
    return f"{watch[:1].upper()}{watch[1:]} is removed"


def would_have_sent(count: int, days: int) -> str:
    if not count:
        return f"In the last {days} days it would have sent nothing."
    return f"In the last {days} days it would have sent {count}\u00a0{'story' if count == 1 else 'stories'}."


def newest(count: int) -> str:
    return f"These are the newest {count}."


def cut_short(days: int, articles: int) -> str:
    return f"Only the last {days} days were looked through: they have {articles:,} articles already."


def looked(days: int, of: int) -> str:
    return f"{LOOKING_BACK}: {days} of {of} days"


def hindsight_title(query: str) -> str:
    return f"What “{query:.100}” would have sent"


def found_entries(words: str, count: int) -> str:
    return f"{entries(count)} for “{words:.60}”"


def entries(count: int) -> str:
    return "1\u00a0entry" if count == 1 else f"{count}\u00a0entries"


def watch_this(label: str) -> str:
    return f"Watch {label}"


def followed(headline: str) -> str:
    return f"You follow “{headline}”"


def followed_already(headline: str) -> str:
    return f"You follow “{headline}” already"


FOLLOWED_MEANS = "You are told when something is added to it, and a week and a day before the days that it waits for."


def unfollowed(story: int) -> str:
    return f"You do not follow story {story} any more"


def stored_watches(count: int) -> str:
    return f"{count}\u00a0private {'watch' if count == 1 else 'watches'} and what they told you"


def changed_watch(id: int) -> str:
    return f"watch {id}"


# --- what cannot be done -------------------------------------------------------------------------------------


def no_watch(said: str, hint: str) -> str:
    return f"you have no watch {said!r:.60}{hint}; `watch list` shows them"


def follows_so_pause(watch: int, story: int) -> str:
    return f"watch {watch} follows a story; it can be paused, or `unfollow {story}`"


def no_pack(said: str, hint: str) -> str:
    return f"no pack and no entry is called {said!r:.60}{hint}; `watch packs` lists the packs"


NO_PRIVATE_PLACE = "nobody can be told in private here; say `to:here` for a watch of the whole channel"


def too_many_here(most: int) -> str:
    return f"this community has {most} watches already; `watch remove` makes room"


def too_many_of_yours(most: int) -> str:
    return f"you have {most} watches and followed stories already; `watch remove` makes room"


def changed_meanwhile(watch: int) -> str:
    return (
        f"somebody changed watch {watch} meanwhile, and what you wrote was not saved;"
        f" `watch edit {watch}` shows how it is now"
    )


def follows_so_no_query(watch: int) -> str:
    return f"watch {watch} follows a story, and has no query to try"


def not_followed(story: int) -> str:
    return f"you do not follow story {story}; `watch list` shows what you follow"


def name_taken(other: int, name: str) -> str:
    return f"watch {other} is called {name!r} already; choose another name"


def several(said: str, numbers: Sequence[int]) -> str:
    return f"several watches are called {said!r:.60}; say its number: {' or '.join(map(str, numbers))}"


WATCH_OF_ALL = "a watch for the whole channel"


def communitys_watch(id: int) -> str:
    """What only some may do something with."""
    return f"watch {id}, which is the whole community's,"
