"""Stage 7, deliver: send what waits in each destination's lane, part by part, in order.

`bot.core.outbox` decides and `ledger` writes down. Before a part is sent its row is committed as open, after the
platform's answer its message id is; so whoever has the lane after a process that died in between finds out first
whether that part was posted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.app.ledger import Ledger, Note, Taken, Then
from bot.app.ports import Clock, Database, Platform, Task
from bot.app.posting import Gate
from bot.app.sending import Sending
from bot.app.tallies import Tallies
from bot.core import strings
from bot.core.outbox import in_doubt, put_off

ELSEWHERE = timedelta(minutes=1)
"""How long a lane of a platform that this process does not serve is left to others."""
PATIENCE = timedelta(seconds=30)
"""How long a platform may take over an answer; after that nobody knows what it did."""
TURN = 20
"""Deliveries of one lane in a row, while others wait."""
SPELL = timedelta(minutes=1)
"""How long one lane is kept, for the same reason: well within the lease of its task."""


class Deliver:
    """`platforms` by name; a delivery for one that this process does not have is put off. Once `ending` says so nothing
    more is begun: the part that is being sent is waited for, and what is left goes back."""

    def __init__(
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        clock: Clock,
        *,
        patience: timedelta = PATIENCE,
        tallies: Tallies | None = None,
        gate: Gate | None = None,
        ending: Callable[[], bool] = lambda: False,
    ) -> None:
        self._platforms = platforms
        self._patience = patience
        self._clock = clock
        self._tallies = tallies or Tallies()
        self._gate = gate or Gate(database)
        self._ending = ending
        self._ledger = Ledger(database, clock, self._tallies)

    async def handle(self, tasks: Sequence[Task]) -> None:
        """The stage: each lane, one after the other."""
        for lane in tasks:
            await self._work_off(lane)

    async def _work_off(self, lane: Task) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + SPELL.total_seconds()
        taken = await self._ledger.note(Note(lane=lane))
        done = 0
        while taken is not None:
            note = await self._send(lane, taken)
            done += 1
            enough = done >= TURN or loop.time() >= until or self._ending()
            taken = await self._ledger.note(replace(note, then=Then.LEAVE if enough else Then.NEXT))

    async def _send(self, lane: Task, taken: Taken) -> Note:
        name = taken.delivery.destination.platform
        platform = self._platforms.get(name)
        if platform is not None:
            note, gate = self._ledger.note, self._gate.closed
            sending = Sending(
                lane, taken, platform, note, self._patience, self._clock, self._tallies, gate, self._ending
            )
            return await sending.run()
        closing = put_off(taken.at + ELSEWHERE, strings.notices.not_served_here(name))
        if taken.delivery.open is not None:
            closing = in_doubt(closing)
        return Note(lane=lane, delivery=taken.delivery, closing=closing)
