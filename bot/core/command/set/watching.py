"""Commands for being told: watches by query, and stories that are followed."""

from __future__ import annotations

from bot.core.command.command import Command, Kind, Parameter
from bot.core.command.set.reading import PAGE, STORY

RHYTHMS = ("instant", "hourly", "daily")
WHERE = ("private", "here")

QUERY_LIMIT = 10_000
"""Characters of a watch's query (bot/core/watch/query)."""

_WATCH = Parameter(name="watch", kind=Kind.WATCH, required=True, most=100)
_TO = Parameter(name="to", kind=Kind.CHOICE, about="watch to", choices=WHERE)
_SETTINGS = (
    Parameter(name="name", kind=Kind.TEXT, about="watch name", most=60),
    Parameter(name="rhythm", kind=Kind.CHOICE, choices=RHYTHMS),
    Parameter(name="everything", kind=Kind.SWITCH),
    Parameter(name="note", kind=Kind.TEXT, most=300),
)

WATCHING: tuple[Command, ...] = (
    Command(
        path=("watch", "add"),
        examples=(
            'watch add "digital replica" AND (bill OR law)',
            "watch add guild:sag-aftra rhythm:daily to:private",
            'watch add bill:"CA AB 412" name:"training data bill"',
        ),
        parameters=(
            Parameter(name="query", kind=Kind.TEXT, required=True, rest=True, most=QUERY_LIMIT),
            _TO,
            *_SETTINGS,
        ),
        private=True,
        slow=True,
    ),
    Command(
        path=("watch", "list"),
        examples=("watch list",),
        parameters=(PAGE,),
        private=True,
    ),
    Command(
        path=("watch", "test"),
        examples=("watch test voice AND clon*", "watch test 3"),
        parameters=(
            Parameter(
                name="query",
                kind=Kind.TEXT,
                about="test query",
                required=True,
                rest=True,
                most=QUERY_LIMIT,
            ),
            Parameter(name="everything", kind=Kind.SWITCH),
            PAGE,
        ),
        private=True,
        slow=True,
    ),
    Command(
        path=("watch", "edit"),
        examples=("watch edit 3", "watch edit 3 rhythm:daily", 'watch edit 3 query:"voice AND clon*"'),
        parameters=(
            _WATCH,
            Parameter(name="query", kind=Kind.TEXT, most=QUERY_LIMIT),
            *_SETTINGS,
            Parameter(name="revision", kind=Kind.NUMBER, most=10**9),
        ),
        private=True,
    ),
    Command(
        path=("watch", "pause"),
        examples=("watch pause 3", "watch pause 3 span:7d"),
        parameters=(_WATCH, Parameter(name="span", kind=Kind.SPAN)),
        private=True,
    ),
    Command(
        path=("watch", "resume"),
        examples=("watch resume 3",),
        parameters=(_WATCH,),
        private=True,
    ),
    Command(
        path=("watch", "remove"),
        examples=("watch remove 3",),
        parameters=(_WATCH,),
        private=True,
    ),
    Command(
        path=("watch", "packs"),
        examples=("watch packs", "watch packs guilds", "watch packs ELVIS"),
        parameters=(
            Parameter(name="words", kind=Kind.PACK, about="packs words", rest=True, most=100),
            PAGE,
        ),
        private=True,
    ),
    Command(
        path=("follow",),
        examples=("follow 12",),
        parameters=(STORY,),
        private=True,
    ),
    Command(
        path=("unfollow",),
        examples=("unfollow 12",),
        parameters=(STORY,),
        private=True,
    ),
)
