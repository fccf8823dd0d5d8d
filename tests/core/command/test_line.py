"""Typed lines: which command, and what is said to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.command.line import LINE_LIMIT, read_line
from bot.core.command.set import COMMANDS
from bot.core.errors import InputError


def said(line: str) -> tuple[str, dict[str, str]]:
    command, invocation = read_line(line, COMMANDS)
    return command.name, dict(invocation.arguments)


@pytest.mark.parametrize(
    ("line", "name", "arguments"),
    [
        ("digest", "digest", {}),
        ("  Digest  since:3d ", "digest", {"since": "3d"}),
        ("digest voice actors since:3d", "digest", {"topic": "voice actors", "since": "3d"}),
        ("digest since=3d voice actors", "digest", {"topic": "voice actors", "since": "3d"}),
        ('search "strike vote" since:30d', "search", {"words": '"strike vote"', "since": "30d"}),
        ('search vote outlet:"The Example Times"', "search", {"words": "vote", "outlet": "The Example Times"}),
        ("search vote outlet:“The Example Times”", "search", {"words": "vote", "outlet": "The Example Times"}),
        ("story 12", "story", {"story": "12"}),
        ("story 12 view:why", "story", {"story": "12", "view": "why"}),
        ("summarize https://x.example/a?b=c", "summarize", {"address": "https://x.example/a?b=c"}),
        (
            'watch add bill:"CA AB 412" name:"training bill" rhythm:daily',
            "watch add",
            {"query": 'bill:"CA AB 412"', "name": "training bill", "rhythm": "daily"},
        ),
        ("watch add source:variety AND clon*", "watch add", {"query": "source:variety AND clon*"}),
        ('watch edit 3 query:"voice AND clon*"', "watch edit", {"watch": "3", "query": "voice AND clon*"}),
        (
            "schedule add every Friday 16:00 zone:Europe/London",
            "schedule add",
            {"when": "every Friday 16:00", "zone": "Europe/London"},
        ),
        ("schedule add 0 9 * * 1-5", "schedule add", {"when": "0 9 * * 1-5"}),
        ("settings set quiet 22:00-07:00", "settings set", {"setting": "quiet", "value": "22:00-07:00"}),
        ("help watch add", "help", {"topic": "watch add"}),
        ("review cut 3 2", "review cut", {"draft": "3", "sentence": "2"}),
        ("review cut 3 sentence:2", "review cut", {"draft": "3", "sentence": "2"}),
        ("review merge 3 4 revision:2", "review merge", {"draft": "3", "other": "4", "revision": "2"}),
        ("review drop 3 no news", "review drop", {"draft": "3", "reason": "no news"}),
        ("review drop 3 revision:2", "review drop", {"draft": "3", "revision": "2"}),
        ('review reject 5 reason:"no news"', "review reject", {"digest": "5", "reason": "no news"}),
    ],
)
def test_a_line_is_read(line: str, name: str, arguments: dict[str, str]) -> None:
    assert said(line) == (name, arguments)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "say a command"),
        ("serch strike", "did you mean 'search'"),
        ("watch ad voice", "did you mean 'watch add'"),
        ("watch", "there are: watch add, watch list"),
        ("story 12 view:why view:told", "view is given twice"),
        ("review edit 3 headline Yes", "such as `review edit 3 section:story`"),
        ("calendar 30 40", "does not know what to do with '40'"),
        ("x" * (LINE_LIMIT + 1), "at most 12000 are read"),
    ],
)
def test_a_line_that_says_nothing_is_told_what_was_meant(line: str, why: str) -> None:
    with pytest.raises(InputError, match=why.replace("(", r"\(")):
        said(line)


@given(st.text(max_size=80), st.sampled_from([command.name for command in COMMANDS]))
def test_no_line_raises_anything_else(rest: str, name: str) -> None:
    for line in (rest, f"{name} {rest}"):
        try:
            command, invocation = read_line(line, COMMANDS)
        except InputError:
            continue
        assert {key for key, _ in invocation.arguments} <= {parameter.name for parameter in command.parameters}
