"""Documents, the Home tab and modals as Slack gets them, beside what a person read and passed; and slackblocks'
opinion of the same blocks."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from adapters.slack.home import DIGEST, REVIEW, home_view
from adapters.slack.render import parts
from adapters.slack.views import Origin, form_view
from bot.core.command.invocation import invocation
from bot.core.community import LOCAL, MemberId
from bot.core.delivery import Destination, DestinationId
from bot.core.message import schedules, watching
from bot.core.message.coming import calendar_document
from bot.core.message.document import Document
from bot.core.message.review import waiting_document
from bot.core.watch.watch import Watch, WatchId
from tests import specimens
from tests.factories import new_schedule
from tests.golden import GOLDEN, check_golden
from tests.hostile import documents
from tests.platforms.slack_oracle import as_slackblocks_writes_it, blocks_equal
from tests.platforms.slack_rules import faults_of_message, faults_of_view
from tests.platforms.test_discord_golden import DOCUMENTS, FORMS

Json = dict[str, Any]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_messages(name: str) -> None:
    messages = [{"text": part.text, "blocks": part.blocks} for part in parts(DOCUMENTS[name])]
    check_golden(f"slack/{name}.json", _written(messages))


@pytest.mark.parametrize("name", FORMS)
def test_modals(name: str) -> None:
    view = form_view(FORMS[name], Origin(channel="C1"))
    assert faults_of_view(view) == []
    check_golden(f"slack/form_{name}.json", _written(view))


def test_the_home_tab() -> None:
    watch = Watch(
        id=WatchId(3),
        created_at=specimens.at(1),
        community=LOCAL,
        owner=MemberId("ann"),
        query="strike AND writers",
        destination=DestinationId(1),
        name="The strike",
        private=True,
    )
    schedule = new_schedule(LOCAL, DestinationId(1), name="morning", zone="Europe/London")
    place = Destination(id=DestinationId(1), community=LOCAL, platform="slack", address="C0NEWS")
    listed = schedules.Listed(schedule=schedule, due=specimens.at(9), place=place)
    home = home_view(
        {
            invocation("watch", "list"): watching.watches_document((watching.Listed(watch=watch),)),
            invocation("schedule", "list"): schedules.schedules_document((listed,)),
            REVIEW: waiting_document((specimens.review_card(),)),
            DIGEST: DOCUMENTS["digest"],
            invocation("calendar"): calendar_document((), specimens.at(9).date(), 30),
        }
    )
    assert faults_of_view(home) == []
    check_with_slackblocks(home["blocks"])
    check_golden("slack/home.json", _written(home))


def test_slacks_own_types_take_it_all() -> None:
    """With `@slack/types` and `typescript` in the folder that SLUGLINE_NODE_MODULES names."""
    modules = Path(os.environ.get("SLUGLINE_NODE_MODULES") or "absent")
    compiler = modules / "typescript" / "bin" / "tsc"
    if not compiler.exists() or not (modules / "@slack" / "types").exists():
        pytest.skip("@slack/types and typescript are absent")
    shown = [block for name in DOCUMENTS for part in parts(DOCUMENTS[name]) for block in part.blocks]
    home = json.loads((GOLDEN / "slack/home.json").read_text(encoding="utf-8"))
    views = [home, *(form_view(FORMS[name], Origin(channel="C1")) for name in FORMS)]
    with tempfile.TemporaryDirectory(dir=modules.parent) as folder:
        file = Path(folder) / "slack.ts"
        file.write_text(
            'import type { KnownBlock, View } from "@slack/types";\n'
            f"export const blocks: KnownBlock[] = {json.dumps(shown)};\n"
            f"export const views: View[] = {json.dumps(views)};\n",
            encoding="utf-8",
        )
        options = ("--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022")
        said = subprocess.run(["node", str(compiler), *options, str(file)], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout[:2_000]


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_slack_takes_the_messages(name: str) -> None:
    for part in parts(DOCUMENTS[name]):
        assert faults_of_message(list(part.blocks)) == []
        check_with_slackblocks(list(part.blocks))


@given(documents)
def test_slackblocks_takes_any_document_and_writes_it_as_we_do(document: Document) -> None:
    for part in parts(document):
        check_with_slackblocks(list(part.blocks))


@pytest.mark.parametrize("name", FORMS)
def test_slackblocks_takes_the_modals(name: str) -> None:
    check_with_slackblocks(form_view(FORMS[name], Origin(channel="C1"))["blocks"])


def check_with_slackblocks(blocks: list[Json]) -> None:
    for block in blocks:
        if block["type"] != "image":
            assert as_slackblocks_writes_it(block) == blocks_equal(block)
