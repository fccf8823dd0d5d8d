"""Commands of the editor's desk."""

from __future__ import annotations

from dataclasses import replace

from bot.core.command.command import Command, Kind, Parameter
from bot.core.command.set.reading import PAGE, SHARE, STORY
from bot.core.community import Role
from bot.core.review.decisions import SENTENCE_LIMIT
from bot.core.review.draft import Section

_DRAFT = Parameter(name="draft", kind=Kind.DRAFT, required=True, most=300)
_DIGEST = Parameter(name="digest", kind=Kind.NUMBER, least=1, most=10**12)
_SENTENCE = Parameter(name="sentence", kind=Kind.NUMBER, least=1, most=1000)
_REVISION = Parameter(name="revision", kind=Kind.NUMBER, about="draft revision", least=1, most=10**9)
_REASON = Parameter(name="reason", kind=Kind.TEXT, most=500, rest=True, placed=True)

REVIEW: tuple[Command, ...] = (
    Command(
        path=("review", "list"),
        examples=("review list",),
        parameters=(SHARE, PAGE),
        role=Role.EDITOR,
        private=True,
    ),
    Command(
        path=("review", "show"),
        examples=("review show 3", "review show digest:5"),
        parameters=(replace(_DRAFT, required=False), _DIGEST, SHARE, PAGE),
        role=Role.EDITOR,
        private=True,
        slow=True,
    ),
    Command(
        path=("review", "evidence"),
        examples=("review evidence 3", "review evidence 3 2"),
        parameters=(_DRAFT, replace(_SENTENCE, placed=True), SHARE, PAGE),
        role=Role.EDITOR,
        private=True,
    ),
    Command(
        path=("review", "approve"),
        examples=("review approve 3", "review approve digest:5"),
        parameters=(replace(_DRAFT, required=False), _DIGEST, _REVISION),
        role=Role.EDITOR,
    ),
    Command(
        path=("review", "edit"),
        examples=(
            "review edit 3",
            "review edit 3 section:story",
            'review edit 3 section:headline text:"Writers vote"',
            'review edit 3 sentence:2 text:"The vote begins on Monday."',
        ),
        parameters=(
            _DRAFT,
            Parameter(name="section", kind=Kind.CHOICE, choices=tuple(part.value for part in Section)),
            _SENTENCE,
            Parameter(name="part", kind=Kind.NUMBER, least=1, most=100),
            *(
                Parameter(name=name, kind=Kind.TEXT, about="text", most=SENTENCE_LIMIT)
                for name in ("text", "second", "third", "fourth", "fifth")
            ),
            _REVISION,
        ),
        role=Role.EDITOR,
        private=True,
    ),
    Command(
        path=("review", "cut"),
        examples=("review cut 3 2", "review cut 3"),
        parameters=(_DRAFT, replace(_SENTENCE, placed=True), _REVISION),
        role=Role.EDITOR,
        private=True,
    ),
    Command(
        path=("review", "merge"),
        examples=("review merge 3 4", "review merge 3"),
        parameters=(
            _DRAFT,
            replace(_DRAFT, name="other", required=False, placed=True),
            _REVISION,
        ),
        role=Role.EDITOR,
        private=True,
        slow=True,
    ),
    Command(
        path=("review", "split"),
        examples=("review split 3 2", "review split 3"),
        parameters=(
            _DRAFT,
            Parameter(name="article", kind=Kind.NUMBER, least=1, most=1000, placed=True),
            _REVISION,
        ),
        role=Role.EDITOR,
        private=True,
        slow=True,
    ),
    Command(
        path=("review", "add"),
        examples=("review add 3 https://example.com/news/strike",),
        parameters=(
            _DRAFT,
            Parameter(name="address", kind=Kind.ADDRESS, about="article address", required=True, most=2000),
            _REVISION,
        ),
        role=Role.EDITOR,
        private=True,
        slow=True,
    ),
    Command(
        path=("review", "drop"),
        examples=("review drop 3", "review drop 3 no news"),
        parameters=(_DRAFT, _REASON, _REVISION),
        role=Role.EDITOR,
    ),
    Command(
        path=("review", "assign"),
        examples=("review assign 3 me", "review assign 3 nobody"),
        parameters=(
            _DRAFT,
            Parameter(name="to", kind=Kind.TEXT, about="assign to", required=True, most=100),
        ),
        role=Role.EDITOR,
    ),
    Command(
        path=("review", "reject"),
        examples=("review reject 5 nothing in it is news", "review reject"),
        parameters=(_DIGEST, _REASON),
        role=Role.EDITOR,
    ),
    Command(
        path=("review", "correct"),
        examples=("review correct 12", 'review correct 12 sentence:2 text:"They were 40." reason:"a slip of ours"'),
        parameters=(
            replace(STORY, rest=False),
            Parameter(name="sentence", kind=Kind.NUMBER, about="correct sentence", least=0, most=1000),
            Parameter(name="text", kind=Kind.TEXT, about="correct text", most=SENTENCE_LIMIT),
            Parameter(name="reason", kind=Kind.TEXT, about="correct reason", most=500),
            replace(_REVISION, about="correct revision"),
        ),
        role=Role.EDITOR,
        private=True,
        slow=True,
    ),
    Command(
        path=("review", "history"),
        examples=("review history", "review history 3"),
        parameters=(replace(_DRAFT, required=False), SHARE, PAGE),
        role=Role.EDITOR,
        private=True,
    ),
)
