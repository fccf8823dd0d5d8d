"""`slugline doctor`: is everything in order, and what to do where it is not."""

from __future__ import annotations

import re
import shutil
import tempfile
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.errors import command
from bot.core.errors import SchemaTooNew, StoreBusy, StoreError, StoreFull

if TYPE_CHECKING:
    from bot.app.checkup import Finding, Level
    from bot.settings import Settings

SPACE_NEEDED = 200 * 1024 * 1024
"""Bytes free under which `doctor` warns: a year of default feeds fits in it several times."""
PATIENCE = timedelta(seconds=2)
"""How long a locked database is waited for: whoever asks a doctor wants an answer."""
BOT_TOKEN = re.compile(r"[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}", re.ASCII)
"""Discord's bot tokens are an id, a time and a signature in base64url; loosely, as their lengths have grown before."""
MARKS = {"ok": "ok     ", "note": "note   ", "problem": "PROBLEM"}


@click.command()
@click.option("--quiet", is_flag=True, help="Print only problems (for health checks).")
@command
async def doctor(quiet: bool) -> None:
    """Check settings, database, feeds and tokens, and say what to do. Exits with 1 if there is a problem."""
    from bot.core.message.plain import inert
    from bot.settings import load_settings

    settings = load_settings()  # a wrong setting ends here, named, with exit code 2
    findings = [*check_settings(settings), *await check_database(settings), *await check_tokens(settings)]
    findings += await check_slack(settings)
    for finding in findings:
        if quiet and finding.level != "problem":
            continue
        # Names of outlets, servers and channels are whatever somebody gave them.
        click.echo(f"{MARKS[finding.level]}  {inert(finding.subject)}: {inert(finding.text)}")
        if finding.advice:
            click.echo(f"         → {inert(finding.advice)}")
    if any(finding.level == "problem" for finding in findings):
        raise SystemExit(1)


def check_settings(settings: Settings) -> list[Finding]:
    from bot.app.checkup import Finding
    from bot.settings import config_file

    file = config_file()
    read = f"environment and {file}" if file.exists() else f"environment (no file at {file})"
    findings = [Finding(level="ok", subject="settings", text=read)]
    if not settings.contact:
        findings.append(
            Finding(
                level="note",
                subject="contact",
                text="outlets cannot tell who reads their feeds",
                advice="set SLUGLINE_CONTACT to an e-mail or web address of yours",
            )
        )
    return [*findings, check_folder(settings.data_dir)]


def check_folder(folder: Path) -> Finding:
    """Whether it can be written to, or made, and has room. Leaves nothing behind."""
    from bot.app.checkup import Finding

    there = _existing(folder)
    try:
        with tempfile.TemporaryDirectory(dir=there, prefix=".slugline-doctor-"):
            free = shutil.disk_usage(there).free
    except OSError as error:
        return Finding(
            level="problem",
            subject="data directory",
            text=f"{folder} cannot be written to ({error.strerror})",
            advice="give Slugline the right to, or set SLUGLINE_DATA_DIR to another folder",
        )
    level: Level = "problem" if free < SPACE_NEEDED else "ok"
    return Finding(
        level=level,
        subject="data directory",
        text=f"{folder}, {free // 1024 // 1024:,} MB free",
        advice="make room, or set SLUGLINE_DATA_DIR to another folder" if level == "problem" else "",
    )


async def check_database(settings: Settings) -> list[Finding]:
    from adapters.storage import open_database
    from bot.app.checkup import Finding, check_feeds, check_outbox, check_posting, check_processes, check_work

    file = settings.sqlite_file
    if file is not None and not file.exists():
        return [Finding(level="note", subject="database", text=f"none yet at {file}", advice="slugline run makes it")]
    kind = f"SQLite at {file}" if file else "PostgreSQL"
    try:
        async with open_database(settings.database, migrate=False, patience=PATIENCE) as database:
            async with database.read() as tx:
                await tx.now()
            return [
                Finding(level="ok", subject="database", text=f"{kind} answers"),
                *await check_feeds(database),
                *await check_work(database),
                *await check_outbox(database),
                *await check_processes(database),
                *await check_posting(database),
            ]
    except StoreError as error:
        return [Finding(level="problem", subject="database", text=str(error), advice=advice(error, kind))]


def advice(error: StoreError, kind: str) -> str:
    """What to do about a database that refuses."""
    match error:
        case SchemaTooNew():
            return "update Slugline, or set SLUGLINE_DATABASE_URL to a database of this version"
        case StoreBusy():
            return "end the program that holds it, or try again later"
        case StoreFull():
            return "make room; nothing is lost, and what could not be written is read again"
        case _:
            return f"it is the {kind}; SLUGLINE_DATABASE_URL names another"


async def check_tokens(settings: Settings) -> list[Finding]:
    from bot.app.checkup import Finding

    findings = []
    needed = {
        "Discord": {"SLUGLINE_DISCORD_TOKEN": settings.discord_token},
        "Slack": {
            "SLUGLINE_SLACK_BOT_TOKEN": settings.slack_bot_token,
            "SLUGLINE_SLACK_APP_TOKEN": settings.slack_app_token,
        },
    }
    if settings.slack_is_shared:
        del needed["Slack"]
    for platform, tokens in needed.items():
        missing = [name for name, token in tokens.items() if token is None]
        level: Level = "note" if len(missing) == len(tokens) else "problem" if missing else "ok"
        text = {"note": "not set up", "problem": f"{', '.join(missing)} is missing", "ok": "set"}[level]
        findings.append(
            Finding(
                level=level,
                subject=platform,
                text=text,
                advice=f"set {' and '.join(missing)}: the README says where to get them" if missing else "",
            )
        )
    discord = settings.discord_token
    if discord is not None and not BOT_TOKEN.fullmatch(discord.get_secret_value()):
        findings[0] = Finding(
            level="problem",
            subject="Discord",
            text="SLUGLINE_DISCORD_TOKEN does not look like a bot token (three parts with dots between)",
            advice="copy it again from the page Bot of your application, without the word Bot",
        )
    elif discord is not None:
        findings[:1] = await check_discord(settings, discord.get_secret_value())
    return findings


async def check_discord(settings: Settings, token: str) -> list[Finding]:
    """What Discord says of it, and of where is posted to."""
    from adapters.discord import checkup
    from adapters.storage import open_database

    file = settings.sqlite_file
    if file is None or file.exists():
        try:
            async with open_database(settings.database, migrate=False, patience=PATIENCE) as database:
                return await checkup.check_discord(token, settings.discord_app_id, database)
        except StoreError:  # of which the database's own finding tells
            pass
    return await checkup.check_discord(token, settings.discord_app_id, None)


async def check_slack(settings: Settings) -> list[Finding]:
    """What Slack says of the tokens, or what is stored of those who installed the app; nothing where it is not set up,
    or half, which `check_tokens` says."""
    from adapters.slack.checkup import check_many_workspaces, check_one_workspace
    from adapters.slack.tokens import Tokens
    from adapters.storage import open_database
    from bot.app.checkup import Finding
    from bot.cli.roles import missing

    bot, app = settings.slack_bot_token, settings.slack_app_token
    if not settings.slack_is_shared and (bot is None or app is None):
        return []
    if settings.slack_is_shared and (lacking := missing("slack", settings)):
        return [Finding(level="problem", subject="Slack", text=f"{', '.join(lacking)} is missing")]
    async with AsyncExitStack() as stack:
        database = None
        if settings.sqlite_file is None or settings.sqlite_file.exists():
            with suppress(StoreError):  # of which the database's own finding tells
                opening = open_database(settings.database, migrate=False, patience=PATIENCE)
                database = await stack.enter_async_context(opening)
        if settings.slack_is_shared:
            return await check_many_workspaces(settings.slack_token_keys, database)
        assert bot is not None
        assert app is not None
        return await check_one_workspace(Tokens(bot=bot.get_secret_value(), app=app.get_secret_value()), database)


def _existing(path: Path) -> Path:
    """The nearest folder above that is there."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return path
