"""The default engine: no model server, no key, no text leaves the machine.

The desk's plain functions do the judging (`bot.core.desk.reading`, `bot.core.desk.extract`); here their CPU work is
put on a thread, and the sentences are embedded in between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

from bot.app.ports import Embedder, Vector
from bot.core.analysis import Analysis
from bot.core.article import ArticleId
from bot.core.desk.extract import ENGINE, choose
from bot.core.desk.reading import read
from bot.core.desk.sides import Sides
from bot.core.story import Coverage


class ExtractiveAnalyst:
    """`bot.app.ports.Analyst` by choosing sentences; `sides` is `bot/data/lexicons/sides.toml` (`Sides.parse`)."""

    engine = ENGINE

    def __init__(self, embedder: Embedder, sides: Sides) -> None:
        self._embedder = embedder
        self._sides = sides

    async def analyse(self, coverage: Coverage, vectors: Mapping[ArticleId, Vector], now: datetime) -> Analysis:
        """`vectors` are of whole articles, which a choice of sentences does not need."""
        reading = await asyncio.to_thread(read, coverage, self._sides)
        embedded = await self._embedder.embed(reading.texts())
        return await asyncio.to_thread(choose, reading, embedded, now)
