"""Commands for digests on time."""

from __future__ import annotations

from bot.core.command.command import Command, Kind, Parameter
from bot.core.community import Role

POSTS = ("message", "thread", "forum", "announcement")
EMPTY = ("silent", "say")

_SCHEDULE = Parameter(name="schedule", kind=Kind.SCHEDULE, required=True, most=100)
_SETTINGS = (
    Parameter(name="name", kind=Kind.TEXT, about="schedule name", most=60),
    Parameter(name="place", kind=Kind.PLACE, most=100),
    Parameter(name="zone", kind=Kind.ZONE, most=60),
    Parameter(name="topic", kind=Kind.TEXT, about="schedule topic", most=1000),
    Parameter(name="desks", kind=Kind.TEXT, most=300),
    Parameter(name="least", kind=Kind.NUMBER, least=1, most=20),
    Parameter(name="stories", kind=Kind.NUMBER, least=1, most=20),
    Parameter(name="words", kind=Kind.TEXT, about="schedule words", most=10),
    Parameter(name="empty", kind=Kind.CHOICE, choices=EMPTY),
    Parameter(name="quiet", kind=Kind.TEXT, most=20),
    Parameter(name="engine", kind=Kind.ENGINE, most=60),
    Parameter(name="review", kind=Kind.SWITCH),
    Parameter(name="mention", kind=Kind.ROLE, most=100),
    Parameter(name="post", kind=Kind.CHOICE, choices=POSTS),
)

SCHEDULES: tuple[Command, ...] = (
    Command(
        path=("setup",),
        examples=("setup", 'setup when:"weekdays at 9" desks:guilds,law'),
        parameters=(
            Parameter(name="place", kind=Kind.PLACE, most=100),
            Parameter(name="when", kind=Kind.TEXT, most=200),
            Parameter(name="zone", kind=Kind.ZONE, most=60),
            Parameter(name="desks", kind=Kind.TEXT, most=300),
        ),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("schedule", "add"),
        examples=(
            "schedule add weekdays at 9 zone:Europe/London",
            "schedule add every Friday 16:00 topic:guild:wga stories:5",
            "schedule add 0 9 * * 1-5",
        ),
        parameters=(
            Parameter(name="when", kind=Kind.TEXT, required=True, rest=True, most=200),
            *_SETTINGS,
        ),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("schedule", "list"),
        examples=("schedule list",),
        private=True,
    ),
    Command(
        path=("schedule", "preview"),
        examples=("schedule preview 1", "schedule preview 1 story:12"),
        parameters=(
            _SCHEDULE,
            Parameter(name="story", kind=Kind.STORY, about="preview story", most=300),
            Parameter(name="page", kind=Kind.NUMBER, least=1, most=1000),
        ),
        private=True,
        slow=True,
    ),
    Command(
        path=("schedule", "now"),
        examples=("schedule now 1",),
        parameters=(_SCHEDULE,),
        role=Role.MANAGER,
        private=True,
        slow=True,
    ),
    Command(
        path=("schedule", "edit"),
        examples=("schedule edit 1", 'schedule edit 1 when:"every Friday 16:00"', "schedule edit 1 review:yes"),
        parameters=(
            _SCHEDULE,
            Parameter(name="when", kind=Kind.TEXT, most=200),
            *_SETTINGS,
            Parameter(name="revision", kind=Kind.NUMBER, most=10**9),
        ),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("schedule", "remove"),
        examples=("schedule remove 1",),
        parameters=(_SCHEDULE,),
        role=Role.MANAGER,
        private=True,
    ),
)
