"""Commands about this community, oneself, and Slugline."""

from __future__ import annotations

from bot.core.command.command import Command, Kind, Parameter
from bot.core.command.set.reading import PAGE
from bot.core.community import Role

COMMUNITY: tuple[Command, ...] = (
    Command(
        path=("settings", "show"),
        help="How this community is set up.",
        examples=("settings show",),
        private=True,
    ),
    Command(
        path=("settings", "set"),
        help="Change a setting of this community.",
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
                help="which",
                required=True,
                choices=("zone", "notices", "review", "approvers", "review-time"),
            ),
            Parameter(name="value", kind=Kind.TEXT, help="what it shall be", required=True, rest=True, most=200),
        ),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("settings", "history"),
        help="Who changed what, and when.",
        examples=("settings history",),
        parameters=(PAGE,),
        private=True,
    ),
    Command(
        path=("settings", "role"),
        help="Make a member an editor or a manager, or take that back.",
        examples=("settings role 81384788765712384 editor",),
        parameters=(
            Parameter(name="member", kind=Kind.TEXT, help="the member's id", required=True, most=100),
            Parameter(
                name="role",
                kind=Kind.CHOICE,
                help="what they may do",
                required=True,
                choices=("member", "editor", "manager"),
            ),
        ),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("pause",),
        help="Post nothing here, digest or alert, until resumed.",
        examples=("pause", "pause 7d"),
        parameters=(Parameter(name="span", kind=Kind.SPAN, help="for how long, such as 7d"),),
        role=Role.MANAGER,
    ),
    Command(
        path=("resume",),
        help="Post again.",
        examples=("resume",),
        role=Role.MANAGER,
    ),
    Command(
        path=("privacy", "show"),
        help="All that is stored about you here.",
        examples=("privacy show",),
        private=True,
    ),
    Command(
        path=("privacy", "purge"),
        help="Delete all that is stored about you here.",
        examples=("privacy purge confirm:yes",),
        parameters=(Parameter(name="confirm", kind=Kind.SWITCH, help="yes: delete it now"),),
        private=True,
    ),
    Command(
        path=("help",),
        help="What can be asked, and how.",
        examples=("help", "help watch add", "help queries"),
        parameters=(Parameter(name="topic", kind=Kind.TEXT, help="a command, or queries", rest=True, most=100),),
        private=True,
    ),
    Command(
        path=("about",),
        help="What Slugline is, what it reads, and what it does with it.",
        examples=("about",),
        private=True,
    ),
)
