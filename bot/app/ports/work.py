"""Due work, and what only one process may do at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core.community import Viewer
from bot.core.process import Process


class Stage(StrEnum):
    POLL = "poll"  # key: feed id
    SCORE = "score"  # key: article id
    PAGE = "page"  # key: article id
    JOIN = "join"  # key: article id
    ANALYSE = "analyse"  # key: story id
    COMPOSE = "compose"  # key: schedule id
    REVIEW = "review"  # key: digest id
    DELIVER = "deliver"  # key: destination id (a lane of the outbox)
    ALERT = "alert"  # key: story id
    BUNDLE = "bundle"  # key: watch id
    REMIND = "remind"  # key: story id
    PURGE = "purge"  # one task
    CORRECT = "correct"  # key: article id
    ERRATUM = "erratum"  # key: delivery id (of what was corrected)
    LOOK = "look"  # key: article id (of what was posted)
    CARD = "card"  # key: digest id (under review)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A claimed piece of work. `attempt` counts from 1; `owner` is as whom it is done; `due` is when it fell due;
    `lost` is how many claims in a row before this one were never given back."""

    stage: Stage
    key: int
    owner: Viewer
    attempt: int
    holder: str
    due: datetime
    lost: int = 0


SUSPECT = 2
"""A task whose holder vanished this often in a row may be what ends them."""


class Tasks(Protocol):
    """Due work. (stage, key) is unique: putting a task that is there moves it to the earlier time."""

    async def put(self, stage: Stage, keys: Collection[int], owner: Viewer, *, due: datetime | None = None) -> None:
        """Make work due (now by the database's clock where `due` is None). A claimed task that is put again is due
        again after its present holder is done, so no change is lost."""

    async def move(self, stage: Stage, key: int, owner: Viewer, due: datetime) -> None:
        """Make it due then and not before, later than it was too. One that is held is due then after its holder is
        done, where that does not ask for it sooner."""

    async def claim(
        self,
        stage: Stage,
        holder: str,
        limit: int,
        lease: timedelta,
        *,
        suspect: bool | None = None,
        platform: str | None = None,
    ) -> Sequence[Task]:
        """Take up to `limit` due tasks nobody holds, oldest due first, until now + lease by the database's clock: only
        those with `SUSPECT` lost claims or more, only the others, or (None) either. Of stage DELIVER, only lanes of
        that platform, or (None) any."""

    async def done(self, task: Task, *, again: datetime | None = None) -> None:
        """Finish it; `again` makes it due anew then. Raises `LeaseLost` if another holder has it."""

    async def done_many(self, finished: Sequence[tuple[Task, datetime | None]]) -> None:
        """As `done`, for several tasks, each with its `again`. Raises `LeaseLost` if another holder has one of them."""

    async def retry(self, task: Task, due: datetime, error: str, *, failed: bool = True) -> None:
        """Give it back with what went wrong. Where it was not `failed` but put off, through no fault of its own, the
        attempt does not count. Raises `LeaseLost` likewise."""

    async def park(self, task: Task, error: str) -> None:
        """Set it aside for good, kept for `doctor`, until somebody puts it again. Raises `LeaseLost` likewise."""

    async def release(self, holder: str) -> None:
        """Give back all that this holder holds, due at once (a clean stop)."""

    async def take_from(self, holder: str) -> None:
        """Make all that a dead holder held due at once; as with a lease that ran out, its claims count as lost."""

    async def holders(self) -> Collection[str]:
        """Whoever holds work, or held it when the lease ran out."""

    async def waiting(self, stage: Stage, *, until: datetime | None = None, platform: str | None = None) -> int:
        """How many tasks are due by `until` (now by the database's clock where None), held ones included; `platform`
        as for a claim."""

    async def due(self, of: Collection[tuple[Stage, str | None]]) -> Collection[tuple[Stage, str | None]]:
        """Those of these stages, each with a platform or None as for a claim, of which something is due that nobody
        holds."""

    async def parked(self) -> Sequence[tuple[Stage, int, str]]:
        """What was set aside: stage, key, error."""


class Leases(Protocol):
    """Named leases for what only one process may do at a time (joining)."""

    async def acquire(self, name: str, holder: str, lease: timedelta) -> bool:
        """Take or extend it; False if another holds it."""

    async def release(self, name: str, holder: str) -> None: ...

    async def holders(self) -> Mapping[str, str]:
        """Who holds which, by name; who held it last where the lease ran out."""


class Budgets(Protocol):
    """What platforms allow, shared by all processes: the next free slot of each budget, by its key."""

    async def levels(self, keys: Collection[str]) -> Mapping[str, datetime | None]:
        """Of each; None where it was never drawn from. Nobody else changes them until the transaction ends."""

    async def set(self, levels: Mapping[str, datetime]) -> None:
        """Of budgets whose levels this transaction has."""

    async def sweep(self) -> None:
        """Forget those that were long not drawn from."""


class Marks(Protocol):
    """What an adapter of the outside must not forget when it is started anew, by a name of its own: short texts that
    are nobody's in particular, and no secrets."""

    async def get(self, name: str) -> str | None: ...

    async def put(self, name: str, value: str) -> None: ...


class Processes(Protocol):
    """Which processes of `slugline run` there are."""

    async def beat(self, process: Process, lease: timedelta) -> None:
        """It is there until now + lease by the database's clock. Raises SchemaTooNew where the schema has been changed
        so that this version must not go on."""

    async def leave(self, holder: str) -> None: ...

    async def alive(self) -> Sequence[Process]:
        """The oldest first."""
