"""The workspaces that there are: written down when one first says something, and ended when Slack says so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.afterwards import Afterwards
from adapters.slack.api import Api
from adapters.slack.installing import leave_teams, reach_teams
from adapters.slack.keys import PLATFORM
from adapters.slack.once import key_of
from adapters.slack.platform import community_of
from bot.app.leaving import come_back
from bot.app.ports import Clock, Database, Transaction
from bot.core.community import Community

TEAMS = 20_000
"""Workspaces that this process remembers to have written down."""

Body = Mapping[str, Any]


class Workspaces:
    """`gone` is told of an installation that ended: its place, and when Slack said so."""

    def __init__(
        self,
        database: Database,
        api: Api,
        clock: Clock,
        afterwards: Afterwards,
        gone: Callable[[Transaction, str, datetime], Awaitable[None]],
    ) -> None:
        self._database = database
        self._api = api
        self._clock = clock
        self._afterwards = afterwards
        self._gone = gone
        self._known: set[str] = set()

    async def settle(self, team: str, context: AsyncBoltContext) -> None:
        """Write down that there is this workspace, and how it is reached. Raises NoKey where it is not."""
        if team in self._known:
            return
        if context.is_enterprise_install and context.enterprise_id:
            async with self._database.begin() as tx:
                await tx.installations.reach(PLATFORM, team, context.enterprise_id)
        key = await self._api.keys.of(team)
        name = key.name if key.place == team and key.name else team
        made = Community(id=community_of(team), platform=PLATFORM, name=name, created_at=self._clock.now())
        async with self._database.begin() as tx:
            await tx.communities.ensure(made)
        await come_back(self._database, made.id)
        if len(self._known) >= TEAMS:
            self._known.clear()
        self._known.add(team)

    async def on_uninstalled(self, body: Body, context: AsyncBoltContext) -> None:
        self._end(body, context)

    async def on_revoked(self, body: Body, context: AsyncBoltContext) -> None:
        if body["event"].get("tokens", {}).get("bot"):
            self._end(body, context)

    async def on_team_access(self, body: Body, context: AsyncBoltContext) -> None:
        """An organisation took the app out of some of its workspaces, or put it into them."""
        organisation, event = context.enterprise_id, body["event"]
        teams = [str(team) for team in event.get("team_ids") or ()]
        if not organisation or not teams:
            return
        at, granted = _told_at(body), event["type"] == "team_access_granted"
        heard = False

        async def changed() -> None:
            nonlocal heard
            if not heard:
                async with self._database.begin() as tx:
                    if not await tx.heard.first(PLATFORM, [key_of(body)]):
                        return
                    await (
                        reach_teams(tx, organisation, teams) if granted else leave_teams(tx, organisation, teams, at)
                    )
                heard = True
            for team in teams:
                self._api.keys.drop(team)
                if granted:
                    await come_back(self._database, community_of(team))
            self._known.difference_update(teams)

        self._afterwards.insist(changed, "an organisation's change")

    def _end(self, body: Body, context: AsyncBoltContext) -> None:
        place = context.enterprise_id if context.is_enterprise_install else context.team_id
        at = _told_at(body)
        if not place:
            return

        async def ended() -> None:
            async with self._database.begin() as tx:
                if await tx.heard.first(PLATFORM, [key_of(body)]):
                    await self._gone(tx, place, at)
            self._api.keys.drop(place)
            self._known.clear()

        self._afterwards.insist(ended, "an installation's end")


def _told_at(body: Body) -> datetime:
    return datetime.fromtimestamp(int(body.get("event_time") or 0), UTC)
