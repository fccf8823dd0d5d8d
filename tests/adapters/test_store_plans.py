"""What is asked of one community costs no more the more communities there are: no question walks all deliveries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from adapters.storage import SqlDatabase
from adapters.storage.database import SqlTransaction
from tests.factories import GUILD

Asking = Callable[[SqlTransaction], Awaitable[Any]]


@contextmanager
def statements(database: SqlDatabase) -> Iterator[list[tuple[str, Any]]]:
    """What is said to the database for the writer meanwhile, and with what."""
    said: list[tuple[str, Any]] = []

    def say(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        said.append((statement, values))

    engine = database._writer.sync_engine
    event.listen(engine, "before_cursor_execute", say)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", say)


QUESTIONS: dict[str, Asking] = {
    "what was refused": lambda tx: tx.deliveries.refusals(GUILD),
    "what it owns": lambda tx: tx.purging.owned(GUILD, start=None, limit=lambda _: 50),
    "letting go of its deliveries": lambda tx: tx.purging.remove_owned(GUILD, "deliveries", [(1,)]),
    "letting go of their parts": lambda tx: tx.purging.remove_owned(GUILD, "delivery_parts", [(1, 0)]),
    "the log of corrections": lambda tx: tx.corrections.log(GUILD, limit=9),
    "the replies beneath a message": lambda tx: tx.corrections.last_told(GUILD, 1),  # type: ignore[arg-type]
    "whose message it is": lambda tx: tx.deliveries.whose("discord", ["1"]),
    "what is taken next": lambda tx: tx.outbox.lanes([1]),
}


@pytest.mark.parametrize("question", QUESTIONS)
async def test_it_is_answered_without_walking_through_all_deliveries(sqlite: SqlDatabase, question: str) -> None:
    async with sqlite.begin() as tx:
        with statements(sqlite) as said:
            await QUESTIONS[question](tx)
        asked = [(statement, values) for statement, values in said if "deliver" in statement or "correct" in statement]
        assert asked
        for statement, values in asked:
            plan = await tx.sql.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [str(row[-1]) for row in plan.all()]
            walks = [step for step in steps if step.startswith(("SCAN deliver", "SCAN correct"))]
            assert not walks, statement
