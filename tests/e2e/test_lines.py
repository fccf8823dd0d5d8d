"""`classify`, `cluster` and `analyse`: JSON lines in and out, and what they say to lines that are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.program import Program, jsonl

STRIKE = {
    "id": "a",
    "title": "Animators' guild calls strike vote over studios' use of AI",
    "summary": "The guild says artificial intelligence must not replace its 900 members.",
    "published": "2031-05-02T10:00:00Z",
    "outlet": "Fenwick Herald",
}
SAME_STRIKE = {
    "id": "b",
    "title": "Animators to vote on strike over AI in studios",
    "summary": "Guild members will vote on a strike over artificial intelligence replacing animators.",
    "published": "2031-05-02T12:00:00Z",
    "outlet": "Pemberton Post",
}
BAKERY = {
    "id": "c",
    "title": "Harbour bakery wins prize for its rye loaf",
    "published": "2031-05-02T11:00:00Z",
    "outlet": "Fenwick Herald",
}
BAD = ["{oops", "[1, 2]", '{"id": 4}', '{"id": NaN, "title": "x", "published": "2031-05-02"}', "[" * 100_000]


def test_classify_says_what_is_relevant_and_why(slugline: Program) -> None:
    result = slugline("classify", "-", given=jsonl([STRIKE, BAKERY]))
    assert result.code == 0
    strike, bakery = result.rows
    assert set(strike) == {"id", "score", "relevant", "reasons"}
    assert (strike["id"], strike["relevant"], bakery["id"], bakery["relevant"]) == ("a", True, "c", False)
    assert any(reason.startswith("AI") for reason in strike["reasons"])
    assert 0 <= bakery["score"] < strike["score"] <= 1
    assert result.err == ""


def test_cluster_joins_by_time_of_publication_and_answers_in_the_order_read(slugline: Program) -> None:
    forwards = slugline("cluster", "-", given=jsonl([STRIKE, BAKERY, SAME_STRIKE]))
    assert forwards.code == 0
    by_id = {row["id"]: row["story"] for row in forwards.rows}
    assert list(by_id) == ["a", "c", "b"]
    assert by_id["a"] == by_id["b"] != by_id["c"]
    backwards = slugline("cluster", "-", given=jsonl([SAME_STRIKE, BAKERY, STRIKE]))
    assert {row["id"]: row["story"] for row in backwards.rows} == by_id


def test_a_file_and_standard_input_are_read_alike(slugline: Program) -> None:
    file = slugline.folder / "rows.jsonl"
    file.write_text("\ufeff" + jsonl([STRIKE]), encoding="utf-8")  # a byte order mark, as Windows editors write
    assert slugline("classify", file) == slugline("classify", "-", given=file.read_bytes())


@pytest.mark.parametrize("command", ["classify", "cluster", "analyse"])
def test_a_bad_line_is_named_and_the_rest_is_done(slugline: Program, command: str) -> None:
    given = BAD[0] + "\n" + jsonl([STRIKE]) + "\n" + "\n".join(BAD[1:]) + "\n" + jsonl([SAME_STRIKE])
    result = slugline(command, "-", given=given)
    assert result.code == 1
    named = [line.split(":")[1].strip() for line in result.err.splitlines()]
    # Line 3 is empty, which is no mistake; line 5 lacks no key that `analyse` needs save the title.
    assert named == ["line 1", "line 4", "line 5", "line 6", "line 7"]
    if command == "analyse":
        assert len(json.loads(result.out)["sources"]) == 2
    else:
        assert [row["id"] for row in result.rows] == ["a", "b"]


@pytest.mark.parametrize("command", ["classify", "cluster", "analyse"])
def test_strict_stops_at_the_first_bad_line(slugline: Program, command: str) -> None:
    result = slugline(command, "--strict", "-", given=jsonl([STRIKE]) + BAD[0] + "\n" + jsonl([SAME_STRIKE]))
    assert result.code == 1
    assert result.error.startswith("line 2: no valid JSON")
    assert '"b"' not in result.out


def test_an_empty_file_has_no_lines_to_answer(slugline: Program) -> None:
    assert slugline("classify", "-") == slugline("cluster", "-")
    assert slugline("classify", "-").code == 0
    nothing = slugline("analyse", "-")
    assert (nothing.code, nothing.error) == (1, "-: no article to analyse")


def test_a_missing_file_is_said_in_one_line(slugline: Program) -> None:
    for command in (["classify"], ["cluster"], ["analyse"], ["feeds", "parse"], ["feeds", "import"], ["ingest"]):
        result = slugline(*command, "nowhere.jsonl")
        assert (result.code, result.error) == (1, "nowhere.jsonl: No such file or directory"), command


def test_a_folder_is_no_file(slugline: Program) -> None:
    for command in (["classify"], ["feeds", "parse"]):
        result = slugline(*command, ".")
        assert (result.code, result.error) == (1, ".: Is a directory"), command


def test_cluster_needs_to_know_when(slugline: Program) -> None:
    undated = {key: value for key, value in STRIKE.items() if key != "published"}
    silly = {**STRIKE, "published": "yesterday"}
    result = slugline("cluster", "-", given=jsonl([undated, silly, SAME_STRIKE]))
    assert result.code == 1
    assert [row["id"] for row in result.rows] == ["b"]
    assert result.err.splitlines() == [
        "slugline: line 1: the key 'published' is missing",
        "slugline: line 2: the key 'published' is no ISO time: 'yesterday'",
    ]


def test_classify_does_not_mind_when(slugline: Program) -> None:
    result = slugline("classify", "-", given=jsonl([{**STRIKE, "published": "yesterday"}]))
    assert (result.code, result.rows[0]["relevant"]) == (0, True)


def test_titles_of_a_megabyte_and_half_characters_are_survived(slugline: Program) -> None:
    rows = [
        {**STRIKE, "id": "long", "title": "AI strike " * 100_000, "text": "Actors strike over AI. " * 50_000},
        {**STRIKE, "id": "\ud800", "title": "\ud800 Actors strike over AI \udfff", "text": "\ud800"},
        {**STRIKE, "id": ["a", 1], "title": 5},
    ]
    for command in ("classify", "cluster"):
        result = slugline(command, "-", given=jsonl(rows))
        assert result.code == 0, result.err
        assert [row["id"] for row in result.rows] == ["long", "\ud800", ["a", 1]]
    analysis = slugline("analyse", "-", given=jsonl(rows))
    assert analysis.code == 0
    assert len(analysis.out) < 20_000, "a title is not republished by the megabyte"


def test_analyse_gives_the_same_analysis_as_json_and_as_markdown(slugline: Program) -> None:
    given = jsonl([STRIKE, SAME_STRIKE])
    as_json = slugline("analyse", "-", "--engine", "extractive", given=given)
    as_markdown = slugline("analyse", "-", "--format", "markdown", given=given)
    assert as_json.code == as_markdown.code == 0
    analysis = json.loads(as_json.out)
    assert as_markdown.out.startswith(f"# {analysis['headline']}\n")
    assert [source["outlet"] for source in analysis["sources"]]
    assert analysis["disclosure"] == {"engine": "extractive", "reviewed_by": None, "text_sent_to": None}


def test_nothing_is_saved(slugline: Program, tmp_path: Path) -> None:
    """Nor does any library leave a device id or a cache in the home directory."""
    for command in ("classify", "cluster", "analyse"):
        assert slugline.cold(command, "-", given=jsonl([STRIKE])).code == 0
    assert list(tmp_path.iterdir()) == []
