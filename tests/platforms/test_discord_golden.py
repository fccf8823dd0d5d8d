"""Documents as Discord gets them, beside what a person read and passed; and Discord's own schema of what it takes."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from adapters.discord.commands import payload
from adapters.discord.forms import modal
from adapters.discord.render import parts
from bot.core.command.set import COMMANDS
from bot.core.command.set.reading import READING
from bot.core.community import LOCAL, MemberId
from bot.core.delivery import DestinationId, DigestId
from bot.core.message.alert import alert_document
from bot.core.message.digest import digest_document
from bot.core.message.document import Document, Form
from bot.core.message.help import command_document, commands_document
from bot.core.message.notice import error_document
from bot.core.message.review import card_document, edit_form, reject_form
from bot.core.review.draft import Section
from bot.core.story import StoryId
from bot.core.watch.pack import Packs
from bot.core.watch.report import finding, read, story_report
from bot.core.watch.watch import Watch, WatchId
from tests import specimens
from tests.golden import check_golden
from tests.hostile import documents
from tests.platforms.test_discord_render import layout
from tests.sample_stories import sample_coverage
from tests.shared import shared

COMPONENTS_V2 = 1 << 15


def alert() -> Document:
    """Of the sample week: two outlets on the strike vote."""
    reads = [read(Packs(()), member.article, None) for member in sample_coverage("scribes-strike-vote").members[:2]]
    findings = [finding(None, one) for one in reads]
    found = [replace(one, terms=("strike",)) for one in findings if one is not None]
    watch = Watch(
        id=WatchId(3),
        created_at=specimens.at(1),
        community=LOCAL,
        owner=MemberId("ann"),
        query="strike AND writers",
        destination=DestinationId(1),
        name="The strike",
        note="for the newsletter",
        private=True,
    )
    return alert_document(watch, story_report(StoryId(1), found))


DOCUMENTS = {
    "digest": digest_document(specimens.week_digest()),
    "alert": alert(),
    "error": error_document("`watch add` needs query", "Say `help watch add` for how it is said."),
    "help": commands_document(READING),
    "help_command": command_document(next(one for one in COMMANDS if one.path == ("watch", "add"))),
    "review_card": card_document(specimens.review_card()),
}
FORMS = {
    "edit": edit_form(specimens.edited_draft().draft, Section.STORY, 1),
    "reject": reject_form(DigestId(7)),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_messages(name: str) -> None:
    messages = [layout(part) for part in parts(DOCUMENTS[name])]
    check_golden(f"discord/{name}.json", _written(messages))


@pytest.mark.parametrize("name", FORMS)
def test_forms(name: str) -> None:
    check_golden(f"discord/form_{name}.json", _written(_sheet(FORMS[name])))


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _sheet(form: Form) -> dict[str, Any]:
    found: dict[str, Any] = modal(form).to_dict()
    return found


# --- Discord's schema -----------------------------------------------------------------------------------------


@cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    api = json.loads(shared("data/discord/discord-openapi.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator({**api, "$ref": f"#/components/schemas/{name}"})


def _check(name: str, value: Any) -> None:
    faults = sorted(_validator(name).iter_errors(json.loads(json.dumps(value))), key=lambda fault: fault.json_path)
    assert not faults, [f"{fault.json_path}: {fault.message:.200}" for fault in faults[:5]]


def _check_messages(document: Document) -> None:
    for part in parts(document):
        message = {"components": layout(part), "flags": COMPONENTS_V2, "allowed_mentions": {"parse": []}}
        _check("MessageCreateRequest", message)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_discord_takes_the_messages(name: str) -> None:
    _check_messages(DOCUMENTS[name])


@given(documents)
def test_discord_takes_any_document(document: Document) -> None:
    _check_messages(document)


@pytest.mark.parametrize("name", FORMS)
def test_discord_takes_the_forms(name: str) -> None:
    _check("ModalInteractionCallbackRequestData", _sheet(FORMS[name]))


def test_discord_takes_the_commands() -> None:
    for command in payload(COMMANDS):
        _check("ApplicationCommandUpdateRequest", command)


def test_the_schema_refuses_what_discord_does() -> None:
    with pytest.raises(AssertionError, match="components"):
        _check("MessageCreateRequest", {"components": [{"type": 10, "content": 1}], "flags": COMPONENTS_V2})
