"""How the connections to Discord's gateway stand, written down by whoever has them for `doctor`, which has none.

Each process has its own range of shards; a list of the ranges makes them known. Two that write the list at the same
moment may leave one out until it writes again: nothing but a doctor's line depends on it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.app.ports import Database, Transaction
from bot.core.shards import Shards, read_shards

RANGES = "discord:gateway"
"""The mark that lists them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one range; `down` are those of its shards that are not connected, since `at`."""

    shards: Shards
    down: tuple[int, ...]
    at: datetime


async def write_down(database: Database, shards: Shards, down: Collection[int]) -> None:
    name = _named(shards)
    async with database.begin() as tx:
        now = await tx.now()
        ranges = await _ranges(tx)
        if name not in ranges:
            await tx.marks.put(RANGES, json.dumps([*ranges, name]))
        said = {"down": sorted(down), "at": now.timestamp()}
        await tx.marks.put(f"{RANGES}:{name}", json.dumps(said))


async def standings(database: Database) -> Sequence[Standing]:
    """Of the newest way in which the application was divided; by their first shards."""
    found = []
    async with database.read() as tx:
        for name in await _ranges(tx):
            said = json.loads(await tx.marks.get(f"{RANGES}:{name}") or "{}")
            if said:
                found.append(Standing(read_shards(name), tuple(said["down"]), datetime.fromtimestamp(said["at"], UTC)))
    newest = max(found, key=lambda one: one.at, default=None)
    return sorted(
        (one for one in found if newest is not None and one.shards.of == newest.shards.of),
        key=lambda one: one.shards.first,
    )


async def _ranges(tx: Transaction) -> list[str]:
    ranges: list[str] = json.loads(await tx.marks.get(RANGES) or "[]")
    return ranges


def _named(shards: Shards) -> str:
    return f"{shards.first}-{shards.last}/{shards.of}"
