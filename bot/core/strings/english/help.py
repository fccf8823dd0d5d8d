"""Help, and what Slugline is."""

from __future__ import annotations

from bot.core.strings.english.document import NAME

HELP_TITLE = "What you can ask"
HELP_MORE = "`help COMMAND` says how one is said."
USAGE = "How it is said"
TAKES = "It takes"
EXAMPLES = "Examples"
MAY_BE_LEFT_OUT = "may be left out"
FOR_YOU_ALONE = "The answer is for you alone."
ABOUT = f"About {NAME}"
GROUPS = {
    "digest": "Reading",
    "watch": "Being told",
    "setup": "Digests on time",
    "review": "The editor's desk",
    "feeds": "What is read",
    "settings": "This community, you, and Slugline",
}
"""Headings of the list of commands, by the first command under each."""
ABOUT_LINES = (
    f"{NAME} reads feeds for one thing, news about AI and people's work, joins the articles that tell one story, and"
    " tells it with the evidence behind every sentence.",
    "It chooses and shortens sentences that outlets wrote; it makes none up. Each number leads to its source.",
    "It posts where it was told to, and reads no conversation. Nothing that members say is sent to anybody.",
)


def for_role(role: str) -> str:
    return f"It is for {role}s."


def about_numbers(feeds: int, articles: int) -> str:
    return f"Here it reads {feeds} feeds and keeps {articles} articles."


def version(number: str) -> str:
    return f"Version {number}, open source."


# --- what cannot be done -------------------------------------------------------------------------------------


def no_help(topic: str, hint: str) -> str:
    return f"there is no help on {topic!r:.60}{hint}"
