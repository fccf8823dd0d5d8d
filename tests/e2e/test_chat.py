"""`slugline chat`: the command set in a terminal, over a whole sample week."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from adapters.sample import SampleServer
from tests.e2e.conftest import FEW
from tests.e2e.program import Program, Result

pytestmark = pytest.mark.slow

SAID = (
    "help",
    "digest",
    "search strike",
    "story strike vote",
    "1",
    "feedback strike vote",
    "about",
    "serch vote",
    "schedule preview 1",
    "watch add strike OR walkout name:Strikes",
    "watch test captions",
    "watch add (strike",
    "follow subtitlers boycott",
    "watch list",
    "watch edit Strikes rhythm:daily",
    "watch pause Strikes span:1d",
    "watch packs wga",
    "privacy show",
    "watch remove Strikes",
    "unfollow subtitlers boycott",
)


@pytest.fixture(scope="module")
def talked(filled: Program, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A conversation over a copy of the week, since feedback changes what is told."""
    said = [part for line in SAID for part in ("--say", line)]
    program = Program(tmp_path_factory.mktemp("chat"), filled.settings)
    shutil.copytree(filled.data, program.data)
    return program("chat", *said)


def answer(talked: Result, line: str) -> str:
    """What followed a line, up to the next."""
    after = talked.out.split(f"> {line}\n", 1)[1]
    return after.split("\n> ", 1)[0]


def test_every_line_is_answered(talked: Result) -> None:
    assert talked.code == 0
    assert "What you can ask" in answer(talked, "help")
    assert "In this digest" in answer(talked, "digest")
    assert "articles with strike" in answer(talked, "search strike")
    assert "Why This Matters" in answer(talked, "story strike vote")
    assert "The source sentences behind the numbers" in answer(talked, "1")
    assert "is not told here any more" in answer(talked, "feedback strike vote")
    assert "Here it reads 13 feeds" in answer(talked, "about")
    assert "The next digest of Schedule 1" in answer(talked, "schedule preview 1")


def test_watches_are_set_tried_followed_and_taken_away(talked: Result) -> None:
    assert "it would have sent" in answer(talked, "watch add strike OR walkout name:Strikes")
    assert "Screenwriters to vote on strike" in answer(talked, "watch add strike OR walkout name:Strikes")
    assert "What “captions” would have sent" in answer(talked, "watch test captions")
    assert "(strike\n^\n" in answer(talked, "watch add (strike")
    assert "machine subtitles" in answer(talked, "follow subtitlers boycott")
    listed = answer(talked, "watch list")
    assert "1 “Strikes” · strike OR walkout" in listed
    assert "following story" in listed
    assert "gathered by the day" in answer(talked, "watch edit Strikes rhythm:daily")
    assert "“Strikes” is paused until" in answer(talked, "watch pause Strikes span:1d")
    assert "guild:wga" in answer(talked, "watch packs wga")
    assert "2 private watches" in answer(talked, "privacy show").replace("\u00a0", " ")
    assert "is removed" in answer(talked, "watch remove Strikes")
    assert "any more" in answer(talked, "unfollow subtitlers boycott")


def test_a_slip_of_the_keyboard_is_understood(talked: Result) -> None:
    assert "did you mean 'search'?" in answer(talked, "serch vote")


def test_a_plain_member_hears_what_is_for_editors(tmp_path: Path) -> None:

    told = Program(tmp_path)("chat", "--as", "Ann", "--say", "feedback 1")
    assert "is for an editor or a manager" in told.out


REVIEWED = (
    "settings set review here",
    "schedule edit 1 review:yes stories:2",
    "schedule now 1",
    "review list",
    'review edit 1 sentence:2 text:"The union has a contract with 77 conditions."',
    "review show 1",
    "review approve digest:1",
    "review history 1",
)


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """One digest of the sample week, edited, approved and posted, all in one conversation."""
    said = [part for line in REVIEWED for part in ("--say", line)]
    return Program(tmp_path_factory.mktemp("review"))("chat", "--sample", *said, first=read_few)


def read_few() -> None:
    """In the program's own process: of the sample week only some outlets' feeds are read, in a third of the time."""
    every = SampleServer.feeds
    SampleServer.feeds = lambda self: every(self)[:FEW]  # type: ignore[method-assign]


def test_a_digest_goes_past_its_editor_to_the_terminal(reviewed: Result) -> None:
    assert reviewed.code == 0
    card = answer(reviewed, "schedule now 1")
    assert "An editor passes it first" in card
    assert "For review: AI and people's work" in card
    assert "In this digest" not in card, "nothing of it is posted yet"
    assert "under review" in answer(reviewed, "review list")
    posted = answer(reviewed, "review approve digest:1")
    assert "2 stories of digest 1 approved" in posted
    assert "By Slugline, reviewed by operator" in posted


def test_what_the_editor_wrote_is_flagged_shown_as_theirs_and_on_record(reviewed: Result) -> None:
    flat = " ".join(answer(reviewed, "review show 1").split())
    assert "Not borne out by its sources, as edited: “The union has a contract with 77 conditions.”" in flat
    assert "77 conditions." in " ".join(answer(reviewed, "review approve digest:1").split())
    history = " ".join(answer(reviewed, "review history 1").split())
    assert "operator · edited" in history
    assert "+ The union has a contract with 77 conditions." in history
