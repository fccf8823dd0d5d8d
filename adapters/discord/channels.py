"""What is known of the places that are posted to: asked for when it is needed, and remembered for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.discord.permissions import Permission, granted, missing
from adapters.discord.rest import Answer, Rest
from bot.core import strings

FORUM, MEDIA = 15, 16
PRIVATE_THREAD, PUBLIC_THREAD, ANNOUNCEMENT_THREAD = 12, 11, 10
THREADS = frozenset({PRIVATE_THREAD, PUBLIC_THREAD, ANNOUNCEMENT_THREAD})
"""Channel types, from Discord's documentation."""
REQUIRES_TAG = 1 << 4
"""The flag of a forum whose posts must have a tag."""
TAGS_LIMIT = 5
"""Tags of one forum post."""
REMEMBERED = 300.0
"""Seconds that a channel's facts are believed: a forum's tags change seldom."""
MOST = 1000
"""Channels remembered."""
DIRECT = "dm:"
"""Begins the address of a person rather than of a channel: their user id follows."""


@dataclass(frozen=True, slots=True)
class Channel:
    """`raw` is what Discord gave."""

    raw: Mapping[str, Any]

    @property
    def id(self) -> int:
        return int(self.raw["id"])

    @property
    def guild(self) -> int | None:
        found = self.raw.get("guild_id")
        return None if found is None else int(found)

    @property
    def is_forum(self) -> bool:
        return self.raw.get("type") in (FORUM, MEDIA)

    def tags_named(self, names: Sequence[str]) -> list[str]:
        """The ids of the forum's tags with these names; where it wants a tag and has none of them, its first."""
        free = [each for each in self.raw.get("available_tags") or () if not each.get("moderated")]
        wanted = {name.casefold() for name in names}
        found = [str(each["id"]) for each in free if str(each.get("name", "")).casefold() in wanted]
        if not found and int(self.raw.get("flags") or 0) & REQUIRES_TAG:
            found = [str(each["id"]) for each in free[:1]]
        return found[:TAGS_LIMIT]


class Channels:
    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._known: dict[int, tuple[float, Channel]] = {}
        self._direct: dict[int, int] = {}

    async def get(self, channel: int, *, fresh: bool = False) -> Channel | Answer:
        """The answer where there is none."""
        now = asyncio.get_running_loop().time()
        known = self._known.get(channel)
        if known is not None and not fresh and now - known[0] < REMEMBERED:
            return known[1]
        answer = await self._rest.ask("GET", "/channels/{channel_id}", channel_id=channel)
        if not answer.ok:
            self._known.pop(channel, None)
            return answer
        found = Channel(answer.body)
        while len(self._known) >= MOST:
            del self._known[next(iter(self._known))]
        self._known[channel] = (now, found)
        return found

    async def direct(self, user: int) -> int | Answer:
        """The channel of the private messages with that member."""
        if user not in self._direct:
            answer = await self._rest.ask("POST", "/users/@me/channels", {"recipient_id": str(user)})
            if not answer.ok:
                return answer
            while len(self._direct) >= MOST:
                del self._direct[next(iter(self._direct))]
            self._direct[user] = int(answer.body["id"])
        return self._direct[user]

    async def denied(self, channel: int, wanted: Sequence[Permission]) -> str:
        """Why Discord may have said 403 there: which of the permissions wanted are missing, as far as can be seen."""
        found = await self.get(channel, fresh=True)
        view = [each for each in wanted if each.flag == "view_channel"]
        if isinstance(found, Answer) or found.guild is None:
            return _lacks(view or wanted)
        absent = await self.missing(found, wanted)
        return _lacks(absent or wanted)

    async def missing(self, channel: Channel, wanted: Sequence[Permission]) -> Sequence[Permission] | None:
        """Those of `wanted` that the channel does not grant; None where that cannot be seen."""
        if channel.guild is None:
            return ()
        if channel.raw.get("type") in THREADS and channel.raw.get("parent_id"):
            parent = await self.get(int(channel.raw["parent_id"]))
            if isinstance(parent, Answer):
                return None
            channel = parent
        guild = await self._rest.ask("GET", "/guilds/{guild_id}", guild_id=channel.guild or 0)
        member = await self._rest.ask(
            "GET", "/guilds/{guild_id}/members/{user_id}", guild_id=channel.guild or 0, user_id=self._rest.me
        )
        if not (guild.ok and member.ok):
            return None
        return missing(granted(guild.body, channel.raw, member.body.get("roles", ()), self._rest.me), wanted)


def _lacks(permissions: Sequence[Permission]) -> str:
    return strings.discord.lacks([each.name for each in permissions])
