"""Commands for what is read."""

from __future__ import annotations

from bot.core.command.command import Command, Kind, Parameter
from bot.core.command.set.reading import PAGE
from bot.core.community import Role

_FEED = Parameter(name="feed", kind=Kind.FEED, help="its number or title", required=True, rest=True, most=200)
_OUTLET = Parameter(name="outlet", kind=Kind.OUTLET, help="its name", required=True, rest=True, most=200)

FEEDS: tuple[Command, ...] = (
    Command(
        path=("feeds", "list"),
        help="What is read for this community, by desk.",
        examples=("feeds list", "feeds list desk:games"),
        parameters=(Parameter(name="desk", kind=Kind.DESK, help="of one desk alone", most=60), PAGE),
        private=True,
    ),
    Command(
        path=("feeds", "add"),
        help="Read a feed for this community alone: any page's address will do.",
        examples=("feeds add https://example.com/news",),
        parameters=(Parameter(name="address", kind=Kind.ADDRESS, help="of a feed or a page", required=True),),
        role=Role.MANAGER,
        private=True,
        slow=True,
    ),
    Command(
        path=("feeds", "remove"),
        help="Read one of this community's own feeds no longer.",
        examples=("feeds remove 120",),
        parameters=(_FEED,),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("feeds", "health"),
        help="Feeds that cannot be read, since when and why.",
        examples=("feeds health",),
        parameters=(PAGE,),
        private=True,
    ),
    Command(
        path=("feeds", "off"),
        help="Leave out a feed, or a whole desk (desk:NAME).",
        examples=("feeds off 17", "feeds off desk:courts"),
        parameters=(
            Parameter(name="feed", kind=Kind.FEED, help="its number or title", rest=True, most=200),
            Parameter(name="desk", kind=Kind.DESK, help="a whole desk", most=60),
        ),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("feeds", "on"),
        help="Take in a feed or desk that was left out.",
        examples=("feeds on 17", "feeds on desk:courts"),
        parameters=(
            Parameter(name="feed", kind=Kind.FEED, help="its number or title", rest=True, most=200),
            Parameter(name="desk", kind=Kind.DESK, help="a whole desk", most=60),
        ),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("feeds", "import"),
        help="Add the feeds of an OPML list, given by its address.",
        examples=("feeds import https://example.com/subscriptions.opml",),
        parameters=(Parameter(name="address", kind=Kind.ADDRESS, help="of the list", required=True),),
        role=Role.MANAGER,
        private=True,
        slow=True,
    ),
    Command(
        path=("feeds", "export"),
        help="This community's feeds as an OPML list.",
        examples=("feeds export",),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("outlets", "hide"),
        help="Show nothing of an outlet; stories that others tell stay.",
        examples=("outlets hide The Example Times",),
        parameters=(_OUTLET,),
        role=Role.MANAGER,
        private=True,
    ),
    Command(
        path=("outlets", "show"),
        help="Show an outlet again.",
        examples=("outlets show The Example Times",),
        parameters=(_OUTLET,),
        role=Role.MANAGER,
        private=True,
    ),
)
