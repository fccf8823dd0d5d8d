"""`slugline check-claims`: a verdict a line, and no guessing at lines that are none."""

from __future__ import annotations

import pytest

from tests.e2e.program import Program, jsonl

SOURCE = 'The guild said 900 animators will vote on 4 May. "We were never asked," said Ada Marsh, its president.'
CLAIM = {"id": "a", "claim": "The guild said 900 animators will vote on 4 May.", "sources": [SOURCE]}


def test_each_claim_gets_a_verdict_and_the_reasons(slugline: Program) -> None:
    wrong = [
        {"id": "number", "claim": "The guild said 950 animators will vote on 4 May.", "sources": [SOURCE]},
        {"id": "quote", "claim": '"We were always asked," said Ada Marsh, its president.', "sources": [SOURCE]},
        {"id": "none", "claim": "The guild said 900 animators will vote.", "sources": []},
    ]
    result = slugline("check-claims", "-", given=jsonl([CLAIM, *wrong]))
    assert result.code == 0, result.err
    supported, number, quote, none = result.rows
    assert supported == {"id": "a", "verdict": "supported", "reasons": []}
    assert (number["id"], number["verdict"]) == ("number", "unsupported")
    assert "950 is not in the sources" in number["reasons"]
    assert quote["verdict"] == "unsupported"
    assert none == {"id": "none", "verdict": "unsupported", "reasons": ["no source is cited"]}


def test_a_claim_needs_no_id(slugline: Program) -> None:
    result = slugline("check-claims", "-", given=jsonl([{"claim": SOURCE, "sources": [SOURCE]}]))
    assert result.rows == [{"id": None, "verdict": "supported", "reasons": []}]


def test_a_bad_line_is_named_and_the_rest_is_done(slugline: Program) -> None:
    bad = [
        {"claim": "x"},
        {"claim": 7, "sources": []},
        {"claim": "x", "sources": "one text"},
        {"claim": "x", "sources": ["one", 2]},
    ]
    result = slugline("check-claims", "-", given="{oops\n" + jsonl([*bad, CLAIM]))
    assert (result.code, [row["id"] for row in result.rows]) == (1, ["a"])
    assert [line.split(": ", 2)[1:] for line in result.err.splitlines()[1:]] == [
        ["line 2", "the key 'sources' is missing"],
        ["line 3", "the key 'claim' is no text"],
        ["line 4", "the key 'sources' is no list of texts"],
        ["line 5", "the key 'sources' is no list of texts"],
    ]
    strict = slugline("check-claims", "--strict", "-", given=jsonl([CLAIM, bad[0], CLAIM]))
    assert (strict.code, strict.error) == (1, "line 2: the key 'sources' is missing")


@pytest.mark.parametrize("text", ["", "\ud800 half a character", '"' * 5_000, "AB 1 " * 20_000])
def test_no_text_is_too_odd_to_judge(slugline: Program, text: str) -> None:
    result = slugline("check-claims", "-", given=jsonl([{"id": 1, "claim": text, "sources": [text]}]))
    assert (result.code, len(result.rows)) == (0, 1)
