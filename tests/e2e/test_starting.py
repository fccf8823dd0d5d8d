"""Each command from nothing, as a shell starts it: it finds all it needs, whatever was imported before it.

Elsewhere commands are forked from a process that has imported everything (`tests.forks`), which would hide that.
"""

from __future__ import annotations

import json
import os

import pytest

from bot.cli import COMMANDS
from tests.e2e.program import Program

ARTICLE = json.dumps({"id": "a", "title": "Animators strike over AI", "published": "2031-05-02T10:00:00Z"})
CLAIM = json.dumps({"claim": "Animators strike.", "sources": ["Animators strike."]})
FEED = '<rss version="2.0"><channel><title>Fenwick Herald</title></channel></rss>'
OPML = '<opml version="2.0"><body><outline type="rss" text="A" xmlUrl="http://127.0.0.1:1/"/></body></opml>'

STARTED = [
    (["digest"], "", 0),
    (["why", "7"], "", 1),
    (["feedback", "7", "relevant"], "", 1),
    (["feeds", "parse", "-"], FEED, 0),
    (["feeds", "import", "-"], OPML, 0),
    (["feeds", "export"], "", 0),
    (["feeds", "add", "http://127.0.0.1:1/"], "", 1),
    (["feeds", "off", "7"], "", 1),
    (["outlets", "hide", "Nobody"], "", 1),
    (["ingest", "."], "", 0),
    (["classify", "-"], ARTICLE, 0),
    (["cluster", "-"], ARTICLE, 0),
    (["analyse", "-"], ARTICLE, 0),
    (["check-claims", "-"], CLAIM, 0),
    (["chat"], "", 0),
    (["deliveries", "list"], "", 0),
    (["posting", "status"], "", 0),
    (["discord", "invite"], "", 2),
    (["purge", "--dry-run"], "", 0),
    (["slack", "manifest"], "", 0),
    (["backup", "copy"], "", 1),
    (["restore", "--yes", os.devnull], "", 1),
    (["migrate-store", "postgresql+asyncpg://127.0.0.1:1/none"], "", 1),
    (["doctor"], "", 0),
]
ELSEWHERE = {"run", "demo"}
"""Started from nothing in `test_stopping` and `test_package`."""


@pytest.mark.parametrize(
    ("arguments", "given", "code"), STARTED, ids=[" ".join(arguments) for arguments, *_ in STARTED]
)
def test_started_from_nothing_a_command_does_as_when_forked(
    slugline: Program, arguments: list[str], given: str, code: int
) -> None:
    cold = slugline.cold(*arguments, given=given)
    assert cold.code == code, cold.err
    warm = slugline(*arguments, given=given)
    assert (warm.code, warm.err) == (cold.code, cold.err)


def test_every_command_is_started_from_nothing_somewhere() -> None:
    assert {arguments[0] for arguments, *_ in STARTED} | ELSEWHERE == set(COMMANDS)
