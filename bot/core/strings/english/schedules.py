"""Digests on time."""

from __future__ import annotations

from collections.abc import Sequence

SCHEDULES = "Digests on time"
NO_SCHEDULES = "There is none yet. A manager makes one: `setup`, or `schedule add weekdays at 9`."
PREVIEW, EDIT, REMOVE, SAVE = "Preview", "Edit", "Remove", "Save"
SETTING_NAMES = {
    "when": "When",
    "zone": "Time zone",
    "name": "Name",
    "place": "Where",
    "topic": "Topic",
    "desks": "Desks",
    "least": "Fewest stories",
    "stories": "Most stories",
    "words": "Most words",
    "empty": "With nothing new",
    "quiet": "Quiet hours",
    "engine": "Engine",
    "review": "An editor passes it",
    "mention": "Mentions",
    "post": "Posted as",
}
"""By the names of their parameters."""
VALUES = {
    "yes": "yes",
    "no": "no",
    "silent": "silent",
    "say": "say",
    "message": "message",
    "thread": "thread",
    "forum": "forum",
    "announcement": "announcement",
}
"""Settings' values that are words, as they are typed and as they are shown."""
EMPTY_OPTIONS = {"silent": "Stay silent", "say": "Say so"}
NONE_FOR_ALL = "none for all stories"
QUIET_HINT = "such as 22:00-07:00, or none"
NEXT = ", next on "
POSTS_TO = " · to "
AN_EDITOR_PASSES = "an editor passes it"
PAUSED_NOW = "paused"
PAUSED_NOW_MEANS = "Posting is paused here; nothing comes until it is resumed."
SAVE_MINE = "Save mine all the same"
EDIT_AGAIN = "Edit what stands"
TO_SAVE_MINE = "To save yours all the same, say: "
OVERTAKEN_MEANS = "Nothing of yours was saved yet, and nothing of it is lost:"
SAME_EDIT = "What stands now is just what you wrote."
DUE_ON = "Due on "
AS_IT_WOULD_BE = ". This is how it would be now; what comes in meanwhile changes it."
NO_SUCH_STORY = "There is no such story."
HIDDEN_HERE = "All its articles are of outlets, feeds or desks that are switched off here; `settings show` lists them."
TOLD_BEFORE = "It was told here on "
NOT_MOVED = ", and has not moved since: no report of anything new, and not many more outlets."
NOT_NEW = "Nothing of it is new: it has not changed since "
NOT_NEW_END = ", where the time that this digest covers begins."
ENGINE_FAILED = "The engine could not tell it this time; it is tried again with the next digest."


# --- setting up, in three steps -------------------------------------------------------------------------------

SET_UP = "Set up"
HERE = "here"
"""As the command takes it."""
SETUP_TITLE = "A digest on time"
SETUP_WHERE = "1 · In which channel"
SETUP_WHEN = "2 · When"
SETUP_ZONE = "2 · In which time zone"
SETUP_DESKS = "3 · Which desks: all, or some"
SETUP_DESKS_HINT = "all, or some of them with commas between"
SETUP_READY = "Ready: a digest comes on time"
SETUP_NEXT = "What a manager can do next: look at the next one, post one now, or change it."
SETUP_MEMBERS = "What everybody can: `digest` at any time, `watch add` to be told of something, `help` for the rest."
POST_NOW = "Post one now"
SET_UP_ALREADY = "It is set up already. `schedule edit` changes a digest, `schedule add` makes one more."
NOT_SET_UP = "Nothing comes here on time yet. Setting it up takes a minute: where, when, which desks."


def schedule_named(number: int, name: str) -> str:
    return f"Schedule {number}, {name}" if name else f"Schedule {number}"


def comes(when: str, zone: str) -> str:
    return f"{when}, {zone}"


def on_topic(topic: str) -> str:
    return f"about {topic}"


def of_desks(desks: Sequence[str]) -> str:
    return f"of {', '.join(desks)}"


def as_post(post: str) -> str:
    return {"announcement": "as an announcement", "forum": "as a forum post"}.get(post, f"as a {post}")


def cannot_post(reason: str) -> str:
    return f"Cannot post there: {reason}" if reason else "Cannot post there."


def schedule_made(named: str) -> str:
    return f"{named} is made"


def schedule_changed(named: str) -> str:
    return f"{named} is changed"


def schedule_same(named: str) -> str:
    return f"{named} stands just so already"


def schedule_removed(named: str) -> str:
    return f"{named} is removed"


def posted_now(named: str) -> str:
    return f"The next digest of {named} is on its way"


def nothing_posted(named: str) -> str:
    return f"{named} posts nothing now"


EDITOR_FIRST = "An editor passes it first; `review list` shows what waits."
REMOVED_MEANS = "What it posted stays."


def edit_title(number: int) -> str:
    return f"Schedule {number}"[:24]


CHANGED_PLACE = f", {SETTING_NAMES['place'].lower()}"
"""How `changed_schedule` ends where the place is what was changed."""


def changed_schedule(number: int, setting: str | None = None) -> str:
    """What the history of changes calls it."""
    return f"schedule {number}" if setting is None else f"schedule {number}, {setting}"


def overtaken(named: str) -> str:
    return f"Somebody changed {named} while you were writing"


def stands_and_wrote(stands: str, wrote: str) -> str:
    return f"{stands} stands; you wrote {wrote}"


def preview_of(named: str) -> str:
    return f"The next digest of {named}"


def standing_of(headline: str | None) -> str:
    return f"In the next digest? {headline}" if headline else "In the next digest?"


def is_in(place: int, *, update: bool) -> str:
    return f"It is in, as number {place}{', with what is new since it was told' if update else ''}."


def not_relevant(relevance: float, least: float) -> str:
    probable = f"its probability is {relevance:.2f}, and {least:.2f} is asked"
    return f"It is not taken to be about AI and people's work: {probable}."


def unwanted(reasons: Sequence[str]) -> str:
    return f"By this community's own feedback: {'; '.join(reasons)}."


def off_desk(desks: Sequence[str]) -> str:
    return f"This schedule keeps to {', '.join(desks)}, and no article of the story came by such a feed."


def off_topic(topic: str) -> str:
    return f"This schedule keeps to a topic, and no article of the story matches it: {topic}"


def over_maximum(place: int, of: int, most: int) -> str:
    return f"It is number {place} of {of} by weight, and {most} are told. It is kept for the next digest."


def over_length(words: int, left: int, most: int) -> str:
    return f"It has {words} words, and of {most} only {left} were left. It is kept for the next digest."


# --- what cannot be done -------------------------------------------------------------------------------------


def no_words(said: str, fewest: int, most: int) -> str:
    return f"{said!r:.40} is no length for a digest; it goes from {fewest} to {most} words, or none"


def no_mention(said: str) -> str:
    return f"{said!r:.40} is no role that can be mentioned: name one role, and never everybody; or none"


def least_over_most(least: int, most: int) -> str:
    return f"it would wait for {least} stories and tell {most} at most; `least` is at most `stories`"


def name_taken(other: int, name: str) -> str:
    return f"schedule {other} is called {name!r} already; choose another name"


def too_many(most: int) -> str:
    return f"there are {most} schedules here already; `schedule remove` makes room"


PAUSED_HERE = "posting is paused here; `resume` ends that"


def changed_meanwhile(named: str) -> str:
    return f"somebody changed {named} at this very moment; say it again"


def no_schedule(said: str, hint: str, there: Sequence[int]) -> str:
    numbers = ", ".join(map(str, there)) or "none yet"
    return f"there is no schedule {said!r:.60}{hint}; there is {numbers}; `schedule list` shows them"
