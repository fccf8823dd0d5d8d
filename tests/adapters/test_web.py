"""Health, readiness and metrics over a real socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import func, select

from adapters.storage import SqlDatabase
from adapters.storage.schema import deliveries
from adapters.web.app import web_app
from adapters.web.server import serving
from bot.app.ports import Stage
from bot.core.community import COMMON
from bot.core.errors import InputError
from tests.adapters.test_store_isolation import furnish
from tests.factories import GUILD


@asynccontextmanager
async def asking(database: SqlDatabase, *, stopping: bool = False) -> AsyncIterator[aiohttp.ClientSession]:
    async with (
        serving(web_app(database, lambda: stopping), "127.0.0.1", 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        yield session


async def told(session: aiohttp.ClientSession, path: str) -> tuple[int, str]:
    async with session.get(path) as answer:
        return answer.status, await answer.text()


async def test_a_process_that_answers_is_alive_and_ready(sqlite: SqlDatabase) -> None:
    async with asking(sqlite) as session:
        assert await told(session, "/healthz") == (200, "ok\n")
        assert await told(session, "/readyz") == (200, '{"ready":true}')
        assert (await told(session, "/anything"))[0] == 404


async def test_one_that_stops_is_alive_and_not_ready(sqlite: SqlDatabase) -> None:
    async with asking(sqlite, stopping=True) as session:
        assert (await told(session, "/healthz"))[0] == 200
        assert await told(session, "/readyz") == (503, '{"ready":false,"reason":"stopping"}')


async def test_the_metrics_tell_what_waits_and_since_when_and_nothing_of_a_community(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await furnish(tx)
        queued = await tx.sql.connection.scalar(select(func.count()).where(deliveries.c.state == "queued"))
        now = await tx.now()
        await tx.tasks.put(Stage.SCORE, [7, 8], COMMON, due=now - timedelta(hours=1))
        await tx.tasks.put(Stage.SCORE, [9], COMMON, due=now + timedelta(hours=1))
        (held,) = await tx.tasks.claim(Stage.SCORE, "me", 1, timedelta(minutes=1))
        (parked,) = await tx.tasks.claim(Stage.SCORE, "me", 1, timedelta(minutes=1))
        await tx.tasks.park(parked, "poison")
        assert held.key != parked.key
    async with asking(database) as session:
        status, text = await told(session, "/metrics")
    assert status == 200
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    states = {
        state: samples["slugline_tasks", *sorted(("score", state))] for state in ("due", "held", "later", "parked")
    }
    assert states == {"due": 0, "held": 1, "later": 1, "parked": 1}
    assert samples["slugline_stage_lag_seconds", "score"] == 0
    assert samples["slugline_deliveries", "queued"] == queued
    assert samples["slugline_communities",] == 2
    assert {name for name, *_ in samples} >= {"slugline_feeds", "slugline_articles", "slugline_stories"}
    for secret in (GUILD, "discord", "private.example", "token"):
        assert secret not in text


async def test_the_oldest_task_that_is_due_is_the_lag(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        now = await tx.now()
        await tx.tasks.put(Stage.JOIN, [1], COMMON, due=now - timedelta(hours=1))
        await tx.tasks.put(Stage.JOIN, [2], COMMON, due=now - timedelta(hours=2))
    async with database.read() as tx:
        queue = (await tx.vitals.now()).queues["join"]
    assert (queue.due, queue.held, queue.later, queue.parked) == (2, 0, 0, 0)
    assert timedelta(hours=2) <= queue.lag < timedelta(hours=3)


async def test_a_port_that_is_taken_is_named(sqlite: SqlDatabase) -> None:
    async with serving(web_app(sqlite, lambda: False), "127.0.0.1", 0) as port:
        with pytest.raises(InputError, match=f"cannot listen on 127.0.0.1:{port}"):
            async with serving(web_app(sqlite, lambda: False), "127.0.0.1", port):
                pass
