"""Three addresses for whoever runs Slugline: `/healthz`, `/readyz`, and `/metrics` for Prometheus.

Nothing of any community is shown: numbers by state and stage only, no names, no addresses. Nothing can be changed
here. It binds to the loopback address unless an operator says otherwise (`SLUGLINE_WEB`).

- `/healthz` answers 200 as long as the event loop does: a reason to restart the process if it does not.
- `/readyz` answers 200 while the database answers and the process is not stopping; else 503 with the reason: a reason
  to send no traffic, and none to restart.
- `/metrics` is the text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.app.ports import Database
from bot.core.errors import StoreError
from bot.core.vitals import Vitals

PATIENCE = timedelta(seconds=5)
"""How long the database is waited for: probes give up after about as much."""


def web_app(database: Database, stopping: Callable[[], bool]) -> Starlette:
    """`stopping` says whether the process is on its way out."""

    async def vitals() -> Vitals:
        async with asyncio.timeout(PATIENCE.total_seconds()), database.read() as tx:
            return await tx.vitals.now()

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_request: Request) -> Response:
        if stopping():
            return _not_ready("stopping")
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()), database.read() as tx:
                await tx.now()
        except TimeoutError:
            return _not_ready("the database does not answer")
        except StoreError as error:
            return _not_ready(str(error))
        return JSONResponse({"ready": True})

    async def metrics(_request: Request) -> Response:
        try:
            return Response(exposition(await vitals()), media_type=CONTENT_TYPE_PLAIN_0_0_4)
        except (TimeoutError, StoreError):
            return PlainTextResponse("the database does not answer\n", status_code=503)

    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
        ]
    )


def exposition(vitals: Vitals) -> bytes:
    """The vitals in Prometheus' text format. The names are part of what operators build on: they stay."""
    registry = CollectorRegistry()

    def gauge(name: str, says: str, labels: tuple[str, ...] = ()) -> Gauge:
        return Gauge(f"slugline_{name}", says, labels, registry=registry)

    feeds = gauge("feeds", "Feeds by state.", ("state",))
    for state, count in vitals.feeds.items():
        feeds.labels(state).set(count)
    tasks = gauge("tasks", "Tasks by stage and whether they are due, held, for later, or parked.", ("stage", "state"))
    lag = gauge("stage_lag_seconds", "How long the oldest task that is due has been so, by stage.", ("stage",))
    for stage, queue in vitals.queues.items():
        for state, count in (
            ("due", queue.due),
            ("held", queue.held),
            ("later", queue.later),
            ("parked", queue.parked),
        ):
            tasks.labels(stage, state).set(count)
        lag.labels(stage).set(queue.lag.total_seconds())
    deliveries = gauge("deliveries", "Deliveries by state, all that were ever queued and not purged.", ("state",))
    for state, count in vitals.deliveries.items():
        deliveries.labels(state).set(count)
    gauge("articles", "The highest article number.").set(vitals.articles)
    gauge("stories", "The highest story number.").set(vitals.stories)
    gauge("communities", "Communities.").set(vitals.communities)
    return generate_latest(registry)


def _not_ready(reason: str) -> Response:
    return JSONResponse({"ready": False, "reason": reason}, status_code=503)
