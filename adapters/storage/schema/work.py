"""Tables of the work: tasks by stage, and leases on what one process does at a time."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, text

from adapters.storage.schema.base import metadata
from adapters.storage.types import Instant, OutsideText

# `claimable_at` is the one time a claim looks at: when it is due for a task nobody holds, when the lease runs out for
# one that is held, NULL for one that is parked. So a claim reads exactly the rows it takes, however many wait, are held
# or are parked. `again` is when a task that was put while held is due anew. `unreturned` counts claims in a row that
# were not given back, the present one included: what a task that ends its process leaves behind.
tasks = Table(
    "tasks",
    metadata,
    Column("stage", Text, primary_key=True),
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("owner", Text, nullable=False),
    Column("due", Instant, nullable=False),
    Column("claimable_at", Instant),
    Column("holder", Text),
    Column("attempt", Integer, nullable=False),
    Column("unreturned", Integer, nullable=False),
    Column("again", Instant),
    Column("error", OutsideText),
    Column("platform", Text),  # of a lane's destination, so that only those who serve it claim it
    Index("ix_tasks_stage_claimable_at", "stage", "claimable_at"),
)
_HELD, _PARKED = text("holder IS NOT NULL"), text("claimable_at IS NULL")
Index("ix_tasks_holder", tasks.c.holder, sqlite_where=_HELD, postgresql_where=_HELD)
Index("ix_tasks_parked", tasks.c.stage, sqlite_where=_PARKED, postgresql_where=_PARKED)
_LANE = text("platform IS NOT NULL")
Index(
    "ix_tasks_platform_claimable_at",
    tasks.c.platform,
    tasks.c.claimable_at,
    sqlite_where=_LANE,
    postgresql_where=_LANE,
)
_SUSPECT = text("unreturned > 1")
Index(
    "ix_tasks_unreturned",
    tasks.c.stage,
    tasks.c.unreturned,
    sqlite_where=_SUSPECT,
    postgresql_where=_SUSPECT,
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Instant, nullable=False),
)
