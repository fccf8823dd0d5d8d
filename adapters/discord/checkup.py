"""What `doctor` finds out about Discord, over HTTP alone: nothing is connected, and nothing is posted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import aiohttp
import discord

from adapters.discord.channels import Channels
from adapters.discord.identify import ALLOWED, used
from adapters.discord.marks import OURS
from adapters.discord.pace import OwnPace
from adapters.discord.permissions import invitation, needed_for
from adapters.discord.rest import Answer, Rest, open_rest
from adapters.discord.standing import standings
from adapters.discord.trouble import APPLICATION, Misconfigured, OtherApplication
from bot.app.checkup import Finding
from bot.app.ports import Database
from bot.core.delivery import Destination, Post

PATIENCE = timedelta(seconds=15)
"""For all of it: whoever asks a doctor wants an answer."""
SERVERS = 200
"""Servers that one question gives: Discord's most. With more, that is what is said."""
NAMED = 10
"""Servers named."""
PASSES = timedelta(minutes=5)
"""What is not connected for less is being connected again, as happens every few hours."""
PLACES = 25
"""Places looked at, those of the oldest schedules."""

_SUBJECT = "Discord"


async def check_discord(token: str, application: int | None, database: Database | None) -> list[Finding]:
    """Whether the token is good and of the right application, which servers there are, and what is missing where
    something is to be posted."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()), open_rest(token, OwnPace()) as rest:
            await rest.log_in()
            found = await _application(rest, application, database)
            if found.level != "ok":
                return [found]
            connection = [] if database is None else await _connection(rest.application, database)
            return [found, *connection, await _servers(rest), *await _places(rest, database)]
    except Misconfigured as error:
        return [Finding(level="problem", subject=_SUBJECT, text=error.wrong, advice=error.right)]
    except (aiohttp.ClientError, OSError, TimeoutError, discord.DiscordException) as error:
        return [
            Finding(
                level="note",
                subject=_SUBJECT,
                text=f"it cannot be reached ({type(error).__name__}), so the token could not be tried",
                advice="check this machine's connection; what waits to be posted is kept",
            )
        ]


async def _application(rest: Rest, expected: int | None, database: Database | None) -> Finding:
    if expected is not None and expected != rest.application:
        raise OtherApplication(expected=expected, found=rest.application, whose=f"{APPLICATION} is")
    if database is not None and expected is None:
        async with database.read() as tx:
            known = await tx.marks.get(OURS)
        if known is not None and known != str(rest.application):
            raise OtherApplication(expected=int(known), found=rest.application, whose="what was posted is of")
    return Finding(level="ok", subject=_SUBJECT, text=f"the token is good: {rest.name}, application {rest.application}")


async def _connection(application: int, database: Database) -> Sequence[Finding]:
    """What the processes that are on Discord wrote down of it; nothing where none runs."""
    async with database.read() as tx:
        now = await tx.now()
        if not any("discord" in process.roles for process in await tx.processes.alive()):
            return []
    subject = "Discord connection"
    known = await standings(database)
    down = [(shard, one.at) for one in known for shard in one.down]
    spent = f"{await used(database, application)} of the day's {ALLOWED:,} session starts are used"
    if not known:
        return [Finding(level="note", subject=subject, text="not there yet", advice="look again in a minute")]
    if not down:
        since = max(one.at for one in known)
        shards = sum(len(one.shards.ids) for one in known)
        of = f"{shards} of {known[0].shards.of} shards, " if known[0].shards.of > 1 else ""
        return [Finding(level="ok", subject=subject, text=f"{of}since {since:%d %B %H:%M} UTC; {spent}")]
    named = ", ".join(f"shard {shard} since {at:%d %B %H:%M} UTC" for shard, at in down[:NAMED])
    return [
        Finding(
            level="note" if all(now - at < PASSES for _, at in down) else "problem",
            subject=subject,
            text=f"not connected: {named}; {spent}",
            advice="it is tried again by itself; the log says what went wrong. What is posted does not need it",
        )
    ]


async def _servers(rest: Rest) -> Finding:
    answer = await rest.ask("GET", "/users/@me/guilds", query={"limit": SERVERS})
    if not answer.ok:
        return Finding(level="note", subject="Discord servers", text=f"Discord answered with {answer.message}")
    names = [str(each["name"]) for each in answer.body]
    if not names:
        return Finding(
            level="note",
            subject="Discord servers",
            text="none yet",
            advice=f"invite Slugline with {invitation(rest.application)}",
        )
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    count = f"{len(names)}{' or more' if len(names) == SERVERS else ''}"
    return Finding(level="ok", subject="Discord servers", text=f"{count}: {', '.join(names[:NAMED])}{more}")


async def _places(rest: Rest, database: Database | None) -> Sequence[Finding]:
    """What is missing where schedules post to; one finding for each place with something missing."""
    if database is None:
        return []
    places: dict[int, tuple[Destination, Post]] = {}
    async with database.read() as tx:
        for community in await tx.communities.all():
            for schedule in await tx.schedules.of(community.id) if community.platform == "discord" else ():
                place = await tx.schedules.get_destination(community.id, schedule.destination)
                if place is not None and place.platform == "discord" and len(places) < PLACES:
                    places[place.id] = (place, schedule.post)
    channels = Channels(rest)
    found = [await _place(channels, place, post) for place, post in places.values() if place.address.isdecimal()]
    return [each for each in found if each is not None]


async def _place(channels: Channels, place: Destination, post: Post) -> Finding | None:
    subject = f"Discord channel {place.address}"
    channel = await channels.get(int(place.address))
    if isinstance(channel, Answer):
        seen = "it cannot be seen" if channel.status == 403 else "it is not there any more"
        if channel.status not in (403, 404):
            return None
        return Finding(
            level="problem",
            subject=subject,
            text=f"{seen}: nothing can be posted there",
            advice="give Slugline View Channels there, or choose another channel with schedule edit",
        )
    absent = await channels.missing(channel, needed_for(post))
    if not absent:
        return None
    names = " and ".join(each.name for each in absent)
    return Finding(
        level="problem",
        subject=subject,
        text=f"{channel.raw.get('name', '')} lacks {names}",
        advice="give it in the channel's settings under Permissions",
    )
