"""The bench of searches, run small: it measures what it says it measures."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.bench.archive import archive
from tests.bench.search import LATE, measure

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_small_archive_is_built_once_asked_everything_and_left_as_it_was(folder: Path) -> None:
    report = measure({"articles": "4000", "asks": "12"})

    kept = archive(4000)
    assert kept.built is None
    assert [path.name for path in kept.path.parent.iterdir()] == [kept.path.name]
    assert {goal.figure for goal in report.goals} <= report.figures.keys()
    assert all(report.figures[f"{command}_p99_ms"] > 0 for command in LATE)
    assert report.figures["arrived_a_second"] > 0
    asked, peers = report.tables
    assert {row[0]: row[1] for row in asked.rows}["search"] == "12"
    assert {row[0] for row in peers.rows} == {"Slugline", "fts5_rank", "like"}
