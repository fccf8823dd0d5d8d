"""`slugline run` as a long-lived process: it stops when told to, goes on when started again, and is alone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator

import psutil
import pytest

from adapters.sample import SampleServer
from tests.e2e.program import PATIENCE, Program

EMPTY_FEED = '<rss version="2.0"><channel><title>Quiet Quarterly</title></channel></rss>'


def until(process: subprocess.Popen[bytes], said: str, *, on_error: bool = False) -> str:
    """Read standard output, or standard error, until it says so."""
    stream = process.stderr if on_error else process.stdout
    assert stream is not None
    heard = ""
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    try:
        for line in stream:
            heard += line.decode()
            if said in heard:
                return heard
    finally:
        watchdog.cancel()
    pytest.fail(f"it ended with {process.wait()} and said only: {heard}")


def stop(process: subprocess.Popen[bytes], number: int) -> str:
    """What was on standard error. A process that does not end fails the test."""
    process.send_signal(number)
    _, err = process.communicate(timeout=PATIENCE)
    return err.decode()


@contextlib.contextmanager
def serving(answer: bytes) -> Iterator[tuple[str, threading.Event]]:
    """A server on loopback that sends these bytes and then nothing, with the connection open; the event says that
    somebody asked."""
    up, asked, done = threading.Event(), threading.Event(), threading.Event()
    address: list[str] = []

    async def serve() -> None:
        async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(answer)
                await writer.drain()
                asked.set()
                await reader.read()  # until the client goes
            writer.close()

        server = await asyncio.start_server(client, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        address.append(f"{host}:{port}")
        up.set()
        await asyncio.to_thread(done.wait)
        server.close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert up.wait(30)
    try:
        yield address[0], asked
    finally:
        done.set()
        thread.join()


def opml(address: str) -> str:
    return (
        '<opml version="2.0"><body><outline type="rss" text="Tar Times" '
        f'xmlUrl="http://{address}/feed.xml"/></body></opml>'
    )


@pytest.fixture
def quiet(slugline: Program) -> Program:
    """A program with one feed that never brings anything, so that the first fill is short."""
    feed = slugline.folder / "quiet.xml"
    feed.write_text(EMPTY_FEED)
    assert slugline("ingest", feed).code == 0
    return slugline


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_stops_cleanly_when_told_and_can_be_started_again(quiet: Program, number: int) -> None:
    for _ in range(2):
        process = quiet.start("run")
        said = until(process, "Ctrl-C stops")
        err = stop(process, number)
        assert process.returncode == 0, err
        assert "Traceback" not in err
        assert "Nothing new about AI and people's work was found in this time." in said


def test_run_says_what_to_set_to_reach_discord_and_slack(quiet: Program) -> None:
    result = quiet("run", "--once")
    assert result.code == 0
    for setting in ("SLUGLINE_DISCORD_TOKEN", "SLUGLINE_SLACK_BOT_TOKEN", "SLUGLINE_SLACK_APP_TOKEN"):
        assert setting in result.out
    tokens = {
        "DISCORD_TOKEN": "a" * 24 + ".b123456." + "c" * 30,
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
    }
    assert "SLUGLINE_DISCORD_TOKEN" not in quiet.having(**tokens)("run", "--once").out


def test_a_second_run_on_the_same_file_is_refused_while_other_commands_work(quiet: Program) -> None:
    process = quiet.start("run")
    try:
        until(process, "Ctrl-C stops")
        for arguments in (["run"], ["run", "--once"]):
            second = quiet(*arguments)
            assert second.code == 1
            assert second.error.startswith(f"another `slugline run` works on {quiet.database}")
            assert second.out == ""
        assert quiet("digest").code == 0
        assert quiet("feeds", "list").out.count("\n") == 1
        assert quiet("doctor", "--quiet").code == 0
        assert quiet("ingest", quiet.folder / "quiet.xml").code == 0
    finally:
        err = stop(process, signal.SIGTERM)
    assert process.returncode == 0, err
    assert quiet("run", "--once").code == 0


def test_a_stop_does_not_wait_for_a_server_that_stalls(slugline: Program) -> None:
    stall = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: 1000\r\n\r\n<rss"
    with serving(stall) as (address, asked):
        program = slugline.having(ALLOW_HOSTS=address)
        assert program("feeds", "import", "-", given=opml(address)).code == 0
        process = program.start("run", "--once")
        assert asked.wait(PATIENCE)
        err = stop(process, signal.SIGTERM)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert program("feeds", "health").out == "1 new\n", "the visit was dropped, not waited for until it failed"


@pytest.mark.slow
def test_what_a_stopped_fill_left_is_done_by_the_next(
    slugline: Program, sample_server: SampleServer, few_feeds: str
) -> None:
    program = slugline.having(ALLOW_HOSTS=sample_server.address)
    assert program("feeds", "import", "-", given=few_feeds).code == 0
    process = program.start("run", "--once", stdout=subprocess.DEVNULL)
    assert process.stderr is not None
    for line in process.stderr:
        if b'"joined"' in line:
            break
    err = stop(process, signal.SIGTERM)
    assert process.returncode == 0, err
    again = program("run", "--once")
    assert again.code == 0
    assert "In this digest" in again.out
    assert "ok       work: nothing waits" in program("doctor").out


def test_a_second_interrupt_ends_at_once_without_a_traceback(slugline: Program) -> None:
    with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss") as (address, asked):
        program = slugline.having(ALLOW_HOSTS=address)
        assert program("feeds", "import", "-", given=opml(address)).code == 0
        process = program.start("run", "--once")
        assert asked.wait(PATIENCE)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)  # two signals at one moment are one
        err = stop(process, signal.SIGINT)
    assert process.returncode == 130, err
    assert "Traceback" not in err


@pytest.mark.parametrize("arguments", [["classify", "-"], ["feeds", "parse", "-"], ["feeds", "import", "-"]])
def test_interrupted_while_it_waits_for_input_a_command_exits_with_130(slugline: Program, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    try:
        process = subprocess.Popen(
            slugline.command(*arguments),
            stdin=reading,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=slugline.environment,
            cwd=slugline.folder,
        )
        wait_until_it_sleeps_on_input(process)
        err = stop(process, signal.SIGINT)
    finally:
        os.close(reading)
        os.close(writing)
    assert (process.returncode, err) == (130, "")


def wait_until_it_sleeps_on_input(process: subprocess.Popen[bytes]) -> None:
    """The kernel's word for where it waits, or a second without any processor time."""
    watched = psutil.Process(process.pid)
    spent, since = -1.0, time.monotonic()
    while time.monotonic() - since < 1.0:
        now = sum(watched.cpu_times()[:2])
        if now != spent or now < 0.05:
            spent, since = now, time.monotonic()
        time.sleep(0.05)
