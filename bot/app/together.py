"""Many small transactions as few larger ones.

Sixty-four visits that end within a second would open sixty-four transactions, each with its own flush to the disk, one
after the other. Whoever comes first does the work of all who wait by then, so groups grow with the load and a lone
caller waits for nobody. Who is done tells the next to begin before anybody else wakes: a group of hundreds leaves no
pause behind it in which the store has nothing to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.core.errors import StoreAway, StoreBusy, StoreFull

T = TypeVar("T")
R = TypeVar("R")


class _Place(Generic[T, R]):
    __slots__ = ("error", "item", "result", "turn")

    def __init__(self, item: T) -> None:
        self.item = item
        self.result: list[R] = []  # one, once done
        self.error: Exception | None = None
        self.turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """It is done, or is to do the work of those who wait."""

    @property
    def done(self) -> bool:
        return bool(self.result) or self.error is not None


class Together(Generic[T, R]):
    """`work` does up to `most` items at once, all or none of them, and gives their results in order.

    A group that fails is done again one by one, so that one item's trouble stays its own. `work` must therefore leave
    nothing behind when it raises, as a transaction does.
    """

    def __init__(self, work: Callable[[Sequence[T]], Awaitable[Sequence[R]]], most: int = 16) -> None:
        self._work = work
        self._most = most
        self._line: list[_Place[T, R]] = []
        self._at_work = False

    async def do(self, item: T) -> R:
        """The item's own result, or its own error."""
        place: _Place[T, R] = _Place(item)
        self._line.append(place)
        leads, self._at_work = not self._at_work, True
        try:
            if not leads:
                await place.turn
                leads = not place.done
            while not place.done:
                await self._first_of_line()
        finally:
            if not place.done:  # cancelled: before it was done, or when it had been told to begin
                leads = leads or not place.turn.cancelled()
                self._line.remove(place)
            if leads:
                self._hand_on()
        if place.error is not None:
            raise place.error
        return place.result[0]

    def _hand_on(self) -> None:
        waiting = next((place for place in self._line if not place.turn.done()), None)
        self._at_work = waiting is not None
        if waiting is not None:
            waiting.turn.set_result(None)

    async def _first_of_line(self) -> None:
        group = [place for place in self._line if not place.turn.cancelled()][: self._most]
        try:
            error = await self._try(group)
            if error is not None and (len(group) == 1 or isinstance(error, StoreBusy | StoreAway | StoreFull)):
                for place in group:  # a store that takes nothing is nobody's own trouble
                    place.error = error
            elif error is not None:
                for place in group:
                    place.error = await self._try([place])
        finally:
            self._line = [place for place in self._line if not place.done]
            for place in group:
                if place.done and not place.turn.done():
                    place.turn.set_result(None)

    async def _try(self, group: Sequence[_Place[T, R]]) -> Exception | None:
        try:
            results = await self._work([place.item for place in group])
        except Exception as error:  # noqa: BLE001 (raised again in whoever asked for it)
            return error
        for place, result in zip(group, results, strict=True):
            place.result.append(result)
        return None
