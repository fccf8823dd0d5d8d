"""No time passes at a platform's server while what was sent to it is under way, whether or not its sender lives."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from aiohttp import web

from tests.platforms.far_clock import FarClock, knock

MINUTE = timedelta(minutes=1)


async def test_time_stands_still_until_all_that_was_sent_before_is_done() -> None:
    clock, may_answer, came = FarClock(), asyncio.Event(), list[float]()

    async def answer(request: web.Request) -> web.Response:
        await may_answer.wait()
        came.append(clock())
        return web.Response()

    app = web.Application(middlewares=[clock.watched])
    app.router.add_get("/", answer)
    runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    _, sender = await asyncio.open_connection(host, port)
    sender.write(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
    sender.close()  # its process is killed
    passing = asyncio.create_task(clock.passes(MINUTE, host, port))
    for _ in range(3):
        await knock(host, port)
    assert (passing.done(), clock()) == (False, 0.0)
    may_answer.set()
    await passing
    assert (came, clock()) == ([0.0], 60.0)
    await runner.cleanup()


async def test_what_is_late_is_done_in_the_order_in_which_it_is_due() -> None:
    clock, done = FarClock(), list[str]()

    async def note(what: str) -> None:
        done.append(what)

    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    clock.later(2 * MINUTE, lambda: note("second"))
    clock.later(MINUTE, lambda: note("first"))
    clock.later(3 * MINUTE, lambda: note("third"))
    await clock.passes(MINUTE / 2, host, port)
    assert done == []
    await clock.passes(2 * MINUTE, host, port)
    assert done == ["first", "second"]
    server.close()
