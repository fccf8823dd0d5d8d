"""`slugline why` at a terminal."""

from __future__ import annotations

import json

from tests.e2e.program import Program


def test_a_story_and_an_article_are_explained_in_text_and_json(filled: Program) -> None:
    week = json.loads(filled("digest", "--since", "60d", "--format", "json", "--max", "1").out)
    (lead,) = week["stories"]
    as_json = filled("why", f"story:{lead['id']}", "--format", "json")
    assert as_json.code == 0, as_json.err
    story = json.loads(as_json.out)
    assert (story["story"], story["relevant"], story["headline"]) == (lead["id"], True, lead["headline"])
    assert any(sentence["chosen_for"] for sentence in story["sentences"])
    shown = filled("why", str(lead["id"]))
    assert shown.code == 0
    assert f"story {lead['id']}" in shown.out
    article = story["articles"][-1]["id"]
    told = json.loads(filled("why", f"article:{article}", "--format", "json").out)
    assert (told["article"]["id"], told["story"]) == (article, lead["id"])
    by_words = filled("why", *lead["sources"][0]["title"].split(), "--format", "json")
    assert json.loads(by_words.out)["story"] == lead["id"]


def test_what_is_not_there_is_said_in_one_line(slugline: Program) -> None:
    for subject, said in (("7", "there is no story 7"), ("article:7", "there is no article 7")):
        result = slugline("why", subject)
        assert (result.code, result.error) == (1, said)
    assert slugline("why", "walnut", "harvest").code == 1
    assert slugline("why").code == 2
