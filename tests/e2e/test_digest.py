"""`feeds import`, `run --once` and `digest` on the sample week's server: what a person gets, in every form."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.e2e.program import Program

pytestmark = pytest.mark.slow


def digest(program: Program, *arguments: str) -> dict[str, Any]:
    result = program("digest", "--format", "json", *arguments)
    assert (result.code, result.err) == (0, "")
    document: dict[str, Any] = json.loads(result.out)
    return document


def claims(story: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if story["deck"]:
        yield story["deck"]
    for part in ("story", "background"):
        for paragraph in story[part]:
            yield from paragraph
    for part in ("why_this_matters", "key_perspectives", "what_to_watch"):
        yield from story[part]


def test_every_claim_of_every_story_has_its_citations(filled: Program) -> None:
    document = digest(filled)
    assert len(document["stories"]) >= 5
    for story in document["stories"]:
        told = list(claims(story))
        assert told, story["headline"]
        listed = {(source["outlet"], source["url"]) for source in story["sources"]}
        for claim in told:
            assert claim["text"]
            assert claim["citations"], claim
            for citation in claim["citations"]:
                assert set(citation) == {"id", "outlet", "url", "sentence"}
                assert isinstance(citation["id"], int)
                assert citation["sentence"]
                assert (citation["outlet"], citation["url"]) in listed


def test_the_digest_leads_with_a_story_of_several_outlets(filled: Program) -> None:
    lead = digest(filled)["stories"][0]
    assert len({source["outlet"] for source in lead["sources"]}) >= 4
    assert set(lead) >= {"id", "headline", "first_seen", "last_updated", "not_heard", "disclosure"}


def test_run_prints_its_digest_once_and_then_says_that_nothing_is_new(filled: Program) -> None:
    first = (filled.folder / "first.out").read_text()
    assert "In this digest" in first
    (count,) = re.findall(r" · (\d+) stories ·", first)
    assert first.count("\nSources\n") == int(count) > 1
    again = filled("run", "--once")
    assert again.code == 0
    assert "Nothing new about AI and people's work was found in this time." in again.out
    assert "In this digest" not in again.out


def test_looking_changes_nothing(filled: Program) -> None:
    def stories() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = digest(filled)["stories"]
        return found

    assert stories() == stories()


def test_every_form_tells_the_same_stories(filled: Program) -> None:
    headlines = [story["headline"] for story in digest(filled)["stories"]]
    for form in ("terminal", "markdown", "html"):
        result = filled("digest", "--format", form)
        assert (result.code, result.err) == (0, "")
        assert result.out.endswith("\n")
        assert not result.out.endswith("\n\n")
        words = letters(Words.of(result.out) if form == "html" else result.out)
        for headline in headlines:
            assert letters(headline) in words, (form, headline)
        assert "\x1b" not in result.out


class Words(HTMLParser):
    """A page's text."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data

    @classmethod
    def of(cls, page: str) -> str:
        parser = cls()
        parser.feed(page)
        return parser.text


def letters(text: str) -> str:
    return re.sub(r"\W+", "", text)


def test_until_is_not_included(filled: Program) -> None:
    """A window from one publication to another holds the first and not the second."""
    stories = digest(filled)["stories"]
    times = sorted({source["published"] for story in stories for source in story["sources"]})
    first, second = times[0], next(time for time in times if time > times[0])

    def published(*arguments: str) -> set[str]:
        found = digest(filled, "--max", "100", *arguments)["stories"]
        return {source["published"] for story in found for source in story["sources"]}

    assert first in published("--since", first, "--until", second)
    assert digest(filled, "--since", shifted(first, -1), "--until", first)["stories"] == []
    window = digest(filled, "--since", first, "--until", second)
    assert (window["since"], window["until"]) == (first, second)


def shifted(moment: str, seconds: int) -> str:
    return (datetime.fromisoformat(moment) + timedelta(seconds=seconds)).isoformat()


def test_max_bounds_the_stories(filled: Program) -> None:
    everything = digest(filled)["stories"]
    assert digest(filled, "--max", "2")["stories"] == everything[:2]


def test_an_empty_time_is_said_plainly(filled: Program) -> None:
    arguments = ("--since", "2001-01-01", "--until", "2001-01-08")
    assert digest(filled, *arguments)["stories"] == []
    for form in ("terminal", "markdown", "html"):
        result = filled("digest", "--format", form, *arguments)
        assert result.code == 0
        text = Words.of(result.out) if form == "html" else result.out.replace("\\", "")
        assert "Nothing new about AI and people's work was found in this time." in text
        assert "1–7 January 2001" in text.replace("\u00a0", " ")


def test_times_are_shown_and_dates_are_read_in_the_zone_that_was_set(filled: Program) -> None:
    west = filled.having(TIMEZONE="America/Los_Angeles")
    arguments = ("--since", "2001-01-01", "--until", "2001-01-08")
    assert digest(west, *arguments)["since"] == "2001-01-01T08:00:00+00:00"
    for form in ("terminal", "markdown", "html"):
        text = west("digest", "--format", form, *arguments).out
        assert "1 January 2001, 00:00 PST" in text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "rubbish"], "'rubbish' is no moment"),
        (["--since", "2026-13-45"], "'2026-13-45' is no moment"),
        (["--since", "99999999999d"], "'99999999999d' is no moment"),
        (["--since", "1d", "--until", "2d"], "--since 1d is not earlier than --until 2d"),
        (["--since", "2001-01-01", "--until", "2001-01-01"], "--since 2001-01-01 is not earlier"),
        (["--since", "2999-01-01"], "--since 2999-01-01 is not earlier than now"),
    ],
)
def test_a_time_that_is_none_is_refused(filled: Program, arguments: list[str], said: str) -> None:
    result = filled("digest", *arguments)
    assert (result.code, result.out) == (1, "")
    assert result.error.startswith(said)


def test_without_any_feed_it_says_how_to_begin(slugline: Program) -> None:
    result = slugline("digest")
    assert result.code == 0
    assert result.error == "no feed was read yet; `slugline run` reads the default ones"


def test_a_reader_that_has_enough_ends_it_quietly(filled: Program) -> None:
    for arguments in (["digest"], ["digest", "--format", "json"], ["feeds", "export"], ["feeds", "list"]):
        process = filled.start(*arguments)
        assert process.stdout is not None
        process.stdout.close()
        _, err = process.communicate(timeout=60)
        assert err == b"", arguments
        assert process.returncode in (0, 1)


def test_output_that_cannot_be_written_is_one_line(filled: Program) -> None:
    with open("/dev/full", "wb") as full:
        for arguments in (["digest"], ["feeds", "export"]):
            process = filled.start(*arguments, stdout=full)
            _, err = process.communicate(timeout=60)
            assert err.decode() == "slugline: No space left on device\n"
            assert process.returncode == 1


def test_logs_are_json_lines_that_follow_an_article(filled: Program) -> None:
    logged = [json.loads(line) for line in (filled.folder / "first.err").read_text().splitlines()]
    assert logged
    assert all({"event", "level", "logger", "timestamp"} <= set(row) for row in logged)
    events = {row["event"] for row in logged}
    assert {"taken in", "joined", "composed"} <= events
    joined = next(row for row in logged if row["event"] == "joined")
    assert isinstance(joined["article"], int)
    assert isinstance(joined["story"], int)
    assert all("feed" in row for row in logged if row["event"] == "taken in")
    assert any("digest" in row for row in logged if row["event"] == "composed")


def test_the_feeds_are_well_and_exported_as_they_were_imported(filled: Program, slugline: Program) -> None:
    listed = filled("feeds", "list")
    assert (listed.code, listed.err) == (0, "")
    assert {line.split()[1] for line in listed.out.splitlines()} == {"healthy"}
    exported = filled("feeds", "export")
    assert slugline("feeds", "import", "-", given=exported.out).out.startswith(
        f"{listed.out.count(chr(10))} feeds added"
    )
    assert slugline("feeds", "export").out == exported.out


def test_on_a_terminal_it_shows_progress_and_no_json(slugline: Program) -> None:
    """`script` gives the command a terminal of its own."""
    done = subprocess.run(
        ["script", "-qec", " ".join(slugline.command("demo")), "/dev/null"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**slugline.environment, "TERM": "xterm-256color"},
        cwd=slugline.folder,
        timeout=150,
        check=False,
    )
    shown = done.stdout.decode()
    assert done.returncode == 0
    assert "Reading feeds" in shown
    assert "In this digest" in shown
    assert '{"event"' not in shown
    assert "\x1b]8;" in shown, "links can be clicked"
