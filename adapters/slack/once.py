"""Each thing that Slack says is done once, though it may be said several times.

Slack repeats an event that was not acknowledged in time, up to three times and to any process; a form may be sent off
by two clicks; and a signed request can be copied and sent again for five minutes. Each has a key of its own: an event
its id, a press or command its trigger, a form the view as it stood. Keys are kept in the database for a day.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from adapters.slack.keys import PLATFORM
from bot.app.ports import Database
from bot.app.together import Together

KEPT = timedelta(days=1)
RECENT = 20_000
"""Keys that this process remembers by itself, so that most of what comes twice asks nobody."""
TOGETHER = 256


class Once:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._recent: OrderedDict[str, None] = OrderedDict()
        self._together = Together(self._ask, TOGETHER)

    def here(self, key: str) -> bool:
        """Whether this process hears it for the first time."""
        if key in self._recent:
            return False
        self._recent[key] = None
        if len(self._recent) > RECENT:
            self._recent.popitem(last=False)
        return True

    async def first(self, key: str) -> bool:
        """Whether any process does. Raises StoreError where nobody can tell; then it can be asked again."""
        if not self.here(key):
            return False
        try:
            return await self._together.do(key)
        except BaseException:
            self._recent.pop(key, None)
            raise

    async def forget(self) -> None:
        """What nobody will say again."""
        async with self._database.begin() as tx:
            await tx.heard.forget(PLATFORM, KEPT)

    async def _ask(self, keys: Sequence[str]) -> Sequence[bool]:
        async with self._database.begin() as tx:
            first = await tx.heard.first(PLATFORM, keys)
        return [key in first for key in keys]


def key_of(body: Mapping[str, Any]) -> str:
    """Of anything that Slack says."""
    if (event := body.get("event_id")) is not None:
        return f"event {event}"
    view = body.get("view")
    if body.get("type") == "view_submission" and view is not None:
        return f"view {view['id']} {view.get('hash', '')}"
    return f"trigger {body.get('trigger_id', '')}"
