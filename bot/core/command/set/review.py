"""Commands of the editor's desk."""

from __future__ import annotations

from dataclasses import replace

from bot.core.command.command import Command, Kind, Parameter
from bot.core.command.set.reading import PAGE, SHARE
from bot.core.community import Role
from bot.core.review.decisions import SENTENCE_LIMIT
from bot.core.review.draft import Section

_DRAFT = Parameter(name="draft", kind=Kind.DRAFT, help="its number, or words of its headline", required=True, most=300)
_DIGEST = Parameter(name="digest", kind=Kind.NUMBER, help="a digest that waits, by its number", least=1, most=10**12)
_SENTENCE = Parameter(name="sentence", kind=Kind.NUMBER, help="a sentence, by its number", least=1, most=1000)
_REVISION = Parameter(name="revision", kind=Kind.NUMBER, help="which state of the text is meant", least=1, most=10**9)
_REASON = Parameter(name="reason", kind=Kind.TEXT, help="why, for the record", most=500)

REVIEW: tuple[Command, ...] = (
    Command(
        path=("review", "list"),
        help="The digests that wait for an editor, and where each story stands.",
        examples=("review list",),
        parameters=(SHARE, PAGE),
        role=Role.EDITOR,
        private=True,
    ),
    Command(
        path=("review", "show"),
        help="A draft with its sentences by number and what to look at, or a whole digest.",
        examples=("review show 3", "review show digest:5"),
        parameters=(replace(_DRAFT, required=False), _DIGEST, SHARE, PAGE),
        role=Role.EDITOR,
        private=True,
        slow=True,
    ),
    Command(
        path=("review", "evidence"),
        help="The outlets' own sentences that a draft, or one sentence of it, stands on.",
        examples=("review evidence 3", "review evidence 3 sentence:2"),
        parameters=(_DRAFT, _SENTENCE, SHARE, PAGE),
        role=Role.EDITOR,
        private=True,
    ),
    Command(
        path=("review", "approve"),
        help="Approve a draft as it stands, or all of a digest; the last one sends it off.",
        examples=("review approve 3", "review approve digest:5"),
        parameters=(replace(_DRAFT, required=False), _DIGEST, _REVISION),
        role=Role.EDITOR,
    ),
    Command(
        path=("review", "edit"),
        help="Change the headline or a sentence; with nothing more said, in a form a section.",
        examples=(
            "review edit 3",
            "review edit 3 section:story",
            'review edit 3 section:headline text:"Writers vote"',
            'review edit 3 sentence:2 text:"The vote begins on Monday."',
        ),
        parameters=(
            _DRAFT,
            Parameter(
                name="section", kind=Kind.CHOICE, help="which part of it", choices=tuple(part.value for part in Section)
            ),
            _SENTENCE,
            Parameter(name="part", kind=Kind.NUMBER, help="of a long section: which form", least=1, most=100),
            *(
                Parameter(name=name, kind=Kind.TEXT, help="what it shall say, as the form asks", most=SENTENCE_LIMIT)
                for name in ("text", "second", "third", "fourth", "fifth")
            ),
            _REVISION,
        ),
        role=Role.EDITOR,
        private=True,
    ),
    Command(
        path=("review", "cut"),
        help="Leave a sentence out of a draft; with none named, shows which there are.",
        examples=("review cut 3 sentence:2", "review cut 3"),
        parameters=(_DRAFT, _SENTENCE, _REVISION),
        role=Role.EDITOR,
        private=True,
    ),
    Command(
        path=("review", "merge"),
        help="Tell two stories of a digest as one, from the articles of both.",
        examples=("review merge 3 other:4", "review merge 3"),
        parameters=(
            _DRAFT,
            replace(_DRAFT, name="other", help="the draft that goes into it", required=False),
            _REVISION,
        ),
        role=Role.EDITOR,
        private=True,
        slow=True,
    ),
    Command(
        path=("review", "split"),
        help="Tell a story without one of its articles; with none named, shows which there are.",
        examples=("review split 3 article:2", "review split 3"),
        parameters=(
            _DRAFT,
            Parameter(name="article", kind=Kind.NUMBER, help="its place among the draft's sources", least=1, most=1000),
            _REVISION,
        ),
        role=Role.EDITOR,
        private=True,
        slow=True,
    ),
    Command(
        path=("review", "add"),
        help="Tell a story with one more article, by its address; it is fetched once and not kept.",
        examples=("review add 3 https://example.com/news/strike",),
        parameters=(
            _DRAFT,
            Parameter(name="address", kind=Kind.ADDRESS, help="the article's web address", required=True, most=2000),
            _REVISION,
        ),
        role=Role.EDITOR,
        private=True,
        slow=True,
    ),
    Command(
        path=("review", "drop"),
        help="Leave a story out wherever it waits; approving it brings it back.",
        examples=("review drop 3", 'review drop 3 reason:"no news"'),
        parameters=(_DRAFT, _REASON, _REVISION),
        role=Role.EDITOR,
    ),
    Command(
        path=("review", "assign"),
        help="Give a draft to an editor: me, nobody, or a member's id.",
        examples=("review assign 3 me", "review assign 3 nobody"),
        parameters=(
            _DRAFT,
            Parameter(name="to", kind=Kind.TEXT, help="me, nobody, or a member's id", required=True, most=100),
        ),
        role=Role.EDITOR,
    ),
    Command(
        path=("review", "reject"),
        help="Do not post a digest that waits; says why, for the record.",
        examples=('review reject 5 reason:"nothing in it is news"', "review reject"),
        parameters=(_DIGEST, _REASON),
        role=Role.EDITOR,
    ),
    Command(
        path=("review", "history"),
        help="Who approved, edited, cut or dropped what, and what it said before.",
        examples=("review history", "review history 3"),
        parameters=(replace(_DRAFT, required=False), SHARE, PAGE),
        role=Role.EDITOR,
        private=True,
    ),
)
