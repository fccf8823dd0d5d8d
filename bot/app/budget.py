"""Keeping to a platform's limits together with every other process: `take` before each request.

    POSTS = at_most(1, timedelta(seconds=1), platform="slack", kind="chat.postMessage")   # bot.core.budget
    ALL = at_most(50, timedelta(seconds=1), platform="discord", kind="global")

    budget = Budget(database, tallies)
    later = await budget.take(POSTS, channel)            # of="" where there is one for all; the narrowest budget first
    if later is not None:
        return Deferred(until=later, reason="…")         # nothing was sent
    …                                                    # now send
    await budget.hold(POSTS, channel, span=retry_after)  # the platform answered 429: nobody sends before that

`async take(allowance, of="", *, patience=5 s) -> datetime | None`: returns None as soon as one request may be made, to
be made at once. Where that would take longer than `patience` it returns when it would be (by the database's clock, as
`Deferred` has it), mostly at once, and nothing was taken. `async hold(allowance, of="", *, span) -> None`. Both raise
StoreError where the database refuses; then nothing may be sent, and surely nothing was (`Failed`). One `Budget` a
process.

Slots are drawn from the database, a transaction for all that wait by then, in all budgets. While there are more
requests than slots a budget is drawn from about once a second. While there are fewer, somewhat more slots are drawn
than are waited for, as many as were lately used in a quarter of a second: fifty requests a second cost about four
transactions and not fifty. While a budget is held nobody asks the database about it. A process learns of another's
`hold` when it draws next: up to a second later.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.app.ports import Database
from bot.app.tallies import Tallies
from bot.app.together import Together
from bot.core.budget import AHEAD, Allowance, draw, held

PATIENCE = timedelta(seconds=5)
PACE = timedelta(seconds=1)
"""Over which it is counted how fast slots are used."""
SHARE = 0.25
"""Of what was used in that time, drawn before it is waited for."""
TOGETHER = 64
"""Budgets drawn from in one transaction."""
LINES = 1_000
"""Budgets of which a process keeps in mind what it drew, though nobody waits."""
SWEEP = timedelta(hours=1)
LEAD = timedelta(seconds=1)
"""At most; what a draw may take at first, before it is known."""
WAITED = timedelta(milliseconds=50)
"""Less is no wait worth counting."""


@dataclass(frozen=True, slots=True)
class _Ask:
    key: str
    allowance: Allowance
    wanted: int
    lead: timedelta


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was drawn at `now` by the database's clock, which was read between these two of the loop's."""

    now: datetime
    read_from: float
    read_until: float
    slots: Sequence[datetime]
    next_slot: datetime

    def earliest(self, moment: datetime) -> float:
        """By the loop's clock, not before that moment."""
        return self.read_until + (moment - self.now).total_seconds()

    def moment(self, earliest: float) -> datetime:
        """The moment that is not before that by the loop's clock."""
        return self.now + timedelta(seconds=earliest - self.read_until)

    def latest(self, moment: datetime) -> float:
        """Likewise, not after it."""
        return self.read_from + (moment - self.now).total_seconds()


@dataclass(slots=True, eq=False)
class _Waiter:
    answer: asyncio.Future[datetime | None]
    gives_up: float


@dataclass(slots=True)
class _Line:
    """Who waits for one budget, and the slots that were drawn for them: from when and until when each is good."""

    allowance: Allowance
    waiting: deque[_Waiter] = field(default_factory=deque)
    slots: deque[tuple[float, float]] = field(default_factory=deque)
    used: deque[float] = field(default_factory=deque)
    serving: asyncio.Task[None] | None = None
    came: asyncio.Event = field(default_factory=asyncio.Event)
    last: _Answer | None = None
    rests_until: float = 0.0
    """Before that there is no slot to be drawn."""

    @property
    def waits(self) -> bool:
        return any(not waiter.answer.done() for waiter in self.waiting)

    def send_away(self) -> None:
        """Tell whoever would wait too long when to come again."""
        if self.last is None:
            return
        for place, waiter in enumerate(waiter for waiter in self.waiting if not waiter.answer.done()):
            if place < len(self.slots):
                slot = self.last.moment(self.slots[place][0])
            else:
                slot = self.last.next_slot + self.allowance.spacing * (place - len(self.slots))
            if self.last.earliest(slot) > waiter.gives_up:
                waiter.answer.set_result(slot)

    def clear(self, now: float) -> None:
        """Without those who do not wait any more, slots that are over, and what is long past."""
        self.waiting = deque(waiter for waiter in self.waiting if not waiter.answer.done())
        while self.slots and self.slots[0][1] < now:
            self.slots.popleft()
        while self.used and self.used[0] < now - PACE.total_seconds():
            self.used.popleft()


class Budget:
    def __init__(self, database: Database, tallies: Tallies | None = None) -> None:
        self._database = database
        self._tallies = tallies or Tallies()
        self._lines: dict[str, _Line] = {}
        self._drawing = Together(self._draw_all, TOGETHER)
        self._leads = deque([timedelta(milliseconds=20)], maxlen=5)
        self._sweep_at: float | None = None

    async def take(self, allowance: Allowance, of: str = "", *, patience: timedelta = PATIENCE) -> datetime | None:
        """None: make one request now. Else when there may be one; nothing was taken."""
        loop = asyncio.get_running_loop()
        key = allowance.key(of)
        line = self._line(key, allowance)
        began = loop.time()
        waiter = _Waiter(loop.create_future(), began + patience.total_seconds())
        line.waiting.append(waiter)
        line.came.set()
        if line.serving is None or line.serving.done():
            line.serving = asyncio.create_task(self._serve(key, line))
        later = await waiter.answer
        waited = timedelta(seconds=loop.time() - began)
        if later is None and waited >= WAITED:
            self._tallies.waited(allowance.platform, allowance.kind, waited)
        return later

    async def hold(self, allowance: Allowance, of: str = "", *, span: timedelta) -> None:
        """Nobody's request before `span` from now, an hour at most; to be told what the platform says."""
        key = allowance.key(of)
        if key in self._lines:
            self._lines[key].slots.clear()
        async with self._database.begin() as tx:
            levels = await tx.budgets.levels([key])
            now = await tx.now()
            await tx.budgets.set({key: held(levels[key], now + span, now)})

    def _line(self, key: str, allowance: Allowance) -> _Line:
        if key not in self._lines and len(self._lines) >= LINES:
            self._lines = {key: line for key, line in self._lines.items() if line.waiting}
        return self._lines.setdefault(key, _Line(allowance))

    async def _serve(self, key: str, line: _Line) -> None:
        """Hand slots to those who wait, in order, until nobody does."""
        loop = asyncio.get_running_loop()
        while True:
            line.clear(loop.time())
            if not line.waiting:
                return
            if line.slots:
                pause = line.slots[0][0] - loop.time()
                if pause <= 0:
                    line.slots.popleft()
                    line.waiting.popleft().answer.set_result(None)
                    line.used.append(loop.time())
                    continue
            elif (pause := line.rests_until - loop.time()) <= 0:
                try:
                    await self._draw(key, line)
                except Exception as error:  # noqa: BLE001 (raised again in whoever waits)
                    for waiter in line.waiting:
                        if not waiter.answer.done():
                            waiter.answer.set_exception(error)
                    return
                continue
            line.send_away()
            line.came.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause if line.waits else 0):
                    await line.came.wait()

    async def _draw(self, key: str, line: _Line) -> None:
        """Draw slots for those who wait."""
        loop = asyncio.get_running_loop()
        lateness = line.allowance.lateness
        spare = math.ceil(len(line.used) * SHARE)
        lead = max(*self._leads, min(lateness / 2, LEAD))
        answer = await self._drawing.do(_Ask(key, line.allowance, max(len(line.waiting), spare), lead))
        self._leads.append(timedelta(seconds=loop.time() - answer.read_from))
        line.last = answer
        line.slots.extend((answer.earliest(slot), answer.latest(slot + lateness)) for slot in answer.slots)
        line.rests_until = 0.0 if answer.slots else answer.earliest(answer.next_slot - AHEAD)

    async def _draw_all(self, asks: Sequence[_Ask]) -> Sequence[_Answer]:
        loop = asyncio.get_running_loop()
        answers: list[_Answer] = []
        async with self._database.begin() as tx:
            levels = dict(await tx.budgets.levels({ask.key for ask in asks}))
            read_from = loop.time()
            now = await tx.now()
            read_until = loop.time()
            for ask in asks:
                drawn = draw(levels[ask.key], ask.allowance, ask.wanted, now, ask.lead)
                levels[ask.key] = drawn.next_slot
                answers.append(_Answer(now, read_from, read_until, drawn.slots, drawn.next_slot))
            await tx.budgets.set({key: level for key, level in levels.items() if level is not None})
            if self._sweep_at is not None and read_from >= self._sweep_at:
                await tx.budgets.sweep()
                self._sweep_at = None
        if self._sweep_at is None:
            self._sweep_at = read_from + SWEEP.total_seconds()
        return answers
