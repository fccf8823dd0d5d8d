"""Child processes for work on hostile input: killed when they take too long, replaced when they die or grow old.

No parser survives every document by itself: some loop, some eat memory, some crash the process. So documents are
parsed in children started as plain programs (`python -m feeds.hand`, no fork, no shared state, an empty environment
without our secrets) that get one job at a time over a pipe. The parent only ever waits on pipes, so the event loop
stays free, and a job that passes its wall-clock limit takes its child down with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.core import strings

READY = b"\x01"
START = timedelta(seconds=60)
"""How long a child may take to start and import its libraries, on a machine that is busy."""
FAREWELL = timedelta(seconds=2)
LARGEST_RESULT = 256 * 2**20

_ROOT = str(Path(__file__).resolve().parents[1])


class JobFailed(Exception):
    """The job brought no result. The message is for people."""


class JobRefused(JobFailed):
    """The job itself says that the input is unusable; asking again brings the same."""


class _Hand:
    """One child process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.jobs = 0

    @classmethod
    async def start(cls, job: str, memory: int, seconds: int) -> _Hand:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-X", "utf8", "-m", "feeds.hand", job, str(memory), str(seconds), strings.spoken()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": _ROOT},
            start_new_session=True,  # Ctrl-C is for us: a child that it struck would leave a feed marked as failed
        )
        hand = cls(process)
        try:
            async with asyncio.timeout(START.total_seconds()):
                if await hand._read(1) != READY:
                    raise JobFailed(strings.fetching.NO_PARSER)
        except BaseException as error:
            await hand.kill()
            if isinstance(error, TimeoutError | asyncio.IncompleteReadError | OSError):
                raise JobFailed(strings.fetching.NO_PARSER) from error
            raise
        return hand

    async def do(self, header: bytes, body: bytes) -> bytes:
        self.jobs += 1
        stdin = self._process.stdin
        assert stdin is not None
        stdin.writelines((len(header).to_bytes(4), len(body).to_bytes(4), header, body))
        await stdin.drain()
        tag = await self._read(1)
        size = int.from_bytes(await self._read(4))
        if size > LARGEST_RESULT:
            raise JobFailed(strings.fetching.GREW_TOO_LARGE)
        result = await self._read(size)
        if tag == b"R":
            return result
        raise JobRefused(result.decode("utf-8", "replace"))

    async def _read(self, size: int) -> bytes:
        assert self._process.stdout is not None
        return await self._process.stdout.readexactly(size)

    async def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    async def leave(self) -> None:
        """Let it end by itself: its input ends."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(FAREWELL.total_seconds()):
                await self._process.wait()
        except TimeoutError:
            await self.kill()

    @property
    def alive(self) -> bool:
        return self._process.returncode is None


class Crew:
    """Up to `size` children for one kind of job, started when first needed.

    `memory` bounds a child's address space in bytes (where the system can), `within` one job's wall clock; a child
    is replaced after `renew_after` jobs, since libraries leak. An async context manager: nobody is left behind.
    """

    def __init__(
        self,
        job: str,
        *,
        size: int = 1,
        memory: int = 2**30,
        within: timedelta = timedelta(seconds=10),
        renew_after: int = 1000,
    ) -> None:
        self._job = job
        self._memory = memory
        self._within = within
        self._renew_after = renew_after
        self._turns = asyncio.Semaphore(size)
        self._idle: list[_Hand] = []
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def do(self, header: Mapping[str, str | int | None], body: bytes) -> bytes:
        """The job's answer. Raises `JobRefused` where the job says no, `JobFailed` where the child was lost."""
        async with self._turns:
            hand = await self._take()
            whole = False
            try:
                async with asyncio.timeout(self._within.total_seconds()):
                    result = await hand.do(json.dumps(header).encode(), body)
                whole = True
                return result
            except JobRefused:
                whole = True
                raise
            except TimeoutError as error:
                raise JobFailed(strings.fetching.took_longer(self._within.total_seconds())) from error
            except (asyncio.IncompleteReadError, OSError) as error:
                raise JobFailed(strings.fetching.TOO_MUCH) from error
            finally:
                if not whole:
                    await hand.kill()
                elif hand.jobs >= self._renew_after or self._closed:
                    await hand.leave()
                else:
                    self._idle.append(hand)

    async def _take(self) -> _Hand:
        if self._closed:
            raise JobFailed(strings.fetching.STOPPING)
        while self._idle:
            hand = self._idle.pop()
            if hand.alive:
                return hand
        return await _Hand.start(self._job, self._memory, max(1, round(self._within.total_seconds())))

    async def close(self) -> None:
        """End the idle children now and each busy one after its job."""
        self._closed = True
        idle, self._idle = self._idle, []
        await asyncio.gather(*(hand.leave() for hand in idle))
