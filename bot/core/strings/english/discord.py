"""What only Discord needs said."""

from __future__ import annotations

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

NO_LINK = "There is no link in that message."
WHICH_LINK = "Which of these links?"
CHOOSE_LINK = "Choose a link"
OLD_BUTTON = "This button is of an older version and does nothing any more."
OPEN_FORM = "Open the form"
FORM_READY = "The form is ready."
TAKES_LONG = "This takes longer than Discord lets anybody answer here. The answer will come as a private message."
NOT_A_MEMBER = "That message is of a server that you are not a member of any more."


def continued(headline: str) -> str:
    return f"{headline}, continued"


def own_community(name: str) -> str:
    """What a member's own community is called: the one of their private messages."""
    return f"{name}, privately"
