"""Which shards of the application one process runs: "0-3/16" is the first four of sixteen."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST = 10_000
"""Shards of one application; Discord makes sharding mandatory at 2,500 servers (platforms.md)."""

_FORM = re.compile(r"(?P<first>[0-9]{1,5})(?:-(?P<last>[0-9]{1,5}))?/(?P<of>[0-9]{1,5})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shards:
    first: int
    last: int
    of: int

    @property
    def ids(self) -> list[int]:
        return list(range(self.first, self.last + 1))

    def has(self, guild: int) -> bool:
        """Whether what happens on that server is told to one of them."""
        return self.first <= (guild >> 22) % self.of <= self.last


ALONE = Shards(0, 0, 1)


def read_shards(said: str) -> Shards:
    """Raises ValueError, in words that a setting's error can end with."""
    found = _FORM.fullmatch(said.strip())
    if found is None:
        raise ValueError(f"{said!r:.40} is no range of shards")
    first, of = int(found["first"]), int(found["of"])
    last = int(found["last"] or first)
    if not 1 <= of <= MOST:
        raise ValueError(f"an application has 1 to {MOST} shards, not {of}")
    if not first <= last < of:
        raise ValueError(
            f"of {of} shards the first is 0 and the last {of - 1}: {said!r:.40} goes from {first} to {last}"
        )
    return Shards(first, last, of)
