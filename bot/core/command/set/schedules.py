"""Commands for digests on time."""

from __future__ import annotations

from bot.core.command.command import Command, Kind, Parameter
from bot.core.community import Role

POSTS = ("message", "thread", "forum")
EMPTY = ("silent", "say")

_SCHEDULE = Parameter(name="schedule", kind=Kind.SCHEDULE, help="its number or name", required=True, most=100)
_SETTINGS = (
    Parameter(name="name", kind=Kind.TEXT, help="what to call it", most=60),
    Parameter(name="place", kind=Kind.PLACE, help="where it posts; this channel where nothing is said", most=100),
    Parameter(name="zone", kind=Kind.ZONE, help="its time zone, such as America/Los_Angeles", most=60),
    Parameter(name="topic", kind=Kind.TEXT, help="a query its stories must match; none for all", most=1000),
    Parameter(name="desks", kind=Kind.TEXT, help="desks it keeps to, with commas; none for all", most=300),
    Parameter(name="least", kind=Kind.NUMBER, help="with fewer stories it waits", least=1, most=20),
    Parameter(name="stories", kind=Kind.NUMBER, help="at most so many stories", least=1, most=20),
    Parameter(name="words", kind=Kind.TEXT, help="at most about so many words, 100 to 10000; none", most=10),
    Parameter(name="empty", kind=Kind.CHOICE, help="with nothing new: stay silent, or say so", choices=EMPTY),
    Parameter(name="quiet", kind=Kind.TEXT, help="hours in which it waits, such as 22:00-07:00; none", most=20),
    Parameter(name="engine", kind=Kind.ENGINE, help="which engine tells the stories", most=60),
    Parameter(name="review", kind=Kind.SWITCH, help="yes: an editor passes it first"),
    Parameter(name="mention", kind=Kind.ROLE, help="a role to mention with each digest; none", most=100),
    Parameter(name="post", kind=Kind.CHOICE, help="as a message, a thread or a forum post", choices=POSTS),
)

SCHEDULES: tuple[Command, ...] = (
    Command(
        path=("schedule", "add"),
        help="A digest on time, in plain words or as cron.",
        examples=(
            "schedule add weekdays at 9 zone:Europe/London",
            "schedule add every Friday 16:00 topic:guild:wga stories:5",
            "schedule add 0 9 * * 1-5",
        ),
        parameters=(
            Parameter(name="when", kind=Kind.TEXT, help='such as "weekdays at 9"', required=True, rest=True, most=200),
            *_SETTINGS,
        ),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("schedule", "list"),
        help="The digests that come on time, and when the next ones are due.",
        examples=("schedule list",),
        private=True,
    ),
    Command(
        path=("schedule", "preview"),
        help="What the next digest would hold now, and why a story you expect is not in it.",
        examples=("schedule preview 1", "schedule preview 1 story:12"),
        parameters=(
            _SCHEDULE,
            Parameter(name="story", kind=Kind.STORY, help="a story you would expect in it", most=300),
            Parameter(name="page", kind=Kind.NUMBER, help="which page", least=1, most=1000),
        ),
        private=True,
        slow=True,
    ),
    Command(
        path=("schedule", "now"),
        help="Post what the next digest would hold now, without waiting for its time.",
        examples=("schedule now 1",),
        parameters=(_SCHEDULE,),
        role=Role.MANAGER,
        private=True,
        slow=True,
    ),
    Command(
        path=("schedule", "edit"),
        help="Change a schedule; with nothing but its number, in a form.",
        examples=("schedule edit 1", 'schedule edit 1 when:"every Friday 16:00"', "schedule edit 1 review:yes"),
        parameters=(
            _SCHEDULE,
            Parameter(name="when", kind=Kind.TEXT, help='such as "weekdays at 9"', most=200),
            *_SETTINGS,
            Parameter(name="revision", kind=Kind.NUMBER, help="which state of it is being edited", most=10**9),
        ),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("schedule", "remove"),
        help="Remove a schedule; what it posted stays.",
        examples=("schedule remove 1",),
        parameters=(_SCHEDULE,),
        role=Role.MANAGER,
        private=True,
    ),
)
