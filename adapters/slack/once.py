"""By what the same thing is known when Slack says it again.

Slack repeats an event that was not acknowledged in time, up to three times and to any process; a form may be sent off
by two clicks; and a signed request can be copied and sent again for five minutes. Each has a key of its own: an event
its id, a press or command its trigger, a form the view as it stood.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def key_of(body: Mapping[str, Any]) -> str:
    """Of anything that Slack says."""
    if (event := body.get("event_id")) is not None:
        return f"event {event}"
    view = body.get("view")
    if body.get("type") == "view_submission" and view is not None:
        return f"view {view['id']} {view.get('hash', '')}"
    return f"trigger {body.get('trigger_id', '')}"
