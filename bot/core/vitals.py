"""How an installation is doing, in numbers, over all communities: for whoever runs it, never for a member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.core.outbox import Priority, Standing


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
    """`queues` by stage, with every stage; `feeds` are counted by state. `deliveries` are those that are not finished,
    by standing; `waits` is for how long the oldest of each priority has been queued. `processes` are those that run, by
    role; `unserved` are deliveries, by platform, that none of them will ever take."""

    queues: Mapping[str, Queue]
    feeds: Mapping[str, int]
    deliveries: Mapping[Standing, int]
    waits: Mapping[Priority, timedelta]
    articles: int
    stories: int
    communities: int
    processes: Mapping[str, int]
    unserved: Mapping[str, int]
