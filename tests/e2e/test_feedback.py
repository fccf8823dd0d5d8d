"""`slugline feedback` at a terminal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.e2e.program import Program


def test_a_story_leaves_this_terminals_digest_and_comes_back(filled: Program, tmp_path: Path) -> None:
    shutil.copytree(filled.data, tmp_path / "data")
    slugline = Program(tmp_path, filled.settings)

    def told() -> list[int]:
        shown = slugline("digest", "--since", "60d", "--format", "json", "--max", "100")
        return [story["id"] for story in json.loads(shown.out)["stories"]]

    before = told()
    named = slugline("feedback", str(before[0]), "not-relevant")
    assert named.code == 0, named.err
    assert named.out.startswith(f"not relevant here: story {before[0]}, ")
    assert before[0] not in told()
    assert slugline("feedback", f"story:{before[0]}", "none").code == 0
    assert told() == before


def test_a_story_that_is_not_there_is_said_in_one_line(slugline: Program) -> None:
    assert (slugline("feedback", "7", "relevant").error, slugline("feedback", "7", "relevant").code) == (
        "there is no story 7",
        1,
    )
    nowhere = slugline("feedback", "walnut harvest", "relevant")
    assert (nowhere.code, "walnut harvest" in nowhere.error) == (1, True)
    assert slugline("feedback", "7", "meh").code == 2
