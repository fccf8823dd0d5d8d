"""Settings, `doctor`, and a database or disk that refuses: one line, a non-zero exit, nothing lost, nothing told."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sample import SampleServer
from tests.e2e.program import PATIENCE, ROOT, Program

HEAVY = ("aiohttp", "numpy", "onnxruntime", "discord", "slack_bolt", "sqlalchemy", "feedparser", "trafilatura")
FEED = """<rss version="2.0"><channel><title>Fenwick Herald</title><item><title>Animators vote to strike over AI</title>
<link>https://fenwick.example/strike</link></item></channel></rss>"""


@pytest.fixture
def used(slugline: Program) -> Program:
    """A program that has a database with one feed from disk."""
    feed = slugline.folder / "feed.xml"
    feed.write_text(FEED)
    assert slugline("ingest", feed).code == 0
    return slugline


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["feeds", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(slugline: Program, arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", *arguments],
        capture_output=True,
        env=slugline.environment,
        cwd=slugline.folder,
        timeout=PATIENCE,
        check=True,
    )
    imported = {line.rpartition(b"|")[2].strip().decode().partition(".")[0] for line in done.stderr.splitlines()}
    assert "click" in imported, "this test sees what is imported"
    assert imported.isdisjoint(HEAVY)
    assert done.stdout


def test_help_shows_how_to_begin_and_every_command(slugline: Program) -> None:
    result = slugline("--help")
    assert (result.code, result.err) == (0, "")
    for word in ("slugline demo", "run", "digest", "feeds", "ingest", "classify", "cluster", "analyse", "doctor"):
        assert word in result.out
    assert slugline("feeds", "--help").out.count("OPML") >= 2


def test_version_is_told(slugline: Program) -> None:
    assert slugline("--version").out.startswith("slugline ")


def test_a_mistyped_command_is_a_usage_error(slugline: Program) -> None:
    result = slugline("digset")
    assert (result.code, result.out) == (2, "")
    assert "No such command 'digset'" in result.err


@pytest.mark.parametrize(
    ("key", "value", "right"),
    [
        ("TIMEZONE", "Mars/Olympus", "an IANA name"),
        ("MAX_ARTICLE_AGE", "soon", "30d"),
        ("ALLOW_HOSTS", "localhost", "host:port"),
        ("DATABASE_URL", "mysql://x", "sqlite+aiosqlite:///PATH"),
        ("SLACK_BOT_TOKEN", "xapp-swapped-by-mistake", "xoxb-"),
        ("LOG_LEVEL", "loud", "warning"),
    ],
)
def test_a_wrong_setting_names_its_key_and_what_would_be_right(
    slugline: Program, key: str, value: str, right: str
) -> None:
    for command in ("run", "doctor", "digest", "demo"):
        result = slugline.having(**{key: value})(command)
        assert (result.code, result.out) == (2, "")
        assert result.error.startswith(f"SLUGLINE_{key}: ")
        assert right in result.error
    assert "swapped" not in result.error
    assert not slugline.data.exists()


def test_a_misspelt_setting_is_not_passed_over(slugline: Program) -> None:
    result = slugline.having(TIMEZON="UTC")("digest")
    assert (result.code, result.error) == (
        2,
        "SLUGLINE_TIMEZON: there is no such setting; did you mean SLUGLINE_TIMEZONE?",
    )


# --- doctor -------------------------------------------------------------------------------------------------


def test_doctor_on_a_new_machine_finds_no_problem_and_makes_nothing(slugline: Program) -> None:
    result = slugline("doctor")
    assert (result.code, result.err) == (0, "")
    assert f"note     database: none yet at {slugline.database}\n         → slugline run makes it" in result.out
    assert "SLUGLINE_DISCORD_TOKEN" in result.out
    assert list(slugline.folder.iterdir()) == []
    quiet = slugline("doctor", "--quiet")
    assert (quiet.code, quiet.out) == (0, "")


def test_doctor_looks_into_a_healthy_database(used: Program) -> None:
    result = used("doctor")
    assert result.code == 0
    assert f"ok       database: SQLite at {used.database} answers" in result.out
    assert "ok       feeds: 1 taken in from disk" in result.out
    assert "PROBLEM" not in result.out


def test_doctor_tells_feeds_that_fail_and_what_to_do(slugline: Program) -> None:
    program = slugline.having(ALLOW_HOSTS="127.0.0.1:1")
    outlines = "".join(f'<outline text="Shut {n}" xmlUrl="http://127.0.0.1:1/{n}?token=hunter2"/>' for n in range(9))
    assert program("feeds", "import", "-", given=f"<opml><body>{outlines}</body></opml>").code == 0
    ran = program("run", "--once")
    assert ran.code == 0
    assert "no feed at all could be read" in ran.out
    result = program("doctor")
    assert result.code == 1
    assert "ok       feeds: 9 failing" in result.out
    assert "PROBLEM  network: no feed at all could be read" in result.out
    assert "note     9 feeds failing: " in result.out
    assert "and 4 more outlets" in result.out
    assert program("doctor", "--quiet").out.startswith("PROBLEM  network: ")
    assert program("feeds", "list").out.count("failing") == 9
    assert "hunter2" not in ran.out + ran.err + result.out


def test_doctor_names_the_missing_half_of_the_slack_tokens(slugline: Program) -> None:
    result = slugline.having(SLACK_BOT_TOKEN="xoxb-hunter2")("doctor")
    assert result.code == 1
    assert "PROBLEM  Slack: SLUGLINE_SLACK_APP_TOKEN is missing" in result.out
    assert "hunter2" not in result.out


@pytest.mark.parametrize("token", ["hunter2", "Bot MTIz.abc.hunter2hunter2", "https://discord.com/api/hunter2"])
def test_doctor_sees_that_a_discord_token_is_none(slugline: Program, token: str) -> None:
    result = slugline.having(DISCORD_TOKEN=token)("doctor")
    assert result.code == 1
    assert "PROBLEM  Discord: SLUGLINE_DISCORD_TOKEN does not look like a bot token" in result.out
    assert "hunter2" not in result.out


def test_a_data_directory_that_cannot_be_made_is_said_by_every_command(slugline: Program) -> None:
    (slugline.folder / "file").write_text("")
    program = slugline.having(DATA_DIR=str(slugline.folder / "file" / "data"))
    for arguments in (["run"], ["run", "--once"], ["digest"], ["feeds", "list"], ["ingest", "file"]):
        result = program(*arguments)
        assert result.code == 1, arguments
        assert str(slugline.folder / "file") in result.error
    checked = program("doctor")
    assert checked.code == 1
    assert "PROBLEM  data directory: " in checked.out


# --- a database that refuses --------------------------------------------------------------------------------


def fingerprint(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir() if file.is_file()}


@pytest.mark.parametrize("foreign", ["newer", "another program's", "no database"])
def test_a_database_that_is_not_ours_to_use_is_refused_and_left_as_it_is(used: Program, foreign: str) -> None:
    with closing(sqlite3.connect(used.database)) as connection:
        if foreign == "newer":
            connection.execute("UPDATE alembic_version SET version_num = 'ffff'")
        elif foreign == "another program's":
            connection.execute("DROP TABLE alembic_version")
        connection.commit()
        connection.execute("PRAGMA journal_mode = DELETE")
    if foreign == "no database":
        used.database.write_bytes(b"This is a text about databases. " * 200)
    before = fingerprint(used.data)
    said = {
        "newer": "a newer Slugline",
        "another program's": "another program's tables",
        "no database": "not a database",
    }
    for arguments in (["run", "--once"], ["digest"], ["feeds", "list"], ["ingest", str(used.folder / "feed.xml")]):
        result = used(*arguments)
        assert (result.code, result.out) == (1, "")
        assert said[foreign] in result.error
    checked = used("doctor")
    assert checked.code == 1
    assert "PROBLEM  database: " in checked.out
    assert said[foreign] in checked.out
    after = fingerprint(used.data)
    after.pop("slugline.sqlite3.run.lock", None)
    before.pop("slugline.sqlite3.run.lock", None)
    assert after == before


def test_doctor_says_that_a_database_is_held_by_another_program(used: Program) -> None:
    """Looking needs no lock in WAL mode; where another program locks all readers out, it is said soon."""
    with closing(sqlite3.connect(used.database)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.isolation_level = None
        connection.execute("BEGIN EXCLUSIVE")
        result = used("doctor")
        connection.execute("ROLLBACK")
    assert result.code == 1
    assert "PROBLEM  database: the database slugline.sqlite3 is in use by another process" in result.out
    assert "end the program that holds it, or try again later" in result.out


def test_an_unreachable_postgresql_is_one_line_without_the_password(slugline: Program) -> None:
    address = "postgresql+asyncpg://scribe:hunter2secret@127.0.0.1:1/slugline"
    program = slugline.having(DATABASE_URL=address, LOG_LEVEL="debug")
    for arguments in (["run", "--once"], ["digest"], ["doctor"]):
        result = program(*arguments)
        assert result.code == 1
        assert "hunter2" not in result.out + result.err
        assert "slugline on 127.0.0.1" in result.out + result.err


# --- secrets ------------------------------------------------------------------------------------------------


def test_nothing_secret_is_said_even_at_debug_level(slugline: Program, sample_server: SampleServer) -> None:
    """Tokens, and the address of a feed, which may carry one."""
    tokens = {
        "DISCORD_TOKEN": "hunter2discord-hunter2.hunter2.hunter2hunter2hunter2hunter2",
        "SLACK_BOT_TOKEN": "xoxb-hunter2slack",
        "SLACK_APP_TOKEN": "xapp-hunter2app",
    }
    program = slugline.having(ALLOW_HOSTS=f"{sample_server.address},127.0.0.1:1", LOG_LEVEL="debug", **tokens)
    opml = (
        f'<opml><body><outline text="A" xmlUrl="{sample_server.base_url}/courier/feed.xml?key=hunter2a"/>'
        f'<outline text="B" xmlUrl="{sample_server.base_url}/none?key=hunter2b"/>'
        '<outline text="C" xmlUrl="http://user:hunter2c@127.0.0.1:1/?key=hunter2d"/></body></opml>'
    )
    said = [
        program("feeds", "import", "-", given=opml),
        program("run", "--once"),
        program("feeds", "list"),
        program("doctor"),
        program("digest"),
    ]
    assert [result.code for result in said] == [0, 0, 0, 0, 0]
    assert '"level": "debug"' in said[1].err, "this test sees debug logs"
    assert [result for result in said if "hunter2" in result.out + result.err] == []
    assert [json.loads(line) for line in said[1].err.splitlines()]


# --- a full disk --------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_full_disk_ends_a_run_in_one_line_and_the_next_goes_on(
    slugline: Program, sample_server: SampleServer, few_feeds: str
) -> None:
    """A limit on the size of files stands in for the disk: the kernel refuses to let any grow beyond it."""
    program = slugline.having(ALLOW_HOSTS=sample_server.address, LOG_LEVEL="error")
    assert program("feeds", "import", "-", given=few_feeds).code == 0
    limit = program.database.stat().st_size + 60_000
    done = subprocess.run(
        program.command("run", "--once"),
        capture_output=True,
        env=program.environment,
        cwd=program.folder,
        timeout=PATIENCE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        check=False,
    )
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 1, lines
    assert len(lines) == 1, lines
    assert lines[0].startswith("slugline: ")
    again = program("run", "--once")
    assert again.code == 0
    assert "In this digest" in again.out
    assert "ok       work: nothing waits" in program("doctor").out


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root mounts a small disk")
def test_a_really_full_disk_too(slugline: Program, sample_server: SampleServer, few_feeds: str) -> None:
    program = slugline.having(ALLOW_HOSTS=sample_server.address, LOG_LEVEL="error")
    program.data.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", program.data], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        results = [program("feeds", "import", "-", given=few_feeds)]
        if results[0].code == 0:
            results.append(program("run", "--once"))
        assert results[-1].code == 1
        assert "space" in results[-1].error or "full" in results[-1].error
        subprocess.run(["mount", "-o", "remount,size=64m", program.data], check=True)
        assert program("feeds", "import", "-", given=few_feeds).code == 0
        again = program("run", "--once")
        assert again.code == 0
        assert "In this digest" in again.out
    finally:
        subprocess.run(["umount", program.data], check=True)


def test_the_program_under_test_is_this_checkout(slugline: Program) -> None:
    where = subprocess.run(
        [sys.executable, "-c", "import bot; print(bot.__file__)"],
        capture_output=True,
        env=slugline.environment,
        cwd=slugline.folder,
        check=True,
    )
    assert Path(where.stdout.decode().strip()) == ROOT / "bot" / "__init__.py"
