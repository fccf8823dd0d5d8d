"""Commands that tell what is known: digests, stories, searches, dates, counts."""

from __future__ import annotations

from bot.core.command.command import Command, Kind, Parameter
from bot.core.community import Role

SHARE = Parameter(name="share", kind=Kind.SWITCH, help="yes: show the answer to everybody here")
"""An answer is for whoever asked, unless they share it: a command must not fill a channel by accident."""
PAGE = Parameter(name="page", kind=Kind.NUMBER, help="which page", least=1, most=1000)
STORY = Parameter(
    name="story", kind=Kind.STORY, help="its number, or words of its headline", required=True, rest=True, most=300
)

VIEWS = ("told", "evidence", "why")

READING: tuple[Command, ...] = (
    Command(
        path=("digest",),
        help="The stories of the last days, told with their evidence.",
        examples=("digest", "digest voice actors since:3d", "digest games share:yes"),
        parameters=(
            Parameter(name="topic", kind=Kind.TEXT, help="words or a desk, to keep to", rest=True, most=300),
            Parameter(name="since", kind=Kind.SPAN, help="how far back, such as 24h or 7d"),
            SHARE,
            PAGE,
        ),
        private=True,
        slow=True,
    ),
    Command(
        path=("story",),
        help="One story: the whole analysis, its evidence, or why it is told as it is.",
        examples=("story 12", "story replica bill vote", "story 12 view:evidence"),
        parameters=(
            STORY,
            Parameter(name="view", kind=Kind.CHOICE, help="told, evidence or why", choices=VIEWS),
            SHARE,
            PAGE,
        ),
        private=True,
        slow=True,
    ),
    Command(
        path=("summarize",),
        help="Any article: fetched once, analysed, every sentence cited.",
        examples=("summarize https://example.com/news/ai-contract",),
        parameters=(
            Parameter(name="address", kind=Kind.ADDRESS, help="the article's web address", required=True),
            SHARE,
        ),
        private=True,
        slow=True,
    ),
    Command(
        path=("search",),
        help="Articles that hold all these words.",
        examples=('search "strike vote"', "search voice cloning since:30d outlet:Variety"),
        parameters=(
            Parameter(
                name="words", kind=Kind.TEXT, help='words, or "an exact phrase"', required=True, rest=True, most=300
            ),
            Parameter(name="since", kind=Kind.SPAN, help="how far back, such as 30d"),
            Parameter(name="outlet", kind=Kind.OUTLET, help="of one outlet alone", most=200),
            SHARE,
            PAGE,
        ),
        private=True,
    ),
    Command(
        path=("calendar",),
        help="What is coming up: votes, hearings, deadlines that reports gave a date for.",
        examples=("calendar", "calendar 60"),
        parameters=(
            Parameter(name="days", kind=Kind.NUMBER, help="how many days ahead", least=1, most=366),
            SHARE,
            PAGE,
        ),
        private=True,
    ),
    Command(
        path=("trend",),
        help="How many articles and stories spoke of something, week by week.",
        examples=("trend SAG-AFTRA", 'trend "digital replica" weeks:12'),
        parameters=(
            Parameter(name="term", kind=Kind.TEXT, help='a word, or "a phrase"', required=True, rest=True, most=200),
            Parameter(name="weeks", kind=Kind.NUMBER, help="how many weeks back", least=2, most=52),
            SHARE,
        ),
        private=True,
    ),
    Command(
        path=("feedback",),
        help="Say whether a story belongs here; it moves this community's own bar, nobody else's.",
        examples=("feedback 12 verdict:not-relevant",),
        parameters=(
            STORY,
            Parameter(
                name="verdict",
                kind=Kind.CHOICE,
                help="not-relevant, relevant, or forget what was said",
                choices=("not-relevant", "relevant", "forget"),
            ),
        ),
        role=Role.EDITOR,
        private=True,
    ),
)
