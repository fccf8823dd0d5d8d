"""A Discord of our own in a process of its own, for the bench: `python -m tests.bench.discord_side SERVERS CHANNELS`.

Prints its address and each channel's server and id as JSON; then, for each line on standard input, what happened so
far. Once somebody is connected, members press something four times a second, and how soon each was acknowledged is
remembered. Every server has besides its channels to post to some thirty others and fifteen roles, as servers do.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from typing import Any

from tests.platforms.discord_server import DiscordServer, discord_server
from tests.platforms.discord_wire import Interaction
from tests.platforms.discord_world import _role

OTHERS, ROLES = 30, 15
EVERY = 0.25
"""Seconds between what members do."""
SAID = ("help", "schedule list", "watch list", "settings show")


async def main(servers: int, channels: int) -> None:
    async with discord_server(DiscordServer) as server:
        server.record = False
        places: list[tuple[int, int]] = []
        for number in range(servers):
            guild = server.world.guild(f"Server {number}", guild=(number << 22) + 7)
            guild.roles += [_role((number << 22) + 100 + role, f"role {role}", 0, role) for role in range(1, ROLES)]
            own = channels // servers + (number < channels % servers)
            places += [(guild.id, server.world.channel(guild).id) for _ in range(own)]
            for other in range(OTHERS):
                server.world.channel(guild, name=f"channel-{other}")
        print(json.dumps({"address": server.address, "places": places}), flush=True)
        pressed: list[Interaction] = []
        pressing = asyncio.create_task(_press(server, places, pressed))
        lines = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while await lines.readline():
            print(json.dumps(_said(server, places, pressed)), flush=True)
        pressing.cancel()


async def _press(server: DiscordServer, places: list[tuple[int, int]], pressed: list[Interaction]) -> None:
    chance = random.Random(1)
    while True:
        await asyncio.sleep(EVERY)
        if server.heartbeats and any(
            session.sequence > len(server.world.guilds) for session in server.sessions.values()
        ):
            channel = server.world.channels[chance.choice(places)[1]]
            pressed.append(await server.slash(chance.choice(SAID), {}, channel))


def _said(server: DiscordServer, places: list[tuple[int, int]], pressed: list[Interaction]) -> dict[str, Any]:
    posts = [server.world.posts[channel] for _, channel in places]
    now = time.monotonic()
    return {
        "posted": sum(1 for count in posts if count),
        "twice": sum(1 for count in posts if count > 1),
        "limited": max(server.refused.values(), default=0),
        "buckets": len(server.refused),
        "arrivals": list(server.posted_at),
        "connected": len(server.identified),
        "acknowledged_s": [each.acknowledged_after for each in pressed if each.acknowledged_after is not None],
        "unanswered": sum(1 for each in pressed if each.acknowledged_after is None and now - each.began > 3),
    }


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
