"""Serving the web application inside a running process, on a socket of our own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette

from bot.core.errors import InputError

GRACE = 3
"""Seconds that a stop waits for requests in hand."""


class _Server(uvicorn.Server):
    """Signals are the process's business, not the web server's."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield


@asynccontextmanager
async def serving(app: Starlette, host: str, port: int) -> AsyncIterator[int]:
    """Serve until the block ends; gives the port, which the system chooses where `port` is 0. Raises InputError where
    it cannot listen there."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        limit_concurrency=100,
    )
    try:
        socket = config.bind_socket()
        socket.listen()  # from here on whoever connects is answered, at the latest when the server has started
    except (OSError, SystemExit):  # uvicorn exits where it cannot bind
        raise InputError(f"SLUGLINE_WEB: cannot listen on {host}:{port}; is the port taken?") from None
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[socket]))
    try:
        yield socket.getsockname()[1]
    finally:
        server.should_exit = True
        await running
        socket.close()
