"""Commands for being told: watches by query, and stories that are followed."""

from __future__ import annotations

from bot.core.command.command import Command, Kind, Parameter
from bot.core.command.set.reading import PAGE, STORY

RHYTHMS = ("instant", "hourly", "daily")
WHERE = ("private", "here")

QUERY_LIMIT = 10_000
"""Characters of a watch's query (bot/core/watch/query)."""

_WATCH = Parameter(name="watch", kind=Kind.WATCH, help="its number or name", required=True, most=100)
_QUERY = 'what to look for: words, "phrases", AND OR NOT, near/5, source:, guild:, bill:'
_TO = Parameter(name="to", kind=Kind.CHOICE, help="to you alone (private), or to this channel (here)", choices=WHERE)
_SETTINGS = (
    Parameter(name="name", kind=Kind.TEXT, help="what to call it; none", most=60),
    Parameter(name="rhythm", kind=Kind.CHOICE, help="at once, or gathered by the hour or day", choices=RHYTHMS),
    Parameter(name="everything", kind=Kind.SWITCH, help="yes: also stories that are not about AI and work"),
    Parameter(name="note", kind=Kind.TEXT, help="why you watch this, shown with its alerts; none", most=300),
)

WATCHING: tuple[Command, ...] = (
    Command(
        path=("watch", "add"),
        help="Be told when an article matches a query.",
        examples=(
            'watch add "digital replica" AND (bill OR law)',
            "watch add guild:sag-aftra rhythm:daily to:private",
            'watch add bill:"CA AB 412" name:"training data bill"',
        ),
        parameters=(
            Parameter(name="query", kind=Kind.TEXT, help=_QUERY, required=True, rest=True, most=QUERY_LIMIT),
            _TO,
            *_SETTINGS,
        ),
        private=True,
        slow=True,
    ),
    Command(
        path=("watch", "list"),
        help="Your watches, and those of this community.",
        examples=("watch list",),
        parameters=(PAGE,),
        private=True,
    ),
    Command(
        path=("watch", "test"),
        help="What a query, or a watch you have, would have sent in the last 30 days.",
        examples=("watch test voice AND clon*", "watch test 3"),
        parameters=(
            Parameter(
                name="query",
                kind=Kind.TEXT,
                help="a query, or a watch's number",
                required=True,
                rest=True,
                most=QUERY_LIMIT,
            ),
            Parameter(name="everything", kind=Kind.SWITCH, help="yes: also stories that are not about AI and work"),
            PAGE,
        ),
        private=True,
        slow=True,
    ),
    Command(
        path=("watch", "edit"),
        help="Change a watch; with nothing but its number, in a form.",
        examples=("watch edit 3", "watch edit 3 rhythm:daily", 'watch edit 3 query:"voice AND clon*"'),
        parameters=(
            _WATCH,
            Parameter(name="query", kind=Kind.TEXT, help=_QUERY, most=QUERY_LIMIT),
            *_SETTINGS,
            Parameter(name="revision", kind=Kind.NUMBER, help="which state of it is being edited", most=10**9),
        ),
        private=True,
    ),
    Command(
        path=("watch", "pause"),
        help="Stop a watch for a while, or until it is resumed.",
        examples=("watch pause 3", "watch pause 3 span:7d"),
        parameters=(_WATCH, Parameter(name="span", kind=Kind.SPAN, help="for how long, such as 7d")),
        private=True,
    ),
    Command(
        path=("watch", "resume"),
        help="Let a paused watch go on.",
        examples=("watch resume 3",),
        parameters=(_WATCH,),
        private=True,
    ),
    Command(
        path=("watch", "remove"),
        help="Remove a watch.",
        examples=("watch remove 3",),
        parameters=(_WATCH,),
        private=True,
    ),
    Command(
        path=("watch", "packs"),
        help="Guilds, bills, cases and training work whose many names are known; add one as a watch.",
        examples=("watch packs", "watch packs guilds", "watch packs ELVIS"),
        parameters=(
            Parameter(name="words", kind=Kind.PACK, help="a pack, or a name to look for", rest=True, most=100),
            PAGE,
        ),
        private=True,
    ),
    Command(
        path=("follow",),
        help="Be told when a story moves.",
        examples=("follow 12",),
        parameters=(STORY,),
        private=True,
    ),
    Command(
        path=("unfollow",),
        help="Follow a story no longer.",
        examples=("unfollow 12",),
        parameters=(STORY,),
        private=True,
    ),
)
