"""What the fault suite knows of a platform: its far side, which outlives every process that sends to it.

The suite (`tests/e2e/test_sending_killed.py`, `test_chaos.py`, `python -m tests.bench chaos`) kills senders and makes
the platform misbehave, and then asks the far side, not the adapter, what was posted where and how often. It runs over
every factory in `tests.far_sides.FAR_SIDES`. To have it run over another platform, add one more there: a context
manager that takes a folder for its files, what is to be known of its messages, and whether it is to have its limits; it
starts a server and yields a `FarSide`.

A far side has a clock of its own, which stands still until whoever tests moves it (`passes`): by it things come late,
ids are forgotten and readings are rationed. So what this machine takes its time over is no time there.

- Senders are processes of their own, so what leads them to the platform (`Line`) goes to them by pickle: an address and
  a token, not a connection.
- A message is known by the part id it was sent with (`bot.core.outbox.part_id`), which the far side must have received
  somehow: Discord's nonce, Slack's metadata.
- What `misbehave` says holds for every call from then on, whichever process makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, fields
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Protocol

from bot.app.ports import Platform
from bot.core.message.document import Document

LATENESS = timedelta(seconds=20)
"""How long what comes late is under way: nearly as long as Slugline thinks possible (`bot.app.sending.SETTLES`)."""


class Knows(Enum):
    """What can be found out about a message of which nobody knows whether it was posted."""

    KEY = "knows a message's id again, for some minutes"
    READ = "lets its messages be read back"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Faults:
    """How often, from 0 to 1, a call goes so; the rest is taken."""

    deferred: float = 0.0
    """429 with the time to come back."""
    failed: float = 0.0
    """No connection: surely not posted."""
    lost_before: float = 0.0
    """A time-out, and it was not posted."""
    lost_after: float = 0.0
    """A time-out or a 5xx, and it was."""
    late: float = 0.0
    """The connection breaks; it is posted or edited all the same, `LATENESS` later."""
    broken_after: float = 0.0
    """What the adapter does not expect, after it was posted."""
    closed: float = 0.0
    """403 or 404: the place is gone, until somebody sees to it."""
    deleted: float = 0.0
    """It is taken, and then somebody deletes it."""

    @property
    def names(self) -> Sequence[str]:
        return [each.name for each in fields(self)]


CALM = Faults()
FOUL = Faults(deferred=0.05, failed=0.05, lost_before=0.05, lost_after=0.1, broken_after=0.05)
"""Three calls in ten."""
WORST = Faults(
    deferred=0.06,
    failed=0.04,
    lost_before=0.05,
    lost_after=0.07,
    late=0.04,
    broken_after=0.04,
    closed=0.003,
    deleted=0.01,
)
"""Likewise, with all there is."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message that was taken at some time, with what it says now. `there` while people can see it."""

    channel: str
    part_id: str
    said: str
    there: bool = True


class Line(Protocol):
    """How a process reaches the platform; picklable."""

    def connected(self, seed: int) -> AbstractAsyncContextManager[Platform]:
        """The adapter, ready to send. `seed` is for whatever it draws by chance."""


class HasAClock(Protocol):
    async def passes(self, span: timedelta) -> None:
        """Its clock goes on by so much, once all that was on its way to it is done: also what a process sent that was
        killed since. What is late and due by then is done too."""


class FarSide(HasAClock, Protocol):
    """`slow` calls take that many seconds, part of them after the message was posted."""

    @property
    def platform(self) -> str:
        """Its name, as destinations have it."""

    @property
    def line(self) -> Line: ...

    @property
    def nowhere(self) -> str:
        """The address of a place that was deleted."""

    def channel(self, number: int) -> str:
        """The address of a place that is there."""

    def document(self, said: str, parts: int = 1) -> Document:
        """One that takes so many messages, each of which shows `said`."""

    def misbehave(self, faults: Faults, *, slow: float = 0.0) -> None: ...

    def misbehaved(self) -> Mapping[str, int]:
        """How often it did, by the names of `Faults` and of limits that were run into."""

    def posted(self) -> Sequence[Post]:
        """All that was ever taken, in that order."""


Factory = Callable[[Path, Knows, float | None], AbstractContextManager[FarSide]]
"""With a pace it has the limits of its kind, and whoever sends may take its time to run so many times as fast as ours;
without, it has none."""
