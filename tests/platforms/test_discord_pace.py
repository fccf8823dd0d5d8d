"""How fast Discord is asked: its limit is reached and never broken, whatever the network does."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import Any

import pytest

from adapters.discord.pace import ALLOWED, SPAN, OwnPace, SharedPace, Window
from adapters.discord.rest import DAY, Answer
from adapters.storage import SqlDatabase
from bot.app.budget import Budget
from bot.core.outbox import PartId
from tests.platforms.discord_posts import document, place, posting, said_in
from tests.platforms.discord_server import DiscordServer, discord_server


def fullest(arrivals: list[float]) -> int:
    """Of all spans, wherever they begin, the requests of the fullest."""
    arrivals = sorted(arrivals)
    return max(sum(1 for other in arrivals if at <= other < at + SPAN) for at in arrivals)


class Leaping(asyncio.SelectorEventLoop):
    """Waits for nothing: its clock leaps to whatever is due next."""

    def __init__(self) -> None:
        super().__init__()
        self._moment = 0.0
        select = self._selector.select  # type: ignore[attr-defined]

        def leap(timeout: float | None = None) -> Any:
            self._moment += timeout or 0.0
            return select(0)

        self._selector.select = leap  # type: ignore[attr-defined]

    def time(self) -> float:
        return self._moment


async def over_a_line(requests: int, *, there: float, back: float, varies: float, seed: int) -> list[float]:
    """When each arrived, where each way takes so long at least and up to `varies` longer; 64 at a time."""
    window, chance, arrivals = Window(), random.Random(seed), list[float]()
    loop, places = asyncio.get_running_loop(), asyncio.Semaphore(64)

    async def ask() -> None:
        async with places:
            number = await window.enter()
            await asyncio.sleep(there + chance.random() * varies)
            arrivals.append(loop.time())
            await asyncio.sleep(back + chance.random() * varies)
            window.leave(number)

    await asyncio.gather(*(ask() for _ in range(requests)))
    return sorted(arrivals)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("there", "back", "varies", "share"),
    [(0.002, 0.003, 0.002, 0.95), (0.05, 0.15, 0.02, 0.95), (0.1, 0.2, 0.2, 0.8), (0.0, 0.0, 0.4, 0.7)],
)
def test_a_long_way_to_discord_costs_no_share_of_the_limit_only_a_changing_one_does(
    there: float, back: float, varies: float, share: float, seed: int
) -> None:
    with asyncio.Runner(loop_factory=Leaping) as runner:
        arrivals = runner.run(over_a_line(1500, there=there, back=back, varies=varies, seed=seed))
    assert fullest(arrivals) <= ALLOWED
    later = arrivals[600:]  # what the way takes is not known at first
    assert (len(later) - 1) / (later[-1] - later[0]) >= share * ALLOWED


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


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("0.5", 0.5), ("-3", 0.0), ("1e300", DAY), ("inf", DAY), ("nan", 0.0), ("soon", 60.0), (None, 60.0)],
)
def test_however_long_somebody_says_to_wait_it_is_a_span_that_there_is(said: str | None, seconds: float) -> None:
    """A proxy between us and Discord answers 429 too, with whatever it likes."""
    assert Answer(status=429, body="", headers={} if said is None else {"Retry-After": said}).retry_after == seconds
