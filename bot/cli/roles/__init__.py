"""What a process of `slugline run` does of the whole.

    work      reads, judges, joins, explains and composes: every stage but the last
    console   posts to this terminal
    discord   Discord's client, and delivery to what is there
    slack     likewise
    web       health, readiness and metrics over HTTP

One machine does it all in one process. On PostgreSQL any number of processes have any of these, and nothing is theirs
but for the length of a lease. A lane of the outbox is only claimed by a process that serves its platform; while nobody
does it waits, and `doctor` and `/metrics` say so. The console is a platform too, and has its process: whoever reads the
terminal that `slugline run` was started in reads it there, and in a container nobody does.

A role is one module here with one entry: an async context manager that begins it, gives the workers it adds, and ends
it after those have been drained. What goes on in the background meanwhile runs `beside` the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.cli.roles.console import console
from bot.cli.roles.discord import discord
from bot.cli.roles.slack import needs, slack
from bot.cli.roles.web import web
from bot.cli.roles.work import work
from bot.core.errors import SettingsError
from bot.settings import ROLES, Settings

if TYPE_CHECKING:
    from bot.app.loops import Loops
    from bot.app.work import Worker
    from bot.cli.house import House

ENDING = timedelta(seconds=3)
"""How long all roles together may take to end, after the workers have been drained (`bot.app.loops.DRAIN`): with both a
process is gone ten seconds after it was told to stop, which is what container engines wait."""

Begun = AbstractAsyncContextManager[Sequence["Worker"]]
Entry = Callable[["House", asyncio.Event], Begun]
"""With the event that is set when the process is told to stop; an entry may set it itself."""


@dataclass(frozen=True, slots=True)
class Role:
    """`needs` are the settings without which it cannot begin; which they are may depend on others. None begins where
    this version does not have it."""

    begin: Entry | None
    needs: Callable[[Settings], Sequence[str]] = lambda _: ()


OF: Mapping[str, Role] = {
    "web": Role(web, lambda _: ["web"]),
    "work": Role(work),
    "console": Role(console),
    "discord": Role(discord, lambda _: ["discord_token"]),
    "slack": Role(slack, needs),
}
"""In the order they begin in, and the other way round they end: how the process is doing is told to the last."""


def chosen(settings: Settings) -> Sequence[str]:
    """The roles of this process, in order: those that were asked for, else all that are configured. Raises
    SettingsError where one that was asked for lacks a setting, or is not in this version."""
    if settings.roles is None:
        return [name for name, role in OF.items() if role.begin is not None and not _missing(role, settings)]
    for name in settings.roles:
        if OF[name].begin is None:
            raise SettingsError("SLUGLINE_ROLES", f"{name} is not in this version", "leave it out")
        if lacking := missing(name, settings):
            raise SettingsError(lacking[0], "it is not set", f"the role {name} needs it, or leave that role out")
    return [name for name in OF if name in settings.roles]


def missing(name: str, settings: Settings) -> Sequence[str]:
    """The settings, as they are named, that this role lacks."""
    return _missing(OF[name], settings)


def _missing(role: Role, settings: Settings) -> Sequence[str]:
    return [f"SLUGLINE_{need.upper()}" for need in role.needs(settings) if getattr(settings, need) is None]


class _Ending:
    """Ends roles, all together within `ENDING` of the first: a platform that does not let go keeps no process."""

    def __init__(self) -> None:
        self._until: float | None = None

    @asynccontextmanager
    async def of(self, name: str, role: Begun) -> AsyncIterator[Sequence[Worker]]:
        workers = await role.__aenter__()
        try:
            yield workers
        except BaseException as error:
            await self._end(name, role, error)
            raise
        else:
            await self._end(name, role, None)

    async def _end(self, name: str, role: Begun, error: BaseException | None) -> None:
        if self._until is None:
            self._until = asyncio.get_running_loop().time() + ENDING.total_seconds()
        try:
            async with asyncio.timeout_at(self._until) as patience:
                await role.__aexit__(None if error is None else type(error), error, None)
        except TimeoutError:
            if not patience.expired():
                raise
            structlog.get_logger(__name__).warning("a role did not end in time", role=name)


@asynccontextmanager
async def at_work(house: House, roles: Sequence[str]) -> AsyncIterator[Loops]:
    """Begin these roles, and tell the other processes; the loops of their workers, for the caller to run."""
    from bot.app.loops import Loops
    from bot.app.presence import present
    from bot.app.tallies import written_down
    from bot.cli.house import version
    from bot.core.process import Process

    async with AsyncExitStack() as stack:
        workers: list[Worker] = []
        ending = _Ending()
        for name in roles:
            begin = OF[name].begin
            assert begin is not None
            workers += await stack.enter_async_context(ending.of(name, begin(house, house.stopping)))
        process = Process(
            holder=house.holder,
            roles=tuple(roles),
            platforms=tuple(sorted({worker.platform for worker in workers if worker.platform is not None})),
            version=version(),
            since=house.clock.now(),
        )
        await stack.enter_async_context(present(house.database, process, stop=house.stopping.set))
        await stack.enter_async_context(written_down(house.database, house.tallies))
        await stack.enter_async_context(house.gate.watched())
        yield Loops(house.database, workers, holder=house.holder, stopping=house.stopping, wakes=house.wakes)


assert set(OF) == set(ROLES)
