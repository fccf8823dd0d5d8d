"""How an installation is doing, in numbers, over all communities: for whoever runs it, never for a member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A stage's work. `due` is how many tasks nobody holds and could be taken now, `lag` how long the oldest of them
    has been due; `held` are in hand, `later` wait for their time, `parked` were set aside for good."""

    due: int = 0
    held: int = 0
    later: int = 0
    parked: int = 0
    lag: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """`queues` by stage, with every stage; `feeds` and `deliveries` are counted by state, in no more words than the
    states have."""

    queues: Mapping[str, Queue]
    feeds: Mapping[str, int]
    deliveries: Mapping[str, int]
    articles: int
    stories: int
    communities: int
