"""Three addresses for whoever runs Slugline: `/healthz`, `/readyz`, and `/metrics` for Prometheus.

Nothing of any community is shown: numbers by state and stage only, no names, no addresses. Nothing can be changed
here. It binds to the loopback address unless an operator says otherwise (`SLUGLINE_WEB`).

- `/healthz` answers 200 as long as the event loop does: a reason to restart the process if it does not.
- `/readyz` answers 200 while the database answers and the process is not stopping; else 503 with the reason: a reason
  to send no traffic, and none to restart. It says whether the operator stopped posting, which is no reason for either.
- `/metrics` is for Prometheus (`exposition`). Where the database does not answer it says so, and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.web.exposition import exposition, without_database
from bot.app.ports import Database
from bot.core.errors import StoreError
from bot.core.posting_stop import EVERYWHERE, Stop

PATIENCE = timedelta(seconds=5)
"""How long the database is waited for: probes give up after about as much."""


class Doors:
    """Addresses of others' on this server, which open once they have begun and close before they end; a platform that
    finds one closed comes again."""

    def __init__(self) -> None:
        self._open: dict[str, ASGIApp] = {}

    @contextmanager
    def opened(self, prefix: str, app: ASGIApp) -> Iterator[None]:
        """All paths that begin with `prefix`, such as `/slack/`, are the application's, whole."""
        self._open[prefix] = app
        try:
            yield
        finally:
            del self._open[prefix]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = next((app for prefix, app in self._open.items() if scope["path"].startswith(prefix)), None)
        await (app or PlainTextResponse("not found\n", status_code=404))(scope, receive, send)


def web_app(database: Database, stopping: Callable[[], bool], doors: Doors | None = None) -> Starlette:
    """`stopping` says whether the process is on its way out; `doors` are tried for what is not ours."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_request: Request) -> Response:
        if stopping():
            return _not_ready("stopping")
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()), database.read() as tx:
                stops = await tx.posting.in_force()
        except TimeoutError:
            return _not_ready("the database does not answer")
        except StoreError as error:
            return _not_ready(str(error))
        return JSONResponse({"ready": True, "posting": _posting(stops)})

    async def metrics(_request: Request) -> Response:
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                async with database.read() as tx:
                    text = exposition(await tx.vitals.now(), await tx.tallies.all(), await tx.posting.in_force())
        except (TimeoutError, StoreError):
            text = without_database()
        return Response(text, media_type=CONTENT_TYPE_PLAIN_0_0_4)

    routes: list[BaseRoute] = [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]
    if doors is not None:
        routes.append(Mount("/", app=doors))
    return Starlette(routes=routes)


def _posting(stops: Sequence[Stop]) -> str:
    """Without a community's name, which is nobody's business here."""
    if any(stop.scope == EVERYWHERE for stop in stops):
        return "stopped"
    return "stopped in part" if stops else "on"


def _not_ready(reason: str) -> Response:
    return JSONResponse({"ready": False, "reason": reason}, status_code=503)
