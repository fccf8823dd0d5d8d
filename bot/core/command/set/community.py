"""Commands about this community, oneself, and Slugline."""

from __future__ import annotations

from bot.core.command.command import Command, Kind, Parameter
from bot.core.command.set.reading import PAGE
from bot.core.community import Role

COMMUNITY: tuple[Command, ...] = (
    Command(
        path=("settings", "show"),
        examples=("settings show",),
        private=True,
    ),
    Command(
        path=("settings", "set"),
        examples=(
            "settings set zone Europe/London",
            "settings set notices here",
            "settings set zone none",
            "settings set review here",
            "settings set approvers 2",
            "settings set review-time 12h",
        ),
        parameters=(
            Parameter(
                name="setting",
                kind=Kind.CHOICE,
                required=True,
                choices=("zone", "notices", "review", "approvers", "review-time"),
            ),
            Parameter(name="value", kind=Kind.TEXT, required=True, rest=True, most=200),
        ),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("settings", "history"),
        examples=("settings history",),
        parameters=(PAGE,),
        private=True,
    ),
    Command(
        path=("settings", "role"),
        examples=("settings role 81384788765712384 editor",),
        parameters=(
            Parameter(name="member", kind=Kind.MEMBER, required=True, most=100),
            Parameter(
                name="role",
                kind=Kind.CHOICE,
                required=True,
                choices=("member", "editor", "manager"),
            ),
        ),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("pause",),
        examples=("pause", "pause 7d"),
        parameters=(Parameter(name="span", kind=Kind.SPAN),),
        role=Role.MANAGER,
    ),
    Command(
        path=("resume",),
        examples=("resume",),
        role=Role.MANAGER,
    ),
    Command(
        path=("privacy", "show"),
        examples=("privacy show",),
        private=True,
    ),
    Command(
        path=("privacy", "purge"),
        examples=("privacy purge confirm:yes",),
        parameters=(Parameter(name="confirm", kind=Kind.SWITCH),),
        private=True,
    ),
    Command(
        path=("help",),
        examples=("help", "help watch add", "help queries"),
        parameters=(Parameter(name="topic", kind=Kind.TEXT, about="help topic", rest=True, most=100),),
        private=True,
    ),
    Command(
        path=("about",),
        examples=("about",),
        private=True,
    ),
)
