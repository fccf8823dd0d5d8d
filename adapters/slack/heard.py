"""What a press or a typed letter means: the invocation that an element carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.slack.views import read_metadata
from bot.core.command.invocation import Invocation, decode


def pressed(action: Mapping[str, Any]) -> Invocation:
    """What pressing says. Raises ValueError or KeyError for what is none of ours."""
    name = str(action["action_id"])
    if name.startswith("say:"):
        chosen = action.get("selected_option")
        return decode(str(chosen["value"] if chosen is not None else action["value"]))
    _, _, into, code = name.split(":", 3)
    return decode(code).with_arguments(**{into: str(action["selected_option"]["value"])})


def asked_for(body: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    name = str(body["action_id"])
    if name.startswith("complete:"):
        _, _, into, code = name.split(":", 3)
        return decode(code).path, into
    return read_metadata(body["view"])[0].path, str(body["block_id"])
