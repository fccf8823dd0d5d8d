"""What only Discord needs said."""

from __future__ import annotations

from collections.abc import Sequence

ANALYSE = "Analyse this link"
"""A command in the menu of a message."""
GROUPS = {
    "watch": "Be told when an article matches what you look for",
    "schedule": "Digests on time",
    "review": "The editor's desk: what waits before it is posted",
    "feeds": "What is read for this community",
    "outlets": "Whose articles are shown",
    "settings": "How this community is set up",
    "privacy": "What is stored about you",
}
"""What the commands of a group are for, by the group's name."""

PRIVATE_MESSAGES = "private messages"
NO_LINK = "There is no link in that message."
WHICH_LINK = "Which of these links?"
CHOOSE_LINK = "Choose a link"
OLD_BUTTON = "This button is of an older version and does nothing any more."
OPEN_FORM = "Open the form"
FORM_READY = "The form is ready."
TAKES_LONG = "This takes longer than Discord lets anybody answer here. The answer will come as a private message."
ANSWERED_BELOW = "Answered below"
NO_CHANNEL_HERE = "That is no channel here that Slugline can see. Choose one of this server's, or say here."
NOT_A_MEMBER = "That message is of a server that you are not a member of any more."


def continued(headline: str) -> str:
    return f"{headline}, continued"


def own_community(name: str) -> str:
    """What a member's own community is called: the one of their private messages."""
    return f"{name}, privately"


# --- why nothing can be posted there, and how to mend it ------------------------------------------------------

NO_CHANNEL = "the channel is not there any more; choose another place for what is posted there"
NO_SERVER = "Slugline is not on that server any more; invite it again"
NO_PRIVATE_MESSAGES = (
    "this member takes no private messages from Slugline; they can allow them in the server's privacy settings"
)
THREAD_LOCKED = "the thread is locked; unlock it, or choose another place"
NEEDS_TAG = "the forum wants a tag on every post and has none that Slugline may use; add one that everybody may use"
NO_TEXT_CHANNEL = "this is no channel for messages; choose a text, announcement or forum channel"
NO_ADDRESS = "this is no channel of Discord's; choose one"
TOKEN_REFUSED = "Discord does not take SLUGLINE_DISCORD_TOKEN any more"
ROUTE_FULL = "Discord lets no more through there for now"
MESSAGE_DELETED = "the message was deleted"
THREAD_DELETED = "the thread was deleted"
UNREADABLE = "Slugline may not read there, so it cannot look whether it was posted"
HISTORY_CLOSED = "Slugline lacks Read Message History there, so it cannot look whether it was posted"
TOO_MUCH = "too much was posted there since to look through"


def lacks(permissions: Sequence[str]) -> str:
    """Which permissions, as Discord's own pages call them, and where they are given."""
    return f"Slugline lacks {' and '.join(permissions)} there; give it in the channel's settings under Permissions"


def answered(said: str) -> str:
    return f"Discord answered with {said}"


def not_taken(said: str) -> str:
    return f"Discord does not take this message: {said}"


def unreachable(error: str) -> str:
    return f"Discord cannot be reached: {error}"


def broke(error: str) -> str:
    return f"the connection to Discord broke: {error}"
