"""Health, readiness and metrics over a real socket."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import func, select, text

from adapters.storage import SqlDatabase, open_database
from adapters.storage.schema import deliveries
from adapters.web.app import web_app
from adapters.web.server import serving
from bot.app.ports import Stage
from bot.app.posting import stop_posting
from bot.app.tallies import ACKNOWLEDGED, ALL, FETCHES, SENDS, Counted, Tallies, write_down, written_down
from bot.core.community import COMMON
from bot.core.errors import InputError, StoreBusy, StoreError
from bot.core.posting_stop import EVERYWHERE, Scope
from tests.adapters.test_store_isolation import furnish
from tests.factories import GUILD, STUDIO, new_process
from tests.fakes import Interrupted

README = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")


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
        assert await told(session, "/readyz") == (200, '{"ready":true,"posting":"on"}')
        assert (await told(session, "/anything"))[0] == 404


async def test_a_stop_of_posting_shows_and_names_no_community(sqlite: SqlDatabase) -> None:
    async with asking(sqlite) as session:
        await stop_posting(sqlite, Scope(community=GUILD), by="ann", reason="secret")
        assert await told(session, "/readyz") == (200, '{"ready":true,"posting":"stopped in part"}')
        await stop_posting(sqlite, EVERYWHERE, by="ann", reason="secret")
        assert await told(session, "/readyz") == (200, '{"ready":true,"posting":"stopped"}')
        _, page = await told(session, "/metrics")
    assert 'slugline_posting_stops{scope="everywhere"} 1.0' in page
    assert 'slugline_posting_stops{scope="community"} 1.0' in page
    assert not any(secret in page for secret in (GUILD, "ann", "secret"))


async def test_one_that_stops_is_alive_and_not_ready(sqlite: SqlDatabase) -> None:
    async with asking(sqlite, stopping=True) as session:
        assert (await told(session, "/healthz"))[0] == 200
        assert await told(session, "/readyz") == (503, '{"ready":false,"reason":"stopping"}')


async def test_the_metrics_tell_what_waits_and_since_when_and_nothing_of_a_community(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await furnish(tx)
        queued = await tx.sql.connection.scalar(select(func.count()).where(deliveries.c.state == "queued"))
        unserved = (await tx.outbox.waiting())["discord"]
        now = await tx.now()
        await tx.processes.beat(new_process("work", "console", platforms=["slack"]), timedelta(minutes=1))
        await tx.tasks.put(Stage.SCORE, [7, 8], COMMON, due=now - timedelta(hours=1))
        await tx.tasks.put(Stage.SCORE, [9], COMMON, due=now + timedelta(hours=1))
        (held,) = await tx.tasks.claim(Stage.SCORE, "me", 1, timedelta(minutes=1))
        (parked,) = await tx.tasks.claim(Stage.SCORE, "me", 1, timedelta(minutes=1))
        await tx.tasks.park(parked, "poison")
        assert held.key != parked.key
    async with asking(database) as session:
        status, page = await told(session, "/metrics")
    assert status == 200
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }
    states = {
        state: samples["slugline_tasks", *sorted(("score", state))] for state in ("due", "held", "later", "parked")
    }
    assert states == {"due": 0, "held": 1, "later": 1, "parked": 1}
    assert samples["slugline_stage_lag_seconds", "score"] == 0
    assert samples["slugline_deliveries", "queued"] == queued
    assert samples["slugline_delivery_age_seconds", "digest"] > 0
    assert samples["slugline_database_up",] == 1
    assert samples["slugline_communities",] == 2
    assert {name for name, *_ in samples} >= {"slugline_feeds", "slugline_articles", "slugline_stories"}
    assert samples["slugline_processes", "work"] == 1
    assert samples["slugline_deliveries_unserved", "discord"] == unserved > 0
    assert "slack" not in page, "it is served"
    for secret in (GUILD, STUDIO, "channel", "private.example", "token"):
        assert secret not in page


async def test_counters_are_of_all_processes_together_and_outlive_them(url: str) -> None:
    """Two processes count, write down what they counted, and end; whoever is asked then tells of both."""
    for number in (1, 2):
        tallies = Tallies()
        tallies.add(SENDS, "discord", "posted", amount=number)
        tallies.waited("slack", "chat.postMessage", timedelta(seconds=1.5))
        for seconds in (0.01, 0.2, 4.0, 60.0):
            tallies.observe(ACKNOWLEDGED, seconds, "discord")
        async with open_database(url) as database, written_down(database, tallies):
            pass
    async with open_database(url) as database, asking(database) as session:
        _, page = await told(session, "/metrics")
    families = {family.name: family for family in text_string_to_metric_families(page)}
    assert {what.name.removesuffix("_total") for what in ALL} <= families.keys()
    samples = {
        (sample.name, *sorted(sample.labels.values(), reverse=True)): sample.value
        for each in families.values()
        for sample in each.samples
    }
    assert samples["slugline_sends_total", "posted", "discord"] == 3
    assert samples["slugline_rate_limit_waits_total", "slack", "chat.postMessage"] == 2
    assert samples["slugline_rate_limit_wait_seconds_total", "slack", "chat.postMessage"] == 3
    name = "slugline_acknowledgement_seconds"
    assert families[name].type == "histogram"
    buckets = [
        samples[f"{name}_bucket", *sorted(("discord", bound), reverse=True)]
        for bound in ("0.05", "0.25", "3", "5", "+Inf")
    ]
    assert buckets == [2, 4, 4, 6, 8]
    assert samples[f"{name}_count", "discord"] == 8
    assert samples[f"{name}_sum", "discord"] == pytest.approx(128.42)


async def test_what_could_not_be_written_down_is_not_lost(sqlite: SqlDatabase) -> None:
    def refuse() -> None:
        raise StoreBusy("locked")

    tallies = Tallies()
    tallies.add(FETCHES, "fetched")
    with pytest.raises(StoreBusy):
        await write_down(Interrupted(sqlite, 1, "before", refuse), tallies)
    tallies.add(FETCHES, "fetched")
    await write_down(sqlite, tallies)
    async with sqlite.read() as tx:
        assert await tx.tallies.all() == {(FETCHES.name, ("fetched",)): 2}


@pytest.mark.parametrize("what", ALL, ids=lambda what: what.name)
def test_names_are_as_prometheus_wants_them(what: Counted) -> None:
    """https://prometheus.io/docs/practices/naming/; and no label can name a community or a place."""
    assert re.fullmatch(r"slugline_[a-z_]+", what.name)
    assert what.name.endswith("_seconds" if what.buckets else "_total")
    assert set(what.labels) <= {"platform", "outcome", "stage", "state", "key", "kind"}


async def test_the_readme_names_every_metric(sqlite: SqlDatabase) -> None:
    async with asking(sqlite) as session:
        _, page = await told(session, "/metrics")
    names = re.findall(r"^# TYPE (\S+)", page, re.MULTILINE)
    assert len(names) > 15
    assert [name for name in names if f"`{name}`" not in README] == []


async def test_a_database_that_does_not_answer_is_what_the_metrics_say(sqlite_url: str) -> None:
    errors: list[StoreError] = []
    async with open_database(sqlite_url, told=errors.append) as database:
        async with database.begin() as tx:
            await tx.sql.execute(text("ALTER TABLE feeds RENAME TO elsewhere"))
        async with asking(database) as session:
            status, said = await told(session, "/metrics")
            assert (await told(session, "/healthz"))[0] == 200
    (family,) = text_string_to_metric_families(said)
    assert (status, family.name, [sample.value for sample in family.samples]) == (200, "slugline_database_up", [0])
    assert "no such table" in str(errors[0])


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
