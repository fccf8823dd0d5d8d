"""Slack for the bench, and its members: `python -m tests.bench.slack_side WORKSPACES CHANNELS`.

Says `{"address", "tokens"}`; then a line in gives a line out. `posted`: what was posted so far. `members URL SECONDS
RATE`: members of all workspaces speak at that rate, by signed requests to the app at URL, evenly spaced, whether or not
it keeps up; how long their acknowledgements took.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Any

import aiohttp

from tests.platforms.slack_driver import HttpSide, Member
from tests.platforms.slack_server import SlackServer

A_WORKSPACE = 300.0
"""Messages a minute to all channels of a workspace: Slack says "several hundred"."""
CONNECTIONS = 50


def token_of(team: str) -> str:
    return f"xoxb-bench-{team}"


async def main(workspaces: int, channels: int) -> None:
    async with SlackServer(limits=True, a_workspace=A_WORKSPACE) as server:
        teams = [f"T{number}" for number in range(workspaces)]
        for team in teams:
            server.workspace(team, channels=channels)
            server.grant(team, token=token_of(team))
        print(json.dumps({"address": server.base_url}), flush=True)
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := (await reader.readline()).decode().split():
            answer = (
                posted(server) if line[0] == "posted" else await members(server, teams, line[1], *map(float, line[2:]))
            )
            print(json.dumps(answer), flush=True)


def posted(server: SlackServer) -> dict[str, Any]:
    messages = [
        message
        for workspace in server.workspaces.values()
        for channel in workspace.channels.values()
        for message in channel.messages
        if message.metadata
    ]
    parts = Counter(message.metadata["event_payload"]["part"] for message in messages)
    arrivals = sorted(message.at for message in messages)
    return {
        "posted": len(parts),
        "twice": sum(count - 1 for count in parts.values()),
        "first": arrivals[0] if arrivals else 0.0,
        "last": arrivals[-1] if arrivals else 0.0,
        "limited": server.limited,
    }


async def members(server: SlackServer, teams: list[str], address: str, seconds: float, rate: float) -> dict[str, Any]:
    """Three of ten open the Messages tab, which is nothing to us; three open the Home tab; four type a command."""
    took: list[float] = []
    failed = 0
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session:
        side = HttpSide(address, session)

        async def one(number: int) -> None:
            nonlocal failed
            member = Member(server, side, teams[number % len(teams)], ("UADMIN", "UMEMBER", "UOTHER")[number % 3])
            kind = number % 10
            try:
                if kind < 6:
                    tab = "home" if kind < 3 else "messages"
                    ack = await member.event({"type": "app_home_opened", "user": member.user, "tab": tab})
                else:
                    ack = await member.say("watch list" if kind < 8 else "help search")
            except (TimeoutError, aiohttp.ClientError):
                failed += 1
                return
            took.append(ack.took)
            failed += ack.status != 200

        begun = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for number in range(round(seconds * rate)):
                await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
                group.create_task(one(number))
    took.sort()
    return {
        "requests": len(took) + failed,
        "failed": failed,
        "median_ms": took[len(took) // 2] * 1000,
        "p99_ms": took[int(len(took) * 0.99)] * 1000,
        "seconds": time.perf_counter() - begun,
    }


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
