"""Who speaks: what a member may do, and in whose time zone they are answered."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from adapters.slack.api import Api, CallError
from adapters.slack.keys import NoKey
from bot.app.commands.asked import Member
from bot.app.ports import Clock
from bot.core.community import MemberId, Role
from bot.core.errors import StoreError

KEPT = timedelta(minutes=10)
"""How long what Slack said of a member is believed: so long somebody stays an admin here who is none there."""
MOST = 20_000
"""Members that are remembered."""
PATIENCE = timedelta(seconds=2)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Person:
    member: Member
    zone: tzinfo = UTC


class People:
    def __init__(self, api: Api, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], tuple[Person, datetime]] = OrderedDict()

    async def one(self, team: str, user: str, name: str = "") -> Person:
        """Admins and owners of the workspace, and whoever installed Slugline, are managers. A plain member where Slack
        does not say."""
        now = self._clock.now()
        known = self._known.get((team, user))
        if known is not None and now < known[1]:
            return known[0]
        try:
            told = (await self._api.call(team, "users.info", {"user": user}, patience=PATIENCE))["user"]
            key = await self._api.keys.of(team)
        except (CallError, NoKey, StoreError) as error:
            log.warning("Slack does not say who a member is", team=team, reason=str(error))
            return known[0] if known is not None else Person(Member(id=MemberId(user), name=name or user))
        manages = bool(told.get("is_admin") or told.get("is_owner") or told.get("is_primary_owner"))
        shown = (told.get("profile") or {}).get("display_name") or told.get("real_name") or told.get("name") or name
        person = Person(
            Member(
                id=MemberId(user),
                name=str(shown or user)[:100],
                role=Role.MANAGER if manages or key.installer == user else Role.MEMBER,
            ),
            _zone(str(told.get("tz") or "")),
        )
        self._known[team, user] = (person, now + KEPT)
        self._known.move_to_end((team, user))
        if len(self._known) > MOST:
            self._known.popitem(last=False)
        return person


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
