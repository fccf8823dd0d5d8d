"""How fast Discord is asked: its limit is reached and never broken, whatever the network does."""

from __future__ import annotations

import asyncio
import contextlib
import random

import pytest

from adapters.discord.pace import ALLOWED, SPAN, OwnPace, SharedPace, Window
from adapters.storage import SqlDatabase
from bot.app.budget import Budget
from bot.core.outbox import PartId
from tests.platforms.discord_posts import document, place, posting, said_in
from tests.platforms.discord_server import DiscordServer, discord_server


def fullest(arrivals: list[float]) -> int:
    """Of all spans, wherever they begin, the requests of the fullest."""
    arrivals = sorted(arrivals)
    return max(sum(1 for other in arrivals if at <= other < at + SPAN) for at in arrivals)


@pytest.mark.slow
@pytest.mark.parametrize("slowest", [0.0, 0.05, 0.4])
async def test_no_span_holds_more_however_long_requests_are_under_way(slowest: float) -> None:
    window, chance, arrivals = Window(20), random.Random(4), list[float]()
    loop = asyncio.get_running_loop()

    async def ask() -> None:
        number = await window.enter()
        await asyncio.sleep(chance.random() * slowest)
        arrivals.append(loop.time())
        await asyncio.sleep(chance.random() * slowest)
        window.leave(number)

    began = loop.time()
    await asyncio.gather(*(ask() for _ in range(50)))
    assert fullest(arrivals) <= 20
    assert max(arrivals) - began < 2 * (SPAN + 2 * slowest) + 0.5, "and no slower than it must be"


async def test_a_request_of_which_nothing_is_heard_takes_its_place_for_a_while_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("adapters.discord.pace.FORGOTTEN", 0.2)
    window = Window(2)
    await window.enter()
    await window.enter()
    async with asyncio.timeout(3):
        await window.enter()


async def test_what_discord_says_holds_for_all_that_wait() -> None:
    pace = OwnPace(2)
    loop = asyncio.get_running_loop()
    pace.rest(1.2)
    began = loop.time()
    await pace.turn()
    assert 1.1 < loop.time() - began < 1.8


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
async def test_posting_reaches_the_limit_and_meets_no_429(sqlite: SqlDatabase, processes: int) -> None:
    """With paces that share a store, as processes have them."""
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(discord_server(DiscordServer))
        guild = server.world.guild()
        channels = [server.world.channel(guild) for _ in range(120)]
        paces = [SharedPace(Budget(sqlite)) for _ in range(processes)]
        senders = [await stack.enter_async_context(posting(server, pace=pace)) for pace in paces]
        loop = asyncio.get_running_loop()
        began = loop.time()
        sends = [
            senders[number % processes].send(place(channel), document("one"), 0, part_id=PartId("1-0"))
            for number, channel in enumerate(channels)
        ]
        await asyncio.gather(*sends)
        lasted = loop.time() - began
        assert [said_in(each) for each in channels] == [["one"]] * len(channels)
        assert lasted < len(channels) / ALLOWED * 2
        if processes == 1:
            assert server.refused["global"] == 0
            assert fullest(list(server.posted_at)) <= ALLOWED
