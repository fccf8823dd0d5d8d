"""Modals as they are open before a member: put on top of each other, changed, and sent off.

A trigger opens one within three seconds. Slack lets three stand on top of each other; what would be the fourth takes
the third's place. A modal that was changed meanwhile is left as it is (`hash`).
https://docs.slack.dev/surfaces/modals/
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from adapters.slack.answering import Spot
from adapters.slack.api import Api, No
from adapters.slack.views import answer_view, corrected_view, form_view
from bot.core.command.command import Command
from bot.core.message.document import Answer, Ask, Reply

LATE = frozenset({"expired_trigger_id", "invalid_trigger_id", "trigger_expired", "trigger_exchanged"})


class Modals:
    def __init__(self, api: Api) -> None:
        self._api = api

    async def open(self, spot: Spot, view: dict[str, Any]) -> bool:
        """On top of the modal it was asked for in, as deep as Slack lets it; False where it is too late for it."""
        within = spot.view if spot.view is not None and spot.view.get("type") == "modal" else None
        try:
            if within is None:
                await self._api.call(spot.team, "views.open", {"trigger_id": spot.trigger, "view": view})
            else:
                await self._api.call(spot.team, "views.push", {"trigger_id": spot.trigger, "view": view})
        except No as no:
            if no.code == "push_limit_reached" and within is not None:
                await self.update(spot.team, within, view)
                return True
            if no.code not in LATE:
                raise
            return False
        return True

    async def update(self, team: str, view: Mapping[str, Any], after: dict[str, Any]) -> None:
        """Change a view that is open, unless it was changed meanwhile."""
        try:
            await self._api.call(team, "views.update", {"view_id": view["id"], "hash": view.get("hash"), "view": after})
        except No as no:
            if no.code not in {"hash_conflict", "not_found"}:
                raise


class SentForm:
    """A form that was sent off and waits for its `answer`, or is `late` for it."""

    def __init__(
        self,
        view: Mapping[str, Any],
        answer: asyncio.Future[Answer | None],
        command: Callable[[tuple[str, ...]], Command | None],
    ) -> None:
        self.view = view
        self._command = command
        self.answer = answer
        self.late = False

    @property
    def title(self) -> str:
        return str(self.view.get("title", {}).get("text") or "Slugline")

    def nothing(self) -> None:
        """Nobody will answer it, or somebody has."""
        if not self.answer.done():
            self.answer.set_result(None)

    def after(self, answer: Answer | None, spot: Spot) -> dict[str, Any] | None:
        """How the form looks then; None: it is closed, and the answer is shown elsewhere."""
        match answer:
            case None:
                return None
            case Reply(failed=True, document=document):
                return corrected_view(self.view, document)
            case Ask(form=form):
                return form_view(form, spot.origin, self._command(form.invoke.path))
            case Reply(private=True, document=document) if not spot.response_url:
                return answer_view(document, self.title)
            case _:
                return None
