"""Commands that tell what is known: digests, stories, searches, dates, counts."""

from __future__ import annotations

from bot.core.command.command import Command, Kind, Parameter
from bot.core.community import Role

SHARE = Parameter(name="share", kind=Kind.SWITCH)
"""An answer is for whoever asked, unless they share it: a command must not fill a channel by accident."""
PAGE = Parameter(name="page", kind=Kind.NUMBER, least=1, most=1000)
STORY = Parameter(name="story", kind=Kind.STORY, required=True, rest=True, most=300)

VIEWS = ("told", "evidence", "why")

READING: tuple[Command, ...] = (
    Command(
        path=("digest",),
        examples=("digest", "digest voice actors since:3d", "digest games share:yes", "digest posted:yes"),
        parameters=(
            Parameter(name="topic", kind=Kind.TEXT, about="digest topic", rest=True, most=300),
            Parameter(name="since", kind=Kind.SPAN, about="digest since"),
            Parameter(name="posted", kind=Kind.SWITCH, about="digest posted"),
            SHARE,
            PAGE,
        ),
        private=True,
        slow=True,
    ),
    Command(
        path=("story",),
        examples=("story 12", "story replica bill vote", "story 12 view:evidence"),
        parameters=(
            STORY,
            Parameter(name="view", kind=Kind.CHOICE, choices=VIEWS),
            SHARE,
            PAGE,
        ),
        private=True,
        slow=True,
    ),
    Command(
        path=("summarize",),
        examples=("summarize https://example.com/news/ai-contract",),
        parameters=(
            Parameter(name="address", kind=Kind.ADDRESS, about="article address", required=True),
            SHARE,
        ),
        private=True,
        slow=True,
    ),
    Command(
        path=("search",),
        examples=('search "strike vote"', "search voice cloning since:30d outlet:Variety"),
        parameters=(
            Parameter(name="words", kind=Kind.TEXT, about="search words", required=True, rest=True, most=300),
            Parameter(name="since", kind=Kind.SPAN, about="search since"),
            Parameter(name="outlet", kind=Kind.OUTLET, about="search outlet", most=200),
            SHARE,
            PAGE,
        ),
        private=True,
    ),
    Command(
        path=("corrections",),
        examples=("corrections", "corrections 30d"),
        parameters=(Parameter(name="since", kind=Kind.SPAN, about="corrections since"), SHARE, PAGE),
        private=True,
    ),
    Command(
        path=("calendar",),
        examples=("calendar", "calendar 60"),
        parameters=(
            Parameter(name="days", kind=Kind.NUMBER, least=1, most=366),
            SHARE,
            PAGE,
        ),
        private=True,
    ),
    Command(
        path=("trend",),
        examples=("trend SAG-AFTRA", 'trend "digital replica" weeks:12'),
        parameters=(
            Parameter(name="term", kind=Kind.TEXT, required=True, rest=True, most=200),
            Parameter(name="weeks", kind=Kind.NUMBER, least=2, most=52),
            SHARE,
        ),
        private=True,
    ),
    Command(
        path=("feedback",),
        examples=("feedback 12 verdict:not-relevant",),
        parameters=(
            STORY,
            Parameter(
                name="verdict",
                kind=Kind.CHOICE,
                choices=("not-relevant", "relevant", "forget"),
            ),
        ),
        role=Role.EDITOR,
        private=True,
    ),
)
