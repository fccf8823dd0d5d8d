"""Copies of a whole database, taken while it is in use, and put back while it is not.

**SQLite**: the online backup (https://www.sqlite.org/backup.html) in one step, which reads a consistent snapshot of a
file in WAL mode and holds up no writer. The copy is made beside its target, checked, forced to the disk and only then
given its name, so that a name never stands for half a copy; nobody else on the machine can read it. Restoring does the
same the other way round and keeps what was there, under a name of its own: a restore that turns out to be the wrong one
can be taken back.

**PostgreSQL**: its own tools do it, `pg_dump` and `pg_restore` in the custom format. Where they are not installed, the
command is given to the operator to run where they are. The password goes by the environment, never on a command line
that every process of the machine can read.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from adapters.storage.errors import translated
from adapters.storage.migrating import known_revisions
from bot.core.errors import InputError, StoreBusy, StoreError

PASSWORD = "PGPASSWORD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to run, and what to set in its environment; only `words` may be shown."""

    words: tuple[str, ...]
    environment: dict[str, str]

    @property
    def shown(self) -> str:
        return shlex.join(self.words)


async def back_up_sqlite(url: str, target: Path) -> int:
    """Copy the database to `target`; its size in bytes. Raises InputError where there is something already, or nothing
    to copy; StoreError and its kin for the database's own trouble."""
    source = _file(url)
    if not source.exists():
        raise InputError(f"there is no database yet at {source}: nothing to back up")
    with translated(make_url(url)):
        return await asyncio.to_thread(_copy_as_new, source, target)


async def restore_sqlite(url: str, backup: Path) -> Path | None:
    """Put `backup` in the database's place; where what was there lies now, None where there was nothing. Nobody may
    have the database open: StoreBusy is raised where somebody has. Raises InputError
    for a file that is no whole backup of ours, and then nothing was touched."""
    with translated(make_url(url)):
        return await asyncio.to_thread(_restore, _file(url), backup)


async def others_at_work(url: str) -> int:
    """How many connections other Sluglines have to a PostgreSQL database."""
    address = make_url(url)
    count = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'slugline'"
    )
    engine = create_async_engine(address, poolclass=NullPool, hide_parameters=True)
    with translated(address):
        async with engine.connect() as connection:
            return await connection.scalar(count) or 0


def may_be_made(target: Path) -> None:
    """Raises InputError where a backup would take another file's place, or has no folder to lie in."""
    if target.exists():
        raise InputError(f"{target} is there already; a backup never takes the place of another file")
    if not target.parent.is_dir():
        raise InputError(f"{target.parent} is no folder")


def dump_command(url: str, target: Path) -> Command:
    """`pg_dump` of the whole database, in the custom format."""
    words, environment = _connection(url)
    return Command(words=("pg_dump", "--format=custom", f"--file={target}", *words), environment=environment)


def restore_command(url: str, backup: Path) -> Command:
    """`pg_restore` in one transaction: all of it or none."""
    words, environment = _connection(url)
    options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
    return Command(words=("pg_restore", *options, *words, str(backup)), environment=environment)


async def run(command: Command, environment: Mapping[str, str]) -> bool:
    """Run it in that environment; False where the program is not installed. Raises StoreError with what it said where
    it failed."""
    program = shutil.which(command.words[0])
    if program is None:
        return False
    process = await asyncio.create_subprocess_exec(
        program,
        *command.words[1:],
        # Nothing that would change where PostgreSQL's tools connect to.
        env={name: value for name, value in environment.items() if not name.startswith("PG")} | command.environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines()
        raise StoreError(f"{command.words[0]} failed: {lines[-1] if lines else f'exit code {process.returncode}'}")
    return True


def _connection(url: str) -> tuple[Sequence[str], dict[str, str]]:
    address = make_url(url)
    host = address.host or address.query.get("host")
    words = [f"--dbname={address.database}"]
    words += [f"--host={host}"] if host else []
    words += [f"--port={address.port}"] if address.port else []
    words += [f"--username={address.username}"] if address.username else []
    return words, {PASSWORD: str(address.password)} if address.password else {}


def _file(url: str) -> Path:
    return Path(make_url(url).database or "").expanduser()


def _copy_as_new(source: Path, target: Path) -> int:
    may_be_made(target)
    draft = target.with_name(f".{target.name}.part")
    try:
        _copy(source, draft)
        _check(draft)
        os.link(draft, target)  # unlike a rename, never over a file that somebody put there meanwhile
    finally:
        draft.unlink(missing_ok=True)
    _settle(target.parent)
    return target.stat().st_size


def _copy(source: Path, draft: Path) -> None:
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    whole = f"{source.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(whole, uri=True)) as connection, closing(sqlite3.connect(draft)) as copy:
        connection.backup(copy)
        # One file and nothing beside it: what is copied elsewhere is then the whole.
        copy.execute("PRAGMA journal_mode = DELETE")
    _settle(draft)


def _check(file: Path) -> None:
    """Raises InputError for a file that is no whole SQLite database."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as problem:
        raise InputError(f"{file} is no SQLite database ({problem})") from None
    if said != "ok":
        raise InputError(f"{file} is damaged ({said})")


def _restore(target: Path, backup: Path) -> Path | None:
    if not backup.is_file():
        raise InputError(f"there is no file {backup}")
    _check(backup)
    with closing(sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            (revision,) = connection.execute("SELECT max(version_num) FROM alembic_version").fetchone()
        except sqlite3.DatabaseError:
            raise InputError(f"{backup} is a database of another program") from None
    if revision not in known_revisions():
        raise InputError(f"{backup} was written by a newer Slugline (schema {revision}); restore it with that one")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    try:
        _copy(backup, draft)
        if target.exists():  # whoever could read it can go on
            draft.chmod(target.stat().st_mode & 0o777)
        kept = _put_aside(target)
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    _settle(target.parent)
    return kept


def _put_aside(target: Path) -> Path | None:
    """Move what is there out of the way, with all that its log holds. Raises StoreBusy where somebody has it open."""
    if not target.exists():
        return None
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.execute("PRAGMA busy_timeout = 0")
        # Leaving WAL needs the file for oneself, and brings all of the log into it.
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError:
            mode = "wal"
    if mode != "delete":
        raise StoreBusy(f"{target} is open in another process; stop it before restoring")
    number = 1
    while (kept := target.with_name(f"{target.name}.before-restore-{number}")).exists():
        number += 1
    target.rename(kept)
    return kept


def _settle(path: Path) -> None:
    """Onto the disk, a folder's names too."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
