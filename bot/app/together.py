"""Many small transactions as few larger ones.

Sixty-four visits that end within a second would open sixty-four transactions, each with its own flush to the disk, one
after the other. Whoever comes first does the work of all who wait by then, so groups grow with the load and a lone
caller waits for nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.core.errors import StoreAway, StoreBusy, StoreFull

T = TypeVar("T")
R = TypeVar("R")


class _Place(Generic[T, R]):
    __slots__ = ("error", "item", "result")

    def __init__(self, item: T) -> None:
        self.item = item
        self.result: list[R] = []  # one, once done
        self.error: Exception | None = None

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
        self._turn = asyncio.Lock()

    async def do(self, item: T) -> R:
        """The item's own result, or its own error."""
        place: _Place[T, R] = _Place(item)
        self._line.append(place)
        try:
            async with self._turn:
                while not place.done:
                    await self._first_of_line()
        finally:
            if place in self._line:  # cancelled before anybody did it
                self._line.remove(place)
        if place.error is not None:
            raise place.error
        return place.result[0]

    async def _first_of_line(self) -> None:
        group = self._line[: self._most]
        error = await self._try(group)
        if error is not None and (len(group) == 1 or isinstance(error, StoreBusy | StoreAway | StoreFull)):
            for place in group:  # a store that takes nothing is nobody's own trouble
                place.error = error
        elif error is not None:
            for place in group:
                place.error = await self._try([place])
        self._line = [place for place in self._line if not place.done]

    async def _try(self, group: Sequence[_Place[T, R]]) -> Exception | None:
        try:
            results = await self._work([place.item for place in group])
        except Exception as error:  # noqa: BLE001 (raised again in whoever asked for it)
            return error
        for place, result in zip(group, results, strict=True):
            place.result.append(result)
        return None
