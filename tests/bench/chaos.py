"""Chaos (`tests.chaos`), at full size: a hundred kills while three processes send a thousand deliveries.

Over what is known of a message, and both databases. Options: `deliveries=1000`, `kills=100`, `processes=3`, `seed=1`,
`far_side=loopback`, `knows=key,read,neither`, `databases=sqlite,postgresql`, `pace=30` (seconds that one is for all
that waits).
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.chaos import PACE, Outcome, Plan, chaos
from tests.far_side import Knows
from tests.far_sides import FAR_SIDES
from tests.postgres import postgres_server
from tests.quality.report import Goal, Report, Table
from tests.senders import quiet

COUNTS = ("kills", "faults", "messages", "lost", "twice", "stale", "disordered", "uncertain", "there")
WRONG = ("lost", "twice", "stale", "disordered")


def measure(options: Mapping[str, str]) -> Report:
    plan = Plan(
        deliveries=int(options.get("deliveries", "1000")),
        kills=int(options.get("kills", "100")),
        processes=int(options.get("processes", "3")),
        seed=int(options.get("seed", "1")),
        pace=float(options.get("pace", PACE)),
    )
    quiet()
    kinds = [Knows[name.upper()] for name in options.get("knows", "key,read,neither").split(",")]
    figures: dict[str, float] = {}
    goals: list[Goal] = []
    rows: list[list[str | float]] = []
    with postgres_server() as server, tempfile.TemporaryDirectory() as folder:
        for kind in kinds:
            for database in options.get("databases", "sqlite,postgresql").split(","):
                own = Path(folder) / f"{kind.name}-{database}"
                own.mkdir()
                postgresql = database == "postgresql"
                url = asyncio.run(server.create()) if postgresql else f"sqlite+aiosqlite:///{own / 'slugline.sqlite3'}"
                with FAR_SIDES[options.get("far_side", "loopback")](own, kind, plan.pace) as far_side:
                    outcome = asyncio.run(chaos(url, far_side, plan))
                name = f"{kind.name.lower()}_{database}"
                rows.append(_row(kind, database, outcome))
                print(" ".join(map(str, rows[-1])), flush=True)  # it takes minutes
                figures |= {f"{name}_{each}": getattr(outcome, each) for each in COUNTS}
                goals += [Goal(figure=f"{name}_{each}", value=0, at_most=True) for each in WRONG]
                goals.append(Goal(figure=f"{name}_kills", value=plan.kills))
    columns = ["the platform", "database", *COUNTS, "s"]
    title = f"{plan.deliveries} deliveries, {plan.processes} processes, seed {plan.seed}"
    return Report(name="chaos", tables=[Table(title=title, columns=columns, rows=rows)], figures=figures, goals=goals)


def _row(knows: Knows, database: str, outcome: Outcome) -> list[str | float]:
    return [knows.value, database, *(str(getattr(outcome, each)) for each in COUNTS), f"{outcome.seconds:.0f}"]
