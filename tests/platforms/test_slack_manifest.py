"""The app's manifest in both modes: the fewest scopes, everything that is listened to, and Slack's own limits."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from adapters.slack.manifest import EVENTS, OPTIONAL, ORGANISATION_EVENTS, SCOPES, as_yaml, manifest, purpose
from adapters.slack.words import missing_scope
from bot.cli import slugline
from bot.core import strings


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(slugline, ["slack", "manifest", *arguments])
    return result.exit_code, result.output


def test_without_a_word_it_is_for_one_workspace_with_the_fewest_scopes() -> None:
    code, out = run()
    assert code == 0
    described = yaml.safe_load(out)
    assert described == manifest("socket")
    assert described["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert described["settings"]["socket_mode_enabled"] is True
    assert "url" not in json.dumps(described)


def test_what_optional_scopes_would_add_stands_beside_them() -> None:
    _, out = run()
    for scope in OPTIONAL:
        assert f"# - {scope}  # optional: {purpose(scope)}" in out
    _, out = run("--with", "channels:history")
    assert "- channels:history  # find out" in out
    assert yaml.safe_load(out)["oauth_config"]["scopes"]["bot"] == [*SCOPES, "channels:history"]


def test_over_http_slack_is_told_where_to_send_what() -> None:
    code, out = run("--mode", "http", "--url", "https://news.example/", "--format", "json")
    assert code == 0
    described = json.loads(out)
    settings = described["settings"]
    to = "https://news.example/slack/events"
    assert settings["event_subscriptions"] == {
        "bot_events": [*EVENTS, *ORGANISATION_EVENTS],
        "request_url": to,
    }
    assert settings["interactivity"] == {"is_enabled": True, "request_url": to, "message_menu_options_url": to}
    assert described["features"]["slash_commands"][0]["url"] == to
    assert described["oauth_config"]["redirect_urls"] == ["https://news.example/slack/oauth_redirect"]
    assert (settings["token_rotation_enabled"], settings["socket_mode_enabled"]) == (True, False)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--mode", "http"], "https://"),
        (["--mode", "http", "--url", "http://news.example"], "https://"),
        (["--url", "https://news.example"], "--mode http"),
        (["--with", "channel:history"], "did you mean 'channels:history'"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(arguments: list[str], says: str) -> None:
    code, out = run(*arguments)
    assert code == 1
    assert says in out


@pytest.mark.parametrize("described", [manifest("socket"), manifest("http", "https://a.example", tuple(OPTIONAL))])
def test_it_keeps_to_slacks_limits(described: dict[str, Any]) -> None:
    """https://docs.slack.dev/reference/app-manifest/#fields"""
    assert len(described["display_information"]["name"]) <= 35
    assert len(described["display_information"]["description"]) <= 140
    assert len(described["features"]["bot_user"]["display_name"]) <= 80
    for shortcut in described["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
        assert len(shortcut["callback_id"]) <= 255
    for command in described["features"]["slash_commands"]:
        assert len(command["command"]) <= 32
        assert len(command["description"]) <= 2000
    assert yaml.safe_load(as_yaml(described)) == described


def test_what_members_see_of_it_is_said_in_their_language(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ABOUT", "COMMAND", "ANALYSE", "ANALYSE_HINT", "NEW_WATCH", "NEW_WATCH_HINT"):
        monkeypatch.setattr(strings.slack, name, f"«{name}»")
    monkeypatch.setattr(strings.slack, "PURPOSES", {scope: f"«{scope}»" for scope in (*SCOPES, *OPTIONAL)})
    described = manifest("socket")
    said = json.dumps(described, ensure_ascii=False)
    assert [f"«{name}»" in said for name in ("ABOUT", "COMMAND", "ANALYSE", "NEW_WATCH_HINT")] == [True] * 4
    shortcuts = described["features"]["shortcuts"]
    assert [shortcut["name"] for shortcut in shortcuts] == ["«ANALYSE»", "«NEW_WATCH»"]
    assert "- chat:write  # «chat:write»" in as_yaml(described)
    assert "«files:write»" in missing_scope("files:write")
