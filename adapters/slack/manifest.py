"""The app's manifest: what Slack is told of Slugline, for either mode.

Scopes are the fewest that everything works with; what an optional one adds is said, so that whoever is asked to grant
it can refuse. What members see of the app, and what each scope is for, is said in the language of the installation.
https://docs.slack.dev/reference/app-manifest/
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

import yaml

from bot.core import strings

Mode = Literal["socket", "http"]

COMMAND = "/slugline"
SHORTCUT_ANALYSE = "analyse_link"
SHORTCUT_WATCH = "new_watch"

SCOPES = ("chat:write", "commands", "users:read", "files:write")
OPTIONAL = ("channels:history", "groups:history", "im:history", "im:write", "chat:write.public")
"""Without them nothing else is different: a message of which it is not known whether it was posted is marked uncertain,
and the destination's own policy says what then."""

EVENTS = ("app_home_opened", "app_uninstalled", "tokens_revoked")
ORGANISATION_EVENTS = ("team_access_granted", "team_access_revoked")
"""Of an app that organisations install, which happens by HTTP alone."""

EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"


def purpose(scope: str) -> str:
    """What we need it for, in a line; "" for one that we do not ask for."""
    return strings.slack.PURPOSES.get(scope, "")


def manifest(mode: Mode, url: str = "", more: Collection[str] = ()) -> dict[str, Any]:
    """`url` is where Slack reaches this installation over HTTPS, without a path, in mode "http"; `more` are optional
    scopes to ask for too."""
    http = mode == "http"
    address = url.rstrip("/")
    command: dict[str, Any] = {
        "command": COMMAND,
        "description": strings.slack.COMMAND,
        "usage_hint": "help",
        "should_escape": True,
    }
    events: dict[str, Any] = {"bot_events": [*EVENTS, *(ORGANISATION_EVENTS if http else ())]}
    interactivity: dict[str, Any] = {"is_enabled": True}
    oauth: dict[str, Any] = {"scopes": {"bot": [*SCOPES, *(scope for scope in OPTIONAL if scope in more)]}}
    if http:
        command["url"] = address + EVENTS_PATH
        events["request_url"] = address + EVENTS_PATH
        interactivity["request_url"] = address + EVENTS_PATH
        interactivity["message_menu_options_url"] = address + EVENTS_PATH
        oauth["redirect_urls"] = [address + REDIRECT_PATH]
    return {
        "display_information": {
            "name": strings.document.NAME,
            "description": strings.slack.ABOUT,
            "background_color": "#1f2937",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "slugline", "always_online": True},
            "shortcuts": [
                {
                    "name": strings.slack.ANALYSE,
                    "type": "message",
                    "callback_id": SHORTCUT_ANALYSE,
                    "description": strings.slack.ANALYSE_HINT,
                },
                {
                    "name": strings.slack.NEW_WATCH,
                    "type": "global",
                    "callback_id": SHORTCUT_WATCH,
                    "description": strings.slack.NEW_WATCH_HINT,
                },
            ],
            "slash_commands": [command],
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": http,
            "socket_mode_enabled": not http,
            "token_rotation_enabled": http,
        },
    }


def as_yaml(described: dict[str, Any]) -> str:
    """With what each scope is for beside it, and the optional ones that are not asked for as comments."""
    asked = described["oauth_config"]["scopes"]["bot"]
    lines: list[str] = []
    for line in yaml.safe_dump(described, sort_keys=False, allow_unicode=True, width=1000).splitlines():
        scope = line.strip().removeprefix("- ")
        if scope not in asked:
            lines.append(line)
            continue
        lines.append(f"{line}  # {purpose(scope)}")
        if scope == asked[-1]:
            indent = line[: len(line) - len(line.lstrip())]
            lines += [f"{indent}# - {each}  # optional: {purpose(each)}" for each in OPTIONAL if each not in asked]
    return "\n".join(lines) + "\n"
