"""Commands for what is read."""

from __future__ import annotations

from bot.core.command.command import Command, Kind, Parameter
from bot.core.command.set.reading import PAGE
from bot.core.community import Role

_FEED = Parameter(name="feed", kind=Kind.FEED, required=True, rest=True, most=200)
_OUTLET = Parameter(name="outlet", kind=Kind.OUTLET, required=True, rest=True, most=200)

FEEDS: tuple[Command, ...] = (
    Command(
        path=("feeds", "list"),
        examples=("feeds list", "feeds list desk:games"),
        parameters=(Parameter(name="desk", kind=Kind.DESK, about="list desk", most=60), PAGE),
        private=True,
    ),
    Command(
        path=("feeds", "add"),
        examples=("feeds add https://example.com/news",),
        parameters=(Parameter(name="address", kind=Kind.ADDRESS, about="feed address", required=True),),
        role=Role.MANAGER,
        private=True,
        slow=True,
    ),
    Command(
        path=("feeds", "remove"),
        examples=("feeds remove 120",),
        parameters=(_FEED,),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("feeds", "health"),
        examples=("feeds health",),
        parameters=(PAGE,),
        private=True,
    ),
    Command(
        path=("feeds", "off"),
        examples=("feeds off 17", "feeds off desk:courts"),
        parameters=(
            Parameter(name="feed", kind=Kind.FEED, rest=True, most=200),
            Parameter(name="desk", kind=Kind.DESK, most=60),
        ),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("feeds", "on"),
        examples=("feeds on 17", "feeds on desk:courts"),
        parameters=(
            Parameter(name="feed", kind=Kind.FEED, rest=True, most=200),
            Parameter(name="desk", kind=Kind.DESK, most=60),
        ),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("feeds", "import"),
        examples=("feeds import https://example.com/subscriptions.opml",),
        parameters=(Parameter(name="address", kind=Kind.ADDRESS, about="list address", required=True),),
        role=Role.MANAGER,
        private=True,
        slow=True,
    ),
    Command(
        path=("feeds", "export"),
        examples=("feeds export",),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("outlets", "hide"),
        examples=("outlets hide The Example Times",),
        parameters=(_OUTLET,),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("outlets", "show"),
        examples=("outlets show The Example Times",),
        parameters=(_OUTLET,),
        role=Role.MANAGER,
        private=True,
    ),
)
