"""Children that do hostile work: they are killed, replaced and taken home."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta

import psutil
import pytest

from bot.core import strings
from feeds.crew import Crew, JobFailed, JobRefused

GOOD = b"<html><body><article>%b</article>" % b"".join(
    b"<p>Paragraph %d is about writers and the terms they work under in year %d.</p>" % (n, 2000 + n) for n in range(5)
)
SLOW = b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">x</p>"


def children() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if "feeds.hand" in " ".join(each.cmdline())]


async def at_work() -> psutil.Process:
    """The child, once it is busy: it has used more of the processor than starting takes."""
    for _ in range(1000):
        if (found := children()) and found[0].cpu_times().user > 1:
            return found[0]
        await asyncio.sleep(0.01)
    raise AssertionError("no child ever worked")


@pytest.fixture(autouse=True)
async def nobody_is_left_behind() -> AsyncIterator[None]:
    before = {each.pid for each in children()}
    yield
    assert {each.pid for each in children()} <= before


async def test_starts_nobody_before_there_is_work() -> None:
    async with Crew("page"):
        assert children() == []


async def test_one_child_serves_many_jobs_and_close_takes_it_home() -> None:
    async with Crew("page") as crew:
        for _ in range(3):
            assert b"writers" in await crew.do({}, GOOD)
        (child,) = children()
        assert child.is_running()
    assert not child.is_running()


async def test_a_child_that_grew_old_is_replaced() -> None:
    async with Crew("page", renew_after=1) as crew:
        await crew.do({}, GOOD)
        assert children() == []
        assert json.loads(await crew.do({}, GOOD))["title"] == ""


async def test_a_job_over_its_time_is_killed_and_the_next_one_works() -> None:
    async with Crew("page", within=timedelta(seconds=1)) as crew:
        with pytest.raises(JobFailed, match="longer than 1 seconds"):
            await crew.do({}, SLOW)
        assert children() == []
        assert b"writers" in await crew.do({}, GOOD)


@pytest.mark.slow
async def test_a_document_that_takes_for_ever_holds_up_no_other_while_there_is_a_second_child() -> None:
    async with Crew("page", size=2, within=timedelta(minutes=1)) as crew:
        bad = asyncio.create_task(crew.do({}, SLOW))
        await at_work()
        for _ in range(5):
            assert b"writers" in await crew.do({}, GOOD)
        assert not bad.done()
        bad.cancel()
        with pytest.raises(asyncio.CancelledError):
            await bad


async def test_a_child_that_was_killed_is_replaced() -> None:
    async with Crew("page") as crew:
        await crew.do({}, GOOD)
        (child,) = children()
        child.kill()
        child.wait(5)
        for _ in range(2):  # the loss may be noticed only when the pipe breaks
            try:
                assert b"writers" in await crew.do({}, GOOD)
                break
            except JobFailed:
                continue


async def test_a_child_that_dies_at_work_is_a_failed_job() -> None:
    async with Crew("page", within=timedelta(seconds=30)) as crew:
        job = asyncio.create_task(crew.do({}, SLOW))
        (await at_work()).kill()
        with pytest.raises(JobFailed, match="too much for the parser"):
            await job


async def test_a_child_that_cannot_start_is_a_failed_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", shutil.which("false"))
    async with Crew("page") as crew:
        with pytest.raises(JobFailed, match="could not be started"):
            await crew.do({}, GOOD)


async def test_a_job_that_wants_too_much_memory_is_a_failed_job() -> None:
    async with Crew("page", memory=2**20) as crew:
        with pytest.raises(JobFailed):
            await crew.do({}, GOOD * 20_000)


async def test_a_cancelled_job_takes_its_child_along() -> None:
    async with Crew("page", within=timedelta(seconds=30)) as crew:
        job = asyncio.create_task(crew.do({}, SLOW))
        await at_work()
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        assert children() == []


async def test_a_refusal_keeps_the_child() -> None:
    async with Crew("page") as crew:
        with pytest.raises(JobRefused, match=strings.fetching.NO_HTML):
            await crew.do({}, b"")
        assert len(children()) == 1


async def test_children_see_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUGLINE_DISCORD_TOKEN", "secret")
    async with Crew("page") as crew:
        await crew.do({}, GOOD)
        (child,) = children()
        assert "SLUGLINE_DISCORD_TOKEN" in os.environ
        assert set(child.environ()) <= {"PYTHONPATH", "LC_CTYPE"}


async def test_a_stop_from_the_terminal_does_not_strike_children() -> None:
    async with Crew("page") as crew:
        await crew.do({}, GOOD)
        (child,) = children()
        assert os.getpgid(child.pid) != os.getpgid(0)


async def test_jobs_beyond_the_size_wait_their_turn() -> None:
    async with Crew("page", size=2) as crew:
        results = await asyncio.gather(*(crew.do({}, GOOD) for _ in range(6)))
        assert len(results) == 6
        assert len(children()) <= 2
